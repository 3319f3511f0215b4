"""One MkDocs build of the whole site: every language, the downloads, all failures in one go.

A build goes to a folder beside `site_dir` and takes its place only when nothing failed; a preview
(`mkdocs serve`) shows each failure where the snippet would be.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.utils import CountHandler

from literate.export.downloads import write_downloads
from literate.failure import Failure, gathering
from literate.page import location
from literate.run.progress import show_progress
from literate.run.project import runner
from literate.site.cards import write_cards
from literate.site.csp import write_policy
from literate.site.edition import Edition
from literate.site.links import link_lines
from literate.site.search import IndexedText
from literate.site.swap import change_over, clear_up, staging
from literate.site.templates import CompiledTemplates, skip_hidden

log = logging.getLogger("mkdocs.literate")


class Publication:
    """The events of the build of the first language, which drives those of the others."""

    def __init__(self) -> None:
        self.serving = False
        self.target = Path()
        self.open = contextlib.ExitStack()
        self.links = contextlib.ExitStack()
        self.failures: dict[str, Failure] = {}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn whether this is a preview."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set the snippets going before anything else, and build beside the last good site."""
        self.open.close()
        logging.getLogger("jieba").setLevel(logging.WARNING)
        project = Path(config.config_file_path).resolve().parent
        os.chdir(project)
        os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # nothing names the time of the build
        location.FOLDER = project / "docs"
        self.failures = self.open.enter_context(gathering())
        self.open.enter_context(show_progress(runner(), wait=not self.serving))
        self.links.enter_context(link_lines(Path(config.docs_dir)))
        self.target = Path(config.site_dir)
        if not self.serving:
            clear_up(self.target)
            config.site_dir = str(staging(self.target, os.getpid()))
        config.extra["cards"] = not self.serving
        config.plugins["literate/edition"] = Edition()
        make_faster(config)
        return config

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Build the other languages, add the files to download, and change the sites over."""
        self.links.close()
        editions = [config, *self.build_translations(config)]
        if not self.failures:
            for edition in editions:
                pages, site = edition.plugins["literate/edition"].files, Path(edition.site_dir)
                write_downloads(pages, site, edition.site_url or "", runner())
            if not self.serving:
                kept = runner().store.folder / "cards"
                write_cards(Path(config.site_dir), logo_of(config), kept)
                write_policy(Path(config.site_dir))
        self.open.close()
        for failure in self.failures.values():
            log.error("%s", failure)
        log.info(runner().summary())
        if self.serving:
            runner().get_ready()
            return
        if self.failures or (config.strict and warnings_counted()):
            shutil.rmtree(config.site_dir)
            raise Abort(f"The build has failed; {self.target.name}/ is left as it was")
        change_over(Path(config.site_dir), self.target)
        config.site_dir = str(self.target)  # where `mkdocs gh-deploy` looks for it

    def on_serve(self, server: object, **_: Any) -> None:
        """From now on let edited snippets run at once."""
        from literate.run.watch import watch  # noqa: PLC0415 (a build watches nothing)

        watch(runner())

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing behind of a build that broke off."""
        self.open.close()
        if not self.serving:
            shutil.rmtree(staging(self.target, os.getpid()), ignore_errors=True)

    def build_translations(self, config: MkDocsConfig) -> list[MkDocsConfig]:
        """Build the other languages within this build, each where its address says."""
        home = urlsplit(config.site_url).path
        editions = []
        for path in config.extra.get("translations", []):
            edition = load_config(path, strict=config.strict)
            edition.extra["cards"] = config.extra["cards"]
            edition.plugins["literate/edition"] = Edition()
            make_faster(edition)
            below = urlsplit(edition.site_url).path.removeprefix(home)
            edition.site_dir = str(Path(config.site_dir, below))
            edition.site_url = f"{config.site_url}{below}"
            docs = Path(edition.docs_dir)
            with contextlib.suppress(Abort), link_lines(docs):  # its warnings count with ours
                build(edition, serve_url=edition.site_url if self.serving else None)
            editions.append(edition)
        return editions


def make_faster(config: MkDocsConfig) -> None:
    """What makes the build of one language faster and changes nothing in it."""
    cache = runner().store.folder.parent
    config.plugins["literate/index"] = IndexedText()
    config.plugins["literate/theme"] = CompiledTemplates(cache / "templates")
    skip_hidden(config.theme)


def logo_of(config: MkDocsConfig) -> str:
    """The site's mark as SVG, if it has one."""
    name = str(config.theme.get("logo") or "")
    for folder in (config.docs_dir, *config.theme.dirs):
        path = Path(folder, name)
        if path.suffix == ".svg" and path.is_file():
            return path.read_text(encoding="utf-8")
    return ""


def warnings_counted() -> list[tuple[str, int]]:
    """What a strict build counts: warnings and errors, by level."""
    for handler in logging.getLogger("mkdocs").handlers:
        if isinstance(handler, CountHandler):
            return handler.get_counts()
    return []
