"""A snippet reaches no network and writes only below its own folder."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from literate.runner import Runner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fences are Linux's")

Write = Callable[[str, str], Path]


def printed(runner: Runner) -> list[str]:
    return runner.result("a.py").outputs[0].printed.split()


def test_no_network(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import errno, socket
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                socket.socket(socket.AF_INET, kind).connect(("192.0.2.1", 80))
            except OSError as error:
                print(errno.errorcode[error.errno])
            else:
                print("connected")
        """,
    )
    assert all(word in {"ENETUNREACH", "EACCES"} for word in printed(runner))


def test_writes_stay_in_its_own_folder(runner: Runner, write: Write, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    write(
        "a.py",
        f"""
        import os, pathlib, shutil, tempfile
        outside = pathlib.Path({str(tmp_path)!r})
        for attempt in (
            lambda: (outside / "new").write_text("x"),
            lambda: (outside / "kept").write_text("x"),
            lambda: (outside / "kept").unlink(),
            lambda: pathlib.Path(__file__).with_name("new").mkdir(),
            lambda: os.system("echo x 2>/dev/null > /tmp/left-by-a-snippet"),
        ):
            try:
                print(attempt() or "done")
            except OSError as error:
                print(type(error).__name__)
        pathlib.Path("own.txt").write_text("x")
        tempfile.NamedTemporaryFile("w").write("x")
        pathlib.Path("/dev/null").write_text("x")
        print("own")
        """,
    )
    words = printed(runner)
    assert words[:4] == ["PermissionError"] * 4
    assert words[-1] == "own"
    assert (tmp_path / "kept").read_text() == "kept"
    assert not Path("/tmp/left-by-a-snippet").exists()


def test_the_builder_itself_stays_free(runner: Runner, write: Write, tmp_path: Path) -> None:
    write("a.py", "print(1)\n")
    runner.result("a.py")
    assert os.access(tmp_path, os.W_OK)
    (tmp_path / "new").write_text("x")
