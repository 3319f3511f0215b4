"""The path data of an SVG: read, moved, thinned to what the eye can see, written short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]

ENOUGH = 300
"""A line of more points than this is thinned."""
UNSEEN = 0.12
"""How far, in points of 1/72 inch, a thinned line may pass from the drawn one."""
TOLERABLE = 0.5
"""How far a line of very many points may pass from the drawn one."""
ARITY = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}


@dataclass(frozen=True)
class Segment:
    """One absolute path command and its points."""

    command: str
    points: tuple[Point, ...]


def read(data: str) -> list[Segment]:
    """The segments of matplotlib's path data, which knows only absolute M, L, Q, C and z."""
    words = iter(data.split())
    segments = []
    for word in words:
        command = word.upper()
        points = tuple((float(next(words)), float(next(words))) for _ in range(ARITY[command]))
        segments.append(Segment(command, points))
    return segments


def moved(segments: list[Segment], dx: float, dy: float) -> list[Segment]:
    """The same shape elsewhere."""
    return [
        Segment(segment.command, tuple((x + dx, y + dy) for x, y in segment.points))
        for segment in segments
    ]


def bounds(segments: list[Segment]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all points."""
    points = [point for segment in segments for point in segment.points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def is_circle(segments: list[Segment]) -> bool:
    """Whether this is the circle that matplotlib draws: eight arcs, as wide as high."""
    if "".join(segment.command for segment in segments) != "MCCCCCCCCZ":
        return False
    left, top, right, bottom = bounds(segments)
    return abs((right - left) - (bottom - top)) < 0.01 * (right - left)


def thinned(segments: list[Segment]) -> list[Segment]:
    """The same lines with the points left out that nobody would see."""
    result: list[Segment] = []
    for line in pieces(segments):
        if len(line) > 2 and all(segment.command in "ML" for segment in line):
            points = thinned_line([segment.points[0] for segment in line])
            result.append(Segment("M", (points[0],)))
            result.extend(Segment("L", (point,)) for point in points[1:])
        else:
            result.extend(line)
    return result


def pieces(segments: list[Segment]) -> Iterator[list[Segment]]:
    """The path cut before each move and before each closing."""
    piece: list[Segment] = []
    for segment in segments:
        if piece and segment.command in "MZ":
            yield piece
            piece = []
        piece.append(segment)
    yield piece


def thinned_line(points: list[Point]) -> list[Point]:
    """At most about `ENOUGH` points; what remains of a noisy curve are its extremes."""
    kept = simplified(points, UNSEEN)
    if len(kept) <= ENOUGH:
        return kept
    if all(before[0] <= after[0] for before, after in pairwise(kept)):
        return extremes(points, ENOUGH // 2)
    return simplified(points, TOLERABLE)


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Ramer, Douglas and Peucker's line: no left-out point lies farther from it than allowed."""
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, farthest = tolerance**2, None
        for index in range(first + 1, last):
            distance = distance2(points[index], points[first], points[last])
            if distance > far:
                far, farthest = distance, index
        if farthest is not None:
            keep[farthest] = True
            spans += [(first, farthest), (farthest, last)]
    return [point for point, kept in zip(points, keep, strict=True) if kept]


def distance2(point: Point, start: Point, end: Point) -> float:
    """The squared distance of a point from the stretch between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x, y = point[0] - start[0], point[1] - start[1]
    length2 = dx * dx + dy * dy
    along = min(1.0, max(0.0, (x * dx + y * dy) / length2)) if length2 else 0.0
    return (x - along * dx) ** 2 + (y - along * dy) ** 2


def extremes(points: list[Point], columns: int) -> list[Point]:
    """The lowest and the highest point of each of many narrow columns, and both ends."""
    left, right = points[0][0], points[-1][0]
    width = (right - left) / columns or 1.0
    found: dict[int, tuple[int, int]] = {}
    for index, (x, y) in enumerate(points):
        column = int((x - left) / width)
        low, high = found.get(column, (index, index))
        found[column] = (
            index if y < points[low][1] else low,
            index if y > points[high][1] else high,
        )
    kept = {index for pair in found.values() for index in pair} | {0, len(points) - 1}
    return [points[index] for index in sorted(kept)]


def written(segments: list[Segment]) -> str:
    """Short path data: relative, rounded to where the next step still starts from what is drawn."""
    digits = 1 if len(segments) > 16 else 2
    unit = 10**digits
    x = y = start_x = start_y = 0
    letter, text = "", []

    def step(command: str, *numbers: int) -> None:
        nonlocal letter
        words = "".join(
            word if word.startswith("-") else f" {word}"
            for word in (number(value / unit, digits) for value in numbers)
        )
        follows = command == letter or (command == "l" and letter == "m")
        text.append(words if follows and command != "m" else command + words.removeprefix(" "))
        letter = command

    for segment in segments:
        at = [(round(px * unit), round(py * unit)) for px, py in segment.points]
        if segment.command == "Z":
            step("z")
            x, y = start_x, start_y
            continue
        to_x, to_y = at[-1]
        if segment.command == "M":
            if text:
                step("m", to_x - x, to_y - y)
            else:
                text.append(f"M{number(to_x / unit, digits)} {number(to_y / unit, digits)}")
                letter = "M"
            start_x, start_y = to_x, to_y
        elif segment.command == "L":
            if (to_x, to_y) == (x, y) and letter not in "Mm":
                continue
            if to_y == y:
                step("h", to_x - x)
            elif to_x == x:
                step("v", to_y - y)
            else:
                step("l", to_x - x, to_y - y)
        else:
            step(segment.command.lower(), *(n for px, py in at for n in (px - x, py - y)))
        x, y = to_x, to_y
    return "".join(text)


def number(value: float, digits: int = 2) -> str:
    """The number in as few characters as SVG needs."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
