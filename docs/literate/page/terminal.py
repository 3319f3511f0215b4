r"""What a snippet printed, as a terminal would show it: `\r`, backspaces and ANSI colours at work.

pyte is a terminal's emulator, so that progress bars that overwrite themselves, cursors that move
and colours all come out as they do when the file is run by hand. Text without any of them, as
nearly all is, does not need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from literate.page.text import text_markup

AT_WORK = set("\x1b\r\b")
LEAST = 80
BASIC = {"black", "red", "green", "brown", "blue", "magenta", "cyan", "white"}


@dataclass(frozen=True)
class Run:
    """A piece of one line that looks alike: its colour is a name, six hex digits or "default"."""

    text: str
    colour: str = "default"
    is_bold: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it looks like any text."""
        return self.colour == "default" and not self.is_bold

    def markup(self) -> str:
        """The piece as HTML."""
        text = text_markup(self.text)
        if self.is_plain:
            return text
        name = self.colour.removeprefix("bright")
        classes = ["ansi--bold"] if self.is_bold else []
        classes += [f"ansi--{name}"] if name in BASIC else []
        style = "" if name in BASIC or name == "default" else f' style="--ansi: #{name}"'
        classes += ["ansi--any"] if style else []
        return f'<span class="{" ".join(classes)}"{style}>{text}</span>'


def shows(printed: str) -> list[list[Run]]:
    """The lines that a terminal shows, in pieces."""
    if not AT_WORK & set(printed):
        return [[Run(line)] for line in printed.split("\n")]
    import pyte  # noqa: PLC0415 (seldom needed)
    from pyte.modes import LNM  # noqa: PLC0415

    class Screen(pyte.Screen):
        def draw(self, data: str) -> None:
            for letter in data:  # pyte drops what is drawn with a letter without width, as in ✔️
                super().draw(letter)

    lines = printed.split("\n")
    longest = max(map(len, re.split(r"[\r\n]", printed)))
    screen = Screen(max(LEAST, 2 * longest), len(lines) + 1)
    screen.set_mode(LNM)
    pyte.Stream(screen).feed(printed)
    rows = [screen.buffer[row] for row in range(len(lines))]
    shown = [[row[column] for column in range(max(row, default=-1) + 1)] for row in rows]
    pieces = [
        [
            Run("".join(cell.data for cell in cells), *look)
            for look, cells in groupby(line, key=lambda cell: (cell.fg, bool(cell.bold)))
        ]
        for line in shown
    ]
    return [trimmed(line) for line in pieces]


def trimmed(line: list[Run]) -> list[Run]:
    """A line without the blanks at its end."""
    while line and not line[-1].text.strip(" "):
        line = line[:-1]
    if not line:
        return []
    last = line[-1]
    return [*line[:-1], Run(last.text.rstrip(" "), last.colour, last.is_bold)]


def plain(lines: list[list[Run]]) -> str:
    """The lines as text."""
    return "\n".join("".join(run.text for run in line) for line in lines)


def is_plain(lines: list[list[Run]]) -> bool:
    """Whether no piece of the lines has a look of its own."""
    return all(run.is_plain for line in lines for run in line)


def markup(lines: list[list[Run]]) -> str:
    """The lines as HTML."""
    return "\n".join("".join(run.markup() for run in line) for line in lines)
