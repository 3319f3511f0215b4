"""A page's picture for those who share it: its title and its first figure, on the site's paper.

`python -m literate.card` draws the cards that it is sent on standard input, away from the build:
only what has to be drawn pays for matplotlib. The fonts are matplotlib's and our own, so that
the bytes do not depend on those of the machine.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.image
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import BoxStyle, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

Element = ElementTree.Element

mpl.rcParams["path.simplify"] = False

WIDTH, HEIGHT, MARGIN = 1200, 630, 60
TITLE_SIZE, NAME_SIZE = 60, 28
PAPER, INK, SOFT, VERMILION = "#fcfaf5", "#23272f", "#596069", "#b0392a"
FIGURE_TOP = 176
TITLE_FONT = Path(__file__).parent / "fonts" / "title.otf"
FIGURE_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
DPI = 100
POINT = 72 / DPI
"""A pixel of the card in points, which matplotlib measures lines in."""
SPECK = 0.01
"""The length of a line that has none: matplotlib would leave it out, where SVG draws a dot."""
MOVES = {"m": 1, "l": 1, "h": 1, "v": 1, "q": 2, "c": 3, "z": 0}
TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def draw(title: str, site: str, logo: str, figure: str) -> bytes:
    """The card as PNG, 1200 by 630; `logo` and `figure` are SVG, or empty."""
    card = Figure((WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
    axes = card.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0), frame_on=False)
    axes.set_axis_off()
    write(axes, site, (MARGIN + 54, 66), NAME_SIZE, SOFT)
    write(axes, title, (MARGIN, 150), TITLE_SIZE, INK)
    if logo:
        Drawing(axes, logo, (MARGIN, 36, 40, 40)).draw()
    if figure:
        Drawing(
            axes, figure, (MARGIN, FIGURE_TOP, WIDTH - 2 * MARGIN, HEIGHT - FIGURE_TOP - 30)
        ).draw()
    elif logo:
        Drawing(axes, logo, (WIDTH - MARGIN - 340, HEIGHT - MARGIN - 340, 340, 340)).draw()
    written = io.BytesIO()
    FigureCanvasAgg(card).print_png(written, metadata={"Software": None})
    return written.getvalue()


def write(axes: Axes, text: str, place: tuple[float, float], size: float, colour: str) -> None:
    """A line in the title's font, smaller if it would not fit; nothing if the font lacks it."""
    known = get_font(TITLE_FONT).get_charmap()
    if not text or any(ord(letter) not in known for letter in text):
        return
    font = FontProperties(fname=TITLE_FONT)
    room = WIDTH - MARGIN - place[0]
    wide = TextPath((0, 0), text, size=size, prop=font).get_extents().width
    outline = TextPath((0, 0), text, size=size * min(1, room / wide), prop=font)
    move = Affine2D().scale(1, -1).translate(*place)
    axes.add_artist(PathPatch(outline, fc=colour, lw=0, transform=move + axes.transData))


