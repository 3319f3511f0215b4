"""What a job has used, in all its processes and files."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from literate.worker.job import SEAL, Limits, Request
from literate.worker.size import size

SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def gone_over(pid: int, request: Request, limits: Limits) -> str:
    """The sentence on the first limit that a job has gone over, or nothing."""
    with contextlib.suppress(OSError):
        if request.stdout.stat().st_size > limits.printed + len(SEAL):
            return prints_too_much(limits)
    if sum(file_sizes(Path(request.folder))) > limits.file:
        return f"writes more than {size(limits.file)} (the limit `file`)"
    processes = [pid, *descendants(pid)]
    if len(processes) > 1 and sum(map(share, processes)) > limits.memory:
        return f"uses more than {size(limits.memory)} in all its processes (the limit `memory`)"
    return ""


def prints_too_much(limits: Limits) -> str:
    """What to tell of a snippet that prints too much."""
    return f"prints more than {size(limits.printed)}, too much for a page (the limit `printed`)"


def file_sizes(folder: Path) -> Iterator[int]:
    """The sizes of all files below a folder."""
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                yield Path(place, name).lstat().st_size


def descendants(pid: int) -> Iterator[int]:
    """On Linux: the processes that a process has started, and those that they have."""
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text(encoding="utf-8").split()):
                yield child
                yield from descendants(child)


def share(pid: int) -> int:
    """On Linux: a process's memory in bytes, of what it shares its share."""
    with contextlib.suppress(OSError):
        found = SHARE.search(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8"))
        return int(found[1]) * 1024 if found else 0
    return 0
