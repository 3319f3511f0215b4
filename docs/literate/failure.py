"""What is wrong, in one sentence, and the file and line where it is to be mended."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
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


gatherings: list[dict[str, Failure]] = []


@contextlib.contextmanager
def gathering() -> Iterator[dict[str, Failure]]:
    """While open, failures are collected, each once, instead of raised."""
    failures: dict[str, Failure] = {}
    gatherings.append(failures)
    try:
        yield failures
    finally:
        gatherings[:] = [other for other in gatherings if other is not failures]


def hand_over(failure: Failure) -> None:
    """Give a failure to whoever gathers; raise it when nobody does."""
    if not gatherings:
        raise failure
    gatherings[-1].setdefault(str(failure), failure)
