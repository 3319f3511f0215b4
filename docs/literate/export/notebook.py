"""A snippet or a whole page as a Jupyter notebook that runs from top to bottom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from literate.export.markdown import Fence, Prose, Shown, pieces
from literate.page.verbatim import LEFT_ALONE
from literate.run.runner import Runner
from literate.figure import compose
from literate.figure.drawing import Drawing
from literate.snippet.result import Figure

Cell = dict[str, Any]

BOX = re.compile(r"^(?P<indent> *)(?:!!!|\?\?\?\+?|===\+?) *(?:[\w-]+ *)*(?:\"(?P<title>.*)\")? *$")
HEADING_ID = re.compile(r"^(#+ .*?) *\{[^}\n]*\} *$", re.MULTILINE)
BLANK = re.compile(r"\n{3,}")
LEFT_ALONE_LINE = re.compile(rf"(?:{LEFT_ALONE.pattern})\n?", LEFT_ALONE.flags)


def snippet_notebook(shown: Shown) -> str:
    """One snippet, cell by cell, with what it printed and drew."""
    return written(code_cells(shown))


def page_notebook(text: str, runner: Runner, url: str) -> str:
    """A page, given as Markdown without front matter; its links lead to the site at `url`."""
    cells = []
    for piece in pieces(unboxed(text), runner, url):
        if isinstance(piece, Fence):
            cells.append(code_cell(piece.source, []))
            continue
        prose = piece.text if isinstance(piece, Prose) else piece.caption
        if isinstance(piece, Shown):
            cells += code_cells(piece)
        if prose := tidied(prose):
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
    svg = compose.figure(Drawing.of(figure.drawing), "figure", page=False)
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


def unboxed(text: str) -> str:
    """Admonitions, folded boxes and tabs opened: their title in bold, their content as it is."""
    lines: list[str] = []
    boxes: list[int] = []
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        while boxes and line.strip() and depth < boxes[-1]:
            boxes.pop()
        if match := BOX.match(line):
            boxes.append(len(match["indent"]) + 4)
            lines += [f"**{match['title']}**" if match["title"] else "", ""]
        else:
            lines.append(line[4 * len(boxes) :] if boxes else line)
    return "\n".join(lines)


def tidied(prose: str) -> str:
    """Prose without what only the site's Markdown understands."""
    prose = LEFT_ALONE_LINE.sub(lambda found: "" if found[0][:4] == "<!--" else found[0], prose)
    prose = HEADING_ID.sub(r"\1", prose)
    return BLANK.sub("\n\n", prose).strip()


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
