"""Each page's picture for those who share it: its title and its first figure, on the site's paper.

It is kept under the hash of what is on it and of what draws it, so that an unchanged build draws
nothing. The fonts are matplotlib's and our own, so that the bytes do not depend on those of the
machine; only where these lack a letter its fonts are asked.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import unicodedata
from dataclasses import astuple, dataclass
from functools import cache
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from literate.figure import palette
from literate.run.store import Store
from literate.snippet.source import installed

NAME = "card.png"
PAPER, INK, SOFT = "#fcfaf5", "#23272f", "#596069"
WIDTH, HEIGHT, MARGIN, TITLE_SIZE = 1200, 630, 60, 60
FONTS = Path(__file__).parent / "fonts"
TITLES = FONTS / "title.otf"
LETTERS = FONTS / "letters.otf"
SANS = "DejaVu Sans"
SVG = "http://www.w3.org/2000/svg"
SHEET = f"""<svg xmlns="{SVG}" width="{WIDTH}" height="{HEIGHT}">
<rect width="100%" height="100%" fill="{PAPER}"/>
{{logo}}
<g font-family="{{family}}" font-weight="700">
<text x="{MARGIN + 54}" y="66" font-size="28" fill="{SOFT}">{{site}}</text>
<text x="{MARGIN}" y="150" font-size="{{size:.0f}}" fill="{INK}">{{title}}</text>
</g>
{{figure}}
</svg>"""

COVER_SIZE = 130
COVER = f"""<svg xmlns="{SVG}" width="{WIDTH}" height="1600">
<rect width="100%" height="100%" fill="{PAPER}"/>
{{logo}}
<text x="{WIDTH // 2}" y="1080" text-anchor="middle" font-family="{{family}}" font-weight="700"
font-size="{{size:.0f}}" fill="{INK}">{{title}}</text>
</svg>"""


@dataclass(frozen=True)
class Card:
    """What stands on a card; `figure` and `logo` are SVG, or empty."""

    title: str
    site: str
    logo: str
    figure: str

    @classmethod
    def of(cls, title: str, site: str, logo: str, content: str) -> Card:
        """The card of a page with this title and content: its first figure stands on it."""
        start = content.find("<svg aria-label=")
        end = content.find("</svg>", start) + len("</svg>")
        figure = content[start:end] if start >= 0 else ""
        return cls(title[:1].upper() + title[1:], site, logo, figure)

    @property
    def key(self) -> str:
        """One hash of the card and of all that draws it."""
        text = "\0".join([press(), *astuple(self)])
        return hashlib.sha256(text.encode()).hexdigest()


@cache
def press() -> str:
    """What draws the cards: our code and fonts, matplotlib's fonts, the renderer."""
    sources = Path(__file__), TITLES, LETTERS
    digests = [hashlib.sha256(source.read_bytes()).hexdigest() for source in sources]
    return " ".join([*digests, installed("matplotlib"), installed("resvg_py")])


def write_cards(cards: dict[Path, Card], folder: Path) -> None:
    """Draw each card to its place; `folder` keeps them."""
    store = Store(folder, "card", "png")
    for path, card in cards.items():
        name = hashlib.sha256(card.title.encode()).hexdigest()[:24]
        png = store.load(name, card.key, bytes)
        if png is None:
            png = draw(card)
            store.save(name, card.key, png)
        path.write_bytes(png)


def draw(card: Card) -> bytes:
    """The card as PNG, 1200 by 630."""
    below = (MARGIN, 176, WIDTH - 2 * MARGIN, HEIGHT - 176 - 30)
    corner = (WIDTH - MARGIN - 340, HEIGHT - MARGIN - 340, 340, 340)
    figure = placed(card.figure, below) if card.figure else placed(card.logo, corner)
    sheet = SHEET.format(
        family=family(card.site + card.title),
        logo=placed(card.logo, (MARGIN, 36, 40, 40)),
        site=escape(card.site),
        title=escape(card.title),
        size=min(TITLE_SIZE, (WIDTH - 2 * MARGIN) / ems(card.title)),
        figure=figure,
    )
    return printed(sheet)


def cover(title: str, logo: str, folder: Path) -> bytes:
    """The cover of the site's book as PNG, 1200 by 1600: its mark and its name."""
    store = Store(folder, "cover", "png")
    key = hashlib.sha256("\0".join([press(), title, logo]).encode()).hexdigest()
    name = hashlib.sha256(title.encode()).hexdigest()[:24]
    png = store.load(name, key, bytes)
    if png is None:
        size = min(COVER_SIZE, (WIDTH - 2 * MARGIN) / ems(title))
        mark = placed(logo, (350, 350, 500, 500))
        png = printed(COVER.format(family=family(title), logo=mark, title=escape(title), size=size))
        store.save(name, key, png)
    return png


def printed(sheet: str) -> bytes:
    """An SVG as PNG."""
    import resvg_py  # noqa: PLC0415 (an unchanged build draws nothing)

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=sheet,
            skip_system_fonts=letters(*fonts()) >= set(sheet),
            font_files=[str(font) for font in fonts()],
            font_family=SANS,
        )
    )


def fonts() -> list[Path]:
    """Matplotlib's, the one of Chinese letters that they lack, and last that of titles."""
    theirs = importlib.resources.files("matplotlib") / "mpl-data" / "fonts" / "ttf"
    names = sorted(font.name for font in theirs.iterdir() if font.name.startswith("DejaVuSans"))
    return [*(Path(f"{theirs}", name) for name in names), LETTERS, TITLES]


def family(title: str) -> str:
    """The family that a title is set in: that of titles, if it has all letters of this one."""
    return "Title" if letters(TITLES) >= set(title) else SANS


@cache
def letters(*fonts: Path) -> frozenset[str]:
    """The letters that the fonts have between them, and what ends a line."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 (an unchanged build draws nothing)

    codes = {code for font in fonts for code in FT2Font(f"{font}").get_charmap()}
    return frozenset(map(chr, codes)) | {"\n"}


def placed(svg: str, box: tuple[int, int, int, int]) -> str:
    """A drawing fitted into a box of the sheet; of a sweep, its last frame; nothing of nothing."""
    if not svg:
        return ""
    svg = svg.replace(" xlink:href=", " href=")
    if "xmlns=" not in svg[svg.find("<svg") :].partition(">")[0]:
        svg = svg.replace("<svg ", f'<svg xmlns="{SVG}" ', 1)
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        for name, value in element.items():
            ours = value == palette.paint("paper")
            element.set(name, PAPER if ours else palette.in_the_light(value))
    frames = [
        (int(number), group)
        for group in root.iter(f"{{{SVG}}}g")
        if (number := group.get("data-frame"))
    ]
    last = max((number for number, _ in frames), default=0)
    for number, group in frames:
        group.set("display", "inline" if number == last else "none")
    root.attrib.pop("style", None)
    for name, length in zip(("x", "y", "width", "height"), box, strict=True):
        root.set(name, str(length))
    root.set("font-family", SANS)
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def ems(text: str) -> float:
    """About how wide a line is, in its own font's size."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.6 for letter in text)
