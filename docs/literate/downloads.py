"""The files beside each page: its snippets as .py and .ipynb, itself as .ipynb and Markdown.

`python -m literate.downloads docs/zh site` adds them to a site that another builder has made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from literate.build import runner
from literate.notebook import page_notebook, snippet_notebook
from literate.plain import Shown, page_markdown, pieces, with_front_matter, without_front_matter
from literate.runner import Runner
from literate.snippet import chapter


def write_downloads(docs: Path, site: Path, url: str, runner: Runner) -> None:
    """Write the downloads of every page below `docs` into the site of that language.

    `url` is where that site stands, for the links in notebooks. Raises a `ValueError` when a
    page shows two snippets of one file name: it could offer only one of them.
    """
    for page in sorted(docs.rglob("*.md")):
        name = page.relative_to(docs).with_suffix("")
        folder = site / (name.parent if name.name == "index" else name)
        matter, text = without_front_matter(page.read_text(encoding="utf-8"))
        folder.mkdir(parents=True, exist_ok=True)
        cut = list(pieces(text, runner, url))
        markdown = with_front_matter(matter, page_markdown(cut))
        (folder / "index.md").write_text(markdown, encoding="utf-8")
        shown = [piece for piece in cut if isinstance(piece, Shown)]
        for piece in shown:
            write_snippet(piece, folder)
        if shown:
            notebook = folder / f"{chapter(shown[0].snippet.name)}.ipynb"
            if notebook.name in {piece.snippet.path.with_suffix(".ipynb").name for piece in shown}:
                raise ValueError(f"{name}/ would hold two files {notebook.name}; rename a snippet")
            notebook.write_text(page_notebook(text, runner, url), encoding="utf-8")


def write_snippet(shown: Shown, folder: Path) -> None:
    """One snippet's two files, into the folder of the page that shows it."""
    source = folder / shown.snippet.path.name
    if source.exists() and source.read_text(encoding="utf-8") != shown.snippet.source:
        raise ValueError(f"{folder.name}/ would hold two files {source.name}; rename a snippet")
    source.write_text(shown.snippet.source, encoding="utf-8")
    source.with_suffix(".ipynb").write_text(snippet_notebook(shown), encoding="utf-8")


if __name__ == "__main__":
    write_downloads(Path(sys.argv[1]), Path(sys.argv[2]), "", runner())
