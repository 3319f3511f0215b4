"""Drawings -> the SVG of a page or of a file, in the page's words, alone or as a sweep."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sin

from literate.figure import palette
from literate.figure.drawing import (
    Drawing,
    Formula,
    Line,
    Text,
    marked,
    settled,
    split_at_formulas,
)

SCREEN = 1.3
"""The widest that a figure is shown: CSS pixels for each of its points."""
LEAST = 10
"""The smallest that a label may become, in CSS pixels, before its figure scrolls."""
ANCHORS = {0.0: "", 0.5: "middle", 1.0: "end"}
NARROW, WIDE = 0.62, 1.0
"""About how wide a letter is, in units of its size: Latin, Chinese."""
CONDENSED = 0.75
"""How narrow letters may be pressed before they are made smaller instead."""
LINE_SPACING = 1.2
"""How far the lines of a text stand apart, in units of its size, as matplotlib has it."""
LITERAL = "literal"
"""The class of a drawing that needs a light ground, whatever the palette."""

Word = Callable[[str], str]


def kept(text: str) -> str:
    """The text as it is."""
    return text


def figure(
    drawing: Drawing, prefix: str, word: Word = kept, literal: bool = False, page: bool = True
) -> str:
    """One figure as `<svg>`, its ids beginning with `prefix`.

    `word` says what a text is on this page; `literal` keeps the light palette's colours. What is
    not for a `page` has plain colours and can be a file of its own.
    """
    parts = [markup(part, word) for part in drawing.parts]
    return finished([drawing], parts, prefix, literal, page)


def sweep(
    drawings: Sequence[Drawing],
    prefix: str,
    word: Word = kept,
    start: int = 0,
    literal: bool = False,
) -> str:
    """Several figures as one `<svg>`: what they share once, the rest in a group for each frame.

    The groups have the class `frame` and their number in `data-frame`; `start` is the one shown.
    Raises a `ValueError` when the figures differ in size.
    """
    sizes = dict.fromkeys(
        f"{palette_number(d.width)} x {palette_number(d.height)}" for d in drawings
    )
    if len(sizes) > 1:
        raise ValueError(f"The frames of a sweep differ in size: {', '.join(sizes)} points.")
    frames = [[markup(part, word) for part in drawing.parts] for drawing in drawings]
    return finished(drawings, list(merged(frames, start)), prefix, literal, page=True)


def palette_number(value: float) -> str:
    """The number with as few digits as it needs."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


# Sweeps


@dataclass(frozen=True)
class Knobs:
    """The sliders of a sweep: what each can be set to, and the frame of each combination."""

    values: list[list[str]]
    frames: dict[tuple[int, ...], int]


