"""MkDocs names the page with a dead link, but not its line: we add it."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from literate.page.verbatim import blanked

DEAD = re.compile(r"Doc file '(?P<page>[^']+)' (?P<said>contains a[^']* '(?P<link>[^']*)'.*)", re.S)


class LinkLines(logging.Filter):
    """Puts file and line before what MkDocs says of a link on a page below `docs`."""

    def __init__(self, docs: Path) -> None:
        super().__init__()
        self.docs = docs

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record if it is on a link; never drop it."""
        match = DEAD.match(record.getMessage())
        if match:
            page = self.docs / match["page"]
            text = page.read_text(encoding="utf-8")
            link = re.compile(rf"(?:\(|\]: *)<?{re.escape(match['link'])}>?(?=[\s)]|$)")
            found = link.search(blanked(text)) or link.search(text)
            line = text.count("\n", 0, found.start() if found else 0) + 1
            place = page.relative_to(Path.cwd()) if page.is_relative_to(Path.cwd()) else page
            record.msg, record.args = f"{place}:{line}: {match['said']}", ()
        return True


@contextlib.contextmanager
def link_lines(docs: Path) -> Iterator[None]:
    """While open, the links of the pages below `docs` are told with their lines."""
    logger = logging.getLogger("mkdocs.structure.pages")
    lines = LinkLines(docs)
    logger.addFilter(lines)
    try:
        yield
    finally:
        logger.removeFilter(lines)
