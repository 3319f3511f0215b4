"""Room for labels that would run into each other or out of the figure, where it can be had."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

SLACK = 1.5
"""How many points a label may lie over another's box, or over the edge."""
SIDES = ("left", "right", "bottom", "top", "wspace", "hspace")


def arrange(figures: Iterable[Figure]) -> None:
    """Give the labels of figures that belong together room, if one of them has not enough.

    A figure that its code has arranged, or that comes out worse, stays as it is.
    """
    figures = [figure for figure in figures if untouched(figure)]
    try:
        crowds = [crowd(figure) for figure in figures]
    except Exception:  # what is wrong with a figure is told where it is drawn
        return
    if any(crowds):
        for figure, before in zip(figures, crowds, strict=True):
            attempt(figure, before)


def untouched(figure: Figure) -> bool:
    """Whether nobody has said how the figure's panels stand."""
    placed = figure.subplotpars
    usual: Any = rcParams
    return (
        bool(figure.axes)
        and figure.get_layout_engine() is None
        and all(getattr(placed, side) == usual[f"figure.subplot.{side}"] for side in SIDES)
        and all(axes.get_subplotspec() or axes.get_label() == "<colorbar>" for axes in figure.axes)
    )


def attempt(figure: Figure, before: float) -> None:
    """Arrange the figure; take it back if it fails or leaves labels in each other's way."""
    places = [(axes, axes.get_position(True), axes.get_position()) for axes in figure.axes]
    sides = {side: getattr(figure.subplotpars, side) for side in SIDES}
    # "constrained" fails on a colour bar that has already taken its part of a grid.
    in_grid = any(
        axes.get_label() == "<colorbar>" and axes.get_subplotspec() for axes in figure.axes
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure.set_layout_engine("tight" if in_grid else "constrained")
            engine = figure.get_layout_engine()
            if engine:
                engine.execute(figure)
            done = crowd(figure) < max(before, SLACK) and not shrunk(places)
    except Exception:  # whatever it is, matplotlib's own figure is there
        done = False
    figure.set_layout_engine("none")
    if not done:
        figure.subplotpars.update(**sides)
        for axes, original, active in places:
            axes.set_position(original, "original")
            axes.set_position(active, "active")


def shrunk(places: list[tuple[Axes, Bbox, Bbox]]) -> bool:
    """Whether a panel has lost half its width or height to the labels."""
    return any(
        axes.get_position().width < active.width * 0.5
        or axes.get_position().height < active.height * 0.5
        for axes, _, active in places
        if axes.get_label() != "<colorbar>"
    )


def crowd(figure: Figure) -> float:
    """By how many points, in all, labels lie over each other or over the figure's edges."""
    scale = 72 / figure.dpi
    edge = figure.bbox
    boxes = []
    total = 0.0
    for axes in figure.axes:
        if axes.get_visible() and (box := axes.get_tightbbox()) is not None:
            boxes.append((axes, box))
            over = (edge.x0 - box.x0, edge.y0 - box.y0, box.x1 - edge.x1, box.y1 - edge.y1)
            total += sum(most for side in over if (most := side * scale) > SLACK)
    for (one, box), (other, second) in combinations(boxes, 2):
        if not overlap(one.bbox, other.bbox):
            total += overlap(box, second) * scale
    for title in figure.texts:
        if title.get_visible() and title in figure.get_default_bbox_extra_artists():
            box = title.get_window_extent()
            total += sum(overlap(box, second) * scale for _, second in boxes)
    return total


def overlap(one: Bbox, other: Bbox) -> float:
    """How far two boxes reach into each other, in pixels; 0 for a mere touch."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    up = min(one.y1, other.y1) - max(one.y0, other.y0)
    return min(across, up) if min(across, up) > SLACK else 0.0
