"""One snippet in a process of its own, forked from a warm server that all threads share."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import msgspec

from literate.snippet.world import OWN, World
from literate.worker.job import MODULES, SEAL, Answer, Event, Fault, Job, Request

REPORT = 2000
"""How many of the last characters of what a process said as it died are told."""


class Server:
    """The warm server of a world, started at once and in the background; any thread may ask it."""

    def __init__(self, world: World = OWN) -> None:
        self.control, theirs = socket.socketpair()
        self.lock = threading.Lock()
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), f"{world.threads}")
        given = {**threads, "MPLBACKEND": "agg", "PYTHONHASHSEED": "0", **world.environment}
        with theirs:
            self.process = subprocess.Popen(
                # -P: or it would import a file `json.py` of the project's for Python's own.
                [sys.executable, "-P", "-m", "literate.worker.server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **given},
                start_new_session=True,
            )
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        """Whether it can still be asked; of one that is about to end the socket is closed first."""
        with contextlib.suppress(BlockingIOError, InterruptedError):
            if not self.control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                return False
        return self.process.poll() is None

    def close(self) -> None:
        """Let it end, with all that it still runs."""
        self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)

    def get_ready(self) -> None:
        """Import, before it is asked for, what any snippet may need."""
        self.ask(Request(list(MODULES.values()))).close()

    def ask(self, request: Request) -> socket.socket:
        """Hand over a request; the events come on the socket."""
        ours, theirs = socket.socketpair()
        text = msgspec.json.encode(request)
        with theirs, self.lock:
            socket.send_fds(self.control, [len(text).to_bytes(8, "big")], [theirs.fileno()])
            self.control.sendall(text)
        return ours


@cache
def warm(_process: int, world: str) -> Server:
    """The server of one process; what is forked off from it starts its own."""
    return Server(World.read(world))


starting = threading.Lock()


def server(world: World = OWN) -> Server:
    """This process's server of a world; a new one if the last has died."""
    with starting:
        if not warm(os.getpid(), f"{world}").alive:
            warm.cache_clear()
        return warm(os.getpid(), f"{world}")


def execute(job: Job) -> Answer:
    """Run one job to its end and return the worker's answer, or a fault that says what came.

    The answer is `lost` if the server died, be it of this job or of another beside it.

    A plain function of a plain value, so that any `concurrent.futures.Executor` can run it.
    """
    folder = Path(tempfile.mkdtemp(prefix="snippet-"))
    request = Request(job.modules, job, str(folder), secrets.token_hex())
    try:
        for place in (request.work, request.home):
            place.mkdir()
        # The snippet may remove the files; what it has written is read all the same.
        with (
            request.stdout.open("wb") as stdout,
            request.stderr.open("w+b") as stderr,
            request.answer.open("w+b") as answer,
        ):
            stdout.write(SEAL)
            stdout.flush()
            said = listen(server(job.world).ask(request), job, request, answer)
            if said.fault and said.fault.line is None:
                stderr.seek(0)
                errors = stderr.read().decode(errors="replace")
                said = replace(said, fault=where(said.fault, errors.strip(), str(job.path)))
            return said
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def listen(events: socket.socket, job: Job, request: Request, answer: BinaryIO) -> Answer:
    """Wait for a job's end, but no longer than it may take from its start; then read its answer."""
    over, status = "", None
    with events:
        told = received(events)
        if next(told, None) is None:
            return Answer(lost=True)
        events.settimeout(job.limits.seconds)
        try:
            for event in told:
                over, status = event.over or over, event.status
        except TimeoutError:
            give_up(events)
            seconds = f"{job.limits.seconds:g} seconds"
            return failed(f"is not done after {seconds} and was stopped (the limit `seconds`)")
    if status is None:
        return Answer(lost=True)
    return failed(over) if over else ended(status, request, answer)


def give_up(events: socket.socket) -> None:
    """Have the server kill a job, and wait until it has: until then it may write files."""
    events.settimeout(None)
    events.shutdown(socket.SHUT_WR)
    while events.recv(4096):
        pass


def ended(status: int, request: Request, answer: BinaryIO) -> Answer:
    """What a process has answered that has ended with a status."""
    if status < 0:
        names = {number.value: number.name for number in signal.Signals}
        return failed(f"was ended by the signal {names.get(-status, -status)}")
    with contextlib.suppress(msgspec.MsgspecError):
        said = msgspec.json.decode(answer.read(), type=Answer)
        if status == 0 and secrets.compare_digest(said.nonce.encode(), request.nonce.encode()):
            return said
    return failed(f"ends its process with status {status} instead of running to its end")


def failed(sentence: str) -> Answer:
    """An answer that the worker could not give itself."""
    return Answer(fault=Fault(sentence))


def received(events: socket.socket) -> Iterator[Event]:
    """What the server tells of a job, to its end."""
    with events.makefile("rb") as stream:
        for line in stream:
            yield msgspec.json.decode(line, type=Event)


def where(fault: Fault, errors: str, path: str) -> Fault:
    """The fault with the line of the snippet that a report of Python's names, else its first.

    The report has the innermost call first, so what follows the snippet's own lines is ours.
    """
    reports = list(re.finditer(r"^(Timeout \(\d|Fatal Python error: )", errors, re.MULTILINE))
    errors = errors[reports[-1].start() :] if reports else errors
    lines = list(re.finditer(rf'File "{re.escape(path)}", line (\d+).*', errors))
    if not reports or not lines:
        return replace(fault, line=1, trace=errors[-REPORT:])
    return replace(fault, line=int(lines[0][1]), trace=errors[: lines[-1].end()][-REPORT:])
