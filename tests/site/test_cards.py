"""The pictures by which pages are shared: what they show, and when they are drawn at all."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.image import imread

from literate.site.cards import Card, draw, write_cards

PROJECT = Path(__file__).parent.parent.parent
FONTS = PROJECT / "docs" / "literate" / "site" / "fonts"
FIGURE = """<svg aria-label="A figure" role="img" viewBox="0 0 300 100">
<defs><clipPath id="f-1"><rect x="0" y="0" width="100" height="100" /></clipPath></defs>
<path clip-path="url(#f-1)" fill="var(--figure-1,#0000ff)" d="M0 0h200v100h-200z" />
<g class="frame" data-frame="0"><path fill="#00ff00" d="M110 0h90v100h-90z" /></g>
<g class="frame" data-frame="1" display="none"><path fill="#ff0000" d="M110 0h90v100h-90z" /></g>
<path stroke="#ff00ff" stroke-width="30" stroke-linecap="round" d="M250 25h0m0 50h0" />
<text x="50" y="50">10<tspan dy="-4" font-size="7px">2</tspan></text></svg>"""
BLUE, GREEN, RED, PINK = (0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 0, 1)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site" / "a").mkdir(parents=True)
    return tmp_path / "site"


def card(site: Path, title: str = "梯度 & loss") -> dict[Path, Card]:
    return {site / "a" / "card.png": Card.of(title, "Site", "", f"<p>x</p>{FIGURE}<svg></svg>")}


def shown(png: bytes) -> dict[tuple[float, ...], int]:
    """How many pixels have each of the colours that the figure is made of."""
    pixels = imread(io.BytesIO(png))
    assert pixels.shape[:2] == (630, 1200)
    return {
        colour: int(np.all(pixels[..., :3] == colour, axis=-1).sum())
        for colour in (BLUE, GREEN, RED, PINK)
    }


def test_a_card_shows_the_figure_clipped_its_dots_and_a_sweeps_last_frame(
    site: Path, tmp_path: Path
) -> None:
    write_cards(card(site), tmp_path / "kept")
    seen = shown((site / "a" / "card.png").read_bytes())
    scale = 1080 / 300
    assert seen[BLUE] == pytest.approx(100 * 100 * scale**2, rel=0.05)
    assert seen[RED] == pytest.approx(90 * 100 * scale**2, rel=0.05)
    assert seen[GREEN] == 0
    assert seen[PINK] == pytest.approx(2 * np.pi * 15**2 * scale**2, rel=0.05)


def test_the_same_page_has_the_same_bytes_wherever_it_is_drawn(site: Path, tmp_path: Path) -> None:
    cards = []
    for number, locale in enumerate(("C", "C.UTF-8")):
        program = (
            "import sys; from pathlib import Path; "
            "from literate.site.cards import Card, write_cards; "
            f"card = Card.of('Loss', 'Site', '', {FIGURE!r}); "
            f"write_cards({{Path({str(site)!r}, 'a', 'card.png'): card}}, "
            f"Path({str(tmp_path)!r}, 'kept-{number}'))"
        )
        environment = os.environ | {"LC_ALL": locale, "PYTHONHASHSEED": str(number)}
        subprocess.run([sys.executable, "-c", program], env=environment, check=True)
        cards.append((site / "a" / "card.png").read_bytes())
    assert cards[0] == cards[1]


def test_only_what_has_changed_is_drawn(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    write_cards(card(site), kept)
    first = (site / "a" / "card.png").read_bytes()

    with monkeypatch.context() as patch:
        patch.setattr("literate.site.cards.draw", None)  # to draw would fail
        write_cards(card(site), kept)
    assert (site / "a" / "card.png").read_bytes() == first

    [stored] = kept.iterdir()
    stored.write_bytes(stored.read_bytes()[:-1])
    write_cards(card(site), kept)
    assert (site / "a" / "card.png").read_bytes() == first

    write_cards(card(site, "Loss"), kept)
    assert (site / "a" / "card.png").read_bytes() != first


def test_a_store_that_cannot_be_written_costs_only_time(site: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder would be")
    write_cards(card(site), tmp_path / "kept")
    assert (site / "a" / "card.png").stat().st_size > 1000


def test_the_titles_font_has_every_title() -> None:
    """If one lacks: run docs/literate/site/fonts/cut.py, or its card's title is no serif."""
    font = TTFont(FONTS / "title.otf").getBestCmap()
    pattern = re.compile(r"^(?:# )?(?:site_name|title|headline): (.*)$", re.MULTILINE)
    files = [PROJECT / "mkdocs.yml", PROJECT / "docs" / "en.yml"]
    files += (PROJECT / "docs" / "zh").glob("*.*")
    titles = [title for file in files for title in pattern.findall(file.read_text("utf-8"))]
    assert len(titles) >= 10
    missing = {title: lacking for title in titles if (lacking := set(title) - set(map(chr, font)))}
    assert missing == {}


def test_the_figures_font_has_every_word() -> None:
    """If one lacks: run docs/literate/site/fonts/cut.py, or other machines draw another card."""
    font = TTFont(FONTS / "letters.otf").getBestCmap()
    words = (PROJECT / "docs" / "words" / "zh.yml").read_text("utf-8")
    assert {letter for letter in words if letter > "一"} <= set(map(chr, font))


@pytest.mark.parametrize(("one", "other"), [("层", "数"), ("权", "熵")])
def test_chinese_letters_are_drawn_in_titles_and_figures(one: str, other: str) -> None:
    """A letter that no font has is a box, and boxes are alike."""
    named = [draw(Card.of(f"{letter}与", "Site", "", "")) for letter in (one, other)]
    assert named[0] != named[1]
    shown = [draw(Card.of("A", "Site", "", FIGURE.replace("10<", f"{x}<"))) for x in (one, other)]
    assert shown[0] != shown[1]


@pytest.mark.parametrize(("letter", "ours"), [("层", True), ("a", True), ("漢", False)])
def test_the_system_s_fonts_are_asked_for_letters_alone_that_ours_lack(
    letter: str, ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def svg_to_bytes(*, skip_system_fonts: bool, **_: object) -> bytes:
        asked.append(skip_system_fonts)
        return b""

    monkeypatch.setattr("resvg_py.svg_to_bytes", svg_to_bytes)
    draw(Card.of(letter, "Site", "", ""))
    draw(Card.of("A", "Site", "", FIGURE.replace("10<", f"{letter}<")))
    assert asked == [ours, ours]


def test_a_logo_may_begin_as_inkscape_writes_it(site: Path, tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    logo = f'{head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>'
    cards = {site / "a" / "card.png": Card.of("title", "Site", logo, f"<p>x</p>{FIGURE}")}
    write_cards(cards, tmp_path / "kept")
    assert shown((site / "a" / "card.png").read_bytes())[BLUE]
