"""A page's HTML as search plugins read it: without the figures and colours that they would skip.

They parse a page tag by tag, and most of its tags are in figures, formulas and highlighted code: to
leave them out makes the build of a chapter faster by milliseconds a snippet.
"""

from __future__ import annotations

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

HIDDEN = re.compile(
    r'(?P<before><\w+ class="snippet__(?:cell|code|figure|sweep)[\w -]*" data-search-exclude[^>]*>'
    r".*?)"
    r"(?P<piece><pre>.*?</pre>|<svg .*?</svg>)"
    r"|(?P<formula><math .*?</math>)",
    re.DOTALL,
)
COLOURED = re.compile(r"<pre><span></span><code>(?P<code>.*?)</code></pre>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
PLACE = re.compile(
    r'<!--taken (\d+)-->|<pre data-taken="(\d+)"><code>.*?</code></pre>',
    re.DOTALL,
)


class IndexedText(BasePlugin):
    """Takes pieces out before any plugin sees the page, and puts them back after."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    @event_priority(100)
    def take_out(
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Leave a comment in the place of what is not searched, and of code its plain text."""
        self.pieces = []

        def comment(match: re.Match[str]) -> str:
            number = self.keep(match["piece"] or match["formula"])
            return f"{match['before'] or ''}<!--taken {number}-->"

        def plain(match: re.Match[str]) -> str:
            text = TAG.sub("", match["code"])
            return f'<pre data-taken="{self.keep(match[0])}"><code>{text}</code></pre>'

        page.content = COLOURED.sub(plain, HIDDEN.sub(comment, page.content or ""))

    def keep(self, piece: str) -> int:
        """Remember a piece; its number."""
        self.pieces.append(piece)
        return len(self.pieces) - 1

    @event_priority(-100)
    def put_back(
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """The page as it was."""
        page.content = PLACE.sub(
            lambda place: self.pieces[int(place[1] or place[2])], page.content or ""
        )

    on_page_context = CombinedEvent(take_out, put_back)
