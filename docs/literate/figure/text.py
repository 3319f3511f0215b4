"""The text of a figure as text that flows in the page's font."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from literate.figure import path as curve
from literate.figure.palette import (
    INK,
    PAGE_COLOURS,
    Element,
    attributes,
    rounded,
    style,
    transform,
)

ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How much of a text stands left of its anchor."""
LETTERS = dict(
    zip(
        ("\xa0", *map(chr, range(0xE154, 0xE17C)), *map(chr, range(0xE22D, 0xE247))),
        " 𝔸𝔹𝔼𝔽𝔾𝕀𝕁𝕂𝕃𝕄𝕆𝕊𝕋𝕌𝕍𝕎𝕏𝕐𝕒𝕓𝕔𝕗𝕘𝕙𝕜𝕝𝕞𝕟𝕠𝕡𝕢𝕣𝕤𝕥𝕦𝕧𝕨𝕩𝕪𝕫𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵",
        strict=True,
    )
)
"""Characters of matplotlib's own in formulas, and what they are in every font."""
LEGIBLE = 4
"""The faintest grey that a text may have, in tenths from ink to paper."""
SPACE = 0.12
"""The smallest gap in a formula, in units of its size, that is meant."""


def label(child: Element, literal: bool) -> Element:
    """A line of text without formula."""
    element = Element("text", rounded(child.attrib) | attributes(style(child), literal, LEGIBLE))
    element.text = child.text
    turn = transform(child.get("transform", ""))
    if turn:
        element.set("transform", turn)
    return element


@dataclass(frozen=True)
class Glyph:
    """One character of a formula where matplotlib puts it."""

    letter: str
    x: float
    y: float
    style: dict[str, str]

    @property
    def size(self) -> float:
        """The size of its font."""
        return float(self.style["font-size"].removesuffix("px"))

    @property
    def end(self) -> float:
        """Where matplotlib's font goes on after it."""
        family = self.style["font-family"].strip("'")
        slant = self.style.get("font-style", "normal")
        weight = int(self.style.get("font-weight", 400))
        font = get_font(findfont(FontProperties(family=family, style=slant, weight=weight)))
        font.set_size(self.size, 72)
        code = font.load_char(ord(self.letter), flags=LoadFlags.NO_HINTING)
        return self.x + code.linearHoriAdvance / 65536


def formula(group: Element, literal: bool) -> Element:
    """A formula of matplotlib's as text that flows in the page's font."""
    inner = group.find(".//g[@transform]")
    glyphs = [
        Glyph(span.text, float(span.get("x")), float(span.get("y")), drawn)
        for span in inner.iter("tspan")
        for drawn in [style(span)]
    ]
    largest = max(glyph.size for glyph in glyphs)
    lines = {glyph.y for glyph in glyphs if glyph.size == largest}
    place = attributes(style(inner), literal, LEGIBLE) | {
        "font-size": f"{curve.number(largest, 1)}px"
    }
    moves = transform(inner.get("transform"))
    rules = [rounded(rule.attrib) for rule in inner.iter("rect")]
    if len(lines) > 1 or rules:
        return stacked(glyphs, rules, largest, place | {"transform": moves})
    [line] = lines
    x, y = ANCHORS[group.get("class")] * max(glyph.end for glyph in glyphs), line
    if "rotate" in moves:
        place["transform"] = moves
    else:
        dx, dy = moves.removeprefix("translate(").removesuffix(")").split()
        x, y = x + float(dx), y + float(dy)
    place |= {"x": curve.number(x, 1), "y": curve.number(y, 1)}
    anchor = group.get("class")
    if anchor != "start":
        place["text-anchor"] = anchor
    text = Element("text", place)
    text.extend(flowing(reading_order(glyphs, line), line, largest))
    return text


def stacked(
    glyphs: list[Glyph], rules: list[dict[str, str]], largest: float, place: dict[str, str]
) -> Element:
    """A formula with fractions, roots or accents: each character stays where it is put."""
    group = Element("g", place)
    text = ElementTree.SubElement(group, "text")
    for glyph in glyphs:
        if glyph.letter == "\u221a":
            group.append(root_sign(glyph, rules, place.get("fill", PAGE_COLOURS[INK])))
        else:
            text.append(placed(glyph, largest))
    group.extend(Element("rect", rule) for rule in rules)
    return group


def root_sign(glyph: Glyph, rules: list[dict[str, str]], colour: str) -> Element:
    """A root sign drawn up to its bar, which no other font's sign would meet."""
    bar = min(rules, key=lambda rule: abs(float(rule["x"]) - glyph.end))
    right, top = float(bar["x"]), float(bar["y"]) + float(bar["height"]) / 2
    left, bottom = glyph.x + 0.1 * glyph.size, 0.1 * glyph.size
    wide, high = right - left, bottom - top
    points = [
        (left, bottom - 0.45 * high),
        (left + 0.25 * wide, bottom - 0.52 * high),
        (left + 0.55 * wide, bottom),
        (right, top),
    ]
    line = [curve.Segment("ML"[index > 0], (point,)) for index, point in enumerate(points)]
    look = {"fill": "none", "stroke-width": bar["height"]}
    return Element("path", look | {"stroke": colour, "d": curve.written(line)})


def placed(glyph: Glyph, largest: float) -> Element:
    """A character at its own place."""
    span = Element("tspan", {"x": curve.number(glyph.x), "y": curve.number(glyph.y)})
    span.attrib.update(font(glyph, largest))
    span.text = LETTERS.get(glyph.letter, glyph.letter)
    return span


def flowing(glyphs: list[Glyph], line: float, largest: float) -> Iterator[Element]:
    """The characters as few pieces of text, raised and lowered but not placed."""
    span, before = None, None
    for glyph in glyphs:
        gap = glyph.x - before.end if before else 0.0
        leap = abs(gap) > SPACE * largest
        if leap or not before or (glyph.y, glyph.style) != (before.y, before.style):
            if span is not None:
                yield span
            span = Element("tspan", font(glyph, largest))
            span.text = ""
            rise = glyph.y - (before.y if before else line)
            if leap:
                span.set("dx", curve.number(gap, 1))
            if rise:
                span.set("dy", curve.number(rise, 1))
        span.text += LETTERS.get(glyph.letter, glyph.letter)
        before = glyph
    yield span


def font(glyph: Glyph, largest: float) -> dict[str, str]:
    """How the character differs from the formula's upright, full-sized ones."""
    differing = {}
    if glyph.style.get("font-style", "normal") != "normal":
        differing["font-style"] = "italic"
    if "font-weight" in glyph.style:
        differing["font-weight"] = glyph.style["font-weight"]
    if glyph.size != largest:
        differing["font-size"] = f"{curve.number(glyph.size, 1)}px"
    return differing


def reading_order(glyphs: list[Glyph], line: float) -> list[Glyph]:
    """From left to right; where an index stands under an exponent, the exponent first."""
    result: list[Glyph] = []
    for raised, stretch in groupby(sorted(glyphs, key=lambda g: g.x), lambda g: g.y != line):
        scripts = list(stretch)
        stacked = any(one.end > other.x + 0.1 * one.size for one, other in pairwise(scripts))
        if raised and stacked:
            scripts.sort(key=lambda glyph: (glyph.y, glyph.x))
        result += scripts
    return result
