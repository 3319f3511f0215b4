"""The search answers what readers type with the section that they look for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from visit import Visit, search

QUERIES = Path(__file__).with_name("queries")
FIRST = 0.8
"""The share of queries whose first result answers them: the aim, reached by each half."""
AMONG_THREE = 0.95
"""The share whose first three results have one that does."""
HALVES = {"tuned": 0, "held back": 1}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_readers_ask_is_found(visit: Callable[..., Visit], language: str, half: str) -> None:
    edition = "" if language == "zh" else f"{language}/"
    written = yaml.safe_load((QUERIES / f"{language}.yml").read_text("utf-8"))
    reader = visit()
    reader.go(edition)
    at, missed = [], {}
    for entry in written[HALVES[half] :: 2]:
        [(query, wanted)] = entry.items()
        found = [place(link, reader.origin + edition) for link in search(reader.page, query)]
        at.append(next((number for number, got in enumerate(found) if got in wanted), 99))
        if at[-1]:
            missed[query] = found[:4]
    first = sum(number == 0 for number in at) / len(at)
    among_three = sum(number < 3 for number in at) / len(at)
    print(f"{language}, {half}: {first:.0%} first, {among_three:.0%} among three; {missed}")
    assert first >= FIRST, missed
    assert among_three >= AMONG_THREE, missed
    assert not reader.console


MARKED = [
    ("", "动量是什么", "optimizers#momentum", {"动量"}),
    ("", "怎么做数剧增强", "overfitting#augmentation", {"数据增强", "数据", "增强"}),
    ("", "early stopping", "overfitting#early-stopping", {"早停"}),
    ("en/", "label_smoothing", "losses#label-smoothing", {"label", "smoothing", "label smoothing"}),
    ("en/", "overfiting", "overfitting#seen", {"overfitting", "overfit", "overfits"}),
]


@pytest.mark.parametrize(("edition", "query", "section", "words"), MARKED)
def test_whole_words_are_marked_in_the_results_and_on_the_page(
    visit: Callable[..., Visit], edition: str, query: str, section: str, words: set[str]
) -> None:
    reader = visit()
    page = reader.go(edition)
    links = search(page, query)
    [link] = [link for link in links if place(link, reader.origin + edition) == section]
    shown = page.locator(f".md-search-result__link[href$='{urlsplit(link).fragment}']").first
    marked = {text.lower() for text in shown.locator("mark").all_inner_texts()}
    assert marked & words, marked
    assert "h" in parse_qs(urlsplit(link).query)
    page.goto(link)
    page.wait_for_selector("mark[data-md-highlight]", state="attached")
    on_page = page.locator("mark[data-md-highlight]").all_text_contents()  # folded ones too
    assert {text.lower() for text in on_page} <= words, set(on_page)


@pytest.mark.parametrize("query", ["L-BFGS", "a[0]", "f(x)", "C++", "<b>", "\\d+", "的", "?"])
def test_no_query_breaks_the_search(visit: Callable[..., Visit], query: str) -> None:
    reader = visit()
    page = reader.go("")
    search(page, query)
    assert search(page, "动量")
    assert not reader.console


def test_the_index_is_loaded_by_those_who_search(visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.go("sgd/")
    page.wait_for_load_state("networkidle")

    def asked() -> list[str]:
        return [url for url in reader.requested if url.endswith("search_index.json")]

    assert asked() == []
    assert search(page, "动量")
    assert len(asked()) == 1
    page.goto(f"{reader.origin}sgd/?h=批量")  # come from a result, whose words are marked
    page.wait_for_selector("mark[data-md-highlight]", state="attached")


def test_a_phone_runs_the_theme_s_script_with_its_first_touch(visit: Callable[..., Visit]) -> None:
    """What takes it longest is not run for a reader who only reads; a touch finds it all there."""
    reader = visit(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = reader.go("sgd/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("typeof window.document$") == "undefined"
    page.locator(".md-header__button[for=__search]").tap()
    page.wait_for_function("document.activeElement.matches('.md-search__input')")
    page.wait_for_selector(".md-typeset__scrollwrap", state="attached")  # it frames the tables
    assert search(page, "动量")
    assert not reader.console


def place(link: str, home: str) -> str:
    """Where a result leads, as page or page#section."""
    address = urlsplit(link)
    page = f"{address.scheme}://{address.netloc}{address.path}".removeprefix(home).strip("/")
    return f"{page}#{address.fragment}" if address.fragment else page
