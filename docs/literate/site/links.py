"""MkDocs names the page with a dead link, but not its line: we add it."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from literate.page.location import Place

DEAD = re.compile(r"Doc file '(?P<page>[^']+)' (?P<said>contains a[^']* '(?P<link>[^']*)'.*)", re.S)


class LinkLines(logging.Filter):
    """Puts file and line before what MkDocs says of a link; `find` knows the pages by name.

    In a page that it does not know, as a notebook, the link is looked for in the file below `docs`.
    """

    def __init__(self, find: Callable[[str], Place | None], docs: Path) -> None:
        super().__init__()
        self.find = find
        self.docs = docs

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record if it is on a link; never drop it."""
        match = DEAD.match(record.getMessage())
        if match:
            path, line = self.locate(match["page"], match["link"])
            shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
            record.msg, record.args = f"{shown}:{line}: {match['said']}", ()
        return True

    def locate(self, page: str, link: str) -> tuple[Path, int]:
        """The file and line of a link on a page."""
        place = self.find(page)
        if place:
            return place.at((place.reading.links(link) or [1])[0])
        text = (self.docs / page).read_text(encoding="utf-8")
        return self.docs / page, text.count("\n", 0, max(text.find(f"]({link}"), 0)) + 1


@contextlib.contextmanager
def link_lines(find: Callable[[str], Place | None], docs: Path) -> Iterator[None]:
    """While open, links are told with their lines."""
    logger = logging.getLogger("mkdocs.structure.pages")
    lines = LinkLines(find, docs)
    logger.addFilter(lines)
    try:
        yield
    finally:
        logger.removeFilter(lines)
