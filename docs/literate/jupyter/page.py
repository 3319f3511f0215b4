"""Notebook pages: mkdocs-jupyter runs them, the site's own Markdown shows them.

mkdocs-jupyter's template would bring its own styles and scripts, some of them from
elsewhere; ours hands over the executed notebook as it is, and what it holds becomes a page like
any other: links and formulas are checked, figures follow the palette. The notebook to download
is made of the same run.
"""

from __future__ import annotations

import contextlib
import json
import re
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from html import escape
from pathlib import Path

import jupytext
import markdown
import nbformat
import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter.plugin import NotebookFile
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from literate.export.downloads import Downloads, extensions_of, files_of, place_of
from literate.export.markdown import SnippetPiece, fenced, page_markdown, pieces, with_front_matter
from literate.export.notebook import (
    Cell,
    code_cell,
    definitions,
    with_definitions,
    written,
)
from literate.failure import Failure, Pending, gathering, hand_over
from literate.jupyter.run import execute, executed, key_of, recalled
from literate.page import terminal
from literate.page.extension import read
from literate.page.front_matter import FAST, FRONT_MATTER
from literate.page.html import (
    figure_markup,
    folded_code_markup,
    open_code_markup,
    printed_markup,
)
from literate.page.labels import labels
from literate.page.reading import Reading
from literate.run.project import runner
from literate.run.runner import outcome
from literate.run.store import Store
from literate.snippet.source import cell_marks

PLUGIN = "mkdocs-jupyter"
OPTIONS = ("allow_errors", "execute", "kernel_name", "no_input", "no_prompt", "remove_tag_config")
"""Which of the plugin's options decide what a run leaves."""
ANSI = re.compile(r"\x1b\[[0-9;]*m")
RULE = "-" * 18
"""What nbclient puts before and after the cell that has failed."""
PLACE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
TITLE = re.compile(r"# \S")
BEGINNING = (
    "A notebook begins with its front matter, and then has a cell `# %% [markdown]` whose first "
    "line is the title, `# # Title`"
)
CODE_CELL = re.compile(r"# %%(?! *\[)")
RESET = {"display_data": {"metadata": {}}, "execute_result": {"execution_count": None}}
"""What of an output says how it came about rather than what it is."""
SVG, MARKDOWN, TEXT = "image/svg+xml", "text/markdown", "text/plain"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put our store in the place of the plugin's cache."""
    # Without its cache the plugin sets a title only in a build that runs the notebook.
    config.plugins[PLUGIN].config.update({"cache": False, "ignore_h1_titles": True})
    return config


def on_nav(files: Files, config: MkDocsConfig) -> None:
    """Set the notebooks going, so that they run beside the snippets."""
    for file in files:
        if isinstance(file, NotebookFile):
            with contextlib.suppress(OSError, ValueError):  # told where its page is rendered
                begin(file, config)


def on_pre_page(page: Page, *, config: MkDocsConfig, files: Files) -> Page:
    """Have a notebook's page rendered by us, in place of mkdocs-jupyter."""
    if isinstance(page.file, NotebookFile):
        page.render = partial(render, page)
    return page


