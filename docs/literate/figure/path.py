"""The outline of a shape as short SVG path data; what the eye cannot see is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from literate.figure.box import Box

UNSEEN = 0.1
"""How far, in points of 1/72 inch, a thinned line may pass from the drawn one."""
COLUMN = 0.6
"""A line that comes back within a stretch of so many points shows only its extremes there."""
MANY = 60
"""An outline of more segments is written with one digit, a shorter one with two."""
EXACT = 6
"""The digits by which a line is thinned: where points are equally far, last bits would decide."""
LETTERS = {Path.MOVETO: "m", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
POINTS = {Path.CURVE3: 2, Path.CURVE4: 3}

Points = NDArray[np.float64]


def number(value: float, digits: int = 2) -> str:
    """The number in as few characters as SVG needs."""
    text = f"{value:.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def arrays(path: Path) -> tuple[Points, NDArray[np.uint8]]:
    """Points and codes of a cleaned path."""
    return np.asarray(path.vertices, float), np.asarray(path.codes, np.uint8)


def written(path: Path) -> tuple[float, float, str]:
    """Where a cleaned path begins, and the rest of it as relative path data.

    Each step starts from where the last one, rounded, has ended.
    """
    vertices, codes = arrays(path)
    digits = 1 if len(codes) > MANY else 2
    unit = 10**digits
    grid = np.rint(np.nan_to_num(vertices) * unit).astype(np.int64).tolist()
    steps = codes.tolist()
    begin_x = begin_y = x = y = start_x = start_y = 0
    letter, text, begun = "", [], False
    at = 0

    def step(command: str, *values: int) -> None:
        nonlocal letter
        words = ""
        for value in values:
            word = number(value / unit, digits)
            words += word if word.startswith("-") else f" {word}"
        follows = command == letter or (command == "l" and letter == "m")
        text.append(words if follows and command != "m" else command + words.removeprefix(" "))
        letter = command

    while at < len(steps):
        code = steps[at]
        if code == Path.STOP:
            break
        if code == Path.CLOSEPOLY:
            step("z")
            x, y = start_x, start_y
            at += 1
            continue
        count = POINTS.get(code, 1)
        points = grid[at : at + count]
        at += count
        to_x, to_y = points[-1]
        if code == Path.MOVETO:
            if begun:
                step("m", to_x - x, to_y - y)
            else:
                begin_x, begin_y, begun, letter = to_x, to_y, True, "M"
            start_x, start_y = to_x, to_y
        elif code == Path.LINETO:
            if (to_x, to_y) == (x, y) and letter not in "Mmz":
                continue
            if to_y == y:
                step("h", to_x - x)
            elif to_x == x:
                step("v", to_y - y)
            else:
                step("l", to_x - x, to_y - y)
        else:
            step(LETTERS[code], *(n for px, py in points for n in (px - x, py - y)))
        x, y = to_x, to_y
    return begin_x / unit, begin_y / unit, "".join(text)


@dataclass
class Outline:
    """A cleaned path in points and all that is to be known of it, whatever place it is put at."""

    path: Path

    @cached_property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        vertices, codes = arrays(self.path)
        return len(vertices) == 0 or codes[0] == Path.STOP

    @cached_property
    def box(self) -> Box:
        """Left, top, right and bottom."""
        return bounds(self.path)

    @cached_property
    def ellipse(self) -> tuple[float, float, float, float] | None:
        """Centre and radii of a round one."""
        return ellipse(self.path)

    @cached_property
    def upright(self) -> bool:
        """Whether all its sides are level or plumb."""
        vertices, codes = arrays(self.path)
        corners = vertices[(codes != Path.CLOSEPOLY) & (codes != Path.STOP)]
        straight = (codes[1 : len(corners)] == Path.LINETO).all()
        return bool(straight and (np.abs(np.diff(corners, axis=0)).min(1) < 1e-6).all())

    @cached_property
    def data(self) -> tuple[float, float, str]:
        """Its first point, and the rest as path data."""
        return written(self.path)


def bounds(path: Path) -> Box:
    """Left, top, right and bottom of all points of a cleaned path."""
    vertices, codes = arrays(path)
    drawn = vertices[(codes != Path.CLOSEPOLY) & (codes != Path.STOP)]
    if not len(drawn):
        return 0.0, 0.0, 0.0, 0.0
    (left, top), (right, bottom) = drawn.min(0).tolist(), drawn.max(0).tolist()
    return left, top, right, bottom


def area(path: Path, box: Box) -> Path:
    """What a cleaned path encloses of a box, as polygons."""
    within = Bbox.from_extents(*box)
    parts = (Path(line).clip_to_bbox(within) for line, _ in polylines(path, box))
    return Path.make_compound_path(*parts).cleaned()


def border(path: Path, box: Box) -> Path:
    """The stretches of a cleaned path that cross a box, as lines."""
    parts = []
    for line, closed in polylines(path, box):
        codes = [Path.MOVETO, *[Path.LINETO] * (len(line) - 1)]
        if closed:  # from its farthest corner: where it is cut off, its ends do not meet
            first = -int(np.abs(line).max(1).argmax())
            line = np.roll(line, first, axis=0)  # noqa: PLW2901
            line, codes = np.concatenate([line, line[:1]]), [*codes, Path.CLOSEPOLY]  # noqa: PLW2901
        parts.append(Path(line, codes))
    return Path.make_compound_path(*parts).cleaned(clip=box, curves=True)


def polylines(path: Path, box: Box) -> Iterator[tuple[Points, bool]]:
    """The corners of each part of a cleaned path, and whether it is closed; curves as `bent`."""
    line: list[Points] = []
    for controls, code in path.iter_segments(simplify=False):
        points = np.asarray(controls, float).reshape(-1, 2)
        if code not in (Path.MOVETO, Path.CLOSEPOLY):
            line += bent(np.concatenate([line[-1:], points]), box)
            continue
        if len(line) > 1:
            yield np.array(line), bool(code == Path.CLOSEPOLY)
        line = line[:1] if code == Path.CLOSEPOLY else [points[0]]
    if len(line) > 1:
        yield np.array(line), False


def bent(controls: Points, box: Box) -> list[Points]:
    """A Bézier curve as corners of a line, without the first; outside of the box coarsely."""
    outside = (controls.max(0) < box[:2]).any() or (controls.min(0) > box[2:]).any()
    if len(controls) == 2 or outside or np.abs(np.diff(controls, 2, axis=0)).max() < UNSEEN:
        return [controls[-1]]
    first, last, inner = [controls[0]], [controls[-1]], controls
    while len(inner) > 1:
        inner = (inner[1:] + inner[:-1]) / 2
        first.append(inner[0])
        last.append(inner[-1])
    return [*bent(np.array(first), box), *bent(np.array(last[::-1]), box)]


CIRCLE = [Path.MOVETO, *[Path.CURVE4] * 24, Path.CLOSEPOLY]


def ellipse(path: Path) -> tuple[float, float, float, float] | None:
    """Centre and radii, if the cleaned path is matplotlib's circle, perhaps stretched."""
    vertices, codes = arrays(path)
    if [code for code in codes.tolist() if code != Path.STOP] != CIRCLE:
        return None
    ends = vertices[3:25:3]  # the ends of its eight arcs
    left, top, right, bottom = bounds(path)
    x, y, rx, ry = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    if rx <= 0 or ry <= 0:
        return None
    on = ((ends - (x, y)) / (rx, ry)) ** 2
    return (x, y, rx, ry) if np.allclose(on.sum(1), 1, atol=0.01) else None


