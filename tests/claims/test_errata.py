"""What the errata say: on the values that the site's own runs left, and on the pages."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Values = Callable[[str], dict[str, Any]]

DOCS = Path(__file__).parents[2] / "docs"
ENTRIES = [f"e{number}" for number in range(1, 36)]
SECTION = re.compile(r"\]\([\w-]+\.(?:md|py)#[\w-]+\)")
TEXT_ONLY = {"e14", "e24", "e25", "e35"}
ENTRY = re.compile(r"^### .*? \{ #(e\d+) \}\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
SLIP = re.compile(r"^\| \*\*E\d+\*\*\{ #(e\d+) \}", re.MULTILINE)
"""A row of the entry that holds the slips of typing."""
TERM = re.compile(r"^\S.* \{ #([\w-]+) \}\n:   (.*)$", re.MULTILINE)
CHAPTERS = ("sgd", "optimizers", "losses", "overfitting", "initialisation")
CHAPTER = re.compile(rf"\]\((?:reference-)?(?:{'|'.join(CHAPTERS)})\.md#[\w-]+\)")


SAID_ONCE = {("glossary", "样例"): 1, ("glossary", "基准"): 1}
"""Words of d2l-zh that the glossary names once, beside those of this book."""


def entries(language: str) -> dict[str, str]:
    """The errata of one language, by id; slips of typing share one entry."""
    found = dict(ENTRY.findall((DOCS / language / "errata.md").read_text(encoding="utf-8")))
    return found | dict.fromkeys(SLIP.findall(found["e1"]), found["e1"])


def test_momentum_shrinks_the_error_by_the_root_of_beta(values: Values) -> None:
    for beta, rates in values("errata/momentum_rate.py")["runs"].items():
        root = float(beta) ** 0.5
        low, high = (1 - root) ** 2, (1 + root) ** 2
        inside = [rate for curvature, rate in rates.items() if low < float(curvature) < high]
        assert len(inside) >= 4
        assert inside == pytest.approx([root] * len(inside), abs=0.02)


def test_twice_the_root_would_diverge(values: Values) -> None:
    assert 2 * values("errata/momentum_rate.py")["roots"]["0.81"] > 1


def test_outside_the_complex_roots_the_rate_is_slower(values: Values) -> None:
    assert values("errata/momentum_rate.py")["runs"]["0.25"]["0.1"] > 0.5 + 0.2


def test_variance_grows_as_the_number_of_inputs(values: Values) -> None:
    run = values("errata/variance_growth.py")
    assert run["slope"] == pytest.approx(1, abs=0.1)
    for inputs, variance in run["variances"].items():
        assert variance / float(inputs) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_entry_is_there_quotes_and_leads_to_its_chapter(language: str) -> None:
    found = entries(language)
    assert sorted(found) == sorted(ENTRIES)
    for name, text in found.items():
        assert text.lstrip().startswith(">"), name
        assert CHAPTER.search(text), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_entries_are_numbered_in_the_order_of_the_page(language: str) -> None:
    text = (DOCS / language / "errata.md").read_text(encoding="utf-8")
    heads = re.findall(r"^### (E\d.*?)[:：]|^\| (\*\*E\d+)", text, re.MULTILINE)
    numbers = [int(n) for n in re.findall(r"E(\d+)", " ".join(a or b for a, b in heads))]
    assert list(dict.fromkeys(numbers)) == list(range(1, 36))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_entry_but_those_of_text_is_shown_by_running(language: str) -> None:
    for name, text in entries(language).items():
        assert ("```python\n" in text and "assert" in text) == (name not in TEXT_ONLY), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_entry_is_linked_from_a_chapter(language: str) -> None:
    pages = (DOCS / language / f"{chapter}.md" for chapter in CHAPTERS)
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert set(ENTRIES) - set(re.findall(r"\]\(errata\.md#(e\d+)\)", text)) == set()


def test_chinese_words_are_those_the_book_has_settled_on() -> None:
    for page in ("errata", "glossary"):
        text = (DOCS / "zh" / f"{page}.md").read_text(encoding="utf-8")
        for old in ("本课程", "类别下标", "构造器", "样例", "基准"):
            assert text.count(old) == SAID_ONCE.get((page, old), 0), (page, old)


def test_glossary_has_the_same_terms_in_both_languages() -> None:
    chinese, english = (
        TERM.findall((DOCS / language / "glossary.md").read_text(encoding="utf-8"))
        for language in ("zh", "en")
    )
    assert [name for name, _ in chinese] == [name for name, _ in english]
    assert len({name for name, _ in english}) == len(english) >= 105
    for name, sentence in chinese + english:
        assert SECTION.search(sentence), name
