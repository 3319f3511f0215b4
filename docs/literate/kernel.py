"""What the build's Jupyter kernel loads first.

Its figures are the page's own SVG, it lists which files of the project it reads, and it tells an
exit as any other exception, with the way to it.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from literate import figure as drawing
from literate.execution import FILES

OTHERS = {"__pycache__", "site-packages"}
"""Folders whose files are not the project's own."""


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make the kernel that of a build."""
    draw_for_the_page(shell)
    list_files(shell, Path.cwd(), Path(os.environ[FILES]))
    trace_exits(shell)


def draw_for_the_page(shell: InteractiveShell) -> None:
    """Draw every figure of the notebook as those of the snippets are drawn."""
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    plt.rcParams.update(drawing.STYLE)
    numbers = itertools.count(1)

    def page_svg(figure: Figure) -> str:
        return drawing.fit(drawing.draw(figure), f"notebook-{next(numbers)}")

    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, page_svg)


def list_files(shell: InteractiveShell, root: Path, listing: Path) -> None:
    """From now on, list which files of the project at `root` the notebook opens or imports."""
    before = set(sys.modules)
    opened: set[str] = set()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            opened.add(os.path.abspath(os.fsdecode(arguments[0])))  # noqa: PTH100 (called often)

    def write() -> None:
        modules = (sys.modules.get(name) for name in set(sys.modules) - before)
        imported = {getattr(module, "__file__", None) or "" for module in modules}
        listing.write_text(json.dumps(own(opened | imported, root)), encoding="utf-8")

    sys.addaudithook(hook)
    shell.events.register("post_execute", write)


def own(names: Iterable[str], root: Path) -> list[str]:
    """Those of the files `names` that belong to the project at `root`, relative to it."""
    below = [Path(name).relative_to(root) for name in names if Path(name).is_relative_to(root)]
    return sorted(
        path.as_posix()
        for path in below
        if not any(part in OTHERS or part.startswith(".") for part in path.parts)
        and (root / path).is_file()
    )


def trace_exits(shell: InteractiveShell) -> None:
    """Have `sys.exit` told with its line; IPython would tell the exception alone."""
    show = shell.showtraceback

    def whole(*arguments: Any, exception_only: bool = False, **options: Any) -> None:
        show(*arguments, **options)

    shell.showtraceback = whole
