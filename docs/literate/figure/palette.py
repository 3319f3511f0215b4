"""The colours of a figure in the page's two palettes, and whether a text can be read on another.

A colour is written as one word: the name of a variable of the page ("ink", "3"), a colour
("#ffcc00"), or two, the second for the dark palette ("#000080/#9a9aff").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

Rgb = tuple[float, float, float]

TEXT, LINE = 4.5, 3.0
"""The least contrast of a text and of a line with what lies beneath it."""
CYCLE = (
    "#0072c6",
    "#be4d00",
    "#0b5d3b",
    "#8f1a7e",
    "#695800",
    "#3f2aa0",
    "#247f91",
    "#b84f66",
)
"""Eight colours that stay apart for the colour-blind; the page has its own eight for the dark."""
CYCLE_IN_THE_DARK = (
    "#4ba3ff",
    "#f28e2b",
    "#93f0b5",
    "#cf86c0",
    "#f5d57f",
    "#c4a9fe",
    "#4fe3f2",
    "#f26565",
)
INKS, PAPERS = ("#23272f", "#e5e0d6"), ("#fcfaf5", "#15181d")
"""Ink and paper of the page in the light and in the dark, as `site.css` has them."""
SHARES = (100, 88, 80, 72, 66, 56, 44, 34, 24, 14)
"""How much ink, in hundredths, is in the grey of each tenth from ink to paper."""
BLACK, WHITE, GRID = "#000000", "#ffffff", "#d7dce2"
FALLBACK = {"ink": "#1f2328", "paper": "#fff", "grid": GRID}
"""What stands for a variable where no page sets it."""
GREYEST_TEXT = 4
"""The faintest grey that a text may have, in tenths from ink to paper."""


def rgb(colour: str) -> Rgb:
    """Red, green and blue, from 0 to 1, of a colour as `#rrggbb`."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def hexed(colour: Sequence[float]) -> str:
    """Red, green and blue, from 0 to 1, as `#rrggbb`."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in colour[:3])


def mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour and the rest of another."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return hexed([share * a + (1 - share) * b for a, b in pairs])


VARIABLES: dict[str, tuple[str, str]] = {
    "ink": INKS,
    "paper": PAPERS,
    "grid": (mixed(INKS[0], PAPERS[0], 0.11), mixed(INKS[1], PAPERS[1], 0.11)),
    **{
        f"grey-{tenth}": (
            mixed(INKS[0], PAPERS[0], share / 100),
            mixed(INKS[1], PAPERS[1], share / 100),
        )
        for tenth, share in enumerate(SHARES)
        if tenth
    },
    **{str(n): pair for n, pair in enumerate(zip(CYCLE, CYCLE_IN_THE_DARK, strict=True), 1)},
}
"""The page's variables and their colours in the light and in the dark."""
NAMES = {BLACK: "ink", WHITE: "paper", GRID: "grid"} | {
    colour: str(number) for number, colour in enumerate(CYCLE, 1)
}


@lru_cache(maxsize=4096)
def shades(colour: str) -> tuple[str, str]:
    """A colour in the light and in the dark."""
    if colour in VARIABLES:
        return VARIABLES[colour]
    light, _, dark = colour.partition("/")
    return light, dark or light


def named(colour: str) -> str:
    """The page's name for a colour of matplotlib's, or the colour itself."""
    if colour in NAMES:
        return NAMES[colour]
    if colour[1:3] == colour[3:5] == colour[5:7]:
        tenth = round(int(colour[1:3], 16) / 25.5)
        return f"grey-{min(tenth, 9)}" if tenth else "ink"
    return colour


def paint(colour: str, page: bool = True) -> str:
    """A colour as SVG has it: following the page's palette, or as in the light."""
    fallback = FALLBACK.get(colour)
    if fallback is None and colour in VARIABLES:
        fallback = CYCLE[int(colour) - 1] if colour.isdecimal() else grey(colour)
    if fallback is not None:
        return f"var(--figure-{colour},{fallback})" if page else fallback
    light, dark = shades(colour)
    if light == dark or not page:
        return light
    return f"color-mix(in srgb,{dark} var(--figure-dark,0%),{light})"


def in_the_light(painted: str) -> str:
    """What `paint` wrote for a page, as it would be in the light; other text as it is."""
    if painted.startswith(("var(--figure-", "color-mix(")):
        return painted.rpartition(",")[2].removesuffix(")")
    return painted


def grey(name: str) -> str:
    """The neutral grey that a name stands for."""
    return hexed([int(name.removeprefix("grey-")) / 10] * 3)


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1, as WCAG 2 counts it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2 counts it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def distinct(colour: str, grounds: Sequence[str], least: float) -> str:
    """The colour, as much lighter or darker as it must be to stand out from all grounds."""
    if not grounds or worst(colour, grounds) >= least:
        return colour
    for step in range(1, 20):
        for end in (WHITE, BLACK):
            candidate = mixed(end, colour, step / 20)
            if worst(candidate, grounds) >= least:
                return candidate
    return max((WHITE, BLACK), key=lambda end: worst(end, grounds))


def worst(colour: str, grounds: Sequence[str]) -> float:
    """The least contrast of a colour with several."""
    return min(contrast(colour, ground) for ground in grounds)


def legible(colour: str, grounds: Sequence[tuple[str, str]], least: float = TEXT) -> str:
    """A colour that stands out from what lies beneath it, in the light and in the dark."""
    light, dark = shades(colour)
    in_light = distinct(light, [ground for ground, _ in grounds], least)
    in_dark = distinct(dark, [ground for _, ground in grounds], least)
    if (in_light, in_dark) == (light, dark):
        return colour
    return in_light if in_light == in_dark else f"{in_light}/{in_dark}"
