"""A snippet or a whole page as a Jupyter notebook that runs from top to bottom."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from literate.export.markdown import Asked, Fence, Link, Shown, pieces, question_markdown
from literate.figure import compose
from literate.figure.drawing import Drawing
from literate.page.reading import Reading
from literate.snippet.result import Figure

Cell = dict[str, Any]


def snippet_notebook(shown: Shown) -> str:
    """One snippet, cell by cell, with what it printed and drew."""
    return written(code_cells(shown))


def page_notebook(reading: Reading, link: Link) -> str:
    """A page as a notebook; `link` gives where its links lead."""
    cells: list[Cell] = []
    for piece in pieces(reading, link, unboxed=True):
        if isinstance(piece, Fence):
            cells.append(code_cell(piece.source, []))
            continue
        if isinstance(piece, Shown):
            cells += code_cells(piece)
            prose = piece.caption
        else:
            prose = question_markdown(piece) if isinstance(piece, Asked) else piece.text
        if prose := prose.strip():
            cells.append({"cell_type": "markdown", "metadata": {}, "source": prose})
    return written(cells)


def code_cells(shown: Shown) -> list[Cell]:
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
