"""What a reader meets: the built site, used in Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from visit import CHAPTERS, PATHS, SETTLED, UNFOLD, Visit, search


@pytest.mark.parametrize("snippet", ["home/race", "sgd/ten_copies"])
def test_a_copied_snippet_runs_and_prints_what_the_page_shows(
    visit: Callable[..., Visit], snippet: str, tmp_path: Path
) -> None:
    reader = visit(permissions=["clipboard-read", "clipboard-write"])
    chapter, name = snippet.split("/")
    page = reader.go("" if chapter == "home" else f"{chapter}/")
    figure = page.locator(f"figure#{chapter}-{name}")
    figure.locator(".snippet__copy").first.click()
    figure.locator(".snippet__copy.is-done").first.wait_for()
    file = tmp_path / f"{name}.py"
    file.write_text(page.evaluate("navigator.clipboard.readText()"), encoding="utf-8")

    run = subprocess.run(
        [sys.executable, file],
        env={**os.environ, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    shown = "\n".join(figure.locator(".snippet__printed").all_inner_texts())
    assert shown.strip()
    assert run.stdout.strip() == shown.strip()


def colours(page: Page) -> list[str]:
    """The colours of the page and of the curves and labels of its figures."""
    return page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
            ...[...document.querySelectorAll(".snippet svg path, .snippet svg text")]
                .flatMap(mark => [getComputedStyle(mark).stroke, getComputedStyle(mark).fill])]"""
    )


def test_figures_follow_light_and_dark(visit: Callable[..., Visit]) -> None:
    light, dark = (colours(visit(color_scheme=scheme).go("")) for scheme in ("light", "dark"))
    assert len(light) == len(dark) > 20
    changed = [pair for pair in zip(light, dark, strict=True) if pair[0] != pair[1]]
    assert light[0] != dark[0]
    assert len(changed) > 10


def test_the_reader_can_choose_the_palette(visit: Callable[..., Visit]) -> None:
    page = visit(color_scheme="light").go("sgd/")
    body, scheme = page.locator("body"), "data-md-color-scheme"
    expect(body).to_have_attribute(scheme, "default")
    for _ in range(2):
        page.locator(".md-header__option label:visible").click()
    expect(body).to_have_attribute(scheme, "slate")
    page.goto(page.url.replace("sgd/", "en/"))
    expect(body, "the choice holds in the other language").to_have_attribute(scheme, "slate")


def test_the_language_switch_keeps_page_and_place(visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.go("")
    page.goto(f"{reader.origin}sgd/#ten-copies")
    page.click("a[data-language]")
    page.wait_for_url(f"{reader.origin}en/sgd/#ten-copies")
    page.click("a[data-language]")
    page.wait_for_url(f"{reader.origin}sgd/#ten-copies")


@pytest.mark.parametrize(("here", "there"), [("", "en/"), ("en/", "")])
def test_the_language_switch_after_a_link(
    visit: Callable[..., Visit], here: str, there: str
) -> None:
    reader = visit()
    page = reader.go(f"{here}sgd/")
    reader.follow(f"{here}losses/")
    page.click(".md-content a.headerlink >> nth=1", force=True)
    page.wait_for_function("location.hash")
    place = page.evaluate("location.hash")
    page.evaluate(SETTLED)
    page.click("a[data-language]")
    page.wait_for_url(f"{reader.origin}{there}losses/{place}")


def test_a_sweep_is_turned_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit().go("")
    turn_first_sweep(page)


def turn_first_sweep(page: Page) -> None:
    """Go through a sweep with the arrow keys: each frame is said and shown."""
    sweep = page.locator(".snippet__sweep").first
    slider = sweep.locator("input[type=range]")
    slider.focus()
    frames = int(slider.get_attribute("max")) + 1
    said, shown = [], []
    page.keyboard.press("Home")
    for _ in range(frames):
        said.append(slider.get_attribute("aria-valuetext"))
        shown.append(sweep.screenshot())
        expect(sweep.locator("output")).to_have_text(said[-1])
        page.keyboard.press("ArrowRight")
    assert frames >= 5
    assert len(set(said)) == frames
    assert len(set(shown)) == frames


def test_a_whole_session_asks_nobody_else_and_says_nothing(visit: Callable[..., Visit]) -> None:
    reader = visit(permissions=["clipboard-read", "clipboard-write"])
    page = reader.page
    for language in ("", "en/"):
        paths = [path for path in PATHS if path.startswith("en/") == (language == "en/")]
        reader.go(paths[0])
        for path in paths[1:]:
            reader.follow(path)
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            for knob in page.locator(".snippet__sweep input").all()[:1]:
                knob.focus()
                page.keyboard.press("ArrowRight")
            for copy in page.locator(".snippet__copy:visible").all()[:1]:
                copy.click()
            for enlarge in page.locator(".snippet__enlarge").all()[:1]:
                enlarge.click()
                page.keyboard.press("Escape")
        search(page, "learning rate")
        page.keyboard.press("Escape")
        for _ in range(3):
            page.locator(".md-header__option label:visible").click()
        page.click("a[data-language]")
        page.wait_for_load_state("networkidle")
    strangers = [url for url in reader.requested if not url.startswith(reader.origin)]
    missing = [reply.url for reply in reader.replies if reply.status >= 400]
    assert strangers == []
    assert missing == []
    assert reader.console == []


@pytest.mark.parametrize("path", ["", "en/sgd/"])
def test_no_foreign_script_or_picture_gets_in(visit: Callable[..., Visit], path: str) -> None:
    reader = visit()
    page = reader.go("sgd/")
    page.goto(reader.origin + path)
    refused = page.evaluate(
        """() => new Promise(resolve => {
            const refused = [];
            document.addEventListener("securitypolicyviolation", event => {
                refused.push(event.effectiveDirective);
                if (refused.length === 3) resolve(refused);
            });
            setTimeout(resolve, 10_000, refused);
            const script = document.createElement("script");
            script.textContent = "window.intruder = true";
            const picture = new Image();
            picture.src = "https://example.org/count.png";
            document.body.append(script, picture);
            const link = document.createElement("div");
            link.innerHTML = "<b onclick='window.intruder = true'>x</b>";
            document.body.append(link);
            link.firstChild.click();
        })"""
    )
    assert sorted(refused) == ["img-src", "script-src-attr", "script-src-elem"]
    assert page.evaluate("window.intruder") is None
    assert not any("count.png" in reply.url for reply in reader.replies)
    assert all("Content Security Policy" in said for said in reader.console)


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_without_scripts(visit: Callable[..., Visit], path: str) -> None:
    page = visit(java_script_enabled=False).go(path)
    assert len(page.locator("article").inner_text()) > 1000
    for what in ("h1", ".snippet svg", ".snippet__sweep svg", "math"):
        box = page.locator(f"{what}:visible").first.bounding_box()
        assert box, what
        assert box["width"] > 5, what
        assert box["height"] > 5, what
    assert page.locator(".snippet__knob").count() > 0
    assert page.locator(".snippet__knob:visible").count() == 0


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways_on_a_phone(visit: Callable[..., Visit], path: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}).go(path)
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", CHAPTERS[:1])
def test_paper_hides_nothing(visit: Callable[..., Visit], path: str) -> None:
    page = visit().go(path)
    folded = page.locator("article details:not([open], .snippet__code > details)")
    assert folded.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(folded).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(folded).not_to_have_count(0)


