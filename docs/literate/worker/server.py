"""The warm server: it has imported the libraries, and forks a fresh process for each job.

Run as `python -P -m literate.worker.server FD`. On the socket FD it receives requests: the length
of a JSON text as 8 bytes, together with a socket of the job's own, then the text. On the job's
socket it sends events, a line each: started, perhaps over a limit, ended. The job's process has no
part in that; it leaves its answer in a file. A job whose socket is closed from the other side is
killed with everything it started; when FD is closed, so are all of them, and the server ends:
whoever asked is gone.

`multiprocessing`'s forkserver is not used because each of its processes imports the parent's
`__main__` again, and none of them learns that the parent has been killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import os
import resource
import select
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import traceback
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from literate.snippet import inputs
from literate.worker import compiler, fence
from literate.worker.job import Answer, Event, Fault, Job, Request
from literate.worker.usage import gone_over

MEMORY_RESERVE = 64 << 20
"""What a snippet that has used up its memory may still take to say so."""
PRELOAD = ("torch", "matplotlib.animation", "literate.worker.cells")
"""What every job needs; the rest is imported, once, for the first job that names it."""
WATCHED = 0.25
"""Seconds between two looks at what the jobs have used."""


@dataclass
class Running:
    """A job that has been forked: its process, the socket that is told of it, its namespace."""

    pid: int
    events: socket.socket
    request: Request
    job: Job
    processes: fence.Processes
    over: bool = False


@dataclass
class Jobs:
    """The jobs that run, and what else the server has open, which is none of theirs."""

    control: socket.socket
    selector: selectors.BaseSelector
    woken: int
    wake: int
    running: dict[int, Running] = field(default_factory=dict)


def serve(control: socket.socket) -> None:
    """Fork a process for each job that comes, until `control` is closed."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the builder, who then closes
    become_subreaper()
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        jobs = Jobs(control, selector, woken, wake)
        while True:
            for key, _ in selector.select(WATCHED if jobs.running else None):
                if key.fileobj is control:
                    received = receive(control)
                    if received is None:
                        for running in jobs.running.values():
                            end(running)
                        end_orphans()
                        return
                    start(jobs, *received)
                elif key.fileobj == woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(woken, 4096)
                    reap(jobs)
                elif key.data.pid in jobs.running:
                    selector.unregister(key.fileobj)  # closed by the asker: give up
                    kill(key.data)
            for running in jobs.running.values():
                watch(running)


def receive(control: socket.socket) -> tuple[Request, socket.socket] | None:
    """The next request and its socket; `None` when there will be no more."""
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
    return msgspec.json.decode(text, type=Request), socket.socket(fileno=sockets[0])


def start(jobs: Jobs, request: Request, events: socket.socket) -> None:
    """Do what is asked for: import modules, then start the job if there is one."""
    load(request.modules)
    if request.job is None:  # it was only to get ready
        events.close()
        return
    running = fork(jobs, request, request.job, events)
    jobs.running[running.pid] = running
    jobs.selector.register(events, selectors.EVENT_READ, running)


def fork(jobs: Jobs, request: Request, job: Job, events: socket.socket) -> Running:
    """Start the process of one job; the child never returns from here."""
    say(events, Event(started=True))
    processes = fence.Processes()
    with processes.entered():
        pid = os.fork()
    if pid == 0:
        status = 1
        try:
            for other in (jobs.control, jobs.selector, events):
                other.close()
            for number in (jobs.woken, jobs.wake):
                os.close(number)
            processes.leave()
            for running in jobs.running.values():
                running.events.close()
                running.processes.leave()
            status = work(request, job, fenced=processes.first is not None)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)  # here and in the child: whoever comes first
    return Running(pid, events, request, job, processes)


def plain(number: Any) -> Any:
    """A number of NumPy's as Python's own: matplotlib's positions are such."""
    return number.item()


def printable(text: str) -> str:
    """The text, half characters written out: they are in no file."""
    return text.encode(errors="backslashreplace").decode()


def encoded(said: Answer) -> bytes:
    """The answer as JSON."""
    try:
        return msgspec.json.encode(said, enc_hook=plain)
    except UnicodeEncodeError as error:
        told = f"leaves or reads by name what is no UTF-8: {error.object[:80]!a}"
        return msgspec.json.encode(Answer(said.nonce, fault=Fault(told, 1), missing=said.missing))