def render(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Run the notebook, then render what it says and shows as any page is rendered."""
    path = Path(page.file.abs_src_path or page.file.src_uri)
    given = config.mdx_configs.get("literate", {})
    words = labels(str(given.get("language", "en")), given.get("labels"))
    notebook = None
    try:
        notebook = run(page, config)
        page.meta = front_matter(notebook, path)
        page.markdown = as_page(notebook, path, words)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        page.markdown = failed(failure_of(error, path))
    except Failure as failure:
        notebook = None  # it shows what a page cannot, and nor can its downloads
        page.markdown = failed(failure)
    place = place_of(page.file)
    place.path, place.matter, place.notebook = None, dict(page.meta), path.stem
    config.mdx_configs.setdefault("literate", {})["page"] = place
    with gathering() as failures:
        Page.render(page, config, files)
    for failure in failures.values():
        text = (page.markdown or "").splitlines()[failure.line - 1]
        hand_over(Failure(path, line_of(path, text), failure.sentence))
    if notebook is not None and not failures and page.file.src_uri not in runner().build.awaited:
        write_downloads(notebook, page, config, files, place.reading)


def write_downloads(
    notebook: NotebookNode, page: Page, config: MkDocsConfig, files: Files, whole: Reading
) -> None:
    """Put the notebook and the Markdown of the page beside it, and the snippets it shows.

    `whole` is what the page, all its cells, was read as.
    """
    site = Path(config.site_dir)
    link = Downloads(files, site, config).link_from(page.file)
    extensions = extensions_of(config)
    place = place_of(page.file)
    known = definitions(whole, link)
    contents: dict[str, str] = {}

    def prose(source: str, unboxed: bool) -> str:
        with gathering():  # what is wrong with it has been told
            reading = read(source, place, extensions)
        cut = list(pieces(reading, link, unboxed))
        contents.update(
            file for piece in cut if isinstance(piece, SnippetPiece) for file in files_of(piece)
        )
        said = page_markdown(cut).strip("\n")
        return with_definitions(said, known) if unboxed else said

    text = with_front_matter(dict(page.meta), plain_markdown(notebook, prose))
    own = {
        f"{Path(page.file.src_uri).stem}.ipynb": downloadable(notebook, prose),
        place.markdown: text,
    }
    for name in contents.keys() & own.keys():
        sentence = f"beside this page would stand two files {name}; rename a snippet"
        hand_over(Failure(Path(page.file.abs_src_path or page.file.src_uri), 1, sentence))
    folder = (site / page.file.dest_uri).parent
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (contents | own).items():
        (folder / name).write_text(content, encoding="utf-8")


def begin(file: File, config: MkDocsConfig) -> Future[str]:
    """Have a notebook run by mkdocs-jupyter, beside the snippets; its outputs, as JSON.

    They are stored by the code alone, so that one run does for both languages.
    """
    options = config.plugins[PLUGIN].config
    name, path = file.src_uri, Path(file.abs_src_path or file.src_uri)
    sources = json.dumps([cell.source for cell in code_cells(jupytext.read(path))]).encode()
    project, look = runner().project, runner().settings.style
    key = key_of((sources, repr(sorted(options.items())).encode(), look.encode()))
    store = Store(project / options["cache_dir"], "run")
    asked = {option: options[option] for option in OPTIONS}
    asked["execute"] &= not any(path.match(pattern) for pattern in options["execute_ignore"])

    def outputs_of(folder: Path) -> str:
        ran = nbformat.reads(
            b64decode(execute(path, asked, folder, project, look).partition("<")[0]), as_version=4
        )
        return json.dumps([joined(cell.outputs) for cell in code_cells(ran)])

    known = recalled(store, name, key, project)
    if known is None:
        return runner().run_beside(f"{name} {key}", partial(executed, store, name, key, outputs_of))
    future: Future[str] = Future()
    future.set_result(known)
    return future


def run(page: Page, config: MkDocsConfig) -> NotebookNode:
    """The page's notebook with its outputs; without them where a preview does not wait."""
    path = Path(page.file.abs_src_path or page.file.src_uri)
    try:
        notebook = jupytext.read(path)
    except (OSError, ValueError) as error:
        reason = f"{error}".partition("\n")[0]
        raise Failure(path, 1, f"The notebook cannot be read: {reason}") from None
    front_matter(notebook, path)  # what does not begin as a page is not waited for
    cells = code_cells(notebook)
    outputs = begin(page.file, config)
    if runner().waits_for(outputs):
        shown = json.loads(outcome(outputs))
        if len(shown) != len(cells):
            raise Failure(path, 1, "`remove_tag_config` removes cells, which this page would show")
        for cell, left in zip(cells, shown, strict=True):
            cell.outputs = nbformat.from_dict(left)
    else:
        runner().build.awaited[page.file.src_uri] = outputs
        first = notebook.cells[1]
        pending = Pending(path, 1, "runs: what its cells show will stand below them")
        first.source += f"\n\n{failed(pending)}"
    return notebook


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs of a cell, its printed text in one piece, as which it may not have arrived."""
    whole: list[NotebookNode] = []
    for output in outputs:
        last = whole[-1] if whole else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            whole.append(output)
    return whole


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells of a notebook that are run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# What a notebook becomes


def front_matter(notebook: NotebookNode, path: Path) -> dict[str, object]:
    """What the notebook's first cell says of the page; its second must bring the title."""
    cells = notebook.cells
    try:
        written_first = FRONT_MATTER.match(cells[0].source) if cells else None
        matter = yaml.load(written_first[1], FAST) if written_first else {}
    except (yaml.YAMLError, ValueError) as error:  # a date may be none
        sentence = f"The front matter cannot be read: {' '.join(str(error).split())}"
        raise Failure(path, line_of(path, cells[0].source), sentence) from None
    titled = len(cells) > 1 and cells[1].cell_type == "markdown" and TITLE.match(cells[1].source)
    if not isinstance(matter, dict) or not matter or not titled:
        wrong = cells[1:2] if matter else cells[:1]
        raise Failure(path, line_of(path, wrong[0].source) if wrong else 1, BEGINNING)
    return {name: given for name, given in matter.items() if given is not None}


def as_page(notebook: NotebookNode, path: Path, words: dict[str, str]) -> str:
    """The page as the site's Markdown: the prose, and each code cell as a figure of its own."""
    parts = [notebook.cells[1].source]
    for number, cell in enumerate(notebook.cells[2:], 1):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            parts.append(cell_figure(cell, f"cell-{number}", path, words))
    return "\n\n".join(parts)


def cell_figure(cell: NotebookNode, name: str, path: Path, words: dict[str, str]) -> str:
    """One code cell with what it showed; the code of one that draws is folded below its figure."""
    alt = str(cell.metadata.get("alt", ""))
    colours = runner().store.folder / "colours"
    shown = "".join(output_markup(output, alt, cell, path) for output in cell.outputs)
    if alt:
        html = f"{shown}{folded_code_markup(cell.source, words['code'], colours, words)}"
    else:
        html = f"{open_code_markup(cell.source, '', '', colours, words)}{shown}"
    return f'<figure class="snippet" id="{name}">{html}</figure>'


def output_markup(output: NotebookNode, alt: str, cell: NotebookNode, path: Path) -> str:
    """One output as HTML; what a page cannot show is a failure, and so is a warning."""
    if output.output_type == "stream" and output.name == "stdout":
        return printed_markup(terminal.shows(output.text))
    data = output.get("data", {})
    if SVG in data:
        if not alt:
            sentence = 'This cell draws, so it needs an alternative text: `# %% alt="..."`'
            raise Failure(path, line_of(path, cell.source), sentence)
        return figure_markup(data[SVG], alt)
    if MARKDOWN in data:
        table = markdown.markdown(data[MARKDOWN], extensions=["tables"])
        return f'<div class="snippet__table" tabindex="0">{table}</div>'
    text = ANSI.sub("", output.get("text", data.get(TEXT, ""))).strip()
    sentence = f"This cell leaves what a page should not show ({output.output_type}): {text}"
    raise Failure(path, line_of(path, cell.source), sentence)


def plain_markdown(notebook: NotebookNode, prose: Callable[[str, bool], str]) -> str:
    """The page for machines: prose, code and what was printed."""
    parts = []
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown":
            parts.append(prose(cell.source, False))
            continue
        parts.append(fenced(cell.source, "python"))
        for output in cell.outputs:
            data = output.get("data", {})
            if SVG in data:
                parts.append(f"*{cell.metadata.alt}*")
            elif MARKDOWN in data:
                parts.append(data[MARKDOWN])
            else:
                parts.append(fenced(terminal.plain(terminal.shows(output.text)), ""))
    return "\n\n".join(parts) + "\n"


def downloadable(notebook: NotebookNode, prose: Callable[[str, bool], str]) -> str:
    """The notebook with its outputs."""
    cells: list[Cell] = []
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown":
            said = prose(cell.source, True)
            cells.append({"cell_type": "markdown", "metadata": {}, "source": said})
        else:
            outputs = [output | RESET.get(output.output_type, {}) for output in cell.outputs]
            cells.append(code_cell(cell.source, outputs))
    return written(cells)


# What is wrong with one


def failed(failure: Failure) -> str:
    """Hand the failure over; what stands in a preview instead of the page."""
    hand_over(failure)
    return f'<div class="snippet__failure"><pre>{escape(str(failure))}</pre></div>'


def failure_of(error: Exception, path: Path) -> Failure:
    """What stopped the notebook, and at which line of its file."""
    if not isinstance(error, CellExecutionError):
        return Failure(path, 1, f"The notebook did not run to its end: {error}".strip())
    trace = ANSI.sub("", error.traceback)
    sentence = f"{error.ename}: {error.evalue}"
    starts = code_starts(path.read_text(encoding="utf-8"))
    places = [(int(cell), int(line)) for cell, line in PLACE.findall(trace)]
    known = [(cell, line) for cell, line in places if cell <= len(starts)]
    if not known:
        return Failure(path, line_of(path, trace.split(f"\n{RULE}\n")[1]), sentence)
    cell, line = known[-1]
    return Failure(path, starts[cell - 1] + line, sentence)


def code_starts(source: str) -> list[int]:
    """The lines `# %%` of the code cells that are run: empty ones are not, nor counted."""
    marks = cell_marks(source)
    ends = [*(mark.start() for mark in marks[1:]), len(source)]
    return [
        source.count("\n", 0, mark.start()) + 1
        for mark, end in zip(marks, ends, strict=False)
        if CODE_CELL.match(mark[0]) and source[mark.end() : end].strip()
    ]


def line_of(path: Path, text: str) -> int:
    """The line of the file where `text` begins, or its first line if the rest is not there."""
    source = path.read_text(encoding="utf-8")
    at = source.find(text)
    if at < 0:
        at = source.find(text.strip().partition("\n")[0])
    return source.count("\n", 0, max(at, 0)) + 1
