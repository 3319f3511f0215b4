"""A chapter on paper: what is folded is there but for plotting code, and nothing is cut."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from pypdf import PdfReader
from visit import CHAPTERS, Visit

FIGURES = """() => [...document.querySelectorAll(".snippet svg")].map(svg =>
    [...svg.querySelectorAll("text")].filter(text => !text.closest("[display=none]"))
        .map(text => text.textContent))"""
CODE = """() => [...document.querySelectorAll("article pre code")]
    .filter(code => !code.closest(".snippet__code")).map(code => code.textContent)"""


def bare(text: str) -> str:
    """The text without spaces and line ends, which paper sets anew.

    And without Chinese: a PDF may name a character after the radical that looks the same.
    """
    letters = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in letters if letter < "\u2e80" and not letter.isspace())


def printed_on(sheets: list[str], line: str) -> bool:
    """Whether the line stands on a sheet, or begins on one and ends on the next."""
    return any(line in sheet for sheet in sheets) or any(
        line[:cut] in one and line[cut:] in other
        for one, other in pairwise(sheets)
        for cut in range(1, len(line))
    )


@pytest.mark.parametrize("path", CHAPTERS[::4])
def test_a_printed_chapter_has_its_code_and_whole_figures(
    visit: Callable[..., Visit], path: str
) -> None:
    page = visit().go(path)
    page.evaluate("document.fonts.ready")
    figures, fences = page.evaluate(FIGURES), page.evaluate(CODE)
    folded = page.locator("article details").count()
    assert len(figures) >= 5
    assert folded >= 5

    printed = [
        bare(sheet.extract_text())
        for sheet in PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True))).pages
    ]
    assert len(printed) <= 30
    lines = {bare(line) for code in fences for line in code.splitlines()}
    assert sorted(line for line in lines if not printed_on(printed, line)) == []
    for labels in figures:
        words = [bare(label) for label in labels]
        most = max(sum(word in sheet for word in words) for sheet in printed)
        assert most == len(words), labels
