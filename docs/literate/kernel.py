"""What the build's Jupyter kernel loads first: its figures are the page's own SVG."""

from __future__ import annotations

import itertools

import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from literate import figure as drawing


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Draw every figure of the notebook as those of the snippets are drawn."""
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    plt.rcdefaults()  # nobody's own settings
    plt.rcParams.update(drawing.STYLE)
    numbers = itertools.count(1)

    def page_svg(figure: Figure) -> str:
        return drawing.fit(drawing.draw(figure), f"notebook-{next(numbers)}")

    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, page_svg)
