"""A chapter on paper: what is folded is there but for plotting code, and nothing is cut."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from pypdf import PdfReader
from visit import CHAPTERS, PATHS, Visit

FIGURES = """() => [...document.querySelectorAll(".snippet svg")].map(svg =>
    [...svg.querySelectorAll("text")].filter(text => !text.closest("[display=none]"))
        .map(text => text.textContent))"""
CODE = """() => [...document.querySelectorAll("article pre code")]
    .filter(code => !code.closest(".snippet__code")).map(code => code.textContent)"""

SHEET = {"width": 657, "height": 1000}  # what the margins leave of A4, in pixels of CSS
TOO_WIDE = """() => {
    const article = document.querySelector("article")
    const parts = article.querySelectorAll("td, th, svg, pre code, figcaption, math")
    const cut = part => {
        const right = part.getBoundingClientRect().right
        for (let box = part.parentElement; box !== article; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== "visible" &&
                right > box.getBoundingClientRect().right + 1) return true
        return right > article.getBoundingClientRect().right + 1
    }
    return [...parts].filter(part => part.checkVisibility() && cut(part))
        .map(part => part.outerHTML.slice(0, 200))
}"""


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
    assert len(printed) < 25
    lines = {bare(line) for code in fences for line in code.splitlines()}
    assert sorted(line for line in lines if not printed_on(printed, line)) == []
    for labels in figures:
        words = [bare(label) for label in labels]
        most = max(sum(word in sheet for word in words) for sheet in printed)
        assert most == len(words), labels


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_cut_at_the_right_edge_of_a_sheet(
    visit: Callable[..., Visit], path: str
) -> None:
    page = visit(viewport=SHEET).go(path)
    page.emulate_media(media="print")
    page.evaluate("document.fonts.ready")
    assert page.evaluate(TOO_WIDE) == []
