"""A line of text -> pieces that flow in the page's font; what cannot flow, as shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from matplotlib.font_manager import (
    FontProperties,
    findfont,
    get_font,
    ttfFontProperty,
    weight_dict,
)
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D

from literate.figure.drawing import Formula, split_at_formulas
from literate.figure.path import number, written

LETTERS = dict(
    zip(
        ("\xa0", *map(chr, range(0xE154, 0xE17C)), *map(chr, range(0xE22D, 0xE247))),
        " 𝔸𝔹𝔼𝔽𝔾𝕀𝕁𝕂𝕃𝕄𝕆𝕊𝕋𝕌𝕍𝕎𝕏𝕐𝕒𝕓𝕔𝕗𝕘𝕙𝕜𝕝𝕞𝕟𝕠𝕡𝕢𝕣𝕤𝕥𝕦𝕧𝕨𝕩𝕪𝕫𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵",
        strict=True,
    )
)
"""Characters of matplotlib's own in formulas, and what they are in every font."""
GENERIC = {"serif", "monospace", "cursive", "fantasy"}
PAGE_FONT = "DejaVu Sans"
"""matplotlib's own font, for which the page has its own."""
ROOT = "\u221a"
SPACE = 0.12
"""The smallest gap in a formula, in units of its size, that is meant."""


def family(prop: FontProperties) -> str:
    """The CSS font family of a text; empty where it is the page's own."""
    asked = prop.get_family()
    found = get_font(findfont(prop)).family_name
    if found == PAGE_FONT:
        # Where a font is missing, matplotlib has taken its own; a reader may have it.
        named = [name for name in asked if name in GENERIC]
        return named[0] if named else ""
    generic = next((name for name in asked if name in GENERIC), "")
    if not generic:
        low = found.lower()
        generic = "monospace" if "mono" in low else "serif" if "serif" in low else "sans-serif"
    return f"'{found}',{generic}" if "'" not in found else generic


def font_look(prop: FontProperties, math: bool) -> dict[str, str]:
    """Attributes that say a text's font; a formula's letters have neither weight nor family."""
    look = {}
    if math:
        return look
    if name := family(prop):
        look["font-family"] = name
    if prop.get_style() != "normal":
        look["font-style"] = prop.get_style()
    if prop.get_variant() != "normal":
        look["font-variant"] = prop.get_variant()
    weight = prop.get_weight()
    weight = weight_dict.get(weight, weight) if isinstance(weight, str) else weight
    if weight != 400:
        look["font-weight"] = f"{weight}"
    return look


def pieces(line: str, math: bool, prop: FontProperties, shapes: TextToPath) -> list[str | Formula]:
    """A line as words and formulas."""
    if not math:
        return [line]
    result: list[str | Formula] = []
    for index, part in enumerate(split_at_formulas(line)):
        if index % 2:
            result.append(formula(f"${part}$", prop, shapes))
        elif part:
            result.append(part)
    return result


@dataclass(frozen=True)
class Glyph:
    """One character of a formula where matplotlib puts it, in points, y downwards."""

    font: FT2Font
    size: float
    code: int
    index: Any
    x: float
    y: float

    @property
    def letter(self) -> str:
        """The character in any font; empty where it stands only in matplotlib's."""
        letter = chr(self.code)
        if letter in LETTERS:
            return LETTERS[letter]
        private = letter == ROOT or "\ue000" <= letter <= "\uf8ff"
        if private or self.look["family"] != PAGE_FONT:
            return ""
        return "\xa0" if letter == " " else letter

    @property
    def look(self) -> dict[str, Any]:
        """Family, slant and weight of its font."""
        entry = ttfFontProperty(self.font)
        return {"family": entry.name, "style": entry.style, "weight": entry.weight}

    @property
    def end(self) -> float:
        """Where matplotlib's font goes on after it."""
        self.font.set_size(self.size, 72)
        glyph = self.font.load_glyph(self.index, flags=LoadFlags.NO_HINTING)
        return self.x + glyph.linearHoriAdvance / 65536


