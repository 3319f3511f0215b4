"""The same snippets built by us and by others: `python tests/speed/peers.py [rounds [count]]`.

The others are installed into an environment of their own under `.cache`, beside the torch that is
here already. Each gets its fastest way of keeping and sharing out work that its manual names;
where a tool runs several examples in one process, a page of ours is one document of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from project import PER_PAGE, make, pages, source
from run import ENVIRONMENT, Spent, median, run

ROOT = Path(__file__).resolve().parents[2]
CORES = os.cpu_count() or 1
PACKAGES = (
    "sphinx-gallery",
    "mkdocs-gallery",
    "mkdocs-jupyter",
    "myst-nb",
    "markdown-exec",
    "sphinx",
    "torch==2.13.0",
)
MKDOCS = ("-m", "mkdocs", "-q", "build")
SPHINX = ("-m", "sphinx", "-q", "-b", "html", ".", "site")
IN_PARALLEL = (*SPHINX, "-j", str(CORES))


def environment() -> Path:
    """The Python that has the others, made if it is not there; it shares what is installed."""
    folder = ROOT / ".cache" / "peers" / "venv"
    python = folder / "bin" / "python"
    if not (folder / "done").exists():
        venv.create(folder, clear=True)
        ours = sysconfig.get_path("purelib")
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (folder / "lib" / version / "site-packages" / "shared.pth").write_text(f"{ours}\n")
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        (folder / "done").touch()
    ENVIRONMENT["JUPYTER_PATH"] = str(Path(sysconfig.get_path("data"), "share", "jupyter"))
    return python


def write(path: Path, text: str) -> None:
    """A file of a project, unless it says so already: what is not changed is not touched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def write_ours(folder: Path, sources: list[str]) -> None:
    """Our project."""
    if not folder.exists():
        make(folder, len(sources))
    for number, text in enumerate(sources):
        write(folder / "snippets" / f"descent_{number}.py", text)


def write_sphinx_gallery(folder: Path, sources: list[str]) -> None:
    """Examples in parallel; those that have not changed are kept."""
    write(
        folder / "conf.py",
        "project = 'Speed'\nextensions = ['sphinx_gallery.gen_gallery']\n"
        "exclude_patterns = ['site']\n"
        "sphinx_gallery_conf = {'examples_dirs': 'examples', 'gallery_dirs': 'gallery', "
        f"'parallel': {CORES}, 'show_memory': False}}\n",
    )
    write(folder / "index.rst", "Speed\n=====\n\n.. toctree::\n\n   gallery/index\n")
    write(folder / "examples" / "GALLERY_HEADER.rst", "Descents\n========\n")
    for number, text in enumerate(sources):
        title = f'"""\nDescent {number}\n==========\n\nIt comes down.\n"""\n'
        write(folder / "examples" / f"plot_{number}.py", title + text.partition("\n")[2])


def write_mkdocs_gallery(folder: Path, sources: list[str]) -> None:
    """Examples that have not changed are kept."""
    write(
        folder / "mkdocs.yml",
        "site_name: Speed\ntheme: {name: material, font: false}\n"
        "nav: [index.md, generated/gallery]\nplugins:\n  - search\n"
        "  - gallery: {examples_dirs: docs/examples, gallery_dirs: docs/generated/gallery}\n",
    )
    write(folder / "docs" / "index.md", "# Speed\n")
    write(folder / "docs" / "examples" / "README.md", "# Descents\n")
    for number, text in enumerate(sources):
        title = f'"""\n# Descent {number}\n\nIt comes down.\n"""\n'
        write(folder / "docs" / "examples" / f"plot_{number}.py", title + text.partition("\n")[2])


def write_mkdocs_jupyter(folder: Path, sources: list[str]) -> None:
    """Scripts in the percent format, ten snippets to each, executed."""
    write(
        folder / "mkdocs.yml",
        "site_name: Speed\ntheme: {name: material, font: false}\nplugins:\n  - search\n"
        "  - mkdocs-jupyter: {execute: true, include: ['*.py']}\n",
    )
    write(folder / "docs" / "index.md", "# Speed\n")
    for page, numbers in enumerate(pages(len(sources))):
        text = "\n".join(
            f"# %% [markdown]\n# ## Descent {n}\n\n# %%\n{sources[n]}" for n in numbers
        )
        write(folder / "docs" / f"page_{page}.py", text)


