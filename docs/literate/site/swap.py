"""The folder of the last good site, and how the next one takes its place.

A build stands beside it, in a hidden folder that bears the number of its process. Where the
system can swap two folders in one step, there is a whole site at every moment. Elsewhere the last
one steps aside first, and the next build brings it back should this one be killed just then. A
mount point can be neither swapped nor moved: there the files are replaced one by one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE, EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux."""


def place_of(site: Path) -> Path:
    """Where a site really stands: the end of a symbolic link, which itself stays as it is."""
    return Path(os.path.realpath(site))


def staging(target: Path, process: int) -> Path:
    """Where the build of one process stands until it is done."""
    return target.with_name(f".{target.name}.{process}")


def aside(target: Path, process: int) -> Path:
    """Where the last site stands while that of one process takes its place."""
    return target.with_name(f".{target.name}.{process}.last")


def clear_up(target: Path) -> None:
    """Bring back what a build put aside that was killed, and remove what else such builds left."""
    if not target.parent.is_dir():
        return
    with alone(target.parent):
        restore(target)
        for folder, _ in beside(target, r"\.last"):
            shutil.rmtree(folder, ignore_errors=True)
        for folder, process in beside(target, ""):
            if process == os.getpid() or not alive(process):
                shutil.rmtree(folder, ignore_errors=True)


def change_over(built: Path, target: Path) -> None:
    """Put the finished site in the place of the last one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    last = built
    with alone(target.parent):
        restore(target)
        if os.path.ismount(target):
            refill(built, target)
        elif not target.exists():
            built.rename(target)
        elif not exchanged(built, target):
            last = aside(target, os.getpid())
            try:
                target.rename(last)
                built.rename(target)
            finally:
                restore(target)
    shutil.rmtree(last, ignore_errors=True)


def refill(built: Path, target: Path) -> None:
    """Make a folder that cannot be moved hold what was built, each file whole at any moment."""
    wanted = {path.relative_to(built) for path in built.rglob("*")}
    for name in sorted(wanted):
        folder, there = (built / name).is_dir(), target / name
        if there.is_symlink() or (there.exists() and there.is_dir() != folder):
            remove(there)
        if folder:
            there.mkdir(exist_ok=True)
        else:
            draft = target / name.with_name(f".{name.name}.{os.getpid()}")
            shutil.copyfile(built / name, draft)
            draft.replace(target / name)
    for path in sorted(target.rglob("*"), reverse=True):  # what is in a folder comes before it
        if path.relative_to(target) not in wanted:
            remove(path)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all in it."""
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def restore(target: Path) -> None:
    """Bring the last site back if it was put aside and no other has taken its place."""
    if not target.exists():
        for folder, _ in beside(target, r"\.last")[:1]:
            folder.rename(target)


def beside(target: Path, ending: str) -> list[tuple[Path, int]]:
    """The folders that builds of this site have made beside it, with the numbers of processes."""
    name = re.compile(rf"\.{re.escape(target.name)}\.(\d+){ending}")
    found = [(folder, name.fullmatch(folder.name)) for folder in target.parent.iterdir()]
    return [(folder, int(match[1])) for folder, match in found if match]


def exchanged(one: Path, other: Path) -> bool:
    """Swap two folders in one step; whether the system could."""
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415 (only a build that succeeds needs it)

    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return bool(rename) and rename(HERE, bytes(one), HERE, bytes(other), EXCHANGE) == 0


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While open, no other build touches the sites in `folder`."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # there are file systems without locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def alive(process: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except PermissionError:  # somebody else's
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
