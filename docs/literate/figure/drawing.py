"""A figure as it is stored: elements in their order, words apart, colours and ids still open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

DOLLAR = re.compile(r"(?<!\\)\$")
MARK = "\x02"
"""Stands before and after what is settled on the page: a colour, an id, the name of an address."""
HREF = f"{MARK}href{MARK}"
"""The name of the attribute that holds an address."""


@dataclass(frozen=True)
class Formula:
    """A formula in a text: its source, its markup, how far it reaches in points.

    `rise` is how far below the line its last character stands, which what follows must undo.
    A formula that is `placed` has its parts at places of their own, a flowing one has not.
    """

    source: str
    markup: str
    width: float
    rise: float = 0.0
    placed: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a text: where its anchor is, in points, and what it is made of.

    `widths` says how long each piece is, where that was measured.
    """

    x: float
    y: float
    pieces: list[str | Formula]
    widths: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Text:
    """A text of a figure, whose words a page may change.

    `anchor` is how much of a line stands before its anchor: 0, 0.5 or 1; `angle` is in degrees,
    counter-clockwise; `room` is how long, in points, a line may get; `look` holds attributes.
    """

    source: str
    lines: list[Line]
    anchor: float
    angle: float
    size: float
    room: float
    look: str
    clip: str = ""
    link: str = ""


@dataclass(frozen=True)
class Drawing:
    """What a figure shows, in points of 1/72 inch.

    `parts` are markup and texts in the order in which they are drawn; `definitions` what they
    refer to, by name; `literal` says that the figure has painted its own ground and keeps its
    colours; `notes` are sentences for who builds.
    """

    width: float
    height: float
    parts: list[str | Text]
    definitions: dict[str, str]
    literal: bool = False
    notes: list[str] = field(default_factory=list)

    def asdict(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Drawing:
        """From what `asdict` made of it."""
        parts = [part if isinstance(part, str) else text_of(part) for part in data["parts"]]
        return cls(**{**data, "parts": parts})


def text_of(data: Mapping[str, Any]) -> Text:
    """A text from what JSON has kept of it."""
    lines = [
        Line(
            line["x"],
            line["y"],
            [piece if isinstance(piece, str) else Formula(**piece) for piece in line["pieces"]],
            line["widths"],
        )
        for line in data["lines"]
    ]
    return Text(**{**data, "lines": lines})


def split_at_formulas(line: str) -> list[str]:
    """Words and, at the odd places, formulas without their dollars, as matplotlib parts a line."""
    parts = DOLLAR.split(line)
    if len(parts) % 2 == 0:
        parts = [line]
    return [part if index % 2 else part.replace(r"\$", "$") for index, part in enumerate(parts)]


def marked(name: str) -> str:
    """A name that the page settles."""
    return f"{MARK}{name}{MARK}"


def settled(markup: str, settle: Callable[[str], str]) -> str:
    """The markup with each marked name replaced by what `settle` says of it."""
    pieces = markup.split(MARK)
    pieces[1::2] = [settle(name) for name in pieces[1::2]]
    return "".join(pieces)
