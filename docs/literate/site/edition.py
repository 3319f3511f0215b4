"""What MkDocs knows of one language's pages: what stands in them before their Markdown begins."""

from __future__ import annotations

import posixpath
from html import escape
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import YAML_RE

from literate.export.downloads import place_of, source_of
from literate.failure import Failure, hand_over
from literate.page.front_matter import FAST
from literate.page.location import Excerpt, Place
from literate.page.value import ANY
from literate.run.runner import Runner


def read(file: File) -> str:
    """What stands in a page's file; one that cannot be read is a failure among others."""
    try:
        return source_of(file)
    except Failure as failure:
        hand_over(failure)
        return f'<div class="snippet__failure"><pre>{escape(str(failure))}</pre></div>'


def begin(page: Page, config: MkDocsConfig, runner: Runner) -> Place:
    """Tell the Markdown extension which page is rendered from now on."""
    for name in ("title", "description"):
        if page.meta.get(name) in (None, ""):  # MkDocs would take an empty title for one
            page.meta.pop(name, None)
    place = place_of(page.file)
    place.known_runner, place.matter = runner, dict(page.meta)
    if place.path is not None:
        check_front_matter(place.path, page)
    config.mdx_configs.setdefault("literate", {})["page"] = place
    return place


def begin_excerpt(post: Any, config: MkDocsConfig, runner: Runner) -> None:
    """Tell the Markdown extension that Material's blog is about to make a post's excerpt.

    It does so before it shows any: each has then the address of the page that shows it.
    """
    folder = f"{posixpath.dirname(post.file.url)}/"
    config.mdx_configs.setdefault("literate", {})["page"] = Excerpt(
        **vars(place_of(post.file)) | {"known_runner": runner, "matter": dict(post.meta)},
        way=lambda: get_relative_url(folder, post.excerpt.file.url),
    )


def report(file: File, name: str, sentence: str) -> None:
    """Hand over what is wrong with an entry of a page's front matter."""
    source = source_of(file)
    asked = max(source.find("\nasked:"), 0)
    line = source.count("\n", 0, max(source.find(f"{name}:", asked), 0)) + 1
    path = Path(file.abs_src_path or file.src_uri)
    hand_over(Failure(path, line, f"`{name}`, under `asked`, {sentence}"))


def check_front_matter(path: Path, page: Page) -> None:
    """Hand over what is wrong with a page's front matter, which no Markdown extension sees."""
    if not page.meta and (match := YAML_RE.match(page.markdown or "")):
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
            line = source.count("\n", 0, max(source.find(written), 0)) + 1
            hand_over(Failure(path, line, f"the {name} takes no value; {written} would stay"))
