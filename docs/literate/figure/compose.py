"""A matplotlib figure as inline SVG: its text is text, its colours follow the page's palette."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import AxesImage
from matplotlib.text import Text

from literate.figure.palette import CYCLE, GRID, INK, PAGE_COLOURS, PAPER, Element
from literate.figure.shape import LITERAL, definitions, shown

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
RASTER_DPI = 144
FEW = 4
"""From so many on, paths of one style are put into a group."""
MANY_CELLS = 400
"""A colour mesh of more cells goes into the SVG as an image."""
SCREEN = 1.4
"""The widest that a figure is shown: CSS pixels for each of its points."""


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
    lay_out(figure)
    keep_literal_colours(figure)
    width, height = figure.get_size_inches()
    figure.dpi = 72
    text = io.StringIO()
    vector = Renderer(width * 72, height * 72, text, image_dpi=RASTER_DPI, metadata={"Date": None})
    renderer = MixedModeRenderer(figure, width, height, RASTER_DPI, vector)
    figure.draw(renderer)
    renderer.finalize()
    return text.getvalue()


def lay_out(figure: Figure) -> None:
    """Give labels their room, unless the code has arranged its figure itself."""
    placed = figure.subplotpars
    moved = any(
        getattr(placed, name) != mpl.rcParams[f"figure.subplot.{name}"]
        for name in ("left", "right", "bottom", "top", "wspace", "hspace")
    )
    if figure.get_layout_engine() is None and not moved:
        # "constrained" fails on a colour bar that has already taken its part of a grid.
        in_grid = any(
            axes.get_label() == "<colorbar>" and axes.get_subplotspec() for axes in figure.axes
        )
        figure.set_layout_engine("tight" if in_grid else "constrained")


def keep_literal_colours(figure: Figure) -> None:
    """Mark what must look alike on a light and a dark page, since a colour map is in it."""
    for artist in figure.findobj(lambda artist: isinstance(artist, ScalarMappable)):
        if is_mapped(artist):
            artist.set_gid(LITERAL)
        if isinstance(artist, QuadMesh) and artist.get_array().size > MANY_CELLS:
            artist.set_rasterized(True)
    for axes in figure.axes:
        if has_field(axes):
            for artist in on_field(axes):
                artist.set_gid(LITERAL)


def on_field(axes: Axes) -> Iterator[Artist]:
    """What is drawn inside the axes, arrows of annotations and the legend among it."""
    yield from (*axes.lines, *axes.patches, *axes.collections, *axes.images, *axes.texts)
    yield from (text.arrow_patch for text in axes.texts if getattr(text, "arrow_patch", None))
    if axes.get_legend():
        yield axes.get_legend()


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
