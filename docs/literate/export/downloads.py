"""The files beside each page: its snippets as .py and .ipynb, itself as .ipynb and Markdown.

`python -m literate.export.downloads mkdocs.yml site` adds them to a site that another builder has
made of the pages that the configuration names.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, get_files
from mkdocs.utils import is_markdown_file
from mkdocs.utils.meta import get_data

from literate.export.markdown import (
    Link,
    SnippetPiece,
    page_markdown,
    pieces,
    with_front_matter,
)
from literate.export.notebook import page_notebook, snippet_notebook
from literate.failure import Failure, gathering, hand_over
from literate.page.extension import BOOK, read
from literate.page.location import Place
from literate.run.project import runner

BLOG = "material/blog"
"""Who makes the lists of a blog's posts, which a theme's template fills."""


class Downloads:
    """Writes the downloads of the pages of one language into the site of that language.

    `places` holds the pages that have been rendered, by their file's name; others are read. What
    is downloaded links to where the site stands. Two different files of one name beside one page
    are a failure: it could offer only one of them.
    """

    def __init__(
        self,
        files: Files,
        site: Path,
        config: MkDocsConfig,
        places: Mapping[str, Place] | None = None,
    ) -> None:
        self.files = files
        self.site = site
        self.url = config.site_url or ""
        absolute: Any = config.validation.links.absolute_links
        self.from_docs = getattr(absolute, "name", "") == "RELATIVE_TO_DOCS"
        """Whether a link that begins with a slash begins in the folder of the pages."""
        self.places = places or {}
        self.others = {file.dest_uri for file in files if not file.is_documentation_page()}
        self.owners: dict[str, str] = {}

    def write(self) -> None:
        """Write those of all pages that somebody has written."""
        for file in self.files:
            if is_markdown_file(file.src_uri) and file.generated_by != BLOG:
                try:
                    self.write_page(file)
                except Failure as failure:
                    hand_over(failure)

    def write_page(self, file: File) -> None:
        """Write one page's, unless one of the site's other files would be overwritten."""
        place = self.places.get(file.src_uri) or read_place(file)
        link = self.link_from(file)
        reading = place.reading
        cut = list(pieces(reading, link))
        folder = PurePosixPath(file.dest_uri).parent
        plain = with_front_matter(place.facts(), page_markdown(cut))
        contents = {place.markdown: plain}
        owned = {place.markdown: file.src_uri}
        blocks = [piece for piece in cut if isinstance(piece, SnippetPiece)]
        if blocks:
            name = f"{place.notebook_for(blocks[0].snippet.name)}.ipynb"
            contents[name], owned[name] = page_notebook(reading, link), file.src_uri
        for block in blocks:
            for name, content in files_of(block):
                contents[name] = content
                if owned.setdefault(name, block.snippet.name) != block.snippet.name:
                    self.refuse(place, block.snippet.name, name)
                    return
        for name, owner in owned.items():
            path = f"{folder / name}"
            if path in self.others or self.owners.setdefault(path, owner) != owner:
                self.refuse(place, owner, name)
                return
        (self.site / folder).mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (self.site / folder / name).write_text(content, encoding="utf-8")

    def refuse(self, place: Place, owner: str, name: str) -> None:
        """Report a name that two files beside one page have."""
        sentence = f"beside this page would stand two files {name}; rename a snippet"
        blocks = [item for item in place.reading.candidates if item.text == owner and item.block]
        place.report(blocks[0] if blocks else 1, sentence)

    def link_from(self, file: File) -> Link:
        """What a link on a page leads to on the site, wherever it is followed from."""

        def link(target: str) -> str:
            parts = urlsplit(target)
            anchor = f"#{parts.fragment}" if parts.fragment else ""
            if not parts.path:
                here = f"{self.url}{file.url}" if self.url else ""
                return f"{here}{anchor}".replace("/./", "/")
            path = parts.path.lstrip("/") if self.from_docs else parts.path
            begins = "" if path != parts.path else posixpath.dirname(file.src_uri)
            path = posixpath.join(begins, unquote(path))
            found = self.files.get_file_from_path(posixpath.normpath(path))
            if found is None:
                return target
            query = f"?{parts.query}" if parts.query else ""
            if not self.url:  # nobody knows where the site stands: right beside the page at least
                return f"{found.url_relative_to(file)}{query}{anchor}"
            return f"{self.url}{'' if found.url == './' else found.url}{query}{anchor}"

        return link


def files_of(block: SnippetPiece) -> Iterator[tuple[str, str]]:
    """The files of a snippet that a page shows: their names and what they hold."""
    yield block.snippet.path.name, block.snippet.source
    yield block.snippet.path.with_suffix(".ipynb").name, snippet_notebook(block)


def extensions_of(config: MkDocsConfig) -> dict[str, dict[str, Any]]:
    """The Markdown extensions of a configuration with their settings."""
    return {name: config.mdx_configs.get(name) or {} for name in config.markdown_extensions}


def place_of(file: File) -> Place:
    """What is known of a page before it is rendered."""
    path = Path(file.abs_src_path) if file.abs_src_path else None
    markdown = PurePosixPath(file.dest_uri).with_suffix(".md").name
    folder = path.parent if path else Path()
    return Place(path=path, url=file.url, folder=folder, markdown=markdown)


def read_place(file: File) -> Place:
    """A page that nobody has rendered, read."""
    place = place_of(file)
    text, place.matter = get_data(source_of(file))
    read(text, place)
    return place


def source_of(file: File) -> str:
    """What stands in a page's file; a `Failure` says where it is not UTF-8."""
    try:
        return file.content_string
    except UnicodeDecodeError:
        path = Path(file.abs_src_path or file.src_uri)
        content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Failure(path, line, f"the page is not UTF-8 at byte {error.start}") from None


def main(configuration: str, site: str) -> None:
    """Add the downloads of the pages of a configuration; tell what is wrong with them."""
    config = load_config(configuration)
    files = Files([file for file in get_files(config) if file.inclusion.is_included()])
    given = extensions_of(config)
    places: dict[str, Place] = {}
    with gathering() as failures:
        for file in files.documentation_pages():
            place = places[file.src_uri] = place_of(file)
            place.known_runner = runner(Path(configuration).resolve().parent)
            try:
                text, place.matter = get_data(source_of(file))
                read(text, place, given or BOOK)
            except Failure as failure:
                hand_over(failure)
        Downloads(files, Path(site), config, places).write()
    sys.exit("\n".join(map(str, failures.values())) or None)


if __name__ == "__main__":
    main(*sys.argv[1:])
