"""A matplotlib figure as inline SVG: its text is text, its colours follow the page's palette."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any
from xml.etree import ElementTree

from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.image import AxesImage
from matplotlib.text import Text

from literate import curve

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
DASHES = (
    "-",
    (0, (6, 2)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (1.2, 1.6)),
    (0, (10, 2.5)),
    (0, (4, 1.2)),
    (0, (7, 1.5, 1, 1.5, 1, 1.5)),
    (0, (2.5, 1.2)),
)
STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "literate",
    "svg.image_inline": True,
    "figure.figsize": (6.4, 3.6),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "figure.edgecolor": "none",
    "figure.max_open_warning": 0,
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.prop_cycle": cycler(color=CYCLE) + cycler(linestyle=DASHES),
    "contour.linewidth": 1.0,
    "font.size": 11,
    "legend.facecolor": PAPER,
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "legend.fontsize": 10,
    "legend.handlelength": 2.6,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "image.interpolation": "none",
    "image.composite_image": False,
}
"""How figures look when their code says nothing."""

PAGE_COLOURS = {
    **{colour: f"var(--figure-{n},{colour})" for n, colour in enumerate(CYCLE, 1)},
    INK: "var(--figure-ink,#1f2328)",
    PAPER: "var(--figure-paper,#fff)",
    GRID: f"var(--figure-grid,{GRID})",
}
LITERAL = "literal"
"""The id of what keeps its colours: colour maps and what lies on them."""
RASTER_DPI = 144
FEW = 4
"""From so many on, paths of one style are put into a group."""
MANY_CELLS = 400
"""A colour mesh of more cells goes into the SVG as an image."""
SCREEN = 1.4
"""The widest that a figure is shown: CSS pixels for each of its points."""
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
SPACE = 0.12
"""The smallest gap in a formula, in units of its size, that is meant."""
XLINK = "{http://www.w3.org/1999/xlink}href"
NEEDLESS = {
    ("stroke-linejoin", "round"),
    ("stroke-linecap", "butt"),
    ("text-anchor", "start"),
    ("fill-opacity", "1"),
    ("stroke-opacity", "1"),
}
"""What the root says for all, or what holds anyway."""


# Drawing


class Renderer(RendererSVG):
    """matplotlib's SVG renderer, which notes to which side of its anchor a formula extends."""

    def draw_text(  # noqa: PLR0913, PLR0917
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw `s` in a group that names the side, for `flowing` to read."""
        anchor = "start"
        if mtext and (angle == 0 or mtext.get_rotation_mode() == "anchor"):
            anchor = {"left": "start", "center": "middle", "right": "end"}[mtext.get_ha()]
        self.writer.start("g", **{"class": anchor})
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        self.writer.end("g")


def draw(figure: Figure) -> str:
    """The figure as raw SVG, not cropped, the same bytes each time."""
    keep_literal_colours(figure)
    width, height = figure.get_size_inches()
    figure.dpi = 72
    text = io.StringIO()
    vector = Renderer(width * 72, height * 72, text, image_dpi=RASTER_DPI, metadata={"Date": None})
    renderer = MixedModeRenderer(figure, width, height, RASTER_DPI, vector)
    figure.draw(renderer)
    renderer.finalize()
    return text.getvalue()


def keep_literal_colours(figure: Figure) -> None:
    """Mark what must look alike on a light and a dark page, since a colour map is in it."""
    for artist in figure.findobj(lambda artist: isinstance(artist, ScalarMappable)):
        if is_mapped(artist):
            artist.set_gid(LITERAL)
        if isinstance(artist, QuadMesh) and artist.get_array().size > MANY_CELLS:
            artist.set_rasterized(True)
    for axes in figure.axes:
        if has_field(axes):
            notes = [text.arrow_patch for text in axes.texts if hasattr(text, "arrow_patch")]
            for artist in (*axes.get_children(), *notes):
                if artist and artist not in {*axes.spines.values(), axes.xaxis, axes.yaxis}:
                    artist.set_gid(LITERAL)
            for title in (axes.title, axes._left_title, axes._right_title, axes.patch):
                title.set_gid(None)


def is_mapped(artist: ScalarMappable) -> bool:
    """Whether the artist's colours come from a colour map rather than from its code."""
    if isinstance(artist, ContourSet):
        return artist.colors is None
    return artist.get_array() is not None


def has_field(axes: Axes) -> bool:
    """Whether a colour map covers the axes, so that everything else lies on it."""
    return any(
        isinstance(artist, AxesImage | QuadMesh)
        or (isinstance(artist, ContourSet) and artist.filled)
        for artist in axes.get_children()
        if isinstance(artist, ScalarMappable) and is_mapped(artist)
    )


# Made fit for the page


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


def fit(svg: str, prefix: str) -> str:
    """One figure as inline SVG, small, its ids beginning with `prefix`."""
    root = parsed(svg)
    return assembled(root, definitions(root), shown(root), prefix)


def sweep(frames: Sequence[str], prefix: str) -> str:
    """Several figures as one: what they share stands once, the rest in a group a frame."""
    roots = [parsed(svg) for svg in frames]
    sizes = dict.fromkeys(" x ".join(root.get("viewBox").split()[2:]) for root in roots)
    if len(sizes) > 1:
        raise ValueError(f"The frames of a sweep differ in size: {', '.join(sizes)} points.")
    defined: dict[str, Element] = {}
    drawings = []
    for root in roots:
        defined |= definitions(root)
        drawings.append({plain(element): element for element in shown(root)})
    shared = list(drawings[0])
    for drawing in drawings[1:]:
        shared = common(shared, list(drawing))
    return assembled(roots[0], defined, interleaved(drawings, shared), prefix)


def common(first: list[str], second: list[str]) -> list[str]:
    """What stands in both, in the order of both."""
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return [item for block in blocks for item in first[block.a : block.a + block.size]]


def interleaved(drawings: list[dict[str, Element]], shared: list[str]) -> Iterator[Element]:
    """The shared elements in order and between them, a group for each frame, its own."""
    waiting = [list(drawing) for drawing in drawings]
    for stop in (*shared, None):
        for number, (drawing, items) in enumerate(zip(drawings, waiting, strict=True)):
            end = items.index(stop) if stop is not None else len(items)
            if end:
                frame = Element("g", {"class": "frame", "data-frame": str(number)})
                if number:
                    frame.set("display", "none")
                frame.extend(grouped(drawing[item] for item in items[:end]))
                yield frame
            del items[: end + 1]
        if stop is not None:
            yield drawings[0][stop]


def parsed(svg: str) -> Element:
    """The raw figure, its elements without namespace, as HTML wants them."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def plain(element: Element) -> str:
    """The element as text."""
    return ElementTree.tostring(element, encoding="unicode")


def assembled(
    source: Element, defined: dict[str, Element], elements: Iterable[Element], prefix: str
) -> str:
    """The page's `<svg>`: its size, what all share, what is referred to, what is seen."""
    width = float(source.get("viewBox").split()[2])
    root = Element(
        "svg",
        {
            "role": "img",
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": source.get("viewBox"),
            "style": f"max-width:{width * SCREEN:.0f}px",
            "fill": PAGE_COLOURS[INK],
            "stroke-linejoin": "round",
        },
    )
    shelf = ElementTree.SubElement(root, "defs")
    root.extend(grouped(elements))
    share_text_size(root)
    names: dict[str, str] = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            if value.startswith("url(#"):
                old = value[5:-1]
                new = names.setdefault(old, f"{prefix}-{len(names) + 1}")
                element.set(key, f"url(#{new})")
    for old, new in names.items():
        defined[old].set("id", new)
        shelf.append(defined[old])
    if not names:
        root.remove(shelf)
    return plain(root)


def grouped(elements: Iterable[Element]) -> Iterator[Element]:
    """Runs of paths of nearly one style in groups that say once what they share."""
    for shape, run in groupby(elements, lambda e: (e.tag, e.keys(), e.get("clip-path"))):
        paths = list(run)
        shared = set.intersection(*(set(path.items()) for path in paths))
        shared = {name: value for name, value in shared if name != "opacity"}
        if shape[0] != "path" or len(paths) < FEW or not shared:
            yield from paths
            continue
        group = Element("g", dict(sorted(shared.items())))
        for path in paths:
            for name in shared:
                del path.attrib[name]
            group.append(path)
        yield group


def share_text_size(root: Element) -> None:
    """Say the commonest size of text once, on the root."""
    texts = [text for text in root.iter("text") if text.get("font-size")]
    if not texts:
        return
    [(size, _)] = Counter(text.get("font-size") for text in texts).most_common(1)
    root.set("font-size", size)
    for text in texts:
        if text.get("font-size") == size:
            del text.attrib["font-size"]


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


def style(element: Element) -> dict[str, str]:
    """The element's style, property by property."""
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def attributes(drawn: dict[str, str], literal: bool) -> dict[str, str]:
    """A style as attributes; colours follow the page's palette unless they are literal."""
    result = {}
    if literal and "fill" not in drawn:
        result["fill"] = INK
    for name, value in drawn.items():
        if name in ("fill", "stroke") and not literal:
            result[name] = page_colour(value)
        elif name not in ("font-family", "font-size") and (name, value) not in NEEDLESS:
            result[name] = value
        elif name == "font-size":
            result[name] = f"{curve.number(float(value.removesuffix('px')), 1)}px"
    return result


def page_colour(value: str) -> str:
    """The variable by which the page sets this colour, or the colour itself."""
    if value in PAGE_COLOURS:
        return PAGE_COLOURS[value]
    if len(value) == len("#rrggbb") and value[1:3] == value[3:5] == value[5:7]:
        tenths = round(int(value[1:3], 16) / 25.5)
        return {0: PAGE_COLOURS[INK], 10: PAGE_COLOURS[PAPER]}.get(
            tenths, f"var(--figure-grey-{tenths},{value})"
        )
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


def label(child: Element, literal: bool) -> Element:
    """A line of text without formula."""
    element = Element("text", rounded(child.attrib) | attributes(style(child), literal))
    element.text = child.text
    turn = transform(child.get("transform", ""))
    if turn:
        element.set("transform", turn)
    return element


# Formulas in figures


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
    place = attributes(style(inner), literal) | {"font-size": f"{curve.number(largest, 1)}px"}
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
