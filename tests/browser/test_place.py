"""The reader's place: however a section is reached, its heading is where it belongs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser
from visit import CHAPTERS, PATHS, SETTLED, Visit

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
EVERY = int(os.environ.get("EVERY", "7"))
"""Which sections are visited: EVERY=1 goes over all of them, which takes a quarter of an hour."""
NEAR = 80
"""How many pixels from where it belongs a heading may stand."""
SECTIONS = "[...document.querySelectorAll('.md-content h2[id]')].map(heading => heading.id)"
OFFSET = """name => {
    const heading = document.getElementById(name);
    const wanted = document.querySelector(".md-header").getBoundingClientRect().bottom;
    const lowest = document.documentElement.scrollHeight - innerHeight - scrollY;
    const off = heading.getBoundingClientRect().top - wanted;
    return lowest < 2 && off > 0 ? 0 : Math.round(off);
}"""


def offset(page: Page, name: str) -> int:
    """How far the heading stands from the header's lower edge, once nothing moves any more."""
    page.evaluate(SETTLED)
    return page.evaluate(OFFSET, name)


def sections(file: Path) -> list[str]:
    """The ids of the sections of a built page."""
    page = LexborHTMLParser(file.read_text(encoding="utf-8"))
    return [heading.id or "" for heading in page.css(".md-content h2[id]")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_section_opened_by_its_address_or_reloaded_is_in_place(
    visit: Callable[..., Visit], site: Path, path: str, screen: dict[str, int]
) -> None:
    reader = visit(viewport=screen)
    page = reader.page
    found = {}
    for name in sections(site / path / "index.html")[::EVERY]:
        page.goto("about:blank")
        page.goto(f"{reader.origin}{path}#{name}")
        found[name] = offset(page, name)
        if screen is DESKTOP:
            page.reload()
            found[f"{name}, reloaded"] = offset(page, name)
    assert {name: off for name, off in found.items() if not -NEAR <= off <= NEAR} == {}
    assert reader.console == []


@pytest.mark.parametrize("path", CHAPTERS[::3])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_back_and_forward_return_to_the_section_and_its_address(
    visit: Callable[..., Visit], path: str, screen: dict[str, int]
) -> None:
    reader = visit(viewport=screen)
    page = reader.go(path)
    names = page.evaluate(SECTIONS)
    first, second = names[1], names[-2]
    for name in (first, second):
        page.evaluate("name => { location.hash = name; }", name)
        page.evaluate(SETTLED)
    other = "en/glossary/" if path.startswith("en/") else "glossary/"
    reader.follow(other)
    for step, name in (("back", second), ("back", first), ("forward", second)):
        getattr(page, f"go_{step}")()
        page.wait_for_url(f"**/{path}#{name}")
        page.wait_for_selector(f"#{name}")
        assert abs(offset(page, name)) <= NEAR, (step, name)
    anchor = page.evaluate("location.hash.slice(1)")
    assert page.evaluate("name => !!document.getElementById(name)", anchor)


def test_the_language_switch_leads_to_the_section_being_read(visit: Callable[..., Visit]) -> None:
    reader = visit(viewport=DESKTOP)
    page = reader.go("sgd/")
    name = page.evaluate(SECTIONS)[3]
    page.evaluate("name => document.getElementById(name).scrollIntoView()", name)
    page.evaluate(SETTLED)
    page.click("a[data-language]")
    page.wait_for_url(f"{reader.origin}en/sgd/#{name}")
    assert abs(offset(page, name)) <= NEAR


def test_a_phone_lays_out_a_chapter_by_and_by_and_a_tap_finds_its_section(
    visit: Callable[..., Visit],
) -> None:
    reader = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = reader.go("en/sgd/")
    later = "[...document.querySelectorAll('.calm .md-content__inner > *')]"
    assert page.evaluate(f"{later}.length") > 50
    assert "auto" in page.evaluate(
        f"{later}.map(block => getComputedStyle(block).contentVisibility)"
    )
    links = page.locator("article > ul:first-of-type a[href^='#']")
    name = links.last.get_attribute("href").removeprefix("#")
    links.last.tap()
    page.wait_for_function("name => location.hash === `#${name}`", arg=name)
    assert abs(offset(page, name)) <= NEAR
    reader.go("en/sgd/")
    page.wait_for_function(
        f"() => {later}.every(block => block.style.contentVisibility === 'visible')"
    )
    page.reload()
    assert page.evaluate(f"{later}.length") == 0, "where it was read on, it is laid out whole"
    assert reader.console == []
