"""The runner that all pages of a build share, and where its results are kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from literate.runner import Runner
from literate.store import Store


@cache
def runner(project: Path | None = None) -> Runner:
    """The runner of the project at `project`, by default the working directory."""
    if project is None:
        return runner(Path.cwd())
    return Runner(project / "snippets", Store(project / ".cache" / "literate"))