@pytest.mark.parametrize("path", ["nowhere/", "en/nowhere/"])
def test_a_wrong_address_answers_in_both_languages(visit: Callable[..., Visit], path: str) -> None:
    reader = visit()
    page = reader.go(path)
    assert "这里没有页面" in page.inner_text("article")
    assert "There is no page here" in page.inner_text("article")
    page.click("article a:has-text('home page')")
    page.wait_for_url(f"{reader.origin}en/")


def test_a_figure_enlarges_is_saved_and_has_a_link(visit: Callable[..., Visit]) -> None:
    page = visit(accept_downloads=True).go("")
    page.locator(".snippet__enlarge").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.figure-view")
    large = dialog.locator("svg").bounding_box()
    small = page.locator(".snippet__sweep svg").first.bounding_box()
    assert large
    assert small
    assert large["width"] > small["width"]
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as saved:
            dialog.get_by_text(kind).click()
        content = saved.value.path().read_bytes()
        assert content.startswith(start)
        assert b"var(" not in content
    assert page.evaluate(
        "name => !!document.querySelector(name)", dialog.locator("a").get_attribute("href")
    )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_all_code_opens_at_once_and_the_choice_is_remembered(visit: Callable[..., Visit]) -> None:
    reader = visit()
    page = reader.go("sgd/")
    shut = page.locator(".snippet__code > details:not([open])")
    assert shut.count() > 5
    page.click(".all-code")
    expect(shut).to_have_count(0)
    reader.follow("losses/")
    expect(page.locator("article h1")).to_contain_text("损失")
    expect(shut).to_have_count(0)
    page.click(".all-code")
    expect(shut.nth(5)).to_be_attached()


def test_a_site_names_no_address_but_its_own(site: Path) -> None:
    """A fork's first push: its address and repository come from the environment alone."""
    kinds = {".html", ".md", ".ipynb", ".txt", ".xml", ".json", ".bib"}
    texts = {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*")
        if path.suffix in kinds
    }
    assert len(texts) > 50
    strangers = ("127.0.0.1:8000", "example.org", "example.com", "your-name")
    found = {name: word for name, text in texts.items() for word in strangers if word in text}
    assert found == {}


def test_no_link_needs_a_script_to_lead_somewhere(site: Path) -> None:
    """The theme's link to share a search did, which a crawler cannot follow."""
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert [page for page in pages if 'href="javascript:' in page.read_text("utf-8")] == []
