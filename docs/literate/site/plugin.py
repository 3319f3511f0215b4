"""`plugins: [literate]`: what MkDocs adds to the Markdown extension.

It registers the extension with the project's settings, brings styles and scripts along, watches
the snippets, writes the files beside each page, tells all faults of a build at once with file and
line, and keeps the last good site.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from platform import python_version
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import is_markdown_file
from mkdocs.utils.templates import TemplateContext

from literate.failure import Failure, hand_over
from literate.page.labels import labels
from literate.run.project import runner
from literate.site import csp, edition
from literate.site.book import book_of, file_name
from literate.site.cards import NAME, Card
from literate.site.history import last_change, last_changes
from literate.site.private import build_again
from literate.site.publication import Publication
from literate.site.search import Found, add_to_index, found_on, lost
from literate.site.settings import Settings
from literate.site.templates import keep_compiled, skip_hidden
from literate.snippet.source import ABSENT, installed

log = logging.getLogger("mkdocs.literate")

ASSETS = Path(__file__).parent / "assets"
BELOW = "assets/literate"
"""Where the styles and scripts stand on a site."""
EXTENSIONS = ("literate", "literate.page.formula")
NOTEBOOKS = "mkdocs-jupyter"
OF_A_LANGUAGE = ("language", "labels", "words")
"""The settings that a translation's own configuration may have."""


@dataclass
class Language:
    """What one language's build has come to: its pages, what they add to the search, the order."""

    read: set[str] = field(default_factory=set)
    found: list[Found] = field(default_factory=list)
    nav: Navigation | None = None


