"""Each page's picture for those who share it: drawn when there is none yet, else stored.

A built page that names a `card.png` beside it gets one. It is kept under the hash of what is on
it and of what draws it, so that an unchanged build draws nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

from literate.snippet import installed

NAME = "card.png"
META = re.compile(r'<meta property="og:(?P<name>[\w:]+)" content="(?P<content>[^"]*)">')

log = logging.getLogger("mkdocs.literate")


@dataclass(frozen=True)
class Card:
    """What stands on a card; `figure` and `logo` are SVG, or empty."""

    title: str
    site: str
    logo: str
    figure: str

    @property
    def key(self) -> str:
        """One hash of the card and of all that draws it."""
        text = "\0".join([press(), *asdict(self).values()])
        return hashlib.sha256(text.encode()).hexdigest()[:24]


@cache
def press() -> str:
    """What draws the cards: our code, the title's font, matplotlib."""
    engine = Path(__file__).parent
    sources = [(engine / name).read_bytes() for name in ("card.py", "fonts/title.otf")]
    digests = [hashlib.sha256(source).hexdigest() for source in sources]
    return " ".join([*digests, installed("matplotlib")])


def write_cards(site: Path, logo: str, folder: Path) -> None:
    """Put a card beside every page of a built site that names one; `folder` keeps them."""
    wanted = {
        path.with_name(NAME): card
        for path in sorted(site.rglob("index.html"))
        for card in cards(path.read_text(encoding="utf-8"), logo)
    }
    stored = {card: load(folder, card) for card in wanted.values()}
    drawn = draw_all([card for card, png in stored.items() if png is None])
    for card, png in drawn.items():
        save(folder, card, png)
    for path, card in wanted.items():
        path.write_bytes(stored[card] or drawn[card])


def cards(html: str, logo: str) -> Iterator[Card]:
    """The card of a built page, if it names one: its own words, and its first figure."""
    named = {meta["name"]: unescape(meta["content"]) for meta in META.finditer(html)}
    if not named.get("image", "").endswith(f"/{NAME}"):
        return
    start = html.find("<svg aria-label=")
    figure = html[start : html.index("</svg>", start) + len("</svg>")] if start >= 0 else ""
    title = named["image:alt"]
    yield Card(
        title[:1].upper() + title[1:], named["site_name"], logo, figure.replace(" xlink:", " ")
    )


def draw_all(cards: Sequence[Card]) -> dict[Card, bytes]:
    """Draw the cards, on all cores."""
    with TemporaryDirectory() as desk:
        paths = {card: Path(desk, f"{number}.png") for number, card in enumerate(cards)}
        jobs = [asdict(card) | {"path": str(path)} for card, path in paths.items()]
        count = min(os.cpu_count() or 1, len(jobs))
        running = [begin_drawing(jobs[number::count]) for number in range(count)]
        if any([process.wait() for process in running]):  # noqa: C419 (wait for all)
            raise RuntimeError("the pictures for sharing could not be drawn")
        return {card: path.read_bytes() for card, path in paths.items()}


def begin_drawing(jobs: list[dict[str, str]]) -> subprocess.Popen[bytes]:
    """A process of its own that draws some cards: only it imports matplotlib."""
    command = [sys.executable, "-m", "literate.card"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    with process.stdin:
        process.stdin.write(json.dumps(jobs).encode())
    return process


def load(folder: Path, card: Card) -> bytes | None:
    """The stored card, or `None` when there is none, or none that is whole."""
    try:
        digest, _, png = (folder / f"{card.key}.png").read_bytes().partition(b"\n")
    except OSError:
        return None
    return png if hashlib.sha256(png).hexdigest().encode() == digest else None


def save(folder: Path, card: Card, png: bytes) -> None:
    """Keep a card, whole or not at all; without room for it the build goes on."""
    draft = folder / f"{card.key}.{os.getpid()}.draft"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(hashlib.sha256(png).hexdigest().encode() + b"\n" + png)
        draft.replace(folder / f"{card.key}.png")
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        log.info("%s: the card cannot be stored (%s)", card.title, error)
