r"""What a snippet printed, as a terminal would show it: `\r`, backspaces and ANSI colours at work.

pyte is a terminal's emulator, so that progress bars that overwrite themselves, cursors that move
and colours all come out as they do when the file is run by hand. Text without any of them, as
nearly all is, does not need it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from literate.page.text import text_markup

AT_WORK = set("\x1b\r\b")
LEAST = 80
CODE = re.compile(r"(\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[PX^_][^\x1b]*\x1b\\)")
"""What is a command to a terminal, whether it knows that or not."""
KNOWN = re.compile(r"\x1b\[\??[\d;]*[@-~]", re.ASCII)
"""The commands that pyte reads to their end."""
IN_PYTE = {"\n": "\r\n", "\x1bE": "\r\n", "\x1b[s": "\x1b7", "\x1b[u": "\x1b8"}
"""What a terminal's driver makes of the end of a line, and other names of what pyte knows."""
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

    class Screen(pyte.Screen):
        def draw(self, data: str) -> None:
            for letter in data:  # pyte drops what is drawn with a letter without width, as in ✔️
                super().draw(letter)

        def save_cursor(self) -> None:
            self.savepoints.clear()  # pyte has a stack of them, terminals have one
            super().save_cursor()

        def restore_cursor(self) -> None:
            super().restore_cursor()
            self.save_cursor()

        def index(self) -> None:
            if not self.margins:  # no text leaves a page at its top
                self.lines = max(self.lines, self.cursor.y + 2)
            super().index()

    longest = max(len(line.expandtabs(8)) for line in re.split(r"[\r\n]", printed))
    screen = Screen(max(LEAST, 2 * longest), printed.count("\n") + 2)
    stream = pyte.Stream(screen)
    for text in commands(printed):
        with contextlib.suppress(TypeError, ValueError):  # more numbers than it takes
            stream.feed(text)
    rows = [screen.buffer[row] for row in range(screen.lines)]
    shown = [[row[column] for column in range(max(row, default=-1) + 1)] for row in rows]
    pieces = [
        [
            Run("".join(cell.data for cell in cells), *look)
            for look, cells in groupby(line, key=lambda cell: (cell.fg, bool(cell.bold)))
        ]
        for line in shown
    ]
    lines = [trimmed(line) for line in pieces]
    while len(lines) > screen.cursor.y + 1 and not lines[-1]:  # the cursor was there
        lines.pop()
    return lines


def commands(printed: str) -> Iterator[str]:
    """What was printed, in pieces and without what pyte would misread."""
    known = re.sub(r"\n|\x1bE|\x1b\[[su]", lambda found: IN_PYTE[found[0]], printed)
    for number, piece in enumerate(CODE.split(known)):
        is_code = number % 2 == 1
        text = with_semicolons(piece) if is_code and piece.endswith("m") else piece
        if not is_code or KNOWN.fullmatch(text):
            yield text


def with_semicolons(code: str) -> str:
    """A command for a look without colons: colours as pyte reads them, of other looks the kind."""
    looks = []
    for look in code[2:-1].split(";"):
        name, *kind = look.split(":")
        is_colour = name in ("38", "48") and kind
        rgb = kind[-3:] if len(kind) < 5 else kind[2:5]  # the first may name a space of colours
        looks += [name, kind[0], *(rgb if kind[0] == "2" else kind[1:2])] if is_colour else [name]
    return f"\x1b[{';'.join(looks)}m"


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
