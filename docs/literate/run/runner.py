"""Run many snippets at once, each at most once, and keep what they left."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from literate.failure import Failure, Pending
from literate.run.cores import cores
from literate.run.settings import DEFAULT, Settings
from literate.run.store import Store
from literate.snippet.inputs import edited, unchanged
from literate.snippet.result import Inputs, Result
from literate.snippet.source import Snippet, snippet_files
from literate.snippet.world import OWN, World
from literate.worker.job import Answer, Job

RECALLED = 256
"""How many results stay in memory: each is asked for by several parts of a build."""

AWAKE = 1
"""Seconds after which who waits looks whether it was interrupted."""

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("mkdocs.literate")


class DaemonThreads(Executor):
    """So many calls at once, in threads that do not outlive the main one.

    The interpreter waits for the threads of a `ThreadPoolExecutor` and for all they have queued,
    so that Ctrl-C would end a build only after its last snippet.
    """

    def __init__(self, at_once: int) -> None:
        self.calls: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.more = threading.Condition()
        for number in range(at_once):
            threading.Thread(target=self.work, name=f"snippet {number}", daemon=True).start()

    def submit(
        self, function: Callable[P, T], /, *arguments: P.args, **named: P.kwargs
    ) -> Future[T]:
        """Queue one call."""
        future: Future[T] = Future()
        with self.more:
            self.calls.append((future, partial(function, *arguments, **named)))
            self.more.notify()
        return future

    def hurry(self, futures: Collection[Future[Any]]) -> None:
        """Take these calls next, as far as they still wait."""
        with self.more:
            self.calls.sort(key=lambda call: call[0] not in futures)

    def work(self) -> None:
        """Take calls as they come, for ever."""
        while True:
            with self.more:
                self.more.wait_for(lambda: self.calls)
                call = self.calls.pop(0)
            fulfil(*call)


def fulfil(future: Future[T], call: Callable[[], T]) -> None:
    """Call, and give what comes of it, be it an exception, to whoever waits for the future."""
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)


def outcome(future: Future[T]) -> T:
    """What comes of a future; an interrupt ends the wait for it.

    A signal that arrives just before the main thread waits, or in another thread, does not wake it:
    without an end to each wait, Ctrl-C would be noticed only when the future is done.
    """
    while not wait([future], AWAKE).done:
        pass
    return future.result()


@dataclass
class Build:
    """What one build of the pages has come to, by the names of snippets.

    `used` is what the results that pages show depended on, `reused` are those that were stored,
    `ran` holds the processor seconds of each run and `failed` why it can show nothing. `awaited`
    are runs that a preview did not wait for, `early` those begun before this build by an edit.
    """

    used: dict[str, Inputs] = field(default_factory=dict)
    reused: set[str] = field(default_factory=set)
    ran: dict[str, float] = field(default_factory=dict)
    failed: dict[str, BaseException] = field(default_factory=dict)
    awaited: dict[str, Future[Any]] = field(default_factory=dict)
    early: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)

    def untold(self) -> dict[str, Future[Any]]:
        """The runs that failed when nobody waited for them any more."""
        return {name: run for name, run in self.awaited.items() if run.done() and run.exception()}

    def followed(self, untold: Collection[str]) -> Build:
        """The next one: it begins with what ran early, and with the failures yet to be told."""
        return Build(
            ran={name: spent for name, spent in self.ran.items() if name in self.early},
            failed={name: error for name, error in self.failed.items() if name in untold},
        )


class Runner:
    """The snippets below `root`, and what each of them shows.

    `executor` takes the runs; by default as many at once as there are cores for the threads of
    each, every one in a process forked from the warm server. They run in `world`; a result is of
    the world it was made in.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        executor: Executor | None = None,
        settings: Settings = DEFAULT,
        world: World = OWN,
    ) -> None:
        self.root = root.resolve()
        self.project = self.root.parent
        """Below it stands all that a run may depend on."""
        self.store = store
        self.settings = settings
        self.world = world
        self.executor = executor or DaemonThreads(max(1, cores() // world.threads))
        self.lock = threading.Lock()
        """Held by whoever writes, or goes over, what runs in other threads write too."""
        self.build = Build()
        self.runs: dict[str, Future[Result]] = {}
        """Those under way, and those that left nothing stored, by their keys."""
        self.handed: dict[str, Future[Answer]] = {}
        """What the executor has been given and not done, by the snippet's name."""
        self.read: dict[str, tuple[tuple[int, ...], Snippet]] = {}
        """The snippets by name, each with the state of its file before it was read."""
        self.building = False
        """While a build goes on, what has been read, or found to hold, is not read again."""
        self.recalled: dict[str, Result] = {}
        """The last stored results that were asked for, by their keys."""
        self.missing: set[str] = set()
        """The fences that this machine was found to lack."""
        self.under_way = 0
        """How many runs the executor has been given and not done."""
        self.lost: list[tuple[Snippet, Future[Result]]] = []
        """Runs whose server has died: each runs again, alone."""
        self.on_done: Callable[[str], None] = lambda name: None
        self.patient = True
        """Whether who asks for a result waits for it; a preview shows the rest of a page first."""
        self.beside: dict[str, Future[Any]] = {}
        """What else runs for the pages, as notebooks do, by what would make it another run."""
        self.failing: set[str] = set()
        """The keys of all that has failed."""
        self.again: set[Future[Any]] = set()
        """The runs under way of such keys."""

    def begin(self) -> None:
        """A new build: count anew, and see each file as it now stands until `finish`."""
        with self.lock:
            untold = self.build.untold()
            self.build = self.build.followed(untold)
            self.runs, self.beside = (
                {key: run for key, run in runs.items() if not run.done() or run in untold.values()}
                for runs in (self.runs, self.beside)
            )
            self.again = {run for run in self.again if not run.done()}
        self.read = {name: known for name, known in self.read.items() if self.is_as_read(name)}
        self.building = True

    def finish(self, wait: bool) -> list[Failure]:
        """The build is over: what has failed, also of what no page shows, and what was edited.

        What still runs is waited for, or else, as in a preview, left running.
        """
        for run in list(self.runs.values()) if wait else []:
            with contextlib.suppress(Exception):
                outcome(run)
        self.building = False
        failures = [
            error for error in list(self.build.failed.values()) if isinstance(error, Failure)
        ]
        project = self.project
        used = self.build.used.values() if wait else []
        names = {name for inputs in used for name in edited(inputs, project)}
        sentence = "this was edited while the build went on, so pages may differ in it: build again"
        return [*failures, *(Failure(project / name, 1, sentence) for name in sorted(names))]

    def start(self, folders: Sequence[str] = ()) -> int:
        """Set every snippet going that has no stored result; how many those are.

        `folders` of snippets come last and in this order: what is read first is there first. In
        each the longest file begins; it mostly runs longest, and short ones fill the cores at last.
        """
        ranks = {folder: rank for rank, folder in enumerate(folders)}
        snippets = []
        for path in snippet_files(self.root):
            with contextlib.suppress(ValueError):  # said where a page asks for it
                snippets.append(self.snippet(path.relative_to(self.root).as_posix()))

        def rank(snippet: Snippet) -> tuple[int, int]:
            return ranks.get(snippet.name.partition("/")[0], -1), -len(snippet.source)

        return sum(isinstance(self.submit(each), Future) for each in sorted(snippets, key=rank))

    def hurry(self, names: Iterable[str]) -> None:
        """Let these snippets run next, if somebody is about to wait for them.

        A preview's first pages are all made at once and wait for none: there the last would win.
        """
        if self.patient and isinstance(self.executor, DaemonThreads):
            with self.lock:
                wanted = {self.handed[name] for name in names if name in self.handed}
            self.executor.hurry(wanted)

    def run_early(self, path: Path) -> None:
        """Set a file going that has just been saved, before a build asks for it."""
        if path not in snippet_files(self.root):
            return
        with contextlib.suppress(ValueError):
            snippet = Snippet.read(self.root, path.relative_to(self.root).as_posix())
            if isinstance(self.submit(snippet), Future):
                self.build.early.add(snippet.name)

    def run_beside(self, key: str, call: Callable[[], T]) -> Future[T]:
        """Set something going in a thread of its own, unless it is there or has just failed."""
        with self.lock:
            if key not in self.beside:
                future: Future[T] = Future()
                future.add_done_callback(lambda run: self.note_failure(key, run))
                self.note_repetition(key, future)
                self.beside[key] = future
                threading.Thread(target=fulfil, args=(future, call), name=key, daemon=True).start()
            return self.beside[key]

    def note_failure(self, key: str, run: Future[Any]) -> None:
        """Remember what a run failed with that is over."""
        if run.exception():
            self.failing.add(key)

    def note_repetition(self, key: str, run: Future[Any]) -> None:
        """Remember of a run that begins whether it failed before."""
        if key in self.failing:
            self.again.add(run)

    def waits_for(self, run: Future[Any]) -> bool:
        """Whether a page waits for a run: a preview does not if it failed before and may hang."""
        return run.done() or (self.patient and run not in self.again)

    def get_ready(self) -> None:
        """Let the warm server import, in the background, what edited snippets will need."""
        from literate.worker import client  # noqa: PLC0415 (an unchanged build starts none)

        if isinstance(self.executor, DaemonThreads):
            client.server(self.world).get_ready()

    def snippet(self, name: str) -> Snippet:
        """The snippet `name`, read again only when its file has changed and no build goes on.

        Raises a `ValueError` when there is no such snippet.
        """
        if name not in self.read or not (self.building or self.is_as_read(name)):
            self.read[name] = self.read_anew(name)
        return self.read[name][1]

    def read_anew(self, name: str) -> tuple[tuple[int, ...], Snippet]:
        """A snippet, and the state of its file before it was read."""
        try:
            stat = (self.root / name).stat()
        except (OSError, ValueError):
            return (), Snippet.read(self.root, name)
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self.read.get(name)
        return known if known and known[0] == state else (state, Snippet.read(self.root, name))

    def is_as_read(self, name: str) -> bool:
        """Whether the file of a snippet is as it was when it was read."""
        with contextlib.suppress(OSError, ValueError):
            return self.read_anew(name)[0] == self.read[name][0]
        return False

    def key(self, snippet: Snippet) -> str:
        """One hash of all that a result depends on, but for what only its run can tell."""
        text = "\0".join([snippet.key, f"{self.world}", self.settings.style])
        return hashlib.sha256(text.encode()).hexdigest()

    def result(self, name: str) -> Result:
        """What the snippet `name` left: stored, or run now, or waited for.

        Raises a `ValueError` when there is no such snippet, a `Failure` when it fails, and
        `Pending` where nobody waits for it.
        """
        answer = self.submit(self.snippet(name))
        if isinstance(answer, Result):
            if name not in self.build.ran:
                self.build.reused.add(name)
            result = answer
        elif self.waits_for(answer):
            result = outcome(answer)
        else:
            self.build.awaited[name] = answer
            raise Pending(self.root / name, 1, "runs: what it shows will stand here")
        if self.building:
            self.build.used[name] = result.inputs
        return result

    def recall(self, snippet: Snippet) -> Result | None:
        """A stored result; the last few stay in memory, as a page asks for each several times."""
        key = self.key(snippet)
        settled = self.building and snippet.name in self.build.used
        known = self.recalled.pop(key, None) or self.store.load(snippet.name, key, Result)
        if known is None or not (settled or unchanged(known.inputs, self.project)):
            return None
        self.recalled[key] = known
        if len(self.recalled) > RECALLED:
            del self.recalled[next(iter(self.recalled))]
        return known

    def submit(self, snippet: Snippet) -> Result | Future[Result]:
        """The stored result of `snippet`, or else its run, begun if it was not."""
        key = self.key(snippet)
        with self.lock:
            if key in self.runs:
                return self.runs[key]
            stored = self.recall(snippet)
            if stored is not None:
                return stored
            run: Future[Result] = Future()
            run.add_done_callback(lambda run: self.note_failure(key, run))
            self.note_repetition(key, run)
            self.runs[key] = run
            self.under_way += 1
        self.execute(snippet, run)
        return run

    def execute(self, snippet: Snippet, run: Future[Result], again: bool = False) -> None:
        """Hand a run over to the executor."""
        from literate.worker import client  # noqa: PLC0415 (an unchanged build starts none)

        answer: Future[Answer]
        try:
            answer = self.executor.submit(client.execute, self.job(snippet))
        except Exception as error:  # as that of a cluster does which has gone
            answer = Future()
            answer.set_exception(error)
        self.handed[snippet.name] = answer
        answer.add_done_callback(lambda answer: self.take(answer, snippet, run, again))

    def job(self, snippet: Snippet) -> Job:
        """What a worker needs to know to run a snippet."""
        return Job(
            str(self.root),
            snippet.name,
            [(cell.source, cell.line) for cell in snippet.cells],
            self.settings.limits,
            self.world,
            self.settings.style,
            str(self.project),
        )

    def take(
        self, answer: Future[Answer], snippet: Snippet, run: Future[Result], again: bool
    ) -> None:
        """Take an answer; if the server has died for the first time, the snippet runs again.

        It does so alone: of several that ran beside each other, any could have killed the server.
        """
        lost = not again and server_died(answer)
        with self.lock:
            self.handed.pop(snippet.name, None)
            self.under_way -= 1
            if lost:
                self.lost.append((snippet, run))
        if not lost:
            self.keep(snippet, answer, run)
        with self.lock:
            if self.under_way or not self.lost:
                return
            self.under_way += 1
            following = self.lost.pop(0)
        self.execute(*following, again=True)

    def keep(self, snippet: Snippet, answer: Future[Answer], promise: Future[Result]) -> None:
        """Turn a worker's answer into a stored result or a failure."""
        try:
            if server_died(answer):
                raise Failure(snippet.path, 1, "the server of the snippets has died")
            said = answer.result()
            self.tell_missing(said.missing)
            for text in said.told:
                log.info("%s %s", snippet.name, text)
            if said.result is None:
                fault = said.fault
                assert fault is not None  # an answer holds one of the two
                raise Failure(snippet.path, fault.line or 1, fault.sentence, fault.trace)
            key = self.key(snippet)
            if self.store.save(snippet.name, key, said.result):
                with self.lock:
                    self.runs.pop(key, None)
            with self.lock:
                self.build.ran[snippet.name] = said.result.seconds
            promise.set_result(said.result)
        except BaseException as error:
            if not isinstance(error, Failure):
                error = Failure(snippet.path, 1, f"could not be run: {error!r}")
            with self.lock:
                self.build.failed[snippet.name] = error
            promise.set_exception(error)
        finally:
            self.on_done(snippet.name)

    def tell_missing(self, fences: list[str]) -> None:
        """Say once which fences this machine cannot put around a snippet."""
        for fence in fences:
            if fence not in self.missing:
                self.missing.add(fence)
                log.info("snippets run without the fence %s: this machine offers none", fence)

    def summary(self) -> str:
        """One line on the build so far."""
        seconds = time.monotonic() - self.build.began
        ran = len(self.build.ran.keys() - self.build.failed.keys())
        return (
            f"snippets: {ran} ran, {len(self.build.reused)} reused, "
            f"{len(self.build.failed)} failed, {seconds:.1f} s"
        )


def server_died(answer: Future[Answer]) -> bool:
    """Whether a run ended because the server that had forked its process was killed."""
    if answer.cancelled():
        return False
    if answer.exception() is not None:
        return isinstance(answer.exception(), ConnectionError)
    return answer.result().lost
