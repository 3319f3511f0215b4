"""What a command takes: wall time, processor time and memory, its children's included."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ENVIRONMENT = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "NO_MKDOCS_2_WARNING": "1",
}


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall, seconds of processors, bytes at the peak."""

    wall: float
    cpu: float
    peak: int = 0


def run(command: Sequence[str | Path], folder: Path, watch: bool = False) -> Spent:
    """Run a command to its end; with `watch`, look at the memory of all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = Peak(process.pid) if watch else None
    said, _ = process.communicate()
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} has failed:\n{said}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(wall, cpu, peak.bytes if peak else 0)


class Peak:
    """Watches the memory of a process and of all below it."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.bytes = 0
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        """Look a few times a second, for as long as the process lives."""
        while self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE:
            self.bytes = max(self.bytes, memory(self.process))
            time.sleep(0.2)


def memory(process: psutil.Process) -> int:
    """Bytes of a process and of all below it, a page that several share counted once."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    for member in family:
        try:
            total += member.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def median(spent: Sequence[Spent]) -> Spent:
    """The median of each measure, and the highest peak."""
    return Spent(
        statistics.median(each.wall for each in spent),
        statistics.median(each.cpu for each in spent),
        max(each.peak for each in spent),
    )
