"""What MkDocs knows of one language's pages: which there are, which of them is being location."""

from __future__ import annotations

from html import escape
from pathlib import Path

import yaml
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import is_markdown_file
from mkdocs.utils.meta import YAML_RE

from literate.export.downloads import source_of
from literate.failure import Failure, hand_over
from literate.page import location
from literate.page.front_matter import FAST
from literate.page.value import ANY


class Edition(BasePlugin):
    """Tells of each page where it stands, and of what is wrong before its Markdown begins."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.files = Files([])
        """The pages that were built, and all files that are no pages."""

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str:
        """Read a page; one that cannot be read is a failure among others."""
        self.read.add(page.file.src_uri)
        try:
            return source_of(page.file)
        except Failure as failure:
            hand_over(failure)
            return f'<div class="snippet__failure"><pre>{escape(str(failure))}</pre></div>'

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Say which file is being rendered; a notebook is no Markdown file."""
        if is_markdown_file(page.file.src_uri):
            path = Path(page.file.abs_src_path)
            check_front_matter(path, page)
            location.come_from(path)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
        """From now on another page is location."""
        location.come_from(None)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Note what the site is made of."""
        self.files = Files(
            file for file in files if file.src_uri in self.read or not file.is_documentation_page()
        )


def check_front_matter(path: Path, page: Page) -> None:
    """Hand over what is wrong with a page's front matter, which no Markdown extension sees."""
    if not page.meta and (match := YAML_RE.match(page.markdown)):
        try:
            yaml.load(match[1], FAST)
        except (yaml.YAMLError, ValueError) as error:  # a date may be none
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or " ".join(f"{error}".split())
            sentence = f"the front matter is not YAML: {problem}"
            hand_over(Failure(path, mark.line + 2 if mark else 1, sentence))
    for name in ("title", "description"):
        for written in ANY.findall(str(page.meta.get(name, ""))):
            source = source_of(page.file)
            found = location.words(written).search(source)
            line = source.count("\n", 0, found.start()) + 1 if found else 1
            hand_over(Failure(path, line, f"the {name} takes no value; {written} would stay"))
