"""What the build's Jupyter kernel loads first.

Its figures are the page's own SVG, it lists which files of the project it reads, and it tells an
exit as any other exception, with the way to it.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import msgspec
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from literate.figure import compose, draw, layout, style
from literate.jupyter.run import FILES, STYLE
from literate.snippet.inputs import Uses


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make the kernel that of a build."""
    draw_for_the_page(shell)
    list_files(shell, Path(os.environ[FILES]))
    trace_exits(shell)


def draw_for_the_page(shell: InteractiveShell) -> None:
    """Draw every figure of the notebook as those of the snippets are drawn."""
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    style.apply(os.environ[STYLE])  # and nobody's own settings
    numbers = itertools.count(1)

    def page_svg(figure: Figure) -> str:
        layout.arrange([figure])
        return compose.figure(draw.drawn(figure), f"notebook-{next(numbers)}")

    formatter = shell.display_formatter
    if not isinstance(formatter, DisplayFormatter):
        raise TypeError("this shell shows nothing")
    formatters = formatter.formatters
    formatters["image/png"].pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, page_svg)


def list_files(shell: InteractiveShell, listing: Path) -> None:
    """From now on, list which files of the project the notebook opens or imports."""
    uses = Uses(Path.cwd(), Path.cwd())

    def write() -> None:
        listing.write_bytes(msgspec.json.encode(uses.inputs()))

    shell.events.register("post_execute", write)


def trace_exits(shell: InteractiveShell) -> None:
    """Have `sys.exit` told with its line; IPython would tell the exception alone."""
    show = shell.showtraceback

    def whole(*arguments: Any, exception_only: bool = False, **options: Any) -> None:
        show(*arguments, **options)

    shell.showtraceback = whole
