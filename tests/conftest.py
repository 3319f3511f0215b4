"""What all tests share: the site's own results, and a quiet, single-threaded torch."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

# As many tests run at a time as there are cores; with threads of their own they would wait.
os.environ |= {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}

import matplotlib.pyplot as plt
import pytest
import torch
from playwright.sync_api import Browser, Playwright, sync_playwright

from literate.run import project
from literate.run.cores import cores
from literate.run.runner import Runner
from literate.run.store import Store

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what runs behind it
    signal.signal(signal.SIGINT, signal.default_int_handler)

PROJECT = Path(__file__).parent.parent
FAST = tuple(PROJECT / "tests" / room for room in ("figure", "snippet", "page", "export"))
"""The rooms whose tests need no snippet of the book, no other process and no built site."""

CHROMIUM = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
"""The names it has, first that of the one without a window, which takes two thirds of the time."""


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: what tests a page or a preview waits a good deal."""
    return cores() * 3 // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that take a moment as `fast`, but for those marked `slow`."""
    for item in items:
        if item.path.parent in FAST and item.get_closest_marker("slow") is None:
            item.add_marker("fast")


@pytest.fixture(scope="session")
def values() -> Callable[[str], dict[str, Any]]:
    """The values that the site's own run of a snippet left: `values("sgd/ten_copies.py")`."""
    return lambda name: project.runner(PROJECT).result(name).values


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One driver for all browsers: a second one beside it is refused."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Start a headless Chromium: its absence is a failure, never a reason to skip."""
    browsers = []

    def launched(*arguments: str) -> Browser:
        chromium = playwright.chromium
        path = next(filter(None, map(shutil.which, (*CHROMIUM, chromium.executable_path))), None)
        if path is None:
            pytest.fail(
                "No Chromium: playwright install chromium, or Debian's chromium-headless-shell"
            )
        browsers.append(chromium.launch(executable_path=path, args=["--no-sandbox", *arguments]))
        return browsers[-1]

    yield launched
    for browser in browsers:
        browser.close()


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """The default type, and no figure left for the next test."""
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