def formula(source: str, prop: FontProperties, shapes: TextToPath) -> Formula:
    """A formula, its left end at 0 on its line."""
    parsed = shapes.mathtext_parser.parse(source, 72, prop)
    glyphs = [
        Glyph(font, size, code, index, float(x), -float(y))
        for font, size, code, index, x, y in parsed.glyphs
    ]
    rules = [(float(x), float(y), float(w), float(h)) for x, y, w, h in parsed.rects]
    size = prop.get_size_in_points()
    largest = max((glyph.size for glyph in glyphs), default=size)
    lines = {glyph.y for glyph in glyphs if glyph.size == largest}
    if len(lines) < 2 and not rules and all(glyph.letter for glyph in glyphs):
        # matplotlib rounds the heights of a formula up, and moves it by what that makes.
        moved = next((y for y in lines if abs(y) <= 1), 0.0)
        ordered = reading_order([replace(glyph, y=glyph.y - moved) for glyph in glyphs], 0.0)
        rise = ordered[-1].y if ordered else 0.0
        return Formula(source, "".join(flowing(ordered, size)), float(parsed.width), rise)
    return Formula(source, placed(glyphs, rules, size), float(parsed.width), placed=True)


def placed(glyphs: list[Glyph], rules: list[tuple[float, float, float, float]], size: float) -> str:
    """A formula with fractions, roots or accents: each character stays where it is put."""
    letters = [glyph for glyph in glyphs if glyph.letter]
    spans = "".join(
        span(glyph, size, f' x="{number(glyph.x)}" y="{number(glyph.y)}"', escape(glyph.letter))
        for glyph in letters
    )
    markup = f"<text>{spans}</text>" if letters else ""
    markup += "".join(outline(glyph) for glyph in glyphs if not glyph.letter)
    for x, y, width, height in rules:
        markup += (
            f'<rect x="{number(x)}" y="{number(-y - height)}" '
            f'width="{number(width)}" height="{number(height)}"/>'
        )
    return markup


def outline(glyph: Glyph) -> str:
    """A character that only matplotlib's fonts have, as a shape."""
    glyph.font.set_size(glyph.size, 72)
    glyph.font.load_glyph(glyph.index, flags=LoadFlags.NO_HINTING)
    vertices, codes = glyph.font.get_path()
    if not len(vertices):
        return ""
    place = Affine2D().scale(1, -1).translate(glyph.x, glyph.y)
    path = Path(np.asarray(vertices), codes).cleaned(place, curves=True)
    x, y, rest = written(path)
    return f'<path d="M{number(x)} {number(y)}{rest}"/>'


def span(glyph: Glyph, size: float, place: str, text: str) -> str:
    """Characters of one look."""
    look = place
    if glyph.look["style"] != "normal":
        look += ' font-style="italic"'
    if glyph.look["weight"] != 400:
        look += f' font-weight="{glyph.look["weight"]}"'
    if abs(glyph.size - size) > 0.05:
        look += f' font-size="{number(glyph.size, 1)}px"'
    return f"<tspan{look}>{text}</tspan>" if look else text


def flowing(glyphs: list[Glyph], size: float) -> Iterator[str]:
    """The characters as few pieces of text, raised and lowered but not placed."""
    before: Glyph | None = None
    text, place, first = "", "", None
    for glyph in glyphs:
        gap = glyph.x - before.end if before else 0.0
        leap = abs(gap) > SPACE * size
        alike = before is not None and (glyph.y, glyph.size, glyph.look) == (
            before.y,
            before.size,
            before.look,
        )
        if leap or not alike:
            if first is not None:
                yield span(first, size, place, escape(text))
            rise = glyph.y - (before.y if before else 0.0)
            place = f' dx="{number(gap, 1)}"' if leap else ""
            place += f' dy="{number(rise, 1)}"' if round(rise, 1) else ""
            text, first = "", glyph
        text += glyph.letter
        before = glyph
    if first is not None:
        yield span(first, size, place, escape(text))


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
