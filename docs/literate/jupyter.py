"""Notebook pages: mkdocs-jupyter runs and caches them, the site's own Markdown shows them.

A MkDocs hook. mkdocs-jupyter's template would bring its own styles and scripts, some of them from
elsewhere; ours hands over the executed notebook as it is, and what it holds becomes a page like
any other: links and formulas are checked, figures follow the palette. The notebook to download
is made of the same run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import markdown
import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings
from mkdocs_jupyter.plugin import NotebookFile
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from literate.failure import Failure, gathering, hand_over
from literate.highlighting import highlighted
from literate.markup import LABELS, cell_markup, downloads_markup, figure_markup, printed_markup
from literate.notebook import Cell, code_cell, tidied, written
from literate.plain import fenced, linked, with_front_matter, without_front_matter
from literate.result import Figure

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
PLUGIN = "mkdocs-jupyter"
PACKAGES = ("torch", "matplotlib", "scikit-learn", "numpy", "ipykernel", "mkdocs-jupyter")
"""Another version of one of these, and the notebooks run again."""
DRAWING = ("attribute", "curve", "figure", "kernel", "lettering", "shape")
"""The modules that decide what a figure of a notebook is."""
TIME_LIMIT = 300
"""Seconds for one cell."""
ANSI = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
CODE_CELL = re.compile(r"# %%(?! *\[)")
RESET = {"display_data": {"metadata": {}}, "execute_result": {"execution_count": None}}
"""What of an output says how it came about rather than what it is."""
SVG, MARKDOWN, TEXT = "image/svg+xml", "text/markdown", "text/plain"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put our template in the plugin's place, and the cache where only the same run finds it."""
    settings.templates_dir = str(TEMPLATES)
    options = config.plugins[PLUGIN].config
    cache = Path(options["cache_dir"])
    language = config.theme["language"]
    mine = cache / f"{language}-{environment_key()}"
    for folder in cache.glob(f"{language}-*"):
        if folder != mine:
            shutil.rmtree(folder, ignore_errors=True)
    for result in mine.glob("*.json"):
        try:
            json.loads(result.read_text(encoding="utf-8"))
        except ValueError:  # a build was killed while it wrote
            result.unlink()
    options["cache_dir"] = str(mine)
    return config


def environment_key() -> str:
    """A hash of all that a notebook's outputs depend on beside its source."""
    key = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        key.update(f"{name} {version(name)}\n".encode())
    for path in (*(HERE / f"{name}.py" for name in DRAWING), *sorted(TEMPLATES.rglob("*.j2"))):
        key.update(path.read_bytes())
    return key.hexdigest()[:16]


def on_pre_page(page: Page, *, config: MkDocsConfig, files: Files) -> Page:
    """Have a notebook's page rendered by us, after mkdocs-jupyter has run it."""
    if isinstance(page.file, NotebookFile):
        page.render = partial(render, page, page.render)
    return page


