"""Snippets and pages of a test's own, run by the real engine."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from literate.runner import Runner
from literate.store import Store


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "snippets").mkdir()
    return Runner(tmp_path / "snippets", Store(tmp_path / "store"))


@pytest.fixture
def write(runner: Runner) -> Callable[[str, str], Path]:
    """Write a snippet: `write("a.py", "print(1)")`."""

    def written(name: str, source: str) -> Path:
        path = runner.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(source).lstrip("\n"), encoding="utf-8")
        return path

    return written
