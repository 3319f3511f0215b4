"""Run many snippets at once, each at most once, and keep what they left."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from literate.failure import Failure
from literate.run.store import Store
from literate.snippet.result import Result
from literate.snippet.source import Snippet, snippet_files

RECALLED = 256
"""How many results stay in memory: each is asked for by several parts of a build."""

log = logging.getLogger("mkdocs.literate")


class DaemonThreads(Executor):
    """As many calls at once as there are cores, in threads that do not outlive the main one.

    The interpreter waits for the threads of a `ThreadPoolExecutor` and for all they have queued,
    so that Ctrl-C would end a build only after its last snippet.
    """

    def __init__(self) -> None:
        self.calls: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], Any]] = (
            queue.SimpleQueue()
        )
        for number in range(os.cpu_count() or 1):
            threading.Thread(target=self.work, name=f"snippet {number}", daemon=True).start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Queue one call."""
        future: Future[Any] = Future()
        self.calls.put((future, function, arguments))
        return future

    def work(self) -> None:
        """Take calls as they come, for ever."""
        while True:
            future, function, arguments = self.calls.get()
            try:
                future.set_result(function(*arguments))
            except BaseException as error:
                future.set_exception(error)


class Runner:
    """The snippets below `root`, and what each of them shows.

    `executor` takes the runs; by default as many at once as there are cores, each in a process
    forked from the warm server.
    """

    def __init__(self, root: Path, store: Store, executor: Executor | None = None) -> None:
        self.root = root.resolve()
        self.store = store
        self.executor = executor or DaemonThreads()
        self.lock = threading.Lock()
        self.runs: dict[str, Future[Result]] = {}
        self.read: dict[str, tuple[tuple[int, ...], Snippet]] = {}
        self.recalled: dict[str, Result] = {}
        self.reused: set[str] = set()
        self.ran: dict[str, float] = {}
        self.early: set[str] = set()
        self.failed: set[str] = set()
        self.missing: set[str] = set()
        self.under_way = 0
        self.lost: list[tuple[Snippet, Future[Result]]] = []
        self.began = time.monotonic()
        self.on_done: Callable[[str], None] = lambda name: None

    def begin(self) -> None:
        """A new build: count anew."""
        self.reused, self.failed = set(), set()
        self.ran = {name: spent for name, spent in self.ran.items() if name in self.early}
        self.early = set()
        with self.lock:
            self.runs = {key: run for key, run in self.runs.items() if not run.done()}
        self.began = time.monotonic()

    def start(self) -> int:
        """Set every snippet going that has no stored result; how many those are."""
        count = 0
        for path in snippet_files(self.root):
            try:
                snippet = self.snippet(path.relative_to(self.root).as_posix())
            except ValueError:
                continue  # said where a page asks for it
            count += isinstance(self.submit(snippet), Future)
        return count

    def run_early(self, path: Path) -> None:
        """Set a file going that has just been saved, before a build asks for it."""
        if path not in snippet_files(self.root):
            return
        with contextlib.suppress(ValueError):
            snippet = self.snippet(path.relative_to(self.root).as_posix())
            if isinstance(self.submit(snippet), Future):
                self.early.add(snippet.name)

    def get_ready(self) -> None:
        """Let the warm server import, in the background, what edited snippets will need."""
        from literate.worker import client as process  # noqa: PLC0415 (an unchanged build starts none)

        if isinstance(self.executor, DaemonThreads):
            process.server().get_ready()

    def snippet(self, name: str) -> Snippet:
        """The snippet `name`, read again only when its file has changed.

        Raises a `ValueError` when there is no such snippet.
        """
        try:
            stat = (self.root / name).stat()
        except OSError:
            return Snippet.read(self.root, name)
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if name not in self.read or self.read[name][0] != state:
            self.read[name] = state, Snippet.read(self.root, name)
        return self.read[name][1]

    def result(self, name: str) -> Result:
        """What the snippet `name` left: stored, or run now, or waited for.

        Raises a `ValueError` when there is no such snippet and a `Failure` when it fails.
        """
        answer = self.submit(self.snippet(name))
        if isinstance(answer, Result):
            if name not in self.ran:
                self.reused.add(name)
            return answer
        try:
            return answer.result()
        except Failure:
            self.failed.add(name)
            raise

    def recall(self, snippet: Snippet) -> Result | None:
        """A stored result; the last few stay in memory, as a page asks for each several times."""
        known = self.recalled.pop(snippet.key, None)
        if known is None or not self.store.holds(known, self.root):
            known = self.store.load(snippet)
        if known is not None:
            self.recalled[snippet.key] = known
            if len(self.recalled) > RECALLED:
                del self.recalled[next(iter(self.recalled))]
        return known

    def submit(self, snippet: Snippet) -> Result | Future[Result]:
        """The stored result of `snippet`, or else its run, begun if it was not."""
        with self.lock:
            if snippet.key in self.runs:
                return self.runs[snippet.key]
            stored = self.recall(snippet)
            if stored is not None:
                return stored
            run: Future[Result] = Future()
            self.runs[snippet.key] = run
            self.under_way += 1
        self.execute(snippet, run)
        return run

    def execute(self, snippet: Snippet, run: Future[Result], again: bool = False) -> None:
        """Hand a run over to the executor."""
        from literate.worker import client as process  # noqa: PLC0415 (an unchanged build starts none)

        self.executor.submit(process.execute, process.Job.of(snippet)).add_done_callback(
            lambda answer: self.take(answer, snippet, run, again)
        )

    def take(
        self, answer: Future[dict[str, Any]], snippet: Snippet, run: Future[Result], again: bool
    ) -> None:
        """Take an answer; if the server has died for the first time, the snippet runs again.

        It does so alone: of several that ran beside each other, any could have killed the server.
        """
        lost = not again and server_died(answer)
        with self.lock:
            self.under_way -= 1
            if lost:
                self.lost.append((snippet, run))
        if not lost:
            self.settle(snippet, answer, run)
        with self.lock:
            if self.under_way or not self.lost:
                return
            self.under_way += 1
            following = self.lost.pop(0)
        self.execute(*following, again=True)

    def settle(
        self, snippet: Snippet, answer: Future[dict[str, Any]], promise: Future[Result]
    ) -> None:
        """Turn a worker's answer into a stored result or a failure."""
        try:
            if server_died(answer):
                raise Failure(snippet.path, 1, "the server of the snippets has died")
            data = answer.result()
            self.tell_missing(data.pop("missing", []))
            if "failure" in data:
                raise Failure(snippet.path, **data["failure"])
            result = Result.of(data)
            self.tell_notes(snippet, result)
            if self.store.save(snippet, result):
                with self.lock:
                    self.runs.pop(snippet.key, None)
            self.ran[snippet.name] = result.seconds
            promise.set_result(result)
        except BaseException as error:
            self.failed.add(snippet.name)
            promise.set_exception(error)
        finally:
            self.on_done(snippet.name)

    def tell_notes(self, snippet: Snippet, result: Result) -> None:
        """Say what a figure of the snippet shows in another way than it was drawn."""
        for output in result.outputs:
            for figure in output.figures:
                for note in figure.drawing["notes"]:
                    log.info("%s: %s", snippet.name, note)

    def tell_missing(self, fences: list[str]) -> None:
        """Say once which fences this machine cannot put around a snippet."""
        for fence in fences:
            if fence not in self.missing:
                self.missing.add(fence)
                log.info("snippets run without the fence %s: this machine offers none", fence)

    def summary(self) -> str:
        """One line on the build so far."""
        seconds = time.monotonic() - self.began
        ran = len(set(self.ran) - self.failed)
        return (
            f"snippets: {ran} ran, {len(self.reused)} reused, "
            f"{len(self.failed)} failed, {seconds:.1f} s"
        )


def server_died(answer: Future[dict[str, Any]]) -> bool:
    """Whether a run ended because the server that had forked its process was killed."""
    if answer.cancelled():
        return False
    if answer.exception() is not None:
        return isinstance(answer.exception(), ConnectionError)
    return answer.result().get("lost", False)