def write_myst_nb(folder: Path, sources: list[str]) -> None:
    """Text notebooks, ten to each, with its cache, whose first table two readers cannot make."""
    write(
        folder / "conf.py",
        "project = 'Speed'\nextensions = ['myst_nb']\nnb_execution_mode = 'cache'\n"
        "exclude_patterns = ['site', 'jupyter_execute']\n",
    )
    listed = "\n".join(f"page_{page}" for page, _ in enumerate(pages(len(sources))))
    write(folder / "index.md", f"# Speed\n\n```{{toctree}}\n{listed}\n```\n")
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n"
    for page, numbers in enumerate(pages(len(sources))):
        parts = [f"{head}# Page {page}\n"]
        for n in numbers:
            parts.append(f"## Descent {n}\n")
            cells = sources[n].split("# %%\n")
            parts += [f"```{{code-cell}} ipython3\n{cell.strip()}\n```\n" for cell in cells]
        write(folder / f"page_{page}.md", "\n".join(parts))


def write_markdown_exec(folder: Path, sources: list[str]) -> None:
    """Fences that run while their page is rendered; it keeps nothing."""
    write(
        folder / "mkdocs.yml",
        "site_name: Speed\ntheme: {name: material, font: false}\n"
        "plugins: [search, markdown-exec]\nmarkdown_extensions: [pymdownx.superfences]\n",
    )
    write(folder / "docs" / "index.md", "# Speed\n")
    show = (
        "import io\ntext = io.StringIO()\nplt.savefig(text, format='svg')\nplt.close()\n"
        "print(text.getvalue())\n"
    )
    for page, numbers in enumerate(pages(len(sources))):
        parts = [f"# Page {page}\n"]
        for n in numbers:
            fence = f'```python exec="on" html="1" source="above"\n{sources[n]}{show}```\n'
            parts += [f"## Descent {n}\n", fence]
        write(folder / "docs" / f"page_{page}.md", "\n".join(parts))


BUILDERS: dict[str, tuple[Callable[[Path, list[str]], None], tuple[str, ...]]] = {
    "ours": (write_ours, MKDOCS),
    "sphinx-gallery": (write_sphinx_gallery, IN_PARALLEL),
    "mkdocs-gallery": (write_mkdocs_gallery, MKDOCS),
    "mkdocs-jupyter": (write_mkdocs_jupyter, MKDOCS),
    "myst-nb": (write_myst_nb, SPHINX),
    "markdown-exec": (write_markdown_exec, MKDOCS),
}


def main() -> None:
    """Measure everything and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    python = environment()
    sources = [source(number) for number in range(count)]
    seen: dict[tuple[str, str], list[Spent]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        for turn in range(rounds):
            edited = [*sources]
            edited[PER_PAGE // 2] += f"extra = {turn}\n"
            for name, (write_project, command) in BUILDERS.items():
                place = Path(folder, name)
                interpreter = sys.executable if name == "ours" else python
                shutil.rmtree(place, ignore_errors=True)
                for case, given in (("cold", sources), ("unchanged", sources), ("edit", edited)):
                    write_project(place, given)
                    seen[name, case].append(run((interpreter, *command), place))
    print(f"{count} snippets, medians of {rounds}: wall s, processor s, ours / theirs of both")
    for case in ("cold", "unchanged", "edit"):
        ours = median(seen["ours", case])
        for name in BUILDERS:
            spent = median(seen[name, case])
            row = f"{case:10} {name:15} {spent.wall:7.2f} {spent.cpu:7.2f}"
            if name != "ours":
                row += f"  {ours.wall / spent.wall:5.2f} {ours.cpu / spent.cpu:5.2f}"
            print(row)


if __name__ == "__main__":
    main()
