"""The pages of one language -> one EPUB 3 to take along, the same bytes for the same content.

It is packed with the standard library: EbookLib stands under the AGPL, and mkepub gives each book
a random name and the time of its making, and does not declare formulas and drawings.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from uuid import NAMESPACE_URL, uuid5

import msgspec

from literate.export.xhtml import Body, body, press
from literate.run.store import Store

TEMPLATES = Path(__file__).parent / "book"
MIMETYPE = "application/epub+zip"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that all files of a book bear: a ZIP archive knows none before it."""
NOWHERE = "https://site.invalid/"
"""Where a site stands that does not say so."""
ESCAPED = {ord(letter): f"%{ord(letter):02X}" for letter in ' "<>\\^`{|}'}
"""What a browser escapes in an address, and a book may not have in one."""
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp"}


@dataclass(frozen=True)
class Page:
    """A page by its address below the site's, with its title and its content as HTML."""

    url: str
    title: str
    content: str


@dataclass(frozen=True)
class Part:
    """A part of the book under a title of its own."""

    title: str
    entries: Sequence[Page | Part]


@dataclass(frozen=True)
class Picture:
    """A file of the book's that pages show."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Book:
    """The pages of one language and what is known of them; `date` is ISO 8601, as 2026-11-26.

    `contents` heads the table of contents; `address` is where the site of this language stands.
    """

    title: str
    language: str
    date: str
    contents: str
    entries: Sequence[Page | Part]
    address: str = ""
    author: str = ""
    description: str = ""
    rights: str = ""

    @property
    def identifier(self) -> str:
        """The name of the book, which stays the same from edition to edition."""
        return uuid5(NAMESPACE_URL, self.address or f"{self.language}:{self.title}").urn

    def pages(self) -> list[Page]:
        """The pages in the order in which they are read."""
        return list(leaves(self.entries))


def leaves(entries: Sequence[Page | Part]) -> Iterator[Page]:
    """The pages among entries and below them."""
    for entry in entries:
        if isinstance(entry, Part):
            yield from leaves(entry.entries)
        else:
            yield entry


def write(book: Book, path: Path, site: Path, folder: Path, cover: bytes) -> None:
    """Write the book to `path`; `folder` keeps it, and each of its pages.

    `site` is the folder in which the pictures of the pages lie; `cover` is a PNG.
    """
    binder = Binder(book, site, folder)
    bodies = {page.url: binder.body(page) for page in binder.pages}
    digests = [hashlib.sha256(one.content).hexdigest() for one in binder.pictures.values()]
    text = msgspec.json.encode((edition(), book, digests, hashlib.sha256(cover).hexdigest()))
    key = hashlib.sha256(text).hexdigest()
    kept = Store(folder, "book", "epub")
    made = kept.load(book.language, key, bytes)
    if made is None:
        made = binder.bound(bodies, cover)
        kept.save(book.language, key, made)
    path.write_bytes(made)


@cache
def edition() -> str:
    """What makes books: our code and our templates."""
    sources = [Path(__file__), *sorted(TEMPLATES.iterdir())]
    digests = [hashlib.sha256(source.read_bytes()).hexdigest() for source in sources]
    return " ".join([*digests, press()])


class Binder:
    """Makes one book of its pages."""

    def __init__(self, book: Book, site: Path, folder: Path) -> None:
        self.book = book
        self.site = site
        self.store = Store(folder, "page of the book")
        self.home = book.address or NOWHERE
        self.pages = book.pages()
        self.files = {
            page.url: f"page-{number:02}.xhtml" for number, page in enumerate(self.pages, 1)
        }
        self.known = {unquote(url): name for url, name in self.files.items()}
        self.pictures: dict[str, Picture] = {}

    def bound(self, bodies: Mapping[str, Body], cover: bytes) -> bytes:
        """The whole book."""
        import jinja2  # noqa: PLC0415 (an unchanged build binds nothing)
        from markupsafe import Markup  # noqa: PLC0415

        loader = jinja2.FileSystemLoader(TEMPLATES)
        templates = jinja2.Environment(loader=loader, autoescape=True, keep_trailing_newline=True)
        given = {"book": self.book, "bodies": bodies, "files": self.files, "pages": self.pages}

        def filled(template: str, **more: object) -> bytes:
            return templates.get_template(template).render(**given, **more).encode()

        contents = {
            "META-INF/container.xml": filled("container.xml"),
            "EPUB/package.opf": filled("package.opf", pictures=list(self.pictures.values())),
            "EPUB/nav.xhtml": filled("nav.xhtml"),
            "EPUB/book.css": (TEMPLATES / "book.css").read_bytes(),
            "EPUB/cover.xhtml": filled("cover.xhtml"),
            "EPUB/cover.png": cover,
        }
        for page in self.pages:
            content = Markup(bodies[page.url].markup)
            name = f"EPUB/{self.files[page.url]}"
            contents[name] = filled("page.xhtml", title=page.title, content=content)
        contents |= {f"EPUB/{one.name}": one.content for one in self.pictures.values()}
        return packed(contents)

    def body(self, page: Page) -> Body:
        """A page as XHTML, read anew only if it or the list of pages has changed."""

        def link(target: str) -> str:
            return self.link(page, target)

        def picture(target: str) -> str:
            return self.picture(page, target)

        text = "\0".join([press(), self.home, repr(self.files), page.url, page.content])
        key = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        name = f"{self.book.language}~{self.files[page.url]}"
        known = self.store.load(name, key, Body)
        if known is None or any(picture(at) != file for at, file in known.pictures.items()):
            known = body(page.content, link, picture)
            self.store.save(name, key, known)
        return known

    def link(self, page: Page, target: str) -> str:
        """Where a link of a page leads: within the book if it can, else to the site."""
        if not target or target.startswith("#"):
            return target.translate(ESCAPED)
        address, anchor = urldefrag(joined(self.home + page.url, target))
        if address.startswith(self.home):
            name = self.known.get(unquote(address.removeprefix(self.home)))
            if name:
                address = name
            elif not self.book.address:
                return ""
        return (f"{address}#{anchor}" if anchor else address).translate(ESCAPED)

    def picture(self, page: Page, target: str) -> str:
        """The name in the book of a picture of the site; that of any other is empty."""
        address = joined(self.home + page.url, target)
        name = unquote(urlsplit(address.removeprefix(self.home)).path)
        path = self.site / name
        kind = mimetypes.guess_type(name)[0] or ""
        if not address.startswith(self.home) or kind not in PICTURES or not path.is_file():
            return ""
        if name not in self.pictures:
            number = len(self.pictures) + 1
            in_book = f"picture-{number:02}{PurePosixPath(name).suffix.lower()}"
            self.pictures[name] = Picture(in_book, kind, path.read_bytes())
        return self.pictures[name].name


def joined(base: str, target: str) -> str:
    """The address that `target` is on the page `base`; that of what is none is empty."""
    try:
        return urljoin(base, target)
    except ValueError:  # as https://[your-host]/
        return ""


def packed(contents: dict[str, bytes]) -> bytes:
    """The archive: what it is comes first and is not compressed, and nothing bears the time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(entry("mimetype"), MIMETYPE, zipfile.ZIP_STORED)
        for name, content in contents.items():
            file.writestr(entry(name), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """A file's entry, the same on every system."""
    info = zipfile.ZipInfo(name, EARLIEST)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
