"""What all tests share: the site's own results, and a quiet, single-threaded torch."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

os.environ["MPLBACKEND"] = "agg"

import matplotlib.pyplot as plt
import pytest
import torch

from literate.run import project
from literate.run.runner import Runner
from literate.run.store import Store

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def values() -> Callable[[str], dict[str, Any]]:
    """The values that the site's own run of a snippet left: `values("sgd/ten_copies.py")`."""
    return lambda name: project.runner(PROJECT).result(name).values


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """One thread, as on the site, and no figure left for the next test."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)  # a snippet may have chosen another
    yield
    plt.close("all")


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
