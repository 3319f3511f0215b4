"""The whole site of one build: every language, the files beside the pages, all faults at once.

A build goes to a folder beside `site_dir` and takes its place only when nothing has failed. A
preview (`mkdocs serve`) shows each fault where the snippet would be.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files
from mkdocs.utils import CountHandler

from literate.export.downloads import Downloads
from literate.export.epub import Book
from literate.failure import Failure, gathering
from literate.page.location import Place
from literate.run.progress import show_progress
from literate.run.runner import Runner
from literate.site.book import write_books
from literate.site.cards import Card, write_cards
from literate.site.csp import Policy
from literate.site.links import link_lines
from literate.site.swap import change_over, clear_up, place_of, staging

log = logging.getLogger("mkdocs.literate")

LIST_OF_TAGS = re.compile(r"# (?P<list>\S+:\d+-\d+)/name \{ #(?P=list)/slug \}")


class Publication:
    """What the plugins of all languages share while one build lasts.

    `pages` holds, for each language, its configuration and the files its build was made of.
    """

    def __init__(self, config: MkDocsConfig, runner: Runner, serving: bool) -> None:
        self.config = config
        self.runner = runner
        self.serving = serving
        self.store = runner.store.folder
        self.home = urlsplit(config.site_url or "/").path
        self.target = place_of(Path(config.site_dir))
        self.project = Path(config.config_file_path).resolve().parent
        self.dates: dict[str, str] = {}
        self.aborted = False
        """Whether the build of another language has broken off."""
        self.told = False
        """Whether the failures have been logged."""
        self.over = False
        """Whether the build has ended, well or not."""
        self.policy = Policy()
        self.cards: dict[Path, Card] = {}
        self.books: dict[Path, tuple[Book, str]] = {}
        """Each language's book by where it goes, and the site's mark as SVG."""
        self.pages: list[tuple[MkDocsConfig, Files]] = []
        self.places: dict[tuple[str, str], Place] = {}
        """The pages that have been rendered, by the folder of their language and their path."""
        self.failures: dict[str, Failure] = {}
        self.open = contextlib.ExitStack()
        self.links = contextlib.ExitStack()

    def begin(self, config: MkDocsConfig) -> None:
        """Set the snippets going, gather what fails, and build beside the last good site."""
        self.failures = self.open.enter_context(gathering())
        pages = [Path(name).stem for name in named_in(config.nav)]
        self.open.enter_context(show_progress(self.runner, not self.serving, pages))
        self.links.enter_context(self.lines(config))
        if not self.serving:
            clear_up(self.target)
            config.site_dir = str(staging(self.target, os.getpid()))

    def goes_on_with(self, config: MkDocsConfig) -> bool:
        """Whether a build that begins is a part of this one, and no other that follows it."""
        return not self.over or config is self.config

    def lines(self, config: MkDocsConfig) -> contextlib.AbstractContextManager[None]:
        """While open, the links of a language's pages are told with their lines."""
        docs = config.docs_dir
        return link_lines(lambda name: self.places.get((docs, name)), Path(docs))

    def finish(self, config: MkDocsConfig) -> None:
        """Add the files beside the pages and change the sites over, or tell what has failed."""
        if not self.failures and not self.runner.build.awaited:
            for edition, files in self.pages:
                places = {
                    name: place
                    for (docs, name), place in self.places.items()
                    if docs == edition.docs_dir and not lists_tags(place)
                }
                Downloads(files, Path(edition.site_dir), edition, places).write()
        if not self.failures and not self.serving:
            write_cards(self.cards, self.store / "cards")
            write_books(self.books, self.store)
            self.policy.write(Path(config.site_dir))
            for what in self.policy.blocked:
                log.warning("readers will not get %s: the content policy blocks it", what)
        self.close()
        self.tell()
        log.info(self.runner.summary())
        if self.serving:
            self.runner.get_ready()
            return
        if self.failures or self.aborted or (config.strict and warnings_counted()):
            shutil.rmtree(config.site_dir)
            raise Abort(f"The build has failed; {self.target.name}/ is left as it was")
        change_over(Path(config.site_dir), self.target)
        config.site_dir = str(self.target)  # where `mkdocs gh-deploy` looks for it

    def close(self) -> None:
        """End what lasts as long as the build."""
        self.over = True
        self.links.close()
        self.open.close()

    def tell(self) -> None:
        """Log what has failed, unless that has been done."""
        for failure in [] if self.told else self.failures.values():
            log.error("%s", failure)
        self.told = True

    def break_off(self, error: Exception) -> None:
        """Leave nothing behind of a build that ended in an error, and wait for no run of it."""
        self.over = True
        self.links.close()
        with contextlib.suppress(type(error)):
            self.open.__exit__(type(error), error, error.__traceback__)
        self.tell()
        if not self.serving:
            shutil.rmtree(staging(self.target, os.getpid()), ignore_errors=True)


def lists_tags(place: Place) -> bool:
    """Whether a page, as it was rendered, holds the place of a list that Material's tags fill."""
    return any(LIST_OF_TAGS.search(line) for line in place.reading.written)


def named_in(nav: object) -> Iterator[str]:
    """The files that a project's navigation names, in the order in which they are read."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list | dict):
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from named_in(entry)


def warnings_counted() -> list[tuple[str, int]]:
    """What a strict build counts: warnings and errors, by level."""
    for handler in logging.getLogger("mkdocs").handlers:
        if isinstance(handler, CountHandler):
            return handler.get_counts()
    return []
