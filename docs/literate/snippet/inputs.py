"""What a run depended on beside its own source: files, folders, variables, packages."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import itertools
import os
import re
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
    """A hash of a file's content, or of a folder's names; `None` where neither can be read."""
    try:
        try:
            content = path.read_bytes()
        except IsADirectoryError:
            names = sorted(name for name in os.listdir(path) if not BUILT.fullmatch(name))  # noqa: PTH208
            content = os.fsencode("\0".join(names))
    except OSError:
        return None
    return hashlib.sha256(content).hexdigest()


def look(path: Path) -> str | None:
    """What one learns of a file without reading it: `None` if absent, else its size."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return FOLDER if path.is_dir() else f"{stat.st_size} bytes"


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
        """Files with code that has asked for variables; whether they are the project's own."""
        self.first: dict[str, str | bool | None] = {}
        """What was read: the names in a folder, or whether a file was there, at the first time."""
        self.place = listing and listing.parent
        self.listing = listing and os.open(listing, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        sys.addaudithook(self.note)
        sys.meta_path.append(self)  # asked last, so for what no other finder has found
        for call in (os.stat, os.lstat):
            looking = self.looking(call)
            setattr(os, call.__name__, looking)
            for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
                if call in able:
                    able.add(looking)
        note_variables(self)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook: remember what is opened or listed."""
        if event in ("os.listdir", "os.scandir"):
            if "importlib" in sys._getframe(1).f_code.co_filename:
                return  # it looks through every folder of the path, not for the snippet's sake
        elif event != "open":
            return
        self.add("." if arguments[0] is None else arguments[0], True)

    def looking(self, call: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        """`os.stat` or `os.lstat`, remembering what is asked for."""

        @functools.wraps(call)
        def looked(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
            self.add(path, False)
            return call(path, *arguments, **named)

        return looked

    def add(self, place: Any, read: bool) -> None:
        """Remember a path; a forked process tells it to the one that it comes from."""
        if isinstance(place, os.PathLike):
            place = os.fspath(place)
        if not isinstance(place, str | bytes):
            return
        path = os.path.abspath(os.fsdecode(place))  # noqa: PTH100 (called often)
        if path.endswith(".pyc"):  # what is compiled is read in the place of its source
            with contextlib.suppress(ValueError):
                path = importlib.util.source_from_cache(path)
        if path.startswith(f"{self.project}") and self.seen.get(path, -1) < read:
            self.seen[path] = read
            if read:
                there = os.path.lexists(path)
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
        """The files of the modules that this process has imported."""
        found = (getattr(sys.modules[name], "__file__", None) for name in fresh_modules())
        return {file for file in found if isinstance(file, str)}

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
        """Whether code of this file is the project's own; libraries make that asked often."""
        if file not in self.code:
            self.code[file] = self.counts(Path(file))
        return self.code[file]

    def state(self, path: Path, read: bool) -> str | None:
        """What the run may have seen of a path, unless that was replaced meanwhile."""
        first = self.first.get(str(path), False)
        if read and path.is_dir():
            found = digest(path)
            return found if first in (found, False) else CHANGED
        try:
            written = path.stat().st_ctime_ns  # the time of modification may be set, even ahead
        except (OSError, ValueError):
            return CHANGED if read and first else None
        if written >= self.started and not path.is_dir():
            return CHANGED
        return digest(path) if read else look(path)


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
    while frame and frame.f_code.co_filename in OS_FILES:
        frame = frame.f_back
    return frame is not None and uses.holds(frame.f_code.co_filename)


OS_FILES = (os.__file__, "<frozen os>", "<frozen _collections_abc>")


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
    found = sys.modules[module]
    paths = getattr(found, "__path__", None)  # a namespace has no file; anything may stand there
    places = [getattr(found, "__file__", None), *(paths if isinstance(paths, Iterable) else ())]
    places = [Path(place) for place in places if isinstance(place, str)]
    if not places or any(map(uses.counts, places)):
        return
    if installed(module) != ABSENT:
        yield module
    else:  # as yaml, which is PyYAML's; to look it up reads the records of all that is installed
        yield from owners().get(module, [])


@functools.cache
def owners() -> Mapping[str, list[str]]:
    """The distributions that bring each module; to find them takes seconds."""
    return packages_distributions()
