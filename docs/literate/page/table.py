"""What a snippet printed, cut into plain text and Markdown tables."""

from __future__ import annotations

import re

SEPARATOR = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
CELLS = re.compile(r"(?<!\\)\|")


def chunks(printed: str) -> list[str | list[str]]:
    """Pieces between blank lines: a table as the list of its lines, all else as text."""
    pieces: list[str | list[str]] = []
    for paragraph in re.split(r"\n{2,}", printed.strip("\n")):
        lines = paragraph.split("\n")
        if is_table(lines):
            pieces.append(lines)
        elif paragraph and pieces and isinstance(pieces[-1], str):
            pieces[-1] += f"\n{paragraph}\n"
        elif paragraph:
            pieces.append(f"{paragraph}\n")
    return pieces


def is_table(lines: list[str]) -> bool:
    """Whether these lines are a Markdown table with at least one row."""
    return (
        len(lines) > 2
        and SEPARATOR.fullmatch(lines[1].strip()) is not None
        and all(line.startswith("|") and line.rstrip().endswith("|") for line in lines)
    )


def columns_of(table: list[str], headers: dict[str, str]) -> list[str]:
    """The table with only the columns that `headers` names, in its order, under its headers.

    Without headers the table stays whole; a column that is not there is a `ValueError`.
    """
    if not headers:
        return table
    rows = [[cell.strip() for cell in CELLS.split(line.strip())[1:-1]] for line in table]
    missing = [name for name in headers if name not in rows[0]]
    if missing:
        raise ValueError(f"the table has no column {missing[0]}; it has {', '.join(rows[0])}")
    for line, row in zip(table, rows, strict=True):
        if len(row) != len(rows[0]):
            raise ValueError(f"the table has {len(rows[0])} columns, but not in the row {line}")
    places = [rows[0].index(name) for name in headers]
    picked = [[row[place] for place in places] for row in rows[1:]]
    return ["| " + " | ".join(row) + " |" for row in (list(headers.values()), *picked)]
