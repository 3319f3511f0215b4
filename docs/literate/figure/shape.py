"""The things that a raw figure shows, out of their groups, each as short as it can be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from literate.figure import path as curve
from literate.figure.palette import INK, Element, attributes, rounded, style, transform
from literate.figure.text import ANCHORS, formula, label

LITERAL = "literal"
"""The id of what keeps its colours: colour maps and what lies on them."""
XLINK = "{http://www.w3.org/1999/xlink}href"


@dataclass
class Shape:
    """Something that a figure shows: an element, and its outline when it is a path."""

    element: Element
    outline: list[curve.Segment] = field(default_factory=list)

    def finished(self) -> Element:
        """The element with its outline written into it."""
        if self.outline:
            self.element.set("d", curve.written(curve.thinned(self.outline)))
        return self.element


def definitions(root: Element) -> dict[str, Element]:
    """The clips and hatches of a raw figure, by their ids."""
    defined = {}
    for kind in ("clipPath", "pattern"):
        for element in root.iter(kind):
            copy = Element(kind, rounded(element.attrib))
            copy.extend(shape.finished() for shape in shapes(element, {}, "", literal=False))
            defined[element.get("id")] = copy
    return defined


def shown(root: Element) -> list[Element]:
    """What a raw figure shows, in order, neighbours of one style joined."""
    markers = {path.get("id"): path for path in root.iter("path") if path.get("id")}
    return [shape.finished() for shape in joined(shapes(root, markers, "", literal=False))]


def joined(shapes: Iterable[Shape]) -> list[Shape]:
    """The shapes with opaque neighbours of the same style made one path."""
    result: list[Shape] = []
    for shape in shapes:
        last = result[-1] if result else None
        if last and last.outline and shape.outline and same_style(last.element, shape.element):
            last.outline.extend(shape.outline)
        else:
            result.append(shape)
    return result


def same_style(one: Element, other: Element) -> bool:
    """Whether two paths look alike and their overlap does not matter."""
    return one.attrib == other.attrib and not any("opacity" in key for key in one.attrib)


def shapes(
    parent: Element, markers: dict[str, Element], clip: str, literal: bool
) -> Iterator[Shape]:
    """The visible things in an element, one after the other, out of their groups."""
    for child in parent:
        inside = child.get("clip-path", clip)
        if child.tag == "g":
            keeps = literal or child.get("id") == LITERAL
            if child.get("class") in ANCHORS and child.find(".//tspan") is not None:
                yield Shape(
                    clipped(
                        formula(child, keeps),
                        child.find(".//g[@transform]/..").get("clip-path", ""),
                    )
                )
            elif child.get("id", "").startswith("matplotlib.axis"):
                yield from by_style(shapes(child, markers, inside, keeps))
            else:
                yield from shapes(child, markers, inside, keeps)
        elif child.tag in ("path", "use", "rect"):
            yield from visible(child, markers, inside, literal)
        elif child.tag == "image":
            yield Shape(clipped(image(child), inside))
        elif child.tag == "text":
            yield Shape(clipped(label(child, literal), inside))


def by_style(shapes: Iterable[Shape]) -> list[Shape]:
    """The grid and ticks of an axis sorted so that those of one style can be joined."""
    shapes = list(shapes)
    order = list(dict.fromkeys(tuple(shape.element.items()) for shape in shapes if shape.outline))
    lines = [shape for shape in shapes if shape.outline]
    lines.sort(key=lambda shape: order.index(tuple(shape.element.items())))
    return lines + [shape for shape in shapes if not shape.outline]


def visible(
    child: Element, markers: dict[str, Element], clip: str, literal: bool
) -> Iterator[Shape]:
    """A path, a marker in its place or a rectangle, unless nothing of it is to be seen."""
    drawn = style(child)
    if child.tag == "rect":
        element = Element("rect", rounded(child.attrib))
        outline = []
    else:
        marker = markers[child.get(XLINK)[1:]] if child.tag == "use" else child
        drawn |= style(marker)
        element = Element("path")
        outline = curve.read(marker.get("d", ""))
        if child.tag == "use":
            outline = curve.moved(outline, float(child.get("x", 0)), float(child.get("y", 0)))
        if curve.is_circle(outline) and drawn.get("stroke", drawn.get("fill")) == drawn.get("fill"):
            drawn, outline = dot(drawn, outline)
    if drawn.get("fill") == "none" and "stroke" not in drawn:
        return
    if clip:
        element.set("clip-path", clip)
    if "transform" in child.attrib:
        element.set("transform", transform(child.get("transform")))
    element.attrib.update(attributes(drawn, literal))
    yield Shape(element, outline)


def dot(
    drawn: dict[str, str], outline: list[curve.Segment]
) -> tuple[dict[str, str], list[curve.Segment]]:
    """A disc as the round end of a line without length: a tenth of the bytes."""
    left, top, right, bottom = curve.bounds(outline)
    width = right - left + (float(drawn.get("stroke-width", 1)) if "stroke" in drawn else 0)
    centre = ((left + right) / 2, (top + bottom) / 2)
    seen = {key: value for key, value in drawn.items() if key == "opacity"}
    seen |= {
        "fill": "none",
        "stroke": drawn.get("fill", INK),
        "stroke-width": curve.number(width),
        "stroke-linecap": "round",
    }
    if "fill-opacity" in drawn:
        seen["stroke-opacity"] = drawn["fill-opacity"]
    return seen, [curve.Segment("M", (centre,)), curve.Segment("L", (centre,))]


def clipped(element: Element, clip: str) -> Element:
    """The element in a group that clips it: its own transformation would move the clip too."""
    if not clip:
        return element
    group = Element("g", {"clip-path": clip})
    group.append(element)
    return group


def image(child: Element) -> Element:
    """A picture, as matplotlib embeds it."""
    element = Element("image", rounded(child.attrib))
    element.set("href", "".join(element.attrib.pop(XLINK).split()))
    element.set("transform", transform(child.get("transform", "")))
    if "style" in child.attrib:
        element.set("style", "image-rendering:pixelated")
    return element
