"""Boxes: left, top, right and bottom, in points, downwards."""

from __future__ import annotations

import numpy as np

Box = tuple[float, float, float, float]


def box_of(corners: np.ndarray) -> Box:
    """The box around points."""
    (left, top), (right, bottom) = corners.min(0).tolist(), corners.max(0).tolist()
    return left, top, right, bottom


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return (
        one[0] < other[2] - 0.01
        and other[0] < one[2] - 0.01
        and one[1] < other[3] - 0.01
        and other[1] < one[3] - 0.01
    )


def union(one: Box, other: Box) -> Box:
    """The box around two boxes."""
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def evenly(corners: np.ndarray) -> Box | None:
    """The box of a mesh whose cells are all alike, left and right, top and bottom as they come."""
    xs, ys = corners[0, :, 0], corners[:, 0, 1]
    if (
        np.abs(corners[..., 0] - xs).max() > 0.02
        or np.abs(corners[..., 1] - ys[:, None]).max() > 0.02
    ):
        return None
    for edges in (xs, ys):
        if np.abs(edges - np.linspace(edges[0], edges[-1], len(edges))).max() > 0.05:
            return None
    if xs[0] == xs[-1] or ys[0] == ys[-1] or not np.isfinite(corners).all():
        return None
    return float(xs[0]), float(ys[0]), float(xs[-1]), float(ys[-1])
