"""The math font: readers whose system has none see every formula of the pages in it."""

import unicodedata
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import markdown
import pytest
from fontTools.ttLib import TTFont

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "literate" / "site" / "assets" / "fonts"
PAGES = sorted(path for language in ("zh", "en") for path in (DOCS / language).glob("*.md"))
LIMIT = 50_000


def formulas(page: Path) -> list[ElementTree.Element]:
    """The formulas of a page as elements."""
    html = markdown.markdown(
        page.read_text(encoding="utf-8"),
        extensions=["literate.page.formula", "pymdownx.superfences", "tables", "admonition"],
    )
    pieces = (piece.partition("</math>")[0] for piece in html.split("<math")[1:])
    return [ElementTree.fromstring(f"<math{xml(piece)}</math>") for piece in pieces]


def xml(html: str) -> str:
    """The HTML with the characters that its entities stand for, but for XML's own."""
    for entity in ("&amp;", "&lt;", "&gt;", "&quot;"):
        html = html.replace(entity, "&amp;" + entity[1:])
    return unescape(html)


def letters(formula: ElementTree.Element) -> set[str]:
    """The characters that the font has to show; a name of one letter is shown in italics."""
    shown = set()
    for element in formula.iter():
        text = (element.text or "").strip()
        if element.tag == "mi" and len(text) == 1 and element.get("mathvariant") != "normal":
            text = italic(text)
        shown |= set(text)
    return {letter for letter in shown if not is_chinese(letter)}


def italic(letter: str) -> str:
    """The mathematical italic letter, if there is one."""
    exceptions = {"h": "ℎ", "∂": "𝜕", "∇": "𝛻"}
    name = unicodedata.name(letter, "")
    for word in ("LATIN ", "GREEK ", "LETTER ", "LUNATE "):
        name = name.replace(word, "")
    try:
        return exceptions.get(letter) or unicodedata.lookup(f"MATHEMATICAL ITALIC {name}")
    except KeyError:
        return letter


def is_chinese(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


@pytest.fixture(scope="module")
def characters() -> set[str]:
    return set(map(chr, TTFont(FOLDER / "formula.woff2").getBestCmap())) | {"\ufe00"}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_formula_can_be_shown(page: Path, characters: set[str]) -> None:
    missing = {
        (letter, formula.get("alttext"))
        for formula in formulas(page)
        for letter in letters(formula) - characters
    }
    assert not missing


def test_a_formula_of_all_kinds_can_be_shown(characters: set[str]) -> None:
    assert set("𝑥ℎ𝜃𝐰𝜽𝔼ℝ𝟙ℒ∇∑√‖⌈⟨‾→≤∈·01") <= characters


def test_it_is_small_and_comes_with_its_licence() -> None:
    assert (FOLDER / "formula.woff2").stat().st_size < LIMIT
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")
