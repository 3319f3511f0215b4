"""When the content of a page last changed, as git knows it: its file, or what its snippets are."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path


def last_changes(project: Path) -> dict[str, str]:
    """The date (ISO 8601) of the last commit on each file below `project`, by relative path.

    Nothing where there is no git, or where its history is not here.
    """
    log = ("log", "--format=%x00%cs", "--name-only", "--relative", "--no-renames", ".")
    try:
        if git(project, "rev-parse", "--is-shallow-repository").strip() == "true":
            return {}  # its oldest commit would seem to have changed every file
        said = git(project, "-c", "core.quotePath=false", *log)
    except (OSError, subprocess.CalledProcessError):
        return {}
    dates: dict[str, str] = {}
    for commit in said.split("\0")[1:]:
        date, *names = commit.split("\n")
        for name in filter(None, names):
            dates.setdefault(name, date)
    return dates


def git(project: Path, *command: str) -> str:
    """What git says."""
    run = subprocess.run(["git", *command], cwd=project, capture_output=True, check=True)
    return run.stdout.decode(errors="surrogateescape")


def last_change(dates: dict[str, str], files: Iterable[str]) -> str:
    """The date of a page that is made of these files, by relative path; or an empty text."""
    return max((dates[name] for name in files if name in dates), default="")
