"""Room for labels that would run into each other or out of the figure, where it can be had."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from itertools import combinations
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.spines import Spine
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK = 1.5
"""How many points a label may lie over another's box, or over the edge."""
FORMULAS = MathTextParser("agg")
"""Reads the formulas of figures and remembers them."""
Places = list[tuple[Bbox, Bbox]]
"""Where each panel of a figure stands: the place that it is given, and what it takes of it."""
SIDES = ("left", "right", "bottom", "top", "wspace", "hspace")


def arrange(figures: Iterable[Figure]) -> None:
    """Give the labels of figures that belong together room, if one of them has not enough.

    A figure that its code has arranged, or that comes out worse, stays as it is. Figures with the
    same panels, as the frames of a sweep, stand alike where that leaves each of them room: then
    nothing jumps from one to the next.
    """
    figures = [figure for figure in figures if untouched(figure)]
    try:
        share_formulas(figures)
        taken = {figure: extents(figure) for figure in figures}
        crowds = {figure: clash(figure, boxes) for figure, boxes in taken.items()}
    except Exception:  # what is wrong with a figure is told where it is drawn
        return
    if not any(crowds.values()):
        return
    found: dict[Hashable, Places] = {}
    for figure, before in sorted(crowds.items(), key=lambda pair: -pair[1]):
        panels = panels_of(figure)
        if panels in found and attempt(figure, 0, partial(place, figure, found[panels])):
            continue
        alone = is_alone(figure) and partial(surround, figure, *taken[figure])
        if (alone and attempt(figure, 0, alone)) or attempt(
            figure, before, partial(lay_out, figure)
        ):
            found.setdefault(panels, places_of(figure))


def untouched(figure: Figure) -> bool:
    """Whether nobody has said how the figure's panels stand."""
    placed = figure.subplotpars
    usual: Any = rcParams
    return (
        bool(figure.axes)
        and figure.get_layout_engine() is None
        and all(getattr(placed, side) == usual[f"figure.subplot.{side}"] for side in SIDES)
        and all(axes.get_label() == "<colorbar>" or is_in_its_cell(axes) for axes in figure.axes)
    )


def is_in_its_cell(axes: Axes) -> bool:
    """Whether a panel stands where the figure's own spaces have put it.

    `set_position` takes it out of the layout, and a grid may have spaces of its own.
    """
    place = axes.get_subplotspec()
    if place is None or not axes.get_in_layout():
        return False
    grid: Any = place.get_topmost_subplotspec().get_gridspec()
    return all(getattr(grid, side, None) is None for side in SIDES)


def share_formulas(figures: Iterable[Figure]) -> None:
    """Have each formula read once for all figures; what measures them would read it for each."""
    for figure in figures:
        if isinstance(figure.canvas, FigureCanvasAgg):
            measuring: Any = figure.canvas.get_renderer()
            measuring.mathtext_parser = FORMULAS


def panels_of(figure: Figure) -> Hashable:
    """What is the same for figures whose panels may stand alike.

    A figure with titles or legends of its own is like no other: a layout makes room for these too.
    """
    if figure.texts or figure.legends or figure.subfigs:
        return figure
    panels = tuple((type(axes), axes.get_position(True).bounds) for axes in figure.axes)
    return (*figure.get_size_inches(), figure.dpi, panels)


def places_of(figure: Figure) -> Places:
    """Where the panels stand."""
    return [(axes.get_position(True), axes.get_position()) for axes in figure.axes]


def place(figure: Figure, places: Places) -> None:
    """Put each panel where it is said to stand."""
    for axes, (original, active) in zip(figure.axes, places, strict=True):
        in_layout = axes.get_in_layout()
        axes.set_position(original, "original")
        axes.set_position(active, "active")
        axes.set_in_layout(in_layout)  # a layout would pass over what has been placed


def is_alone(figure: Figure) -> bool:
    """Whether there is one panel that may be stretched, and no word that is longer than it."""
    if len(figure.axes) != 1 or figure.texts or figure.legends or figure.subfigs:
        return False
    (axes,) = figure.axes
    place = axes.get_subplotspec()
    return (
        place is not None
        and place.get_geometry()[:2] == place.get_topmost_subplotspec().get_geometry()[:2] == (1, 1)
        and axes.name == "rectilinear"
        and axes.get_aspect() == "auto"
        and axes.xaxis.label.get_window_extent().width <= axes.bbox.width
        and axes.yaxis.label.get_window_extent().height <= axes.bbox.height
        and all(title.get_window_extent().width <= axes.bbox.width for title in titles(axes))
    )