class Drawing:
    """An SVG of the kind that the engine writes, drawn into a box on the card."""

    def __init__(self, axes: Axes, svg: str, box: tuple[float, float, float, float]) -> None:
        self.axes = axes
        self.root = parsed(svg)
        left, top, width, height = box
        _, _, wide, high = map(float, self.root.get("viewBox").split())
        self.scale = min(width / wide, height / high)
        self.place = (
            Affine2D()
            .scale(self.scale)
            .translate(
                left + (width - wide * self.scale) / 2, top + (height - high * self.scale) / 2
            )
        )
        self.clips = {
            f"url(#{clip.get('id')})": clip[0] for clip in self.root.iter("clipPath") if len(clip)
        }

    def draw(self) -> None:
        """Draw all that is shown; of a sweep, the last frame."""
        frames = {int(g.get("data-frame")) for g in self.root.iter("g") if g.get("data-frame")}
        for group in self.root.iter("g"):
            frame = group.get("data-frame")
            group.set("display", "none" if frame and int(frame) != max(frames) else "inline")
        self.draw_inside(self.root, {"stroke": "none"}, Affine2D())

    def draw_inside(self, parent: Element, inherited: dict[str, str], moved: Affine2D) -> None:
        """Draw the children of an element, which inherit its look."""
        look = inherited | parent.attrib
        moved = transformation(parent.get("transform", "")) + moved
        for child in parent:
            if child.tag == "g" and child.get("display") != "none":
                self.draw_inside(child, look, moved)
            elif child.tag in ("path", "rect", "circle"):
                own = transformation(child.get("transform", "")) + moved
                self.add(outline(child), look | child.attrib, own)
            elif child.tag == "text":
                self.letter(child, look | child.attrib, moved)
            elif child.tag == "image":
                self.picture(child, look | child.attrib, moved)

    def add(self, path: Outline, look: dict[str, str], moved: Affine2D) -> None:
        """Draw one outline."""
        patch = PathPatch(
            path,
            fc=colour(look, "fill"),
            ec=colour(look, "stroke"),
            lw=float(look.get("stroke-width", 1)) * self.scale * POINT,
            capstyle={"square": "projecting"}.get(look.get("stroke-linecap"))
            or look.get("stroke-linecap", "butt"),
            joinstyle=look.get("stroke-linejoin", "miter"),
            transform=moved + self.place + self.axes.transData,
        )
        if patch.get_capstyle() == "round":
            patch.set_snap(False)  # it would make a speck nothing
        if dashes := NUMBER.findall(look.get("stroke-dasharray", "")):
            lengths = [float(length) * self.scale * POINT for length in dashes]
            patch.set_linestyle(
                (0, [length / max(patch.get_linewidth(), 1e-9) for length in lengths])
            )
        self.axes.add_artist(patch)
        self.clip(patch, look)

    def clip(self, artist: PathPatch | matplotlib.image.AxesImage, look: dict[str, str]) -> None:
        """Let nothing of the artist be seen outside its clip."""
        clip = self.clips.get(look.get("clip-path", ""))
        if clip is not None:
            artist.set_clip_path(outline(clip), self.place + self.axes.transData)

    def letter(self, text: Element, look: dict[str, str], moved: Affine2D) -> None:
        """Draw a line of text, run by run."""
        runs = list(text_runs(text, look))
        x, y = float(look.get("x", 0)), float(look.get("y", 0))
        whole = sum(advance(letters, style) + float(style.get("dx", 0)) for letters, style in runs)
        x -= {"middle": 0.5, "end": 1.0}.get(look.get("text-anchor", "start"), 0.0) * whole
        own = (
            transformation(look.get("transform", "")) if "transform" in text.attrib else Affine2D()
        )
        for letters, style in runs:
            x = float(style.get("x", x)) + float(style.get("dx", 0))
            y = float(style.get("y", y)) + float(style.get("dy", 0))
            shape = TextPath((0, 0), letters, size=size(style), prop=font(style))
            place = Affine2D().scale(1, -1).translate(x, y) + own + moved
            self.add(shape, style | {"stroke": "none"}, place)
            x += advance(letters, style)

    def picture(self, child: Element, look: dict[str, str], moved: Affine2D) -> None:
        """Draw an embedded image."""
        data = base64.b64decode(look["href"].partition(",")[2])
        x, y, width, height = (float(child.get(n, 0)) for n in ("x", "y", "width", "height"))
        own = transformation(child.get("transform", "")) + moved + self.place
        shown = matplotlib.image.AxesImage(
            self.axes, extent=(x, x + width, y + height, y), interpolation="nearest"
        )
        shown.set_data(matplotlib.image.imread(io.BytesIO(data)))
        shown.set_transform(own + self.axes.transData)
        self.axes.add_image(shown)
        self.clip(shown, look)


def parsed(svg: str) -> Element:
    """The drawing, its elements and attributes without namespace."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for name in [name for name in element.attrib if "}" in name]:
            element.set(name.rpartition("}")[2], element.attrib.pop(name))
    return root


def colour(look: dict[str, str], name: str) -> tuple[float, float, float, float] | str:
    """A fill or stroke: of the page's colours, the one for a light page."""
    value = look.get(name, "#000")
    if value.startswith("var(--figure-paper"):
        value = PAPER
    elif value.startswith("var("):
        value = value.rpartition(",")[2].removesuffix(")")
    if value == "none" or value.startswith("url("):
        return "none"
    opacity = float(look.get("opacity", 1)) * float(look.get(f"{name}-opacity", 1))
    return to_rgba(value, opacity)


