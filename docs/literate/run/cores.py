"""How many runs this process may keep going at once."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")


def cores(groups: Path = GROUPS) -> int:
    """The cores that the process may use: by the machine, its affinity and its control group."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        count = os.cpu_count() or 1
    return max(1, min([count, *quotas(groups)]))


def quotas(groups: Path) -> list[int]:
    """What a container is granted, as whole cores; nothing where it is granted all."""
    with contextlib.suppress(OSError, ValueError):
        quota, period = (groups / "cpu.max").read_text(encoding="utf-8").split()
        return [-(-int(quota) // int(period))]
    with contextlib.suppress(OSError, ValueError):
        quota, period = (
            int((groups / "cpu" / f"cpu.cfs_{name}_us").read_text(encoding="utf-8"))
            for name in ("quota", "period")
        )
        return [-(-quota // period)] if quota > 0 else []
    return []
