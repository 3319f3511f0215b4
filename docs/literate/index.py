"""A page's HTML as search plugins read it: without the figures and code that they would skip.

They parse a page tag by tag, and most of its tags are in figures and highlighted code: to leave
them out takes two milliseconds a snippet from a build.
"""

from __future__ import annotations

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

HIDDEN = re.compile(
    r'(<\w+ class="snippet__(?:cell|plot|figure|sweep)" data-search-exclude[^>]*>.*?)'
    r"(<pre>.*?</pre>|<svg .*?</svg>)",
    re.DOTALL,
)
PLACE = re.compile(r"<!--hidden (\d+)-->")


class IndexedText(BasePlugin):
    """Takes the hidden pieces out before any plugin sees the page, and puts them back after."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    @event_priority(100)
    def take_out(
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Leave a comment in the place of each piece."""
        self.pieces = []

        def comment(match: re.Match[str]) -> str:
            self.pieces.append(match[2])
            return f"{match[1]}<!--hidden {len(self.pieces) - 1}-->"

        page.content = HIDDEN.sub(comment, page.content or "")

    @event_priority(-100)
    def put_back(
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """The page as it was."""
        page.content = PLACE.sub(lambda place: self.pieces[int(place[1])], page.content or "")

    on_page_context = CombinedEvent(take_out, put_back)
