"""A snippet reaches no network and writes only below its own folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from literate.runner import Runner
from literate.sandbox import NO_NETWORK, NO_WRITING

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


def test_what_cannot_be_enforced_is_said(runner: Runner, caplog: pytest.LogCaptureFixture) -> None:
    """In a process for which the kernel has neither mechanism, as in an old container."""
    program = """
        import ctypes
        from literate import sandbox

        class Refusing:
            def unshare(self, flags):
                return -1

            def syscall(self, *arguments):
                return -1

        ctypes.CDLL = lambda *arguments, **options: Refusing()
        print(", ".join(sandbox.confine(".")))
    """
    answer = subprocess.run(
        [sys.executable, "-c", dedent(program)], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == f"{NO_NETWORK}, {NO_WRITING}"
    with caplog.at_level("INFO", "mkdocs.literate"):
        for _ in range(2):
            runner.tell_missing([NO_NETWORK])
    assert [record.getMessage() for record in caplog.records] == [
        "snippets run without a fence: this machine has not the one around the network"
    ]


def test_here_every_fence_stands(
    runner: Runner, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.py", "print(1)\n")
    with caplog.at_level("INFO", "mkdocs.literate"):
        runner.result("a.py")
    assert not runner.missing
    assert not caplog.records