def titles(axes: Axes) -> list[Text]:
    """The titles in the middle, on the left and on the right."""
    return [axes.title, axes._left_title, axes._right_title]  # pyright: ignore


def surround(figure: Figure, panel: tuple[Axes, Bbox]) -> None:
    """Stretch the only panel until what it takes fills the figure, as "constrained" would."""
    axes, box = panel
    own, edge = axes.bbox, figure.bbox
    across = rcParams["figure.constrained_layout.w_pad"] * figure.dpi
    up = rcParams["figure.constrained_layout.h_pad"] * figure.dpi
    placed = Bbox.from_extents(
        edge.x0 + across + own.x0 - box.x0,
        edge.y0 + up + own.y0 - box.y0,
        edge.x1 - across + own.x1 - box.x1,
        edge.y1 - up + own.y1 - box.y1,
    ).transformed(figure.transFigure.inverted())
    place(figure, [(placed, placed)])


def lay_out(figure: Figure) -> None:
    """Let matplotlib arrange the figure once."""
    # "constrained" fails on a colour bar that has already taken its part of a grid.
    in_grid = any(
        axes.get_label() == "<colorbar>" and axes.get_subplotspec() for axes in figure.axes
    )
    figure.set_layout_engine("tight" if in_grid else "constrained")
    engine = figure.get_layout_engine()
    if engine:
        engine.execute(figure)


def attempt(figure: Figure, before: float, arranged: Callable[[], None]) -> bool:
    """Arrange the figure; take it back if that fails or leaves labels in each other's way."""
    places = places_of(figure)
    sides = {side: getattr(figure.subplotpars, side) for side in SIDES}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            arranged()
            done = crowd(figure) < max(before, SLACK) and not shrunk(figure, places)
    except Exception:  # whatever it is, matplotlib's own figure is there
        done = False
    figure.set_layout_engine("none")
    if not done:
        figure.subplotpars.update(**sides)
        place(figure, places)
    return done


def shrunk(figure: Figure, places: Places) -> bool:
    """Whether a panel has lost half its width or height to the labels."""
    return any(
        axes.get_position().width < active.width * 0.5
        or axes.get_position().height < active.height * 0.5
        for axes, (_, active) in zip(figure.axes, places, strict=True)
        if axes.get_label() != "<colorbar>"
    )


def crowd(figure: Figure) -> float:
    """By how many points, in all, labels lie over each other or over the figure's edges."""
    return clash(figure, extents(figure))


def extents(figure: Figure) -> list[tuple[Axes, Bbox]]:
    """The visible panels, and what each takes with its labels.

    Spines lie within that, but for those that were moved; to measure them matplotlib works out the
    ticks anew, four times over.
    """
    found = []
    for axes in figure.axes:
        if axes.get_visible():
            artists = axes.get_default_bbox_extra_artists()
            labels = [
                artist for artist in artists if not (isinstance(artist, Spine) and at_home(artist))
            ]
            if (box := axes.get_tightbbox(bbox_extra_artists=labels)) is not None:
                found.append((axes, box))
    return found


def at_home(spine: Spine) -> bool:
    """Whether a spine is an edge of its panel."""
    return spine._position in (None, ("outward", 0.0), ("outward", 0))  # pyright: ignore


def clash(figure: Figure, boxes: list[tuple[Axes, Bbox]]) -> float:
    """By how many points, in all, boxes lie over each other or over the figure's edges."""
    scale = 72 / figure.dpi
    edge = figure.bbox
    total = 0.0
    for _, box in boxes:
        over = (edge.x0 - box.x0, edge.y0 - box.y0, box.x1 - edge.x1, box.y1 - edge.y1)
        total += sum(most for side in over if (most := side * scale) > SLACK)
    slack = SLACK / scale
    for (one, box), (other, second) in combinations(boxes, 2):
        if not overlap(one.bbox, other.bbox, slack):
            total += overlap(box, second, slack) * scale
    for title in figure.texts:
        if title.get_visible() and title in figure.get_default_bbox_extra_artists():
            box = title.get_window_extent()
            total += sum(overlap(box, second, slack) * scale for _, second in boxes)
    return total


def overlap(one: Bbox, other: Bbox, slack: float) -> float:
    """How far two boxes reach into each other, in pixels; 0 for no more than `slack`."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    up = min(one.y1, other.y1) - max(one.y0, other.y0)
    return min(across, up) if min(across, up) > slack else 0.0
