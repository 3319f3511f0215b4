"""The warm server: it has imported the libraries, and forks a fresh process for each job.

Run as `python -m literate.worker.server FD`. On the socket FD it receives jobs: the length of a
JSON text as 8 bytes, together with a socket of the job's own, then the text. On the job's socket it
answers in lines: `{"started": ...}`, then the worker's own line, last `{"exit": status}`. A job
whose socket is closed from the other side is killed with everything it started; when FD is
closed, so are all of them, and the server ends: whoever asked is gone.

`multiprocessing`'s forkserver is not used because each of its processes imports the parent's
`__main__` again, and none of them learns that the parent has been killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import json
import os
import resource
import select
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from literate.worker.fence import confine

MEMORY_LIMIT = 4 << 30
MEMORY_RESERVE = 64 << 20
"""What a snippet that has used up its memory may still take to say so."""
FILE_LIMIT = 64 << 20
PRELOAD = ("torch", "matplotlib.animation", "literate.worker.cells")
"""What every job needs; the rest is imported, once, for the first job that names it."""


@dataclass
class Running:
    """A job that has been forked: its process, the socket it answers on, its folder."""

    pid: int
    answers: socket.socket
    folder: str


def serve(control: socket.socket) -> None:
    """Fork a process for each job that comes, until `control` is closed."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the builder, who then closes
    become_subreaper()
    running: dict[int, Running] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is control:
                    request = receive(control)
                    if request is None:
                        for job in running.values():
                            end(job)
                        end_orphans()
                        return
                    job, answers = request
                    load(job["modules"])
                    if "name" not in job:  # it was only to get ready
                        answers.close()
                        continue
                    started = fork(job, answers, running, (control, woken, wake))
                    running[started.pid] = started
                    selector.register(started.answers, selectors.EVENT_READ, started)
                elif key.fileobj == woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(woken, 4096)
                    reap(running, selector)
                elif key.data.pid in running:
                    selector.unregister(key.fileobj)  # closed by the asker: give up
                    kill(key.data)


def receive(control: socket.socket) -> tuple[dict[str, Any], socket.socket] | None:
    """The next job and its socket; `None` when there will be no more."""
    header, sockets, _, _ = socket.recv_fds(control, 8, 1)
    if len(header) < 8:
        return None
    length = int.from_bytes(header, "big")
    text = b""
    while len(text) < length:
        part = control.recv(length - len(text))
        if not part:
            return None
        text += part
    return json.loads(text), socket.socket(fileno=sockets[0])


def fork(
    job: dict[str, Any],
    answers: socket.socket,
    running: dict[int, Running],
    ours: tuple[socket.socket | int, ...],
) -> Running:
    """Start the process of one job; the child never returns from here."""
    say(answers, {"started": time.time()})
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            for other in (*ours, *(job.answers for job in running.values())):
                os.close(other if isinstance(other, int) else other.fileno())
            work(job, answers)
            status = 0
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)  # here and in the child: whoever comes first
    return Running(pid, answers, job["folder"])


def work(job: dict[str, Any], answers: socket.socket) -> None:
    """The child's side: a process of its own in every respect, then the snippet."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    die_with_parent()
    become_subreaper()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL if number != signal.SIGXFSZ else signal.SIG_IGN)
    for limit, most, reserve in (
        (resource.RLIMIT_DATA, MEMORY_LIMIT, MEMORY_RESERVE),
        (resource.RLIMIT_FSIZE, FILE_LIMIT, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (most, most + reserve))
    os.chdir(job["work"])
    for target, name in ((0, os.devnull), (1, job["stdout"]), (2, job["stderr"])):
        flags = os.O_RDONLY if target == 0 else os.O_WRONLY | os.O_APPEND
        opened = os.open(name, flags)
        os.dup2(opened, target)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    faulthandler.enable(file=2)
    missing = confine(job["folder"])
    # Where a snippet is shortly before its time is up, should it not be done by then.
    faulthandler.dump_traceback_later(job["seconds"] * 0.9, file=2)

    from literate.worker import cells as worker  # noqa: PLC0415

    say(answers, worker.run(job) | {"missing": missing})


def reap(running: dict[int, Running], selector: selectors.BaseSelector) -> None:
    """Tell the asker of each process that has ended, and remove what it left behind."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        job = running.pop(pid, None)
        if job is not None:  # else a process that a snippet left behind and we were given
            kill_group(pid)
            with contextlib.suppress(KeyError):
                selector.unregister(job.answers)
            say(job.answers, {"exit": os.waitstatus_to_exitcode(status)})
            job.answers.close()
        for orphan in children() - running.keys():  # its parent's end made it ours
            os.kill(orphan, signal.SIGKILL)


def end(job: Running) -> None:
    """Kill a job whose asker is gone, and remove its folder, which nobody else will."""
    kill(job)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(job.pid, 0)
    shutil.rmtree(job.folder, ignore_errors=True)


def end_orphans() -> None:
    """On Linux: kill what the last jobs have left, and what that leaves in its turn."""
    while orphans := children():
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)


def kill(job: Running) -> None:
    """Kill a job's process, wherever it has gone, and the processes of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(job.pid, signal.SIGKILL)
    kill_group(job.pid)


def kill_group(group: int) -> None:
    """Kill what a job has started and what has not left its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def children() -> set[int]:
    """On Linux: this process's children. A running job keeps its own orphans to itself."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return set()
    return set(map(int, listed.split()))


def say(answers: socket.socket, message: dict[str, Any]) -> None:
    """One line of JSON on a line of its own, whatever stands there half written."""
    with contextlib.suppress(OSError):
        answers.sendall(b"\n" + json.dumps(message).encode() + b"\n")


def become_subreaper() -> None:
    """On Linux: processes that lose their parent become this one's, if it is their ancestor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def die_with_parent() -> None:
    """On Linux: the kernel kills this process should the server be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def preload(control: socket.socket) -> None:
    """Import what snippets use, unless whoever asked for it goes away meanwhile."""
    gc.disable()  # a fifth of an import's time, and there is nothing to collect
    for module in PRELOAD:
        importlib.import_module(module)
        waiting, _, _ = select.select([control], [], [], 0)
        if waiting and not control.recv(1, socket.MSG_PEEK):
            sys.exit()
    sys.modules["literate.worker.cells"].warm_up()
    settle()


def load(modules: Iterable[str]) -> None:
    """Import what is not there yet."""
    fresh = [module for module in modules if module not in sys.modules]
    if not fresh:
        return
    gc.disable()
    for module in fresh:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    settle()


def settle() -> None:
    """Count what is imported as ours, and keep each child's collector from copying it."""
    sys.modules["literate.snippet.inputs"].PRELOADED = tuple(sys.modules)
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    control = socket.socket(fileno=int(sys.argv[1]))
    preload(control)
    serve(control)
