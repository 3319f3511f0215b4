"""What MkDocs knows of one language's pages, as a book: their order, their titles, their names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from literate.export import epub
from literate.export.downloads import BLOG
from literate.page.labels import labels
from literate.site.cards import cover


def file_name(config: MkDocsConfig) -> str:
    """The name of the book's file: that of the site, without what an address has to escape."""
    letters = [letter if letter.isalnum() else " " for letter in config.site_name.lower()]
    return f"{'-'.join(''.join(letters).split()) or 'book'}.epub"


def book_of(
    config: MkDocsConfig, nav: Navigation, files: Files, own: Mapping[str, str]
) -> epub.Book:
    """The pages among the files, once rendered: those that the navigation names, then the others.

    `own` are words of the site.
    """
    language = str(config.theme.get("language") or "en")
    pages = [file.page for file in files if file.page]
    others = [page for page in pages if page not in nav.pages]
    dates = [str(page.meta.get("changed") or "") for page in pages]
    return epub.Book(
        title=config.site_name,
        language=language,
        date=max(dates, default="") or day_of_build(),
        contents=labels(language, own)["contents"],
        entries=[*entries(nav.items), *entries(others)],
        address=config.site_url or "",
        author=config.site_author or "",
        description=config.site_description or "",
        rights=config.copyright or "",
    )


def entries(items: Sequence[StructureItem]) -> Iterator[epub.Page | epub.Part]:
    """What the navigation lists; links to elsewhere are no pages, nor are lists of posts."""
    for item in items:
        title = str(Markup(item.title or "").striptags())
        if isinstance(item, Section):
            if inner := list(entries(item.children)):
                yield epub.Part(title, inner)
        elif isinstance(item, Page) and item.file.generated_by != BLOG:
            yield epub.Page(item.url, title, item.content or "")


def day_of_build() -> str:
    """The day that `SOURCE_DATE_EPOCH` names, for pages of which git knows no change."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def write_books(books: Mapping[Path, tuple[epub.Book, str]], store: Path) -> None:
    """Write each book, with the mark of its site on the cover, to its place on the site."""
    for path, (book, logo) in books.items():
        front = cover(book.title, logo, store / "cards")
        epub.write(book, path, path.parent, store / "books", front)
