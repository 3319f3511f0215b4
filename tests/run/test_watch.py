"""Under a preview, what is saved runs before a build asks for it, and counts as run by that."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from literate.run.runner import Runner
from literate.run.watch import watch

Write = Callable[[str, str], Path]


def stored(runner: Runner, name: str) -> bool:
    snippet = runner.snippet(name)
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if runner.store.path(name, runner.key(snippet)).exists():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("draft", ["", "draft~"])
def test_a_saved_snippet_runs_at_once(runner: Runner, write: Write, draft: str) -> None:
    path = write("a.py", "print(1)\n")
    watch(runner)
    if draft:  # as editors do that first write a file beside it
        write(draft, "print(2)\n").replace(path)
    else:
        path.write_text("print(2)\n")
    assert stored(runner, "a.py")
    runner.begin()
    assert runner.result("a.py").outputs[0].printed == "2\n"
    assert "1 ran, 0 reused" in runner.summary()


def test_what_is_no_snippet_is_left_alone(runner: Runner, write: Write) -> None:
    for name in ("_helper.py", "data.csv"):
        runner.run_early(write(name, "print(1)\n"))
    assert not runner.runs
    assert not runner.build.early


def test_a_folder_that_was_away_is_watched_again(runner: Runner, write: Write) -> None:
    write("a.py", "print(1)\n")
    returned = threading.Event()
    observer = watch(runner, returned.set)
    away = runner.root.with_name("away")
    runner.root.rename(away)
    away.rename(runner.root)
    assert returned.wait(60)
    write("b.py", "print(2)\n")
    assert stored(runner, "b.py")
    observer.stop()
