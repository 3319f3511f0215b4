"""A stored result is right or it is not used."""

import errno
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from literate.runner import Runner

Write = Callable[[str, str], Path]

ONCE = "import os\nprint(os.getpid())\n"


def again(runner: Runner) -> Runner:
    """What the next build has: the same folders, nothing in memory."""
    return Runner(runner.root, runner.store, runner.executor)


def printed(runner: Runner, name: str = "a.py") -> str:
    return runner.result(name).outputs[0].printed


def entry(runner: Runner) -> Path:
    (path,) = runner.store.folder.iterdir()
    return path


def test_a_result_is_kept_until_the_source_changes(runner: Runner, write: Write) -> None:
    path = write("a.py", ONCE)
    first = printed(runner)
    path.touch()
    assert printed(again(runner)) == first
    path.write_text(ONCE + "# only a comment\n")
    assert printed(again(runner)) != first
    path.write_text(ONCE)
    assert printed(again(runner)) == first


@pytest.mark.parametrize("changed", ["_helper.py", "_deeper.py", "table.csv"])
def test_a_file_that_the_run_used_makes_it_run_again(
    runner: Runner, write: Write, changed: str
) -> None:
    write("_deeper.py", "x = 1\n")
    helper = "import pathlib\nimport _deeper\n"
    write("_helper.py", helper + "text = pathlib.Path(__file__).with_name('table.csv').open()\n")
    write("table.csv", "1\n")
    write("other.csv", "1\n")
    write("a.py", "import os\nimport _helper\nprint(os.getpid())\n")
    first = printed(runner)
    write("other.csv", "2\n")
    assert printed(again(runner)) == first
    path = runner.root / changed
    path.write_text(path.read_text() + "\n")
    assert printed(again(runner)) != first


def test_a_package_of_another_version_makes_it_run_again(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.py", "import jieba\n" + ONCE)
    result = runner.result("a.py")
    assert set(result.packages) == {"jieba"}
    assert again(runner).result("a.py") == result
    monkeypatch.setattr("literate.store.installed", lambda name: "0")
    assert again(runner).result("a.py") != result


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:40],
        lambda data: data[:-200],
        lambda data: b"",
        lambda data: data.replace(b"printed", b"primted"),
        lambda data: b"\x80" + data,
        lambda data: b'{"format": 0}',
    ],
    ids=["head", "tail", "empty", "flipped", "binary", "older"],
)
def test_a_damaged_result_is_noticed_and_run_again(
    runner: Runner,
    write: Write,
    damage: Callable[[bytes], bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    write("a.py", ONCE)
    first = printed(runner)
    path = entry(runner)
    path.write_bytes(damage(path.read_bytes()))
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        second = printed(again(runner))
    assert second != first
    assert "a.py: the stored result is damaged, run again" in caplog.text
    assert printed(again(runner)) == second


def test_an_unreadable_result_is_said_and_run_again(
    runner: Runner, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.py", ONCE)
    first = printed(runner)
    path = entry(runner)
    path.unlink()
    path.mkdir()
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        assert printed(again(runner)) != first
    assert "a.py: the stored result cannot be read" in caplog.text


def test_a_full_disk_leaves_no_half_written_result(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    write("a.py", ONCE)
    monkeypatch.setattr(Path, "write_bytes", full)
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        assert printed(runner)
    assert "a.py: the result cannot be stored ([Errno 28]" in caplog.text
    assert list(runner.store.folder.iterdir()) == []


def test_a_store_that_cannot_be_written_is_said_and_harms_nothing(
    runner: Runner, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.py", ONCE)
    runner.store.folder.write_text("a file stands where the folder would")
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        first = printed(runner)
    assert "a.py: the result cannot be stored" in caplog.text
    assert printed(runner) == first


def test_text_that_no_file_can_hold_harms_no_page(runner: Runner, write: Write) -> None:
    write("a.py", "import os\nname = '\\ud800'\nprint(os.getpid())\n")
    first = printed(runner)
    assert printed(again(runner)) == first
    assert again(runner).result("a.py").values["name"] == "\ud800"


def test_only_the_newest_results_of_a_snippet_stay(runner: Runner, write: Write) -> None:
    for number in range(6):
        write("a.py", f"print({number})\n")
        runner.result("a.py")
    write("a.b.py", "print()\nprint(1)\n")
    runner.result("a.b.py")
    names = [path.name for path in runner.store.folder.iterdir()]
    assert len([name for name in names if name.startswith("a.py.")]) == 4
    assert len(names) == 5
