"""A snippet reaches no network and writes only below its own folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from literate.run.runner import Runner
from literate.worker.fence import NO_NETWORK, NO_WRITING

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fences are Linux's")

Write = Callable[[str, str], Path]
FENCES = (NO_NETWORK, NO_WRITING)


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


REFUSE = """
    import ctypes, logging, platform, struct, sys
    from pathlib import Path

    UNSHARE, LANDLOCK = {"x86_64": 272, "aarch64": 97}[platform.machine()], 444
    LOAD, EQUAL, RETURN, EPERM, ALLOW = 0x20, 0x15, 0x06, 0x00050001, 0x7FFF0000
    steps = [(LOAD, 0, 0, 0), (EQUAL, 2, 0, UNSHARE), (EQUAL, 1, 0, LANDLOCK)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, EPERM)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    system = ctypes.CDLL(None, use_errno=True)
    assert system.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
    assert system.prctl(22, 2, program, 0, 0) == 0, ctypes.get_errno()  # PR_SET_SECCOMP
"""
RUN_TWO = """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    from literate.run.runner import Runner
    from literate.run.store import Store

    runner = Runner(Path("snippets"), Store(Path("store")))
    for name in ("a.py", "b.py"):
        print(runner.result(name).outputs[0].printed, end="")
"""


@pytest.mark.parametrize("refused", [True, False])
def test_what_cannot_be_enforced_is_said(write: Write, tmp_path: Path, refused: bool) -> None:
    """Snippets run under a kernel that refuses both mechanisms, as in a strict container."""
    for name in ("a", "b"):
        write(f"{name}.py", f"print('{name} ran')\n")
    program = dedent(REFUSE if refused else "import logging, sys\nfrom pathlib import Path")
    run = subprocess.run(
        [sys.executable, "-c", program + dedent(RUN_TWO)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    said = [f"snippets run without the fence {fence}: this machine offers none" for fence in FENCES]
    assert sorted(run.stdout.splitlines()) == sorted(["a ran", "b ran", *(said if refused else [])])