class LiteratePlugin(BasePlugin[Settings]):
    """The events of a site's builds: the first language's, and within it those of the others.

    MkDocs keeps one plugin for them all, as it does between the builds of a preview, and changes
    its `config`; what belongs to the site is therefore kept from the first.
    """

    def __init__(self) -> None:
        self.serving = False
        self.viewed = False
        """Whether a preview has been shown."""
        self.settings = self.config
        self.publication: Publication | None = None
        self.languages: list[Language] = []
        """One for each build that is going on, the outermost first."""
        self.translating = False
        self.server: LiveReloadServer | None = None
        self.watched = ""
        """The folder of snippets whose edits a preview follows."""
        self.followed: set[Path] = set()
        """Files outside the folder of snippets that a preview watches, because runs used them."""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn whether this is a preview."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set the snippets going before anything else, and build beside the last good site."""
        project = Path(config.config_file_path).resolve().parent
        if not self.translating:
            os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # nothing names the time of the build
            if self.publication and self.publication.goes_on_with(config):
                raise PluginError(
                    "literate: another plugin builds this site again, as mkdocs-static-i18n does "
                    "for its languages: use the setting `translations` of literate instead"
                )
            self.settings, self.languages = self.config, []
            if not (project / self.config.snippets).resolve().is_relative_to(project):
                raise PluginError(
                    f"literate: snippets: {self.config.snippets!r} leads out of the project, where "
                    "edits of what snippets read would go unnoticed"
                )
            for below in self.config.translations:
                if not below or Path(below).is_absolute() or ".." in Path(below).parts:
                    raise PluginError(f"literate: translations: {below!r} is not below the site")
            self.check(project)
            if self.server and self.config.snippets != self.watched:
                log.warning("literate: the folder of the snippets is another: serve anew")
            given = runner(project, self.config.of_runs())
            # The first pages of a preview wait for no run; those after an edit do.
            given.patient = not self.serving or (
                self.publication is not None and not given.build.awaited
            )
            self.publication = Publication(config, given, self.serving)
            self.publication.begin(config)
            self.publication.dates = last_changes(project)
        else:
            self.check(self.published().project)
        self.languages.append(Language())
        self.extend(config)
        if not config.repo_url:
            config.edit_uri = None  # MkDocs would warn of each page
        skip_hidden(config.theme)
        if self.settings.policy and config.theme.name == "material" and config.theme["font"]:
            log.warning(
                "the content policy blocks the theme's fonts, which come from elsewhere: "
                "set `font: false` under `theme`"
            )
        config.extra["built"] = {"torch": version_of("torch"), "python": python_version()}
        config.extra["cards"] = self.settings.cards and not self.serving
        config.extra["epub"] = file_name(config) if self.settings.epub and not self.serving else ""
        config.extra["colab"] = colab_of(config, self.published().home)
        config.extra.setdefault("scope", self.published().home)  # one palette for all languages
        if NOTEBOOKS in config.plugins:
            from literate.jupyter import page as notebooks  # noqa: PLC0415 (few sites have one)

            notebooks.on_config(config)
        return config

    def check(self, project: Path) -> None:
        """Refuse what would have no effect: words that are not there, settings of all languages."""
        if self.config.words and not (project / self.config.words).is_dir():
            raise PluginError(f"literate: words: there is no folder {self.config.words!r}")
        left_out = Settings()
        left_out.validate()
        for name, given in self.config.items():
            known = left_out.get(name), self.settings.get(name)
            if name in left_out and name not in OF_A_LANGUAGE and given not in known:
                raise PluginError(
                    f"literate: {name} is one for all languages: it stands in the configuration "
                    "of the first"
                )

    def extend(self, config: MkDocsConfig) -> None:
        """Add the Markdown extension, unless the project has named it itself, and its looks."""
        language = self.config.language or str(config.theme.get("language") or "en")
        for name in EXTENSIONS:
            if name not in config.markdown_extensions:
                config.markdown_extensions.append(name)
        given = config.mdx_configs.setdefault("literate", {})
        given.setdefault("language", language)
        given.setdefault("labels", self.config.labels or self.settings.labels)
        if words := self.config.words or self.settings.words:
            given.setdefault("words", words)
        given["downloads"] = True
        for path in sorted(ASSETS.iterdir()):
            listed = config.extra_css if path.suffix == ".css" else config.extra_javascript
            if path.suffix in (".css", ".js"):
                listed.insert(0, f"{BELOW}/{path.name}")

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Bring the styles and scripts along."""
        for path in sorted(ASSETS.rglob("*")):
            if path.is_file():
                name = f"{BELOW}/{path.relative_to(ASSETS).as_posix()}"
                file = File.generated(
                    config, name, abs_src_path=str(path), inclusion=InclusionLevel.INCLUDED
                )
                files.append(file)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Note the order in which the pages are read."""
        self.languages[-1].nav = nav
        if NOTEBOOKS in config.plugins:
            from literate.jupyter import page as notebooks  # noqa: PLC0415

            notebooks.on_nav(files, config)

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Read a page; one that cannot be read is a failure among others."""
        return edition.read(page.file)

    @event_priority(-100)  # after the blog, which has begun the post's excerpt
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Say which file is being rendered."""
        publication = self.published()
        self.languages[-1].read.add(page.file.src_uri)
        if is_markdown_file(page.file.src_uri):  # a notebook says so itself
            place = edition.begin(page, config, publication.runner)
            publication.places[config.docs_dir, page.file.src_uri] = place

    @event_priority(-100)  # after mkdocs-jupyter, whose rendering this wraps
    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:
        """Have a notebook's page made like any other, and an excerpt made of a blog's post."""
        if hasattr(page, "excerpt"):
            edition.begin_excerpt(page, config, self.published().runner)
        if NOTEBOOKS in config.plugins:
            from literate.jupyter import page as notebooks  # noqa: PLC0415

            return notebooks.on_pre_page(page, config=config, files=files)
        return page

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Note what the site is made of, when each page changed; keep the templates compiled.

        All pages have been rendered by now, and the sitemap has not.
        """
        publication = self.published()
        made_of = Files(
            file
            for file in files
            if file.src_uri in self.languages[-1].read or not file.is_documentation_page()
        )
        publication.pages.append((config, made_of))
        for page in filter(None, (file.page for file in made_of)):
            page.meta["changed"] = last_change(publication.dates, self.sources_of(page, config))
            if page.meta["changed"]:  # MkDocs would name the day of the build
                page.update_date = page.meta["changed"]
        keep_compiled(env, publication.store.parent / "templates")

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Name the page's notebook; say on a page that lists others how long each takes.

        All have been rendered by now.
        """
        content = page.content or ""
        page.meta["notebook"] = self.notebook_of(page, config)
        if "data-minutes" in content:
            own = labels(str(config.theme.get("language") or "en"), self.settings.labels)
            for (docs, name), place in self.published().places.items():
                if docs == config.docs_dir and place.minutes:
                    empty = f'<span data-minutes="{name}"></span>'
                    said = own["minutes"].format(minutes=place.minutes)
                    content = content.replace(empty, f'<span data-minutes="{name}">{said}</span>')
            page.content = content

    def sources_of(self, page: Page, config: MkDocsConfig) -> Iterator[str]:
        """The files that a page's content comes from, by their paths in the project."""
        publication = self.published()
        path = os.path.relpath(page.file.abs_src_path or ".", publication.project)
        yield Path(path).as_posix()
        place = publication.places.get((config.docs_dir, page.file.src_uri))
        for name in place.reading.snippets() if place else ():
            yield f"{self.settings.snippets}/{name}"
            if used := publication.runner.build.used.get(name):
                yield from used.files

    def notebook_of(self, page: Page, config: MkDocsConfig) -> str:
        """The name of the notebook that stands beside a page, if one does."""
        name = page.file.src_uri
        if not is_markdown_file(name):
            return f"{Path(name).stem}.ipynb"
        place = self.published().places.get((config.docs_dir, name))
        return f"{place.notebook}.ipynb" if place and place.notebook else ""

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Note the page's card, and keep a place for the content policy."""
        publication = self.published()
        content = page.content or ""
        self.languages[-1].found.append(found_on(page))
        failed = {failure.path for failure in publication.failures.values()}
        if Path(page.file.abs_src_path or "") not in failed:  # which may have none of its sections
            for section in lost(page):
                edition.report(page.file, section, "asks for a section or a list that is not there")
        if config.extra["cards"]:
            title = page.meta.get("headline") or page.title or config.site_name
            card = Card.of(
                str(Markup(title).striptags()), config.site_name, logo_of(config), content
            )
            at = Path(page.file.abs_dest_path)
            flat = at.name != "index.html"  # then pages share their folder
            publication.cards[at.with_suffix(f".{NAME}") if flat else at.with_name(NAME)] = card
        if not self.settings.policy or self.serving:
            return output
        has_mermaid = any("mermaid" in str(script) for script in config.extra_javascript)
        for what in csp.blocked(content, has_mermaid):
            log.warning(
                "%s: readers will not get %s: the content policy blocks it", page.file.src_uri, what
            )
        if content not in output and csp.inline(content):
            path = Path(page.file.abs_src_path or page.file.src_uri)
            sentence = (
                "another plugin has changed this page: its scripts would pass for the theme's"
            )
            hand_over(Failure(path, 1, sentence))
        return publication.policy.reserve(output, content)

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str:
        """Keep a place for the content policy in pages without content, as 404.html."""
        if self.settings.policy and not self.serving and template_name.endswith(".html"):
            return self.published().policy.reserve(output_content)
        return output_content

    @event_priority(-1000)  # after all that other plugins write, and build
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Build the other languages, add the files to download, and change the sites over."""
        add_to_index(Path(config.site_dir), self.languages[-1].found)
        if config.extra["epub"] and (nav := self.languages[-1].nav):
            _, files = self.published().pages[-1]
            book = book_of(config, nav, files, self.settings.labels), logo_of(config)
            self.published().books[Path(config.site_dir, config.extra["epub"])] = book
        if not self.translating:
            self.published().links.close()
            if not self.postpones_translations():
                self.translating = True
                try:
                    self.build_translations(config)
                finally:
                    self.translating = False
            self.published().finish(config)
            self.follow_used()

    def follow_used(self) -> None:
        """In a preview, watch what runs have used outside the folder of snippets."""
        shared = self.published().runner
        used = {
            shared.project / name for inputs in shared.build.used.values() for name in inputs.files
        }
        for path in sorted(used - self.followed):
            if self.server and path.is_file() and not path.is_relative_to(shared.root):
                self.server.watch(str(path))
                self.followed.add(path)

    def postpones_translations(self) -> bool:
        """Whether a preview shows the first language at once: the others come with the results."""
        waiting = self.serving and not self.viewed and bool(self.published().runner.build.awaited)
        if waiting and self.settings.translations:
            log.info("the other languages follow when the first snippets have run")
        return waiting

    def build_translations(self, config: MkDocsConfig) -> None:
        """Build the other languages within this build, each below its own folder."""
        project = Path(config.config_file_path).parent
        for below, file in self.settings.translations.items():
            other = load_config(str(project / file), strict=config.strict)
            other.site_dir = str(Path(config.site_dir, below))
            other.site_url = f"{config.site_url or '/'}{below}/"
            try:
                with self.published().lines(other):
                    build(other, serve_url=other.site_url if self.serving else None)
            except Abort:  # told, and by all languages together
                self.published().aborted = True
            del self.languages[1:]

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> None:
        """From now on let edited snippets run at once, and watch all that pages are made of."""
        from literate.run.watch import tell_when_done, watch  # noqa: PLC0415 (a build needs none)

        self.viewed, self.server, self.watched = True, server, self.settings.snippets
        self.follow_used()
        project = Path(config.config_file_path).parent
        watched = [
            self.settings.snippets,
            *self.settings.translations.values(),
            self.settings.words,
        ]
        for name in filter(None, watched):
            if (project / name).exists():
                server.watch(str(project / name))
        if config.theme.custom_dir:
            server.watch(config.theme.custom_dir)
        for file in self.settings.translations.values():
            server.watch(str(load_config(str(project / file)).docs_dir))
        snippets = str(project / self.settings.snippets)

        def watch_again() -> None:
            """The folder of snippets was away: MkDocs has lost sight of it too, and must build."""
            server.unwatch(snippets)
            server.watch(snippets)
            build_again(server)

        shared = self.published().runner
        watch(shared, watch_again)
        tell_when_done(shared, partial(build_again, server))

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing behind of a build that broke off."""
        if self.publication and not self.translating:
            self.publication.break_off(error)

    def published(self) -> Publication:
        """What all languages share in this build."""
        if self.publication is None:
            raise RuntimeError("no build has begun")
        return self.publication


def version_of(distribution: str) -> str:
    """An installed version without its local part, as `+cpu`; that of nothing is empty."""
    found = installed(distribution)
    return "" if found == ABSENT else found.partition("+")[0]


def colab_of(config: MkDocsConfig, home: str) -> str:
    """Where Colab opens a site's notebooks, if the project stands on GitHub.

    CI puts them on the branch `notebooks`; `home` is the path of the first language's site.
    """
    repository = urlsplit(config.repo_url or "")
    if repository.hostname != "github.com":
        return ""
    below = urlsplit(config.site_url or "").path.removeprefix(home)
    name = repository.path.strip("/").removesuffix(".git")
    return f"https://colab.research.google.com/github/{name}/blob/notebooks/{below}"


def logo_of(config: MkDocsConfig) -> str:
    """The site's mark as SVG, if it has one."""
    name = str(config.theme.get("logo") or "")
    for folder in (config.docs_dir, *config.theme.dirs):
        path = Path(folder, name)
        if path.suffix == ".svg" and path.is_file():
            return path.read_text(encoding="utf-8")
    return ""
