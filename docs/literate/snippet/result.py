"""What a snippet's run left: outputs, values, and what the run depended on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What one figure shows, as `literate.figure.drawing.Drawing.asdict` has it, and its label.

    `moving` is one of several states of a figure that moves, which only a sweep can show.
    """

    label: str
    drawing: dict[str, Any]
    moving: bool = False


@dataclass(frozen=True)
class Output:
    """What one cell showed."""

    printed: str
    figures: list[Figure]


@dataclass(frozen=True, eq=False)
class Values(Mapping[str, Any]):
    """What a run left under each name, read from its JSON when asked for.

    Nine tenths of a stored result are arrays that a figure was drawn from and no page names.
    """

    encoded: dict[str, str]

    def __getitem__(self, name: str) -> Any:
        return json.loads(self.encoded[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.encoded)

    def __len__(self) -> int:
        return len(self.encoded)


@dataclass(frozen=True)
class Inputs:
    """What a run depended on beside its own source, each with what it was.

    `files` are those read and the folders listed, with a hash, or `None` if absent; `looks` are
    those of which it asked only whether they are there and how large; `variables` are those of the
    environment, `packages` the distributions that not every run has.
    """

    files: dict[str, str | None] = field(default_factory=dict)
    looks: dict[str, str | None] = field(default_factory=dict)
    variables: dict[str, str | None] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """All that a page, a test or a notebook can ask of a run.

    `claim` is the docstring; `seconds` is the processor time of the snippet itself; `torch` is the
    version, or empty where none is imported.
    """

    claim: str
    outputs: list[Output]
    values: Values
    seconds: float
    seeds: list[int]
    torch: str
    inputs: Inputs
