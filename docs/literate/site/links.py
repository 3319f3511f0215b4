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
    """Puts file and line before what MkDocs says of a link; `find` knows the pages by name."""

    def __init__(self, find: Callable[[str], Place | None]) -> None:
        super().__init__()
        self.find = find

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record if it is on a link; never drop it."""
        match = DEAD.match(record.getMessage())
        place = self.find(match["page"]) if match else None
        if match and place:
            lines = place.reading.links(match["link"]) or [1]
            path, line = place.at(lines[0])
            shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
            record.msg, record.args = f"{shown}:{line}: {match['said']}", ()
        return True


@contextlib.contextmanager
def link_lines(find: Callable[[str], Place | None]) -> Iterator[None]:
    """While open, links are told with their lines."""
    logger = logging.getLogger("mkdocs.structure.pages")
    lines = LinkLines(find)
    logger.addFilter(lines)
    try:
        yield
    finally:
        logger.removeFilter(lines)
