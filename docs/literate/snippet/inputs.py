"""What a run depended on beside its own source: files, folders, variables, packages."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import itertools
import os
import re
import stat
import sys
import sysconfig
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path
from types import FrameType
from typing import Any

from literate.snippet.result import Inputs
from literate.snippet.source import ABSENT, LIBRARIES, installed

ENGINE = Path(__file__).parents[1]
STORES = ".cache"
"""The folder of a project in which results are kept; it is nobody's input."""
BUILT = re.compile(r"__pycache__|\.cache|\..+\.\d+(\.last)?")
"""The names of what a build itself puts into a folder."""
CHANGED = "changed"
"""The digest of what was written while the run went on: nothing has it, so the run is repeated."""
FOLDER = "a folder"
"""All that one sees of a folder without listing it."""
GIVEN = (
    "HOME",
    "TMPDIR",
    "PWD",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "MPLBACKEND",
    "PYTHONHASHSEED",
)
"""Variables that each run is given by us."""
NAMES = "="
"""Stands for the names of all variables; none can be called so."""
ENVIRONMENT = dict(os.environ)
"""The variables as they were given: libraries set some as they are imported, and we remove some."""
PRELOADED = tuple(sys.modules)
"""The modules that the server imported for all; it says so anew when it has imported more."""


def digest(path: Path) -> str | None:
    """A hash of a file's content, or of what a folder lists; `None` where neither can be read."""
    link = target(path)
    try:
        try:
            content = path.read_bytes()
        except IsADirectoryError:
            content = os.fsencode("\0".join(entries(path)))
    except (OSError, ValueError):
        return f"nothing{link}" if link else None
    return hashlib.sha256(content).hexdigest() + link


def entries(folder: Path) -> list[str]:
    """The names in a folder, but for what a build puts there, each with its kind."""
    with os.scandir(folder) as found:
        return sorted(each.name + kind(each) for each in found if not BUILT.fullmatch(each.name))


def kind(entry: os.DirEntry[str]) -> str:
    """Whether an entry is a link, and whether it is a folder or a file; a link may be neither."""
    link = "/link" if entry.is_symlink() else ""
    with contextlib.suppress(OSError):  # links to links without end
        return f"{link}/folder" if entry.is_dir() else f"{link}/file" if entry.is_file() else link
    return link


def look(path: Path) -> str | None:
    """What one learns of a file without reading it: `None` if absent, else its size."""
    link = target(path)
    try:
        found = path.stat()
    except (OSError, ValueError):
        return f"nothing{link}" if link else None
    return (FOLDER if stat.S_ISDIR(found.st_mode) else f"{found.st_size} bytes") + link


def target(path: Path) -> str:
    """What to add of a link: where it leads; of what is none, nothing."""
    try:
        return f", a link to {os.readlink(path)!a}"  # noqa: PTH115 (called often)
    except (OSError, ValueError):
        return ""


def unchanged(inputs: Inputs, project: Path) -> bool:
    """Whether all that a run depended on is what it was."""
    return (
        all(known == digest(project / name) for name, known in inputs.files.items())
        and all(known == look(project / name) for name, known in inputs.looks.items())
        and all(known == variable(name, os.environ) for name, known in inputs.variables.items())
        and all(known == installed(name) for name, known in inputs.packages.items())
    )


def variable(name: str, environment: Mapping[str, str]) -> str | None:
    """What a run has seen of a variable, or of `NAMES`; `None` where it is not set."""
    if name == NAMES:
        return "\0".join(sorted(set(environment) - {*GIVEN}))
    return environment.get(name)


def edited(inputs: Inputs, project: Path) -> set[str]:
    """The files that are not what they were when the run began."""
    files = {name for name, known in inputs.files.items() if known != digest(project / name)}
    return files | {name for name, known in inputs.looks.items() if known != look(project / name)}