def render(page: Page, execute: Callable[..., None], config: MkDocsConfig, files: Files) -> None:
    """Run the notebook, then render what it says and shows as any page is rendered."""
    path = Path(page.file.abs_src_path)
    labels = LABELS[config.theme["language"]]
    try:
        with kernel_settings():
            execute(config, files)
        notebook = nbformat.reads(b64decode(page.content), as_version=4)
        page.meta = front_matter(notebook)
        page.markdown = page_markdown(notebook, path, labels)
        page.notebook = notebook
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        page.markdown = failed(failure_of(error, path))
    except Failure as failure:
        page.markdown = failed(failure)
    with gathering() as failures:
        Page.render(page, config, files)
    for failure in failures.values():
        text = page.markdown.splitlines()[failure.line - 1]
        hand_over(Failure(path, line_of(path, text), failure.sentence))


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Put the notebook and the Markdown of the page beside it."""
    if isinstance(page.file, NotebookFile) and hasattr(page, "notebook"):
        folder = Path(page.file.abs_dest_path).parent
        folder.mkdir(parents=True, exist_ok=True)
        name = Path(page.file.src_uri).stem
        url = config.site_url or ""
        notebook = downloadable(page.notebook, url)
        (folder / f"{name}.ipynb").write_text(notebook, encoding="utf-8")
        text = with_front_matter(page.meta, plain_markdown(page.notebook, url))
        (folder / "index.md").write_text(text, encoding="utf-8")
    return output


@contextlib.contextmanager
def kernel_settings() -> Iterator[None]:
    """While open, a kernel starts with our extension, one thread and nobody's own settings."""
    before = dict(os.environ)
    with TemporaryDirectory() as folder:
        profile = Path(folder, "profile_default", "ipython_kernel_config.json")
        profile.parent.mkdir()
        profile.write_text(
            json.dumps(
                {
                    "InteractiveShellApp": {"extensions": ["literate.kernel"]},
                    "HistoryManager": {"enabled": False},
                }
            )
        )
        client = {
            # A kernel that is asked to end may do so with a traceback of its own, or take seconds.
            "NotebookClient": {"timeout": TIME_LIMIT, "shutdown_kernel": "immediate"},
            "KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"},  # no open port
        }
        Path(folder, "jupyter_nbconvert_config.json").write_text(json.dumps(client))
        os.environ |= {
            "IPYTHONDIR": folder,
            "JUPYTER_CONFIG_DIR": folder,
            "JUPYTER_RUNTIME_DIR": folder,
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


# What a notebook becomes


def front_matter(notebook: NotebookNode) -> dict[str, object]:
    """What the notebook's first cell says of the page."""
    return without_front_matter(f"{notebook.cells[0].source}\n")[0]


def page_markdown(notebook: NotebookNode, path: Path, labels: dict) -> str:
    """The page as the site's Markdown: the prose, and each code cell as a figure of its own."""
    title, _, lead = notebook.cells[1].source.partition("\n")
    parts = [title, downloads_markup(path.stem, labels), lead]
    for number, cell in enumerate(notebook.cells[2:], 1):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            parts.append(cell_figure(cell, f"cell-{number}", path, labels))
    return "\n\n".join(parts)


def cell_figure(cell: NotebookNode, name: str, path: Path, labels: dict) -> str:
    """One code cell with what it showed; one that draws is folded, its figure stays."""
    alt = cell.metadata.get("alt", "")
    shown = [output_markup(output, alt, cell, path, labels) for output in cell.outputs]
    summary = f"{labels['plot']}{labels['colon']}{alt}" if alt else ""
    code = cell_markup(highlighted(cell.source, ""), "", summary)
    return f'<figure class="snippet" id="{name}">{code}{"".join(shown)}</figure>'


def output_markup(
    output: NotebookNode, alt: str, cell: NotebookNode, path: Path, labels: dict
) -> str:
    """One output as HTML; what a page cannot show is a failure, and so is a warning."""
    if output.output_type == "stream" and output.name == "stdout":
        return printed_markup(output.text)
    data = output.get("data", {})
    if SVG in data:
        if not alt:
            sentence = 'This cell draws, so it needs an alternative text: `# %% alt="..."`'
            raise Failure(path, line_of(path, cell.source), sentence)
        return figure_markup(Figure(data[SVG], []), alt, "", labels)
    if MARKDOWN in data:
        table = markdown.markdown(data[MARKDOWN], extensions=["tables"])
        return f'<div class="snippet__table" tabindex="0">{table}</div>'
    text = ANSI.sub("", output.get("text", data.get(TEXT, ""))).strip()
    sentence = f"This cell leaves what a page should not show ({output.output_type}): {text}"
    raise Failure(path, line_of(path, cell.source), sentence)


def plain_markdown(notebook: NotebookNode, url: str) -> str:
    """The page for machines: prose, code and what was printed; links lead to the site at `url`."""
    parts = []
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown":
            parts.append(linked(cell.source, url))
            continue
        parts.append(fenced(cell.source, "python"))
        for output in cell.outputs:
            data = output.get("data", {})
            if SVG in data:
                parts.append(f"*{cell.metadata.alt}*")
            elif MARKDOWN in data:
                parts.append(data[MARKDOWN])
            else:
                parts.append(fenced(output.text, ""))
    return "\n\n".join(parts) + "\n"


def downloadable(notebook: NotebookNode, url: str) -> str:
    """The notebook with its outputs, its links leading to the site at `url`."""
    cells: list[Cell] = []
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown":
            prose = tidied(linked(cell.source, url))
            cells.append({"cell_type": "markdown", "metadata": {}, "source": prose})
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
    starts = [
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CODE_CELL.match(line)
    ]
    places = PLACE.findall(trace)
    cell, line = map(int, places[-1]) if places else (1, 0)
    return Failure(path, starts[cell - 1] + line, f"{error.ename}: {error.evalue}")


def line_of(path: Path, text: str) -> int:
    """The line of the file where `text` begins, or its first line if the rest is not there."""
    source = path.read_text(encoding="utf-8")
    at = source.find(text)
    if at < 0:
        at = source.find(text.strip().partition("\n")[0])
    return source.count("\n", 0, max(at, 0)) + 1
