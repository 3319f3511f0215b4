"""What is wrong, in one sentence, and the file and line where it is to be mended."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass(eq=False)
class Failure(Exception):
    """One fault that an author can mend; `trace` is the way the run took to it."""

    path: Path
    line: int
    sentence: str
    trace: str = ""

    def __str__(self) -> str:
        trace = f"\n{self.trace}" if self.trace else ""
        return f"{self.place}: {self.sentence}{trace}"

    @property
    def place(self) -> str:
        """File and line, relative to the working directory where that is shorter."""
        here = Path.cwd()
        path = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        return f"{path}:{self.line}"


class Pending(Failure):
    """Nothing is wrong: a snippet still runs, and a preview keeps its place until it has."""


gathered: ContextVar[dict[str, Failure] | None] = ContextVar("gathered", default=None)


@contextlib.contextmanager
def gathering() -> Iterator[dict[str, Failure]]:
    """While open, failures are collected, each once, instead of raised."""
    failures: dict[str, Failure] = {}
    token = gathered.set(failures)
    try:
        yield failures
    finally:
        gathered.reset(token)


def hand_over(failure: Failure) -> None:
    """Give a failure to whoever gathers; raise it when nobody does."""
    failures = gathered.get()
    if failures is None:
        raise failure
    if not isinstance(failure, Pending):
        failures.setdefault(str(failure), failure)
