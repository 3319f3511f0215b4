"""What a snippet printed, cut into plain text and tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

SEPARATOR = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
CELLS = re.compile(r"(?<!\\)\|")
NUMBER = re.compile(r"[-+−±]?[\d.,]*\d(?:e[-+]?\d+)?\s?%?|nan|[-+]?inf|[-–—]?", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A printed table: its header and rows of cells as printed, and how each column stands."""

    header: list[str]
    rows: list[list[str]]
    aligned: list[str]

    def picked(self, headers: dict[str, str], word: Callable[[str], str]) -> Table:
        """Only the columns that `headers` names, in its order, under its headers.

        Without headers all stay. `word` gives each printed cell in the page's language. A column
        that is not there is a `ValueError`.
        """
        missing = [name for name in headers if name not in self.header]
        if missing:
            known = ", ".join(self.header)
            raise ValueError(f"the table has no column {missing[0]}; it has {known}")
        places = [self.header.index(name) for name in headers] or range(len(self.header))
        return Table(
            list(headers.values()) or [word(name) for name in self.header],
            [[word(row[place]) for place in places] for row in self.rows],
            [self.aligned[place] for place in places],
        )


def chunks(printed: str) -> list[str | Table]:
    """Pieces between blank lines: tables, and all else as text with its blank lines.

    A row with another number of cells than the header is a `ValueError`.
    """
    parts = re.split(r"(\n{2,})", printed)
    tables = [is_table(part.strip("\n").split("\n")) for part in parts]
    if not any(tables):
        return [printed] if printed.strip() else []
    pieces: list[str | Table] = []
    for part, found in zip(parts, tables, strict=True):
        if found:
            pieces.append(table_of(part.strip("\n").split("\n")))
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += part
        else:
            pieces.append(part)
    texts = [piece.strip("\n") + "\n" if isinstance(piece, str) else piece for piece in pieces]
    return [piece for piece in texts if piece != "\n"]


def is_table(lines: list[str]) -> bool:
    """Whether these lines are a Markdown table with at least one row."""
    return (
        len(lines) > 2
        and SEPARATOR.fullmatch(lines[1].strip()) is not None
        and all(line.startswith("|") and line.rstrip().endswith("|") for line in lines)
    )


def table_of(lines: list[str]) -> Table:
    """The table that these lines are; columns of numbers stand to the right."""
    header, separators, *rows = map(cells_of, lines)
    for line, row in zip(lines[2:], rows, strict=True):
        if len(row) != len(header):
            raise ValueError(f"the table has {len(header)} columns, but not in the row {line}")
    if len(separators) != len(header):
        raise ValueError(f"the table has {len(header)} columns, but not in the row {lines[1]}")
    columns = zip(separators, zip(*rows, strict=True), strict=True)
    return Table(header, rows, [alignment(separator, column) for separator, column in columns])


def cells_of(line: str) -> list[str]:
    r"""The cells of one line, `\|` a bar in one of them."""
    return [cell.strip().replace(r"\|", "|") for cell in CELLS.split(line.strip())[1:-1]]


def alignment(separator: str, column: tuple[str, ...]) -> str:
    """How a column stands: as its separator says, else numbers to the right; or nothing."""
    if separator[0] == ":" or separator[-1] == ":":
        ends = (separator[0] == ":", separator[-1] == ":")
        return {(True, True): "center", (False, True): "right"}.get(ends, "left")
    return "right" if all(NUMBER.fullmatch(cell.strip("`*$")) for cell in column) else ""