class Uses(MetaPathFinder):
    """What a process uses of the project from now on, and which variables the project's code reads.

    `folder` is where the process looks for modules first. Processes forked from this one are seen
    too if `listing`, a file, is given. What is opened by other programs or by a library's machine
    code is not seen. `given` are variables that are ours to set.
    """

    place: Path | None = None

    def __init__(
        self,
        project: Path,
        folder: Path,
        listing: Path | None = None,
        given: Collection[str] = (),
    ) -> None:
        self.project = project
        self.folder = folder
        self.started = time.time_ns()
        self.process = os.getpid()
        self.given = {*GIVEN, *given}
        self.seen: dict[str, bool] = {}
        """Paths; whether they were read or listed, not only looked at."""
        self.variables: set[str] = set()
        self.code: dict[str, bool] = {}
        """Files of modules and of code; whether they are the project's own."""
        self.first: dict[str, str | bool | None] = {}
        """What was read: what a folder listed, or whether a file was there, at the first time."""
        self.place = listing and listing.parent
        self.listing = listing and os.open(listing, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        sys.addaudithook(self.note)
        sys.meta_path.append(self)  # asked last, so for what no other finder has found
        for call in (os.stat, os.lstat, os.readlink, os.open):
            noting = self.noting(call, call is os.open)
            setattr(os, call.__name__, noting)
            for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
                if call in able:
                    able.add(noting)
        note_variables(self)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook: remember what is opened or listed."""
        if event in ("os.listdir", "os.scandir"):
            if "importlib" in sys._getframe(1).f_code.co_filename:
                return  # it looks through every folder of the path, not for the snippet's sake
        elif event != "open":
            return
        self.add("." if arguments[0] is None else arguments[0], True)

    def noting(self, call: Callable[..., Any], read: bool) -> Callable[..., Any]:
        """A function of `os`, remembering what it is asked for, also within an open folder."""

        @functools.wraps(call)
        def noted(path: Any, *arguments: Any, dir_fd: int | None = None, **named: Any) -> Any:
            self.add(path, read, dir_fd)
            return call(path, *arguments, dir_fd=dir_fd, **named)

        return noted

    def add(self, place: Any, read: bool, folder: int | None = None) -> None:
        """Remember a path; a forked process tells it to the one that it comes from."""
        if isinstance(place, int):
            place = held(place)
        if isinstance(place, os.PathLike):
            place = os.fspath(place)
        if not isinstance(place, str | bytes):
            return
        if folder is not None:
            place = os.path.join(held(folder) or "", os.fsdecode(place))  # noqa: PTH118
        path = os.path.abspath(os.fsdecode(place))  # noqa: PTH100 (called often)
        if path.endswith(".pyc"):  # what is compiled is read in the place of its source
            with contextlib.suppress(ValueError):
                path = importlib.util.source_from_cache(path)
        if path.startswith(f"{self.project}") and self.seen.get(path, -1) < read:
            self.seen[path] = read
            if read:
                there = os.path.exists(path)  # noqa: PTH110
                self.first[path] = digest(Path(path)) if os.path.isdir(path) else there  # noqa: PTH112
            self.tell(f"{int(read)}{path}")

    def tell(self, entry: str) -> None:
        """In a forked process: write down what the first one is to know."""
        if self.listing and os.getpid() != self.process:
            with contextlib.suppress(OSError):
                os.write(self.listing, f"{entry}\0".encode(errors="replace"))

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: object = None) -> None:
        """Remember where a module that is not there would have been found."""
        name = fullname.rpartition(".")[2]
        for place in path or [str(self.folder), *sys.path]:
            self.add(f"{place}/{name}.py", True)
            self.add(f"{place}/{name}/__init__.py", True)

    def inputs(self, own: Path | None = None) -> Inputs:
        """What was used up to now, but for the file `own`, by its name in the project."""
        modules = self.modules()
        for candidate in self.candidates():
            self.add(candidate, False)
        self.first = dict.fromkeys(modules, True) | self.first
        seen = self.seen | dict.fromkeys(modules, True)
        told = self.told()
        self.variables |= {entry[1:] for entry in told if entry[0] == "$"}
        for entry in (entry for entry in told if entry[0] != "$"):
            seen[entry[1:]] = seen.get(entry[1:], False) or entry[0] == "1"
        files, looks = {}, {}
        for name, read in sorted(seen.items()):
            path = Path(name)
            if path != own and self.counts(path):
                where = path.relative_to(self.project).as_posix()
                (files if read else looks)[where] = self.state(path, read)
        names = sorted(self.variables - self.given)
        seen_of = {name: text for name, text in ENVIRONMENT.items() if name not in self.given}
        variables = {name: variable(name, seen_of) for name in names}
        return Inputs(files, looks, variables, packages(self))

    def modules(self) -> set[str]:
        """The files of the modules that this process has imported, but for those in archives."""
        found = (getattr(sys.modules[name], "__file__", None) for name in fresh_modules())
        ours = (file for file in found if isinstance(file, str) and self.holds(file))
        return {file for file in ours if not in_archive(file)}

    def candidates(self) -> Iterator[str]:
        """The files of the project that would have been imported in place of others."""
        for name in fresh_modules():
            parent, _, last = name.rpartition(".")
            origin = next(iter(origins(sys.modules[name])), None)
            if origin is None or (parent and not self.holds(origin)):
                continue
            above = getattr(sys.modules.get(parent), "__path__", None)
            for place in texts(above if parent else [str(self.folder), *sys.path]):
                base = f"{os.path.abspath(place)}/{last}"  # noqa: PTH100 (called often)
                is_package = origin.startswith(f"{base}/__init__.")
                is_found = is_package or origin.startswith(f"{base}.")
                if not is_package:
                    yield f"{base}/__init__.py"
                if is_found:
                    break
                yield f"{base}.py"

    def told(self) -> list[str]:
        """What forked processes have used."""
        if not self.listing:
            return []
        length = os.fstat(self.listing).st_size
        return os.pread(self.listing, length, 0).decode().split("\0")[:-1]

    def counts(self, path: Path) -> bool:
        """Whether `path` is the project's own, and no part of what runs it."""
        if self.place and path.is_relative_to(self.place):
            return False
        if not path.is_relative_to(self.project) or path.is_relative_to(ENGINE):
            return False
        if any(path.is_relative_to(place) for place in libraries(self.project)):
            return False
        parts = path.relative_to(self.project).parts
        return parts[:1] != (STORES,) and "__pycache__" not in parts

    def holds(self, file: str) -> bool:
        """Whether code of this file is the project's own; that is asked often."""
        if file not in self.code:
            self.code[file] = self.counts(Path(file))
        return self.code[file]

    def state(self, path: Path, read: bool) -> str | None:
        """What the run may have seen of a path, unless that was replaced meanwhile."""
        first = self.first.get(str(path), False)
        if read and path.is_dir():
            found = digest(path)
            return found if first in (found, False) else CHANGED
        if read and first and not path.exists():
            return CHANGED
        if written(path) >= self.started:
            return CHANGED
        return digest(path) if read else look(path)


def written(path: Path) -> int:
    """When a file or a link was changed; folders are told apart by what they hold."""
    times = [0]
    for follow in (False, True):
        with contextlib.suppress(OSError, ValueError):
            found = path.stat(follow_symlinks=follow)
            if not stat.S_ISDIR(found.st_mode):
                times.append(found.st_ctime_ns)  # the time of modification may be set, even ahead
    return max(times)


def held(descriptor: int) -> str | None:
    """On Linux: the file or folder that a descriptor is open for."""
    with contextlib.suppress(OSError):
        name = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115
        return name if name.startswith("/") else None
    return None


def in_archive(file: str) -> bool:
    """Whether a module's file is a part of a file, which is opened and so remembered itself."""
    try:
        os.stat(file)  # noqa: PTH116 (called often)
    except (OSError, ValueError) as error:
        return isinstance(error, NotADirectoryError)
    return False


def origins(module: object) -> list[str]:
    """A module's file, and the folders that its own modules come from; some have neither."""
    return [*texts(getattr(module, "__file__", None)), *texts(getattr(module, "__path__", None))]


def texts(found: object) -> list[str]:
    """The texts in what a module says of itself, which may be anything."""
    each = [found] if isinstance(found, str) else found if isinstance(found, Iterable) else []
    return [text for text in each if isinstance(text, str)]


@functools.cache
def libraries(project: Path) -> list[str]:
    """Where what is installed stands: below the interpreter's prefix, if not all does."""
    if not project.is_relative_to(sys.prefix):
        return [sys.prefix]
    return [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]


def note_variables(uses: Uses) -> None:
    """Have `os.environ` tell which variables the project's own code reads."""

    class Noting(type(os.environ)):  # pyright: ignore[reportUntypedBaseClass]
        def __getitem__(self, key: Any) -> Any:
            self.note(os.fsdecode(key))
            return super().__getitem__(key)

        def __iter__(self) -> Iterator[Any]:
            self.note(NAMES)
            return super().__iter__()

        def __repr__(self) -> str:
            return f"environ({dict(self)})"  # which asks for each

        def note(self, name: str) -> None:
            if name not in uses.variables and reader(uses):
                uses.variables.add(name)
                uses.tell(f"${name}")

    os.environ.__class__ = Noting
    if os.supports_bytes_environ:
        os.environb.__class__ = Noting  # pyright: ignore[reportAttributeAccessIssue]


def reader(uses: Uses) -> bool:
    """Whether the project's own code asks `os` for something."""
    frame: FrameType | None = sys._getframe(3)
    while frame and passes_on(frame.f_code.co_filename):
        frame = frame.f_back
    return frame is not None and uses.holds(frame.f_code.co_filename)


def passes_on(file: str) -> bool:
    """Whether code asks for whoever calls it: `os` itself, and what was made while running."""
    return file.startswith("<") or file in OS_FILES


OS_FILES = (os.__file__, os.path.__file__)


def fresh_modules() -> set[str]:
    """The modules that this process has imported itself.

    They stand at the end. To look at all names would copy the memory they are in, 4 ms a snippet.
    """
    names = reversed(sys.modules)
    fresh = set(itertools.islice(names, max(0, len(sys.modules) - len(PRELOADED))))
    if next(names) != PRELOADED[-1]:  # the snippet has removed some
        return set(sys.modules) - set(PRELOADED)
    return fresh


def packages(uses: Uses) -> dict[str, str]:
    """The installed distributions that this run imported, but for those that all runs have."""
    names = {name for module in sorted(fresh_modules()) for name in distributions(module, uses)}
    return {name: installed(name) for name in sorted(names - set(LIBRARIES))}


def distributions(module: str, uses: Uses) -> Iterator[str]:
    """The distributions that a module comes from; none for the standard library and helpers."""
    if "." in module or module in sys.stdlib_module_names:
        return
    places = origins(sys.modules[module])
    if not places or any(map(uses.holds, places)):
        return
    if installed(module) != ABSENT:
        yield module
    else:  # as yaml, which is PyYAML's; to look it up reads the records of all that is installed
        yield from owners().get(module, [])


@functools.cache
def owners() -> Mapping[str, list[str]]:
    """The distributions that bring each module; to find them takes seconds."""
    return packages_distributions()
