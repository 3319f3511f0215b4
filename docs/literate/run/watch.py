"""Under `mkdocs serve`: snippets run as soon as they are saved.

MkDocs itself looks for changes twice a second and then waits a quarter of one before it builds.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from literate.run.runner import Runner

PAUSE = 5
"""Seconds between two builds that only fill in what has run meanwhile."""


def tell_when_done(runner: Runner, tell: Callable[[], None]) -> None:
    """Call `tell` whenever runs have ended that the last build did not wait for."""

    def follow() -> None:
        while True:
            time.sleep(PAUSE)
            if not runner.building and any(run.done() for run in [*runner.build.awaited.values()]):
                tell()

    threading.Thread(target=follow, name="runs of the last build", daemon=True).start()


class Saved(FileSystemEventHandler):
    """Tells a runner of files that have been written, or put in the place of others."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    def on_closed(self, event: FileSystemEvent) -> None:
        self.runner.run_early(Path(os.fsdecode(event.src_path)))

    def on_moved(self, event: FileSystemEvent) -> None:
        self.runner.run_early(Path(os.fsdecode(event.dest_path)))


class Returned(FileSystemEventHandler):
    """Watches a folder anew that was away, as when another branch is checked out."""

    def __init__(self, folder: Path, watch: Callable[[], None]) -> None:
        self.folder = folder
        self.watch = watch

    def on_created(self, event: FileSystemEvent) -> None:
        if Path(os.fsdecode(event.src_path)) == self.folder:
            self.watch()

    def on_moved(self, event: FileSystemEvent) -> None:
        if Path(os.fsdecode(event.dest_path)) == self.folder:
            self.watch()


def watch(runner: Runner, on_return: Callable[[], None] = lambda: None) -> BaseObserver:
    """Watch the runner's folder until the observer is stopped, which nothing needs to do.

    `on_return` is called when the folder was away and has come back.
    """
    observer = Observer()
    handler = Saved(runner)
    watched = [observer.schedule(handler, str(runner.root), recursive=True)]

    def begin_anew() -> None:
        while watched:
            observer.unschedule(watched.pop())
        with contextlib.suppress(OSError):  # it is away again, and will come back again
            watched.append(observer.schedule(handler, str(runner.root), recursive=True))
            on_return()

    parent = str(runner.root.parent)
    observer.schedule(Returned(runner.root, begin_anew), parent, recursive=False)
    observer.start()
    return observer