def thinned(path: Path) -> Path:
    """An open line of many points without those that nobody would see."""
    points, codes = arrays(path)
    codes = codes[codes != Path.STOP]
    if len(codes) < 100 or codes[0] != Path.MOVETO or (codes[1:] != Path.LINETO).any():
        return path
    points = points[: len(codes)].round(EXACT)
    if (np.diff(points[:, 0]) >= 0).all():
        points = extremes(points)
    points = simplified(points, UNSEEN)
    return Path(points, [Path.MOVETO, *[Path.LINETO] * (len(points) - 1)])


def extremes(points: Points) -> Points:
    """The first, lowest, highest and last point of each narrow column; the eye sees no more."""
    column = np.floor(points[:, 0] / COLUMN).astype(np.int64)
    first = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    if len(first) * 4 > len(points):
        return points
    last = np.append(first[1:], len(points)) - 1
    keep = np.zeros(len(points), bool)
    keep[first] = keep[last] = True
    for start, stop in zip(first.tolist(), (last + 1).tolist(), strict=True):
        heights = points[start:stop, 1]
        keep[start + int(heights.argmin())] = keep[start + int(heights.argmax())] = True
    return points[keep]


def simplified(points: Points, tolerance: float) -> Points:
    """Ramer, Douglas and Peucker's line: no left-out point lies farther from it than allowed."""
    keep = np.zeros(len(points), bool)
    keep[0] = keep[-1] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        between, start = points[first + 1 : last], points[first]
        way = points[last] - start
        away = between - start
        length2 = float(way @ way)
        along = np.clip(away @ way / length2, 0, 1) if length2 else np.zeros(len(between))
        distance2 = ((away - along[:, None] * way) ** 2).sum(1)
        farthest = int(distance2.argmax())
        if distance2[farthest] > tolerance**2:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[keep]
