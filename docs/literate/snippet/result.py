"""What a snippet's run left: outputs, values, and what the run depended on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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


class Values(Mapping[str, Any]):
    """What a run left under each name, read from its JSON when asked for.

    Nine tenths of a stored result are arrays that a figure was drawn from and no page names.
    """

    def __init__(self, encoded: dict[str, str]) -> None:
        self.encoded = encoded

    def __getitem__(self, name: str) -> Any:
        return json.loads(self.encoded[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.encoded)

    def __len__(self) -> int:
        return len(self.encoded)


@dataclass(frozen=True)
class Result:
    """All that a page, a test or a notebook can ask of a run.

    `claim` is the docstring; `seconds` is the processor time of the snippet itself. `files` and
    `packages` name what the run used beside its own source, each with its hash or version.
    """

    claim: str
    outputs: list[Output]
    values: Values
    seconds: float
    seeds: list[int]
    torch: str
    files: dict[str, str | None]
    packages: dict[str, str]

    @classmethod
    def of(cls, data: dict[str, Any]) -> Result:
        """From what `asdict` made of it."""
        outputs = [
            Output(item["printed"], [Figure(**figure) for figure in item["figures"]])
            for item in data["outputs"]
        ]
        return cls(**(data | {"outputs": outputs, "values": Values(data["values"])}))

    def asdict(self) -> dict[str, Any]:
        """As JSON can keep it."""
        outputs = [asdict(output) for output in self.outputs]
        return vars(self) | {"outputs": outputs, "values": self.values.encoded}