def transformation(text: str) -> Affine2D:
    """What an SVG's `transform` does."""
    result = Affine2D()
    for name, numbers in re.findall(r"(\w+)\(([^)]*)\)", text):
        values = [float(number) for number in NUMBER.findall(numbers)]
        if name == "translate":
            step = Affine2D().translate(values[0], values[1] if len(values) > 1 else 0)
        elif name == "scale":
            step = Affine2D().scale(values[0], values[-1])
        elif name == "rotate":
            step = Affine2D().rotate_deg_around(*(values[1:] or (0, 0)), values[0])
        else:
            step = Affine2D.from_values(*values)
        result = step + result
    return result


def outline(element: Element) -> Outline:
    """The path of a shape."""
    if element.tag == "circle":
        centre = float(element.get("cx", 0)), float(element.get("cy", 0))
        return Outline.circle(centre, float(element.get("r")))
    if element.tag == "rect":
        box = [float(element.get(name, 0)) for name in ("x", "y", "width", "height")]
        round_by = float(element.get("rx", 0))
        return (
            BoxStyle("round", pad=0, rounding_size=round_by)(*box, 1) if round_by else square(*box)
        )
    points, codes = [], []
    for code, point in steps(element.get("d", "")):
        points.append(point)
        codes.append(code)
    return Outline(points, codes)


def square(x: float, y: float, width: float, height: float) -> Outline:
    """A rectangle."""
    return Outline([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])


def steps(data: str) -> Iterator[tuple[int, tuple[float, float]]]:
    """The points of path data, each with matplotlib's code for how to get there."""
    words = TOKEN.findall(data)
    at, command = 0, "m"
    x = y = start_x = start_y = 0.0
    while at < len(words):
        if words[at].isalpha():
            command, at = words[at], at + 1
        kind, relative = command.lower(), command.islower()
        if kind == "z":
            x, y = start_x, start_y
            yield Outline.CLOSEPOLY, (x, y)
            continue
        origin_x, origin_y = (x, y) if relative else (0.0, 0.0)
        for _ in range(MOVES[kind]):
            if kind != "v":
                x, at = origin_x + float(words[at]), at + 1
            if kind != "h":
                y, at = origin_y + float(words[at]), at + 1
            drawn_x = x + SPECK if (kind, words[at - 1]) == ("h", "0") else x
            code = {"m": Outline.MOVETO, "q": Outline.CURVE3, "c": Outline.CURVE4}
            yield code.get(kind, Outline.LINETO), (drawn_x, y)
        if kind == "m":
            start_x, start_y = x, y
            command = "l" if relative else "L"


def text_runs(text: Element, look: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The pieces of a text, each with its look."""
    place = {name: look[name] for name in ("x", "y") if name in look}
    bare = {name: value for name, value in look.items() if name not in place}
    if text.text:
        yield text.text, bare
    for span in text:
        if span.text:
            yield span.text, bare | span.attrib


def size(look: dict[str, str]) -> float:
    """The size of a text's font."""
    return float(look.get("font-size", "11px").removesuffix("px"))


def font(look: dict[str, str]) -> FontProperties:
    """The font of a text in a figure: matplotlib's own, wherever this runs."""
    weight = "Bold" if look.get("font-weight", "400") in ("bold", "700") else ""
    slant = "Oblique" if look.get("font-style") == "italic" else ""
    style = f"-{weight}{slant}" if weight or slant else ""
    return FontProperties(fname=FIGURE_FONTS / f"DejaVuSans{style}.ttf")


def advance(letters: str, look: dict[str, str]) -> float:
    """How wide a text is."""
    face = get_font(font(look).get_file())
    face.set_size(100, 72)
    face.set_text(letters)
    return face.get_width_height()[0] / 64 * size(look) / 100


if __name__ == "__main__":
    for job in json.load(sys.stdin):
        path = Path(job.pop("path"))
        path.write_bytes(draw(**job))
