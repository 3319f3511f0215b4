"""What a run depended on beside its own source: files, folders, packages."""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from literate.snippet.source import ABSENT, LIBRARIES, installed

ENGINE = Path(__file__).parents[1]
CHANGED = "changed"
"""The digest of what was written while the run went on: nothing has it, so the run is repeated."""
PRELOADED = tuple(sys.modules)
"""The modules that the server imported for all; it says so anew when it has imported more."""


def digest(path: Path) -> str | None:
    """A hash of a file's content, or of a folder's names; `None` where neither can be read."""
    try:
        try:
            content = path.read_bytes()
        except IsADirectoryError:
            names = sorted(name for name in os.listdir(path) if name != "__pycache__")  # noqa: PTH208
            content = os.fsencode("\0".join(names))
    except OSError:
        return None
    return hashlib.sha256(content).hexdigest()


class Uses(MetaPathFinder):
    """Which files of the project a process opens from now on, and which folders it lists.

    `folder` is where the process looks for modules first. What is opened by another process that
    it starts, or by a library's machine code, is not seen.
    """

    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.started = time.time_ns()
        self.seen: set[str] = set()
        sys.addaudithook(self.note)
        sys.meta_path.append(self)  # asked last, so for what no other finder has found

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook: remember what is opened or listed."""
        if event in ("os.listdir", "os.scandir"):
            if "importlib" in sys._getframe(1).f_code.co_filename:
                return  # it looks through every folder of the path, not for the snippet's sake
        elif event != "open":
            return
        place = "." if arguments[0] is None else arguments[0]
        if isinstance(place, str | bytes):
            self.seen.add(os.path.abspath(os.fsdecode(place)))  # noqa: PTH100 (called often)

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: object = None) -> None:
        """Remember where a module that is not there would have been found."""
        name = fullname.rpartition(".")[2]
        for place in path or [str(self.folder)]:
            self.seen |= {f"{place}/{name}.py", f"{place}/{name}/__init__.py"}

    def files(self) -> dict[str, str | None]:
        """The files and folders that were used, by their names in the project, with their hashes.

        `None` stands for what was looked for and is not there.
        """
        modules = [getattr(sys.modules[name], "__file__", None) for name in fresh_modules()]
        loaded = {file for file in modules if isinstance(file, str)}
        return {
            path.relative_to(self.project).as_posix(): self.digest(path)
            for path in sorted(map(Path, self.seen | loaded))
            if self.counts(path)
        }

    def counts(self, path: Path) -> bool:
        """Whether `path` is the project's own, and no part of what runs it."""
        return (
            path.is_relative_to(self.project)
            and not path.is_relative_to(ENGINE)
            and not path.is_relative_to(sys.prefix)
            and not any(
                part.startswith(".") or part == "__pycache__"
                for part in path.relative_to(self.project).parts
            )
        )

    def digest(self, path: Path) -> str | None:
        """The hash of what the run may have read, unless that was replaced meanwhile."""
        try:
            written = path.stat().st_ctime_ns  # the time of modification may be set, even ahead
        except OSError:
            return None
        return CHANGED if written >= self.started else digest(path)


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
    file = getattr(sys.modules[module], "__file__", None)
    if "." in module or module in sys.stdlib_module_names or not isinstance(file, str):
        return
    if uses.counts(Path(file)):
        return
    if installed(module) != ABSENT:
        yield module
    else:  # as yaml, which is PyYAML's; to look it up reads the records of all that is installed
        yield from packages_distributions().get(module, [])
