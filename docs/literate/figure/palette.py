"""The style and place of an SVG element as short attributes, its colours as the page's."""

from __future__ import annotations

from xml.etree import ElementTree

from literate.figure import path as curve

Element = ElementTree.Element

INK, PAPER, GRID = "#000000", "#ffffff", "#d7dce2"
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
PAGE_COLOURS = {
    **{colour: f"var(--figure-{n},{colour})" for n, colour in enumerate(CYCLE, 1)},
    INK: "var(--figure-ink,#1f2328)",
    PAPER: "var(--figure-paper,#fff)",
    GRID: f"var(--figure-grid,{GRID})",
}
NEEDLESS = {
    ("stroke-linejoin", "round"),
    ("stroke-linecap", "butt"),
    ("text-anchor", "start"),
    ("fill-opacity", "1"),
    ("stroke-opacity", "1"),
}
"""What the root says for all, or what holds anyway."""


def style(element: Element) -> dict[str, str]:
    """The element's style, property by property."""
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def attributes(drawn: dict[str, str], literal: bool, faintest: int = 9) -> dict[str, str]:
    """A style as attributes; colours follow the page's palette unless they are literal.

    No grey is fainter than `faintest` tenths on the way from ink to paper.
    """
    result = {}
    if literal and "fill" not in drawn:
        result["fill"] = INK
    for name, value in drawn.items():
        if name in ("fill", "stroke") and not literal:
            result[name] = page_colour(value, faintest)
        elif name not in ("font-family", "font-size") and (name, value) not in NEEDLESS:
            result[name] = value
        elif name == "font-size":
            result[name] = f"{curve.number(float(value.removesuffix('px')), 1)}px"
    return result


def page_colour(value: str, faintest: int = 9) -> str:
    """The variable by which the page sets this colour, or the colour itself."""
    if value in PAGE_COLOURS:
        return PAGE_COLOURS[value]
    if len(value) == len("#rrggbb") and value[1:3] == value[3:5] == value[5:7]:
        tenths = min(round(int(value[1:3], 16) / 25.5), faintest)
        return f"var(--figure-grey-{tenths},{value})" if tenths else PAGE_COLOURS[INK]
    return value


def rounded(attributes: dict[str, str]) -> dict[str, str]:
    """The geometry of an element in short numbers, without its id and its style."""
    result = {}
    for name, value in attributes.items():
        if name in ("x", "y", "width", "height"):
            result[name] = curve.number(float(value))
        elif name == "fill":
            result[name] = page_colour(value)
        elif name not in ("id", "style", "transform", "clip-path"):
            result[name] = value
    return result


def transform(value: str) -> str:
    """The transformation in short numbers, without turns by nothing."""
    steps = []
    for step in value.split(")"):
        name, _, numbers = step.strip().partition("(")
        values = [float(number) for number in numbers.split()]
        if name and (name != "rotate" or values[0]):
            digits = 5 if name == "matrix" else 2
            steps.append(f"{name}({' '.join(curve.number(v, digits) for v in values)})")
    return " ".join(steps)
