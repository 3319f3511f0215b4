"""A snippet reaches no network and no process, and changes nothing outside its own folder."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from literate.run.runner import Runner
from literate.worker.fence import NO_CHANGES, NO_NETWORK, NO_PROCESSES, NO_WRITING

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fences are Linux's")

Write = Callable[[str, str], Path]
FENCES = (NO_NETWORK, NO_WRITING, NO_CHANGES, NO_PROCESSES)


def printed(runner: Runner) -> list[str]:
    return runner.result("a.py").outputs[0].printed.split()


def test_no_network(runner: Runner, write: Write) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:  # which any machine can reach
        write(
            "a.py",
            f"""
            import errno, socket
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                try:
                    socket.socket(socket.AF_INET, kind).connect({server.getsockname()})
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
            except OSError:
                print("refused")
        pathlib.Path("own.txt").write_text("x")
        tempfile.NamedTemporaryFile("w").write("x")
        pathlib.Path("/dev/null").write_text("x")
        print("own")
        """,
    )
    words = printed(runner)
    assert words[:4] == ["refused"] * 4
    assert words[-1] == "own"
    assert (tmp_path / "kept").read_text() == "kept"
    assert not Path("/tmp/left-by-a-snippet").exists()


@pytest.fixture
def fenced(runner: Runner, write: Write) -> Runner:
    """A runner on a machine that has all fences."""
    write("all.py", "print(1)\n")
    runner.result("all.py")
    if runner.missing:
        pytest.skip(f"this machine offers no fence {', '.join(runner.missing)}")
    return runner


def test_the_attributes_of_other_files_stay(fenced: Runner, write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("kept")
    other.chmod(0o644)
    before = other.stat()
    write(
        "a.py",
        f"""
        import os, pathlib, shutil
        pathlib.Path("own").write_text("x")
        def each(path):
            yield lambda: os.chmod(path, 0o600)
            yield lambda: os.utime(path, (1, 1))
            yield lambda: os.setxattr(path, "user.mark", b"x")
            yield lambda: os.chown(path, os.getuid(), os.getgid())
        for path in ("own", {str(other)!r}):
            for call in each(path):
                try:
                    call()
                    print("done")
                except OSError:
                    print("refused")
        """,
    )
    words = printed(fenced)
    assert words[:2] == ["done", "done"]
    assert words[4:] == ["refused"] * 4
    assert other.stat() == before


def test_a_snippet_is_no_administrator(fenced: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import ctypes, os, socket
        def mount():
            if ctypes.CDLL(None).mount(b"none", b"/mnt", b"tmpfs", 0, None):
                raise OSError
        may = open("/proc/self/status").read().split("CapEff:")[1].split()[0]
        for call in (lambda: socket.sethostname("other"), lambda: os.nice(-5), mount):
            try:
                call()
                print("done")
            except OSError:
                print("refused")
        """,
    )
    assert printed(fenced) == ["refused"] * 3
    assert int(fenced.result("a.py").values["may"], 16) & ~(1 << 2) == 0  # but for reading


def test_other_processes_are_out_of_reach(fenced: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os, signal
        seen = [int(name) for name in os.listdir("/proc") if name.isdigit()]
        for number in (1, os.getppid() or 1):
            try:
                os.kill(number, signal.SIGKILL)
            except OSError:
                pass
        print("alive")
        """,
    )
    assert printed(fenced) == ["alive"]
    assert len(fenced.result("a.py").values["seen"]) == 2


def test_shared_memory_ends_with_its_run(fenced: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import ctypes, os
        segment = ctypes.CDLL(None).shmget(4711, 4096, 0o1600)
        open("/dev/shm/left", "w").write("x")
        print(segment >= 0, os.listdir("/dev/shm"))
        """,
    )
    write(
        "b.py", "import os\nprint(os.listdir('/dev/shm'), open('/proc/sysvipc/shm').read()[400:])\n"
    )
    assert printed(fenced) == ["True", "['left']"]
    assert fenced.result("b.py").outputs[0].printed == "[] \n"
    assert not Path("/dev/shm/left").exists()


AS_A_USER = """
    import ctypes, os, sys, tempfile
    from literate.worker import fence
    folder = tempfile.mkdtemp(dir="/var/tmp")  # others may not see /tmp
    os.chown(folder, 4711, 4711)
    os.setgroups([])
    os.setgid(4711)
    os.setuid(4711)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, which a new program would be
    fence.rule()
    processes = fence.Processes()
    with processes.entered():
        child = os.fork()
    if not child:
        print(fence.confine(folder, folder, 1 << 20, processes.first is not None), os.getuid())
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    processes.end()
    os.rmdir(folder)
"""


def test_an_ordinary_user_has_the_same_fences(fenced: Runner) -> None:
    if os.geteuid():
        pytest.skip("who runs this is an ordinary user")
    run = [sys.executable, "-c", dedent(AS_A_USER)]
    said = subprocess.run(run, capture_output=True, text=True, check=True)
    assert said.stdout == "[] 4711\n"


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
