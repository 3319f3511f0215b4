"""One snippet in a process of its own, forked from a warm server that all threads share."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from literate.snippet.source import Snippet

TIME_LIMIT = 120.0
"""Seconds that one snippet may take, whatever else the machine does."""

REPORT = 2000
"""How many of the last characters of what a process said as it died are told."""
MODULES = {"optim": "torch._dynamo", "sklearn": "sklearn.datasets"}
"""Slow imports, by the word whose use brings them about: torch.optim does so at its first step."""


@dataclass(frozen=True)
class Job:
    """What a worker needs to know of a snippet; it can be sent to another machine's process."""

    root: str
    name: str
    cells: list[tuple[str, int]]
    modules: list[str]
    seconds: float = TIME_LIMIT
    style: str = "literate"

    @classmethod
    def of(cls, snippet: Snippet, seconds: float = TIME_LIMIT) -> Job:
        cells = [(cell.source, cell.line) for cell in snippet.cells]
        modules = [module for word, module in MODULES.items() if word in snippet.source]
        return cls(str(snippet.root), snippet.name, cells, modules, seconds)


class Server:
    """The warm server, started at once and in the background; any thread may ask it."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        self.lock = threading.Lock()
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "literate.worker.server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **one_thread, "MPLBACKEND": "agg", "PYTHONHASHSEED": "0"},
                start_new_session=True,
            )
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self.process.poll() is None

    def close(self) -> None:
        """Let it end, with all that it still runs."""
        self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)

    def get_ready(self) -> None:
        """Import, before it is asked for, what any snippet may need."""
        self.ask({"modules": list(MODULES.values())}).close()

    def ask(self, job: dict[str, Any]) -> socket.socket:
        """Hand over a job; the answers come on the socket."""
        ours, theirs = socket.socketpair()
        text = json.dumps(job).encode()
        with theirs, self.lock:
            socket.send_fds(self.control, [len(text).to_bytes(8, "big")], [theirs.fileno()])
            self.control.sendall(text)
        return ours


@cache
def warm(_process: int) -> Server:
    """The server of one process; what is forked off from it starts its own."""
    return Server()


starting = threading.Lock()


def server() -> Server:
    """This process's server; a new one if the last has died."""
    with starting:
        if not warm(os.getpid()).alive:
            warm.cache_clear()
        return warm(os.getpid())


def execute(job: Job) -> dict[str, Any]:
    """Run one job to its end and return the worker's answer, or a `failure` that says what came.

    The answer is `lost` if the server died, be it of this job or of another beside it.

    A plain function of a plain value, so that any `concurrent.futures.Executor` can run it.
    """
    folder = Path(tempfile.mkdtemp(prefix="snippet-"))
    try:
        for name in ("stdout", "stderr"):
            (folder / name).touch()
        work = folder / "work"
        work.mkdir()
        places = {"folder": folder, "work": work, "stdout": folder / "stdout"}
        places["stderr"] = folder / "stderr"
        request = asdict(job) | {key: str(path) for key, path in places.items()}
        answer = listen(server().ask(request), job.seconds)
        if "failure" in answer and "line" not in answer["failure"]:
            errors = (folder / "stderr").read_text(encoding="utf-8", errors="replace")
            path = str(Path(job.root, job.name))
            answer["failure"] |= where(errors.strip(), path)
        return answer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def listen(answers: socket.socket, seconds: float) -> dict[str, Any]:
    """Wait for a job's end, but no longer than `seconds` from its start."""
    with answers:
        lines = messages(answers)
        if next(lines, None) is None:
            return {"lost": True}
        answers.settimeout(seconds)
        said = []
        try:
            for line in lines:
                said.append(line)
                if "exit" in line:  # others may still hold the socket
                    break
        except TimeoutError:
            return failure(f"is not done after {seconds:g} seconds and was stopped")
    if not said or "exit" not in said[-1]:
        return {"lost": True}
    status = said[-1]["exit"]
    if status == 0 and len(said) == 2:
        return said[0]
    if status < 0:
        names = {number.value: number.name for number in signal.Signals}
        return failure(f"was ended by the signal {names.get(-status, -status)}")
    return failure(f"ends its process with status {status} instead of running to its end")


def failure(sentence: str) -> dict[str, Any]:
    """An answer that the worker could not give itself."""
    return {"failure": {"sentence": sentence}}


def messages(answers: socket.socket) -> Iterator[dict[str, Any]]:
    """The JSON lines of a job; what was cut short by its process's death is left out."""
    with answers.makefile("rb") as stream:
        for line in stream:
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError:
                    continue


def where(errors: str, path: str) -> dict[str, Any]:
    """The line of the snippet that a report of Python's names, else its first; the report.

    The report has the innermost call first, so what follows the snippet's own lines is ours.
    """
    lines = list(re.finditer(rf'File "{re.escape(path)}", line (\d+).*', errors))
    if not lines:
        return {"line": 1, "trace": errors[-REPORT:]}
    return {"line": int(lines[0][1]), "trace": errors[: lines[-1].end()][-REPORT:]}