def work(request: Request, job: Job, fenced: bool) -> int:
    """The child's side: a process of its own in every respect, then the snippet.

    Gives the status to end with. A process that the snippet has forked comes back here too, and
    has nothing to answer.
    """
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    die_with_parent()
    become_subreaper()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for limit, most, reserve in (
        (resource.RLIMIT_DATA, job.limits.memory, MEMORY_RESERVE),
        (resource.RLIMIT_FSIZE, job.limits.file, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (most, most + reserve))
    for target, name in ((0, os.devnull), (1, request.stdout), (2, request.stderr)):
        flags = os.O_RDONLY if target == 0 else os.O_WRONLY | os.O_APPEND
        opened = os.open(name, flags)
        os.dup2(opened, target)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    # Line by line, as on a terminal: what children print comes in its place.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    faulthandler.enable(file=2)
    answer = os.open(request.answer, os.O_WRONLY | os.O_CLOEXEC)
    os.environ["HOME"] = str(request.home)
    for name in [name for name in os.environ if name.startswith(("XDG_", "MPLCONFIGDIR"))]:
        del os.environ[name]
    os.environ["TMPDIR"] = tempfile.tempdir = request.folder
    missing = fence.confine(request.folder, job.project, job.limits.memory, fenced)
    os.chdir(request.work)  # only now, as the folder has been mounted anew
    # Where a snippet is shortly before its time is up, should it not be done by then.
    faulthandler.dump_traceback_later(job.limits.seconds * 0.9, file=2)

    from literate.worker import cells  # noqa: PLC0415

    process = os.getpid()
    try:
        result, told = cells.run(job, request)
    except cells.Stop as stop:
        if os.getpid() != process:
            return stop.status
        fault = Fault(printable(str(stop)), stop.line, printable(stop.trace))
        said = Answer(request.nonce, fault=fault, missing=missing)
    else:
        said = Answer(request.nonce, result, missing=missing, told=told)
    if os.getpid() == process:
        with os.fdopen(answer, "wb") as file:
            file.write(encoded(said))
    return 0


def watch(running: Running) -> None:
    """Stop a job that uses more than it may, as far as the kernel does not see to that itself."""
    if running.over:
        kill(running)
        return
    if over := gone_over(running.pid, running.request, running.job.limits):
        running.over = True
        say(running.events, Event(over=over))
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGABRT)  # it then says where it is


def reap(jobs: Jobs) -> None:
    """Tell the asker of each process that has ended, and remove what it left behind."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        running = jobs.running.pop(pid, None)
        if running is not None:  # else a process that a snippet left behind and we were given
            kill_group(pid)
            running.processes.end()
            with contextlib.suppress(KeyError):
                jobs.selector.unregister(running.events)
            say(running.events, Event(status=os.waitstatus_to_exitcode(status)))
            running.events.close()
        firsts = (other.processes.first for other in jobs.running.values())
        ours = jobs.running.keys() | {first.pid for first in firsts if first}
        for orphan in children() - ours:  # its parent's end made it ours
            os.kill(orphan, signal.SIGKILL)


def end(running: Running) -> None:
    """Kill a job whose asker is gone, and remove its folder, which nobody else will."""
    kill(running)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(running.pid, 0)
    running.processes.end()
    shutil.rmtree(running.request.folder, ignore_errors=True)


def end_orphans() -> None:
    """On Linux: kill what the last jobs have left, and what that leaves in its turn."""
    while orphans := children():
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)


def kill(running: Running) -> None:
    """Kill a job's process, wherever it has gone, and the processes of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGKILL)
    kill_group(running.pid)


def kill_group(group: int) -> None:
    """Kill what a job has started and what has not left its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def children() -> set[int]:
    """On Linux: this process's children. A running job keeps its own orphans to itself."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8")
    except FileNotFoundError:
        return set()
    return set(map(int, listed.split()))


def say(events: socket.socket, event: Event) -> None:
    """Send one event, unless nobody listens any more."""
    with contextlib.suppress(OSError):
        events.sendall(msgspec.json.encode(event) + b"\n")


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
    compiler.stand_in()
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
    inputs.PRELOADED = tuple(sys.modules)
    forget_exit_functions()
    gc.freeze()
    gc.enable()


def forget_exit_functions() -> None:
    """Leave out, at the end of a job, what torch would do at the server's: it takes long."""
    registry = getattr(weakref.finalize, "_registry")  # noqa: B009 (private: no type knows it)
    for finalizer in list(registry):
        finalizer.atexit = False


if __name__ == "__main__":
    control = socket.socket(fileno=int(sys.argv[1]))
    fence.rule()
    preload(control)
    serve(control)
