"""How figures look when their code says nothing: this book's style, or one of matplotlib's."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any
from weakref import WeakSet

import matplotlib as mpl
from cycler import cycler
from matplotlib import rcParams
from matplotlib.axis import Axis
from matplotlib.collections import QuadMesh
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.style import available, library

from literate.figure.palette import BLACK, CYCLE, GRID, WHITE

LITERATE = "literate"
PLAIN = "matplotlib"
DASHES = (
    "-",
    (0, (6.0001, 2)),
    (0, (6.0001, 1.5, 1, 1.5)),
    (0, (1.2001, 1.6)),
    (0, (10.0001, 2.5)),
    (0, (4.0001, 1.2)),
    (0, (7.0001, 1.5, 1, 1.5, 1, 1.5)),
    (0, (2.5001, 1.2)),
)
"""The book's dashes; the ten-thousandths, which nobody sees, tell them from an author's own."""
LOOKS = [
    (colour, DASHES[(place + 3 * turn) % len(DASHES)])
    for turn in range(3)
    for place, colour in enumerate(CYCLE)
]
"""How the lines of one panel differ: by colour and dashes."""
BOOK: dict[str, Any] = {
    "figure.figsize": (6.4, 3.6),
    "figure.facecolor": "none",
    "figure.edgecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": BLACK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.prop_cycle": cycler(color=[colour for colour, _ in LOOKS])
    + cycler(linestyle=[dashes for _, dashes in LOOKS]),
    "contour.linewidth": 1.0,
    "font.size": 11,
    "legend.facecolor": WHITE,
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "legend.fontsize": 10,
    "legend.handlelength": 2.6,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "image.interpolation": "none",
}
"""The style of this book."""


def settings(name: str) -> dict[str, Any]:
    """What a style sets; a `ValueError` names the styles there are."""
    if name == LITERATE:
        return BOOK
    if name in (PLAIN, "default"):
        return {}
    if name in library:
        chosen: Any = library[name]
        return dict(chosen)
    known = ", ".join((LITERATE, PLAIN, *islice(available, 3)))
    raise ValueError(f"there is no style {name!r} of figures: {known}, ...")


def apply(name: str) -> None:
    """Make a style that of all figures to come, whatever was set before."""
    chosen = settings(name)
    mpl.rcdefaults()
    current: Any = rcParams
    current.update(chosen)
    rcParams["figure.max_open_warning"] = 0
    Axis.grid = asked_grid if name == LITERATE else PLAIN_GRID


PLAIN_GRID = Axis.grid
ASKED: WeakSet[Axis] = WeakSet()
"""The axes of coordinates whose grid is not only the style's."""


def asked_grid(self: Axis, visible: bool | None = None, which: Any = "major", **look: Any) -> None:
    """`grid()` asks for a grid; it would switch off the one that the style has drawn."""
    visible = True if visible is None else visible
    PLAIN_GRID(self, visible, which, **look)
    if which == "minor":
        return
    caller = sys._getframe(2).f_code.co_name.strip("_")
    if caller != "clear" and (visible or look):  # what clears axes gives them the style's grid
        ASKED.add(self)
    else:
        ASKED.discard(self)


def settle(figure: Figure) -> None:
    """Take back what the book's style has given to what its author has coloured or painted."""
    for line in figure.findobj(Line2D):
        if not any(dashed(line, dashes) for dashes in DASHES[1:]):
            continue
        colour = to_hex(line.get_color())
        plain = any(colour == of and dashed(line, dashes) for of, dashes in LOOKS)
        width = line.get_linewidth() in (BOOK["lines.linewidth"], 2.0)
        if not (plain and width):
            line.set_linestyle("-")
    for axes in figure.axes:
        if any(isinstance(artist, AxesImage | QuadMesh) for artist in axes.get_children()):
            for axis in (axes.xaxis, axes.yaxis):
                ours = any(same_color(grid.get_color(), GRID) for grid in axis.get_gridlines())
                if ours and axis not in ASKED:
                    axis.grid(False)


def dashed(line: Line2D, dashes: Any) -> bool:
    """Whether a line has these dashes, as given."""
    pattern = line._unscaled_dash_pattern  # pyright: ignore (only the scaled one is public)
    if dashes == "-":
        return pattern[1] is None
    return pattern[1] is not None and tuple(pattern[1]) == dashes[1]