def knobs(labels: Sequence[str], count: int) -> Knobs:
    """The `count` sliders of frames with such labels, each of as many values, as "0.9, 0.05".

    Raises a `ValueError` when the labels are no such grid.
    """
    if count == 1:
        rows = [(label,) for label in labels]
    else:
        rows = [tuple(part.strip() for part in label.split(",")) for label in labels]
    for label, row in zip(labels, rows, strict=True):
        if len(row) != count:
            raise ValueError(f"the frame {label!r} does not name {count} values, as in '0.9, 0.05'")
    values = [list(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    frames = {
        tuple(column.index(part) for column, part in zip(values, row, strict=True)): number
        for number, row in enumerate(rows)
    }
    whole = 1
    for column in values:
        whole *= len(column)
    if len(frames) < len(labels):
        raise ValueError("two frames of the sweep have the same label")
    if len(frames) < whole:
        raise ValueError(f"the sweep has {len(frames)} frames; its knobs ask for {whole}")
    return Knobs(values, frames)


def merged(frames: Sequence[Sequence[str]], start: int) -> Iterator[str]:
    """The shared parts in order and between them, a group for each frame, its own."""
    numbered = [list(occurrences(frame)) for frame in frames]
    shared = numbered[0]
    for other in numbered[1:]:
        shared = common(shared, other)
    at = [0] * len(frames)
    for stop in (*shared, None):
        for number, (frame, places) in enumerate(zip(frames, numbered, strict=True)):
            end = places.index(stop, at[number]) if stop is not None else len(places)
            if end > at[number]:
                hidden = "" if number == start else ' display="none"'
                own = "".join(frame[at[number] : end])
                yield f'<g class="frame" data-frame="{number}"{hidden}>{own}</g>'
            at[number] = end + 1
        if stop is not None:
            yield stop[0]


def occurrences(parts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each part with how often it has come before: equal parts of a frame are all kept."""
    seen: Counter[str] = Counter()
    for part in parts:
        yield part, seen[part]
        seen[part] += 1


def common(first: Sequence[tuple[str, int]], second: Sequence[tuple[str, int]]) -> list:
    """The longest list of what stands in both, in the order of both."""
    place = {item: number for number, item in enumerate(second)}
    pairs = [(item, place[item]) for item in first if item in place]
    tails: list[int] = []
    rows: list[int] = []
    before: list[int | None] = []
    for number, (_, at) in enumerate(pairs):
        row = bisect_left(tails, at)
        before.append(rows[row - 1] if row else None)
        if row == len(tails):
            tails.append(at)
            rows.append(number)
        else:
            tails[row], rows[row] = at, number
    chain, number = [], rows[-1] if rows else None
    while number is not None:
        chain.append(pairs[number][0])
        number = before[number]
    return chain[::-1]


# Words


def markup(part: str | Text, word: Word) -> str:
    """A part in the page's words, its colours and ids still open."""
    if isinstance(part, str):
        return part
    result = "".join(line_markup(part, line) for line in spoken(part, word))
    if part.clip:
        result = f'<g clip-path="url(#{part.clip})">{result}</g>'
    if part.link:
        result = f'<a {marked("href")}="{escape(part.link)}" target="_blank">{result}</a>'
    return result


def spoken(text: Text, word: Word) -> list[Line]:
    """The lines of a text in the page's words."""
    said = word(text.source)
    if said == text.source or not text.lines:
        return text.lines
    formulas = {
        piece.source: piece
        for line in text.lines
        for piece in line.pieces
        if isinstance(piece, Formula)
    }
    new = said.split("\n")
    first, last, count = text.lines[0], text.lines[-1], len(text.lines)
    if count > 1:
        down = (last.x - first.x) / (count - 1), (last.y - first.y) / (count - 1)
        before = max(0, count - len(new)) / 2
    else:
        turn, step = radians(text.angle), LINE_SPACING * text.size
        down = step * sin(turn), step * cos(turn)
        before = (1 - len(new)) / 2
    result = []
    for number, line in enumerate(new):
        x = first.x + down[0] * (number + before)
        y = first.y + down[1] * (number + before)
        result.append(Line(round(x, 2), round(y, 2), list(pieces(line, formulas))))
    return result


def pieces(line: str, formulas: dict[str, Formula]) -> Iterator[str | Formula]:
    """A line of the page's words; its formulas are those of the figure."""
    for number, part in enumerate(split_at_formulas(line)):
        if number % 2 == 0:
            if part:
                yield part
        elif f"${part}$" in formulas:
            yield formulas[f"${part}$"]
        else:
            raise ValueError(f"{line!r} has the formula ${part}$, which the figure has not")


def line_markup(text: Text, line: Line) -> str:
    """One line of a text as markup."""
    size, squeeze = fitted(text, line)
    look = text.look + (f' font-size="{palette_number(size)}px"')
    x, y = f"{line.x:.1f}", f"{line.y:.1f}"
    x, y = x.removesuffix(".0"), y.removesuffix(".0")
    turn = f"rotate({palette_number(-text.angle % 360)} {x} {y})" if text.angle else ""
    if any(isinstance(piece, Formula) and piece.placed for piece in line.pieces):
        return placed(text, line, look, f"translate({x} {y})", size)
    look += f' text-anchor="{ANCHORS[text.anchor]}"' if text.anchor else ""
    look += f' transform="{turn}"' if turn else ""
    look += squeeze
    content, rise = "", 0.0
    for piece in line.pieces:
        said = piece.markup if isinstance(piece, Formula) else escape(piece)
        if rise:
            said = f'<tspan dy="{palette_number(-rise)}">{said}</tspan>'
        rise = piece.rise if isinstance(piece, Formula) else 0.0
        content += said
    said = "".join(piece for piece in line.pieces if isinstance(piece, str))
    return f'<text{look}{spaced(said)} x="{x}" y="{y}">{content}</text>'


def spaced(text: str) -> str:
    """What keeps spaces that SVG would leave out."""
    return ' xml:space="preserve"' if "  " in text or text != text.strip() else ""


def placed(text: Text, line: Line, look: str, place: str, size: float) -> str:
    """A line with a formula that cannot flow: each piece where the one before it ends."""
    widths = line.widths or [width(piece, size) for piece in line.pieces]
    at = -text.anchor * sum(widths)
    content = ""
    for piece, wide in zip(line.pieces, widths, strict=True):
        if isinstance(piece, str):
            content += f'<text x="{palette_number(at)}"{spaced(piece)}>{escape(piece)}</text>'
        elif piece.placed:
            content += f'<g transform="translate({palette_number(at)})">{piece.markup}</g>'
        else:
            content += f'<text x="{palette_number(at)}">{piece.markup}</text>'
        at += wide
    turn = f" rotate({palette_number(-text.angle % 360)})" if text.angle else ""
    return f'<g{look} transform="{place}{turn}">{content}</g>'


def fitted(text: Text, line: Line) -> tuple[float, str]:
    """The size of a line's letters, and what presses them together, so that it has room."""
    reach = sum(width(piece, text.size) for piece in line.pieces)
    if line in text.lines or reach <= text.room or not reach:
        return text.size, ""
    share = text.room / reach
    if share < CONDENSED:
        return text.size * share, ""
    return text.size, f' textLength="{palette_number(text.room)}" lengthAdjust="spacingAndGlyphs"'


def width(piece: str | Formula, size: float) -> float:
    """About how long a piece is, in points."""
    if isinstance(piece, Formula):
        return piece.width
    return size * sum(
        WIDE if unicodedata.east_asian_width(letter) in "WF" else NARROW for letter in piece
    )


# The whole


def finished(
    drawings: Sequence[Drawing], parts: list[str], prefix: str, literal: bool, page: bool
) -> str:
    """The `<svg>`: its size, what all share, what is referred to, what is seen."""
    drawing = drawings[0]
    light = literal or any(drawing.literal for drawing in drawings)
    follows = page and not light
    definitions: dict[str, str] = {}
    for one in drawings:
        definitions |= one.definitions
    names: dict[str, str] = {}

    def settle(name: str) -> str:
        if name.startswith("#") and name[1:] in definitions:
            return names.setdefault(name[1:], f"{prefix}-{len(names) + 1}")
        if name == "href":
            # Material's instant navigation sets `href` on every element that has one, which SVG
            # forbids.
            return "xlink:href" if page else "href"
        return palette.paint(name, follows)

    seen = settled("".join(parts), settle)
    written: dict[str, str] = {}
    while len(written) < len(names):  # a clip may itself be clipped
        for name in list(names):
            if name not in written:
                written[name] = settled(definitions[name], settle)
    shelf = "".join(written.values())  # clips and patterns, which are drawn only where referred to
    sizes = Counter(part.size for one in drawings for part in one.parts if isinstance(part, Text))
    smallest = min(sizes, default=LEAST)
    common_size = f"{palette_number(sizes.most_common(1)[0][0])}px" if sizes else ""
    if common_size:
        seen = seen.replace(f' font-size="{common_size}" ', " ")
    width, height = palette_number(drawing.width), palette_number(drawing.height)
    widest = drawing.width * SCREEN
    least = min(widest, drawing.width * LEAST / max(smallest, 1))
    root = f'<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    if page and "xlink:href" in seen:
        root += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    if page:
        root += f' style="max-width:{widest:.0f}px;min-width:{least:.0f}px"'
    else:
        root += f' width="{width}pt" height="{height}pt" font-family="DejaVu Sans,sans-serif"'
    root += f' class="{LITERAL}"' if light and page else ""
    root += f' fill="{palette.paint("ink", follows)}" stroke-linejoin="round"'
    root += f' font-size="{common_size}"' if common_size else ""
    return f"{root}>{shelf}{seen}</svg>"
