"""What MkDocs knows of one language's pages: what stands in them before their Markdown begins."""

from __future__ import annotations

from html import escape
from pathlib import Path

import yaml
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from mkdocs.utils import is_markdown_file
from mkdocs.utils.meta import YAML_RE

from literate.export.downloads import source_of
from literate.failure import Failure, hand_over
from literate.page import location
from literate.page.front_matter import FAST
from literate.page.value import ANY


def read(file: File) -> str:
    """What stands in a page's file; one that cannot be read is a failure among others."""
    try:
        return source_of(file)
    except Failure as failure:
        hand_over(failure)
        return f'<div class="snippet__failure"><pre>{escape(str(failure))}</pre></div>'


def begin(page: Page) -> None:
    """Say which file is rendered from now on; notebooks and generated pages have none."""
    path = page.file.abs_src_path
    if path is not None and is_markdown_file(page.file.src_uri):
        check_front_matter(Path(path), page)
        location.come_from(Path(path))


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
            found = location.words(written).search(source)
            line = source.count("\n", 0, found.start()) + 1 if found else 1
            hand_over(Failure(path, line, f"the {name} takes no value; {written} would stay"))
