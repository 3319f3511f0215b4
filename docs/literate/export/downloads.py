"""The files beside each page: its snippets as .py and .ipynb, itself as .ipynb and Markdown.

`python -m literate.export.downloads docs/zh site` adds them to a site that another builder
has made.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, get_files
from mkdocs.utils import is_markdown_file
from mkdocs.utils.meta import get_data

from literate.export.markdown import Shown, page_markdown, pieces, with_front_matter
from literate.export.notebook import page_notebook, snippet_notebook
from literate.failure import Failure, gathering, hand_over
from literate.page import location
from literate.run.project import runner
from literate.run.runner import Runner
from literate.snippet.source import chapter


def write_downloads(files: Files, site: Path, url: str, runner: Runner) -> None:
    """Write the downloads of every page among `files` into the site of that language.

    `url` is where that site stands, for the links in notebooks. Two files of one name beside one
    page are a failure: it could offer only one of them.
    """
    others = {file.dest_uri for file in files if not file.is_documentation_page()}
    for file in files:
        if is_markdown_file(file.src_uri):
            try:
                write_page(file, others, site, url, runner)
            except Failure as failure:
                hand_over(failure)
    location.come_from(None)


def write_page(file: File, others: Collection[str], site: Path, url: str, runner: Runner) -> None:
    """Write one page's downloads, unless one of the site's other files would be overwritten."""
    text, matter = get_data(source_of(file))
    location.come_from(Path(file.abs_src_path))
    location.begin(text)
    cut = list(pieces(text, runner, url))
    contents = {"index.md": with_front_matter(matter, page_markdown(cut))}
    owners = {}
    blocks = [piece for piece in cut if isinstance(piece, Shown)]
    if blocks:
        name = f"{chapter(blocks[0].snippet.name)}.ipynb"
        contents[name] = page_notebook(text, runner, url)
        owners[name] = "the page"
    folder = PurePosixPath(file.dest_uri).parent
    for block in blocks:
        source = block.snippet.path.name
        notebook = block.snippet.path.with_suffix(".ipynb").name
        for name in (source, notebook):
            owner = owners.setdefault(name, block.snippet.name)
            if owner != block.snippet.name or f"{folder / name}" in others:
                sentence = f"beside this page would stand two files {name}; rename a snippet"
                location.report(location.block(block.snippet.name), sentence)
                break
        contents |= {source: block.snippet.source, notebook: snippet_notebook(block)}
    (site / folder).mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (site / folder / name).write_text(content, encoding="utf-8")


def source_of(file: File) -> str:
    """What stands in a page's file; a `Failure` says where it is not UTF-8."""
    try:
        return file.content_string
    except UnicodeDecodeError:
        path = Path(file.abs_src_path)
        content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Failure(path, line, f"the page is not UTF-8 at byte {error.start}") from None


def main(docs: str, site: str) -> None:
    """Add the downloads of the pages below `docs`; tell what is wrong with them."""
    config = MkDocsConfig()
    config.load_dict({"docs_dir": docs, "site_dir": site})
    files = Files(file for file in get_files(config) if file.inclusion.is_included())
    with gathering() as failures:
        write_downloads(files, Path(site), "", runner())
    sys.exit("\n".join(map(str, failures.values())) or None)


if __name__ == "__main__":
    main(*sys.argv[1:])
