"""A snippet or a whole page as a Jupyter notebook that runs from top to bottom."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import dropwhile
from typing import Any

from literate.export.markdown import (
    FencePiece,
    Link,
    Prose,
    SnippetPiece,
    pieces,
    question_markdown,
)
from literate.figure import compose
from literate.figure.drawing import Drawing
from literate.page.reading import WRAPPED, Reading
from literate.snippet.result import Figure

Cell = dict[str, Any]


def snippet_notebook(shown: SnippetPiece) -> str:
    """One snippet, cell by cell, with what it printed and drew."""
    return written(code_cells(shown))


def page_notebook(reading: Reading, link: Link) -> str:
    """A page as a notebook; `link` gives where its links lead."""
    cells: list[Cell] = []
    indent = ""
    for piece in pieces(reading, link, unboxed=True):
        if isinstance(piece, Prose):
            cells += prose_cells(piece.text, indent)
            continue
        indent = piece.indent
        if isinstance(piece, FencePiece):
            cells.append(code_cell(piece.source, []))
        elif isinstance(piece, SnippetPiece):
            cells += code_cells(piece)
            cells += prose_cells(piece.caption)
        else:
            cells += prose_cells(question_markdown(piece))
    known = definitions(reading, link)
    for cell in cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_definitions(cell["source"], known)
    return written(cells)


def definitions(reading: Reading, link: Link) -> dict[str, str]:
    """For each name that a page's links go by the line that says where it leads."""
    lines = {}
    for name, (address, title) in reading.references.items():
        said = f' "{title.replace(chr(34), "&quot;")}"' if title else ""
        lines[name] = reading.export(f"[{name}]: <{address}>{said}", link)
    return lines


def with_definitions(text: str, known: dict[str, str]) -> str:
    """The text of a cell, which no other cell defines anything for, with what it may go by."""
    lacks = []
    for name, line in known.items():
        named = rf"\[\s*{WRAPPED.pattern.join(map(re.escape, name.split()))}\s*\]"
        defined = re.search(rf"^[ >]*{named}:", text, re.IGNORECASE | re.MULTILINE)
        if not defined and re.search(named, text, re.IGNORECASE):
            lacks.append(line)
    return "\n".join([text, "", *lacks]) if lacks else text


def prose_cells(text: str, indent: str = "") -> Iterator[Cell]:
    """The cell of a text, if it says something; `indent` is that of the code before it."""
    lines = text.split("\n")
    while lines and not lines[-1].strip(" >"):
        lines.pop()
    said = [*dropwhile(lambda line: not line.strip(" >"), outdented(lines, indent))]
    if said:
        yield {"cell_type": "markdown", "metadata": {}, "source": "\n".join(said)}


def outdented(lines: list[str], indent: str) -> Iterator[str]:
    """The lines of the item that code at `indent` has cut, as if no item had begun before them."""
    head, mark, spaces = indent.rpartition(">")
    quoted = head + mark + spaces[: len(mark)]
    at, depth = len(quoted), len(indent) - len(quoted)
    for line in lines:
        if line.strip(" >"):
            stands = len(line) - len(line.removeprefix(quoted).lstrip(" ")) - at
            depth = min(depth, max(0, stands))
        yield line[:at] + line[at + depth :]


def code_cells(shown: SnippetPiece) -> list[Cell]:
    """The cells of a snippet with their outputs."""
    cells = []
    for cell, printed, figures in zip(
        shown.snippet.cells, shown.printed, shown.figures, strict=True
    ):
        stream = {"output_type": "stream", "name": "stdout", "text": printed}
        outputs = [stream] if printed else []
        outputs += [drawn(figure, shown.alt) for figure in figures]
        cells.append(code_cell(cell.source, outputs))
    return cells


def drawn(figure: Figure, alt: str) -> Cell:
    """A figure as a cell's output."""
    prefix = f"figure-{zlib.crc32(repr(figure.drawing).encode()):08x}"  # a notebook has several
    svg = compose.figure(Drawing.of(figure.drawing), prefix, page=False)
    data = {"image/svg+xml": svg, "text/plain": alt}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def code_cell(source: str, outputs: list[Cell]) -> Cell:
    """One cell of code."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "source": source.rstrip(),
        "outputs": outputs,
    }


def written(cells: Iterable[Cell]) -> str:
    """The notebook as JSON (nbformat 4.5), the same bytes for the same cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": [{"id": f"cell-{number}"} | cell for number, cell in enumerate(cells)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False) + "\n"
