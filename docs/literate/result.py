"""What a snippet's run left: outputs, values, and what the run depended on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """An inline SVG; several labels when it is a sweep, one for each frame."""

    svg: str
    labels: list[str]


@dataclass(frozen=True)
class Output:
    """What one cell showed."""

    printed: str
    figures: list[Figure]


@dataclass(frozen=True)
class Result:
    """All that a page, a test or a notebook can ask of a run.

    `claim` is the docstring, `code` the HTML of each cell; `seconds` is the processor time of the
    snippet itself. `files` and `packages` name what the run used beside its own source, each with
    its hash or version.
    """

    claim: str
    code: list[str]
    outputs: list[Output]
    values: dict[str, Any]
    seconds: float
    seeds: list[int]
    torch: str
    files: dict[str, str]
    packages: dict[str, str]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Result:
        """From what `asdict` made of it."""
        outputs = [
            Output(item["printed"], [Figure(**figure) for figure in item["figures"]])
            for item in data["outputs"]
        ]
        return cls(**(data | {"outputs": outputs}))

    def asdict(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return asdict(self)
