"""When the content of a page last changed, as git knows it: its file, or a snippet it shows."""

from __future__ import annotations

import subprocess
from pathlib import Path


def last_changes(project: Path) -> dict[str, str]:
    """The date (ISO 8601) of the last commit on each file below `project`, by relative path.

    Nothing where there is no git, or where its history is not here.
    """
    command = ["git", "log", "--format=%x00%cs", "--name-only", "--relative", "--no-renames", "."]
    try:
        run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    dates: dict[str, str] = {}
    for commit in run.stdout.split("\0")[1:]:
        date, *names = commit.split("\n")
        for name in filter(None, names):
            dates.setdefault(name, date)
    return dates


def last_change(dates: dict[str, str], page: str, chapter: str) -> str:
    """The date of a page that shows the snippets of the folder `chapter`; or an empty text."""
    folder = f"{chapter}/"
    known = [date for name, date in dates.items() if name == page or name.startswith(folder)]
    return max(known, default="")
