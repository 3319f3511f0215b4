"""Under `mkdocs serve`: snippets run as soon as they are saved.

MkDocs itself looks for changes twice a second and then waits a quarter of one before it builds.
"""

from __future__ import annotations

import os
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from literate.run.runner import Runner


class Saved(FileSystemEventHandler):
    """Tells a runner of files that have been written, or put in the place of others."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    def on_closed(self, event: FileSystemEvent) -> None:
        self.runner.run_early(Path(os.fsdecode(event.src_path)))

    def on_moved(self, event: FileSystemEvent) -> None:
        self.runner.run_early(Path(os.fsdecode(event.dest_path)))


def watch(runner: Runner) -> None:
    """Watch the runner's folder for as long as this process lives."""
    observer = Observer()
    observer.schedule(Saved(runner), str(runner.root), recursive=True)
    observer.start()
