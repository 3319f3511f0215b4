"""What matplotlib draws -> elements of SVG, in its order.

Shapes of one look share an element where that makes no difference to the eye.
"""

# ruff: noqa: N803, PLR0913, PLR0917 (matplotlib names the arguments, and their number)

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text as TextArtist
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from literate.figure import palette
from literate.figure.box import Box, box_of, evenly, overlap, union
from literate.figure.drawing import HREF, MARK, Formula, Line, Text, marked
from literate.figure.path import Outline, area, border, bounds, number, thinned, written
from literate.figure.picture import RASTER_DPI, Picture, cropped, cut, encoded, sampled
from literate.figure.text import font_look, pieces

FAR = 100_000
"""What reaches so many points out of the figure is cut off: browsers count in single precision."""
MARGIN = 100
"""How many points outside of the figure it is cut off: as wide as half of its line may be."""
BACK = 40
"""How many elements back a shape may join one of its look."""
JOINED = 400
"""How many shapes one path holds at most, where each must be compared with all."""
FEW = 3
"""From so many on, neighbours that share attributes are put into a group."""
PIXEL = 0.72
"""How thin, in points, a line is at least that Agg would draw in whole pixels: one, at 100 dpi."""
CAPS = {"projecting": "square", "round": "round"}
ANCHORS = {"left": 0.0, "center": 0.5, "right": 1.0}
SCHEMES = ("http:", "https:", "mailto:")


class FormulaError(ValueError):
    """A formula that matplotlib cannot read; `text` is the line it stands in."""

    def __init__(self, text: str, report: str) -> None:
        reason = report.strip().splitlines()[-1].partition("Exception: ")
        super().__init__(f"the formula in {text!r} cannot be read: {reason[2] or reason[0]}")
        self.text = text


@dataclass
class Role:
    """What the drawing should know of an artist, named by the group that matplotlib opens."""

    artist: Artist
    literal: bool = False
    halo: tuple[float, Any] | None = None
    size: int = 0


@dataclass
class Shape:
    """An element: its attributes, its outlines (each once, in order), and where it lies."""

    tag: str
    look: dict[str, str]
    outlines: dict[str, None]
    box: Box
    boxes: list[Box] = field(default_factory=list)
    joins: bool = False
    link: str = ""


@dataclass(frozen=True)
class Ground:
    """Something filled, on which a text may lie: its outline or its picture, and its colour."""

    box: Box
    colour: str
    opacity: float
    outline: Path | None = None
    place: tuple[float, float] = (0.0, 0.0)
    picture: Picture | None = None


class Renderer(RendererBase):
    """Elements of one figure of `width` by `height` points; matplotlib's units are its pixels.

    `roles` tell of artists by the name of their group; `literal` keeps all colours as they are.
    """

    def __init__(
        self, width: float, height: float, dpi: float, roles: dict[str, Role], literal: bool
    ) -> None:
        super().__init__()
        self._text2path = text_to_path  # it remembers the formulas that it has read
        self.size = width, height
        self.scale = 72 / dpi
        self.roles = roles
        self.keeps = literal
        self.open: list[Role | None] = []
        self.parts: list[Shape | Text | str] = []
        self.definitions: dict[str, str] = {}
        self.grounds: list[Ground] = []
        self.grid: list[Box] = []
        self.said: TextArtist | None = None
        self.spot = np.empty((0, 2))
        """Whose line was drawn last, and the corners of all its lines so far."""
        self.total = 0

    # What matplotlib asks of a renderer

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.size[0] / self.scale, self.size[1] / self.scale

    def points_to_pixels(self, points: Any) -> Any:
        return points / self.scale

    def option_image_nocomposite(self) -> bool:
        return True

    def option_scale_image(self) -> bool:
        return True

    def get_image_magnification(self) -> float:
        return RASTER_DPI * self.scale / 72

    def open_group(self, s: str, gid: str | None = None) -> None:
        self.open.append(self.roles.get(gid) if gid else None)

    def close_group(self, s: str) -> None:
        if self.open:
            self.open.pop()

    @property
    def literal(self) -> bool:
        """Whether what is drawn now keeps its colours."""
        return self.keeps or any(role.literal for role in self.open if role)

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Any, rgbFace: Any = None
    ) -> None:
        look = self.look(gc, rgbFace)
        hatch = gc.get_hatch_path() if gc.get_hatch() else None
        if look is None and hatch is None:
            return
        width, height = self.size
        line = rgbFace is None and hatch is None
        sketch = gc.get_sketch_params()
        clean = path.cleaned(
            self.placed(transform),
            remove_nans=True,
            clip=(-9, -9, width + 9, height + 9) if line else None,
            simplify=bool(path.should_simplify and line),
            curves=True,
            sketch=sketch and (sketch[0] * self.scale, sketch[1] * self.scale, sketch[2]),
        )
        if look is not None:
            self.add(gc, Outline(thinned(clean) if line else clean), look)
        if hatch is not None:
            self.add(gc, Outline(clean), {"fill": f"url(#{self.hatch(gc, hatch)})"})

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        look = self.look(gc, rgbFace)
        if look is None:
            return
        own = marker_trans + Affine2D().scale(self.scale, -self.scale)
        outline = Outline(marker_path.cleaned(own, remove_nans=True, curves=True))
        width, height = self.size
        reach = max(50, *map(abs, outline.box))
        for vertices, _ in path.iter_segments(self.placed(trans), simplify=False):
            x, y = vertices[-2:]
            if -reach <= x <= width + reach and -reach <= y <= height + reach:
                self.add(gc, outline, look, (float(x), float(y)))

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Any,
        paths: Sequence[Path],
        all_transforms: Any,
        offsets: Any,
        offset_trans: Any,
        facecolors: Any,
        edgecolors: Any,
        linewidths: Any,
        linestyles: Any,
        antialiaseds: Any,
        urls: Any,
        offset_position: Any,
        *,
        hatchcolors: Any = None,
    ) -> None:
        if gc.get_hatch() or gc.get_sketch_params():
            super().draw_path_collection(
                gc, master_transform, paths, all_transforms, offsets, offset_trans, facecolors,
                edgecolors, linewidths, linestyles, antialiaseds, urls, offset_position,
                hatchcolors=hatchcolors,
            )  # fmt: skip
            return
        height = self.size[1]
        outlines: dict[int, Outline] = {}
        raw = self._iter_collection_raw_paths  # pyright: ignore (made for renderers)
        drawn = list(raw(master_transform, paths, all_transforms))
        for x, y, number_of, own, face in self._iter_collection(  # pyright: ignore
            gc, list(range(len(drawn))), offsets, offset_trans, facecolors, edgecolors,
            linewidths, linestyles, antialiaseds, urls, offset_position,
            hatchcolors=[] if hatchcolors is None else hatchcolors,
        ):  # fmt: skip
            look = self.look(own, face)
            if look is None:
                continue
            if number_of not in outlines:
                path, transform = drawn[number_of]
                matrix = transform.frozen() + Affine2D().scale(self.scale, -self.scale)
                outlines[number_of] = Outline(path.cleaned(matrix, remove_nans=True, curves=True))
            place = float(x) * self.scale, height - float(y) * self.scale
            self.add(own, outlines[number_of], look, place)

    def draw_quad_mesh(
        self,
        gc: GraphicsContextBase,
        master_transform: Any,
        meshWidth: int,
        meshHeight: int,
        coordinates: Any,
        offsets: Any,
        offsetTrans: Any,
        facecolors: Any,
        antialiased: Any,
        edgecolors: Any,
    ) -> None:
        corners = self.placed(master_transform).transform(np.asarray(coordinates).reshape(-1, 2))
        corners = corners.reshape(meshHeight + 1, meshWidth + 1, 2)
        plain = len(offsets) == 0 or not np.any(offsetTrans.transform(offsets))
        colours = np.asarray(facecolors)
        no_edges = edgecolors is None or len(edgecolors) == 0 or gc.get_linewidth() == 0
        if (
            plain
            and no_edges
            and not gc.get_hatch()
            and colours.shape == (meshWidth * meshHeight, 4)
            and (box := evenly(corners))
        ):
            pixels = np.rint(255 * colours.reshape(meshHeight, meshWidth, 4)).astype(np.uint8)
            left, top, right, bottom = box
            if left > right:
                pixels, left, right = pixels[:, ::-1], right, left
            if top > bottom:
                pixels, top, bottom = pixels[::-1], bottom, top
            self.picture(gc, pixels, (left, top, right, bottom), pixelated=True)
            return
        super().draw_quad_mesh(
            gc, master_transform, meshWidth, meshHeight, coordinates, offsets, offsetTrans,
            facecolors, antialiased, edgecolors,
        )  # fmt: skip

    def draw_gouraud_triangles(
        self, gc: GraphicsContextBase, triangles_array: Any, colors_array: Any, transform: Any
    ) -> None:
        """Shading between three colours, which SVG has not: as a picture."""
        width, height = self.get_canvas_width_height()
        times = self.get_image_magnification()
        agg = RendererAgg(round(width * times), round(height * times), RASTER_DPI)
        own = agg.new_gc()
        own.copy_properties(gc)
        larger = Affine2D().scale(times)
        if (rectangle := gc.get_clip_rectangle()) is not None:
            larger_clip: Any = TransformedBbox(rectangle, larger)
            own.set_clip_rectangle(larger_clip)
        own.set_clip_path(None)
        agg.draw_gouraud_triangles(own, triangles_array, colors_array, transform.frozen() + larger)
        pixels = np.asarray(agg.buffer_rgba())
        self.picture(gc, pixels, (0.0, 0.0, *self.size))

    def draw_image(
        self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Any = None
    ) -> None:
        rows, columns = im.shape[:2]
        if not rows or not columns:
            return
        pixels = np.asarray(im)[::-1]
        height = self.size[1]
        if transform is None:
            times = self.scale / self.get_image_magnification()
            left, bottom = x * self.scale, height - y * self.scale
            box = (left, bottom - rows * times, left + columns * times, bottom)
            self.picture(gc, pixels, box)
            return
        unit = Affine2D().scale(1 / columns, 1 / rows) + transform + Affine2D().translate(x, y)
        place = self.placed(unit)
        matrix = place.get_matrix()
        if abs(matrix[0, 1]) < 1e-9 and abs(matrix[1, 0]) < 1e-9:
            (left, bottom), (right, top) = place.transform([(0, 0), (columns, rows)])
            if left > right:
                pixels, left, right = pixels[:, ::-1], right, left
            if top > bottom:
                pixels, top, bottom = pixels[::-1], bottom, top
            box = (float(left), float(top), float(right), float(bottom))
            self.picture(gc, pixels, box, pixelated=True)
            return
        flipped = Affine2D().scale(1, -1).translate(0, rows) + place
        self.picture(gc, pixels, (0, 0, columns, rows), True, flipped.get_matrix())

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        s = legal(s)
        if not s.strip():
            return
        angle = round(float(angle) % 360, 2)
        colour = gc.get_rgb()
        opacity = gc.get_alpha() if gc.get_forced_alpha() else colour[3]
        if not opacity:
            return
        role = self.open[-1] if self.open else None
        artist = mtext or (role.artist if role else None)
        artist = artist if isinstance(artist, TextArtist) else None
        width, height_of, descent = self.get_text_width_height_descent(s, prop, ismath)
        width, ascent, below = (
            width * self.scale,
            (height_of - descent) * self.scale,
            descent * self.scale,
        )
        anchor = anchored(artist, angle)
        start = np.array([x * self.scale, y * self.scale])
        turn = np.deg2rad(angle)
        along = np.array([np.cos(turn), -np.sin(turn)])
        up = np.array([-np.sin(turn), -np.cos(turn)])
        corners = np.array(
            [start + along * w + up * h for w in (0, width) for h in (-below, ascent)]
        )
        place = start + along * width * anchor
        last = self.parts[-1] if self.parts else None
        continued = last if isinstance(last, Text) and artist and artist is self.said else None
        spot = np.concatenate([self.spot, corners]) if continued else corners
        self.said, self.spot = artist, spot
        look = font_look(prop, bool(ismath))
        look |= self.text_colours(colour, opacity, role.halo if role else None, spot)
        attributes = written_out(look)
        clip = self.clip(gc, box_of(spot))
        said = pieces(s, bool(ismath), prop, self._text2path)
        line = Line(
            round(float(place[0]), 2),
            round(float(place[1]), 2),
            said,
            [self.reach(piece, prop) for piece in said] if any(map(is_placed, said)) else [],
        )
        if continued:
            lines = [*continued.lines, line]
            self.parts[-1] = replace(continued, lines=lines, look=attributes, clip=clip)
        else:
            room = max(width, self.room(place, along, anchor))
            self.parts.append(
                Text(
                    legal(artist.get_text()) if artist else s,
                    [line],
                    anchor,
                    angle,
                    round(float(prop.get_size_in_points()), 2),
                    round(float(room), 1),
                    attributes,
                    clip,
                    self.link(gc),
                )
            )
        self.count(120 + len(s))

    def text_colours(
        self, colour: Any, opacity: float, halo: tuple[float, Any] | None, corners: np.ndarray
    ) -> dict[str, str]:
        """Attributes for a text of a colour, by which it can be read on what lies beneath it.

        `halo` is the width and the colour of a stroke around it, `corners` are where it stands.
        """
        name = palette.hexed(colour)
        if not self.literal:
            name = palette.named(name)
        look = {}
        if halo:
            drawn = palette.hexed(to_rgba(halo[1]))
            drawn = drawn if self.literal else palette.named(drawn)
            look |= {
                "stroke": marked(drawn),
                "stroke-width": number(halo[0]),
                "paint-order": "stroke",
                "stroke-linejoin": "round",
            }
            beneath = [palette.shades(drawn)]
        else:
            beneath = self.beneath(corners)
        if opacity >= 0.5:
            faint = f"grey-{palette.GREYEST_TEXT}"
            if name.startswith("grey-") and name > faint and not halo:
                name = faint
            name = palette.legible(name, beneath)
        if name != "ink":
            look["fill"] = marked(name)
        if opacity != 1:
            look["opacity"] = number(opacity)
        return look

    def reach(self, piece: str | Formula, prop: FontProperties) -> float:
        """How long a piece of a line with a formula is, in points."""
        if isinstance(piece, Formula):
            return piece.width
        plain = FontProperties(size=prop.get_size())
        wide = super().get_text_width_height_descent(piece, plain, False)[0]
        return round(float(wide) * self.scale, 2)

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Any:
        try:
            return super().get_text_width_height_descent(s, prop, ismath)
        except ValueError as error:
            if ismath and ismath != "TeX":
                raise FormulaError(s, str(error)) from None
            raise

    # Shapes

    def placed(self, transform: Any) -> Any:
        """From matplotlib's pixels, upwards, to points, downwards."""
        return transform + Affine2D().scale(self.scale, -self.scale).translate(0, self.size[1])

    @property
    def near(self) -> Box:
        """The figure and what is around it, in points."""
        width, height = self.size
        return -MARGIN, -MARGIN, width + MARGIN, height + MARGIN

    def reaches_far(self, box: Box, place: tuple[float, float] = (0.0, 0.0)) -> bool:
        """Whether a box that is moved to `place` reaches far out of the figure."""
        (left, top, right, bottom), (x, y), (width, height) = box, place, self.size
        return max(-left - x, -top - y, right + x - width, bottom + y - height) > FAR

    def look(  # noqa: PLR0912
        self, gc: GraphicsContextBase, face: Any
    ) -> dict[str, str] | None:
        """How a path is filled and drawn; `None` when nothing of it is to be seen."""
        look: dict[str, str] = {}
        alpha = gc.get_alpha() if gc.get_forced_alpha() else None
        opacity = 0.0
        if face is not None:
            opacity = alpha if alpha is not None else (face[3] if len(face) == 4 else 1.0)
        if opacity:
            look["fill"] = self.colour(face)
            if opacity != 1:
                look["fill-opacity"] = number(float(opacity))
        else:
            look["fill"] = "none"
        rgb, width = gc.get_rgb(), gc.get_linewidth()
        if width and not gc.get_antialiased():
            width = max(width, PIXEL)
        if width and rgb[3]:
            look["stroke"] = self.colour(rgb, line=True)
            if rgb[3] != 1:
                look["stroke-opacity"] = number(float(rgb[3]))
            if round(float(width), 2) != 1:
                look["stroke-width"] = number(float(width))
            offset, given = gc.get_dashes()
            dashes: Any = () if given is None else given
            if len(dashes):
                look["stroke-dasharray"] = " ".join(number(float(dash)) for dash in dashes)
                if offset:
                    look["stroke-dashoffset"] = number(float(offset))
            if gc.get_joinstyle() != "round":
                look["stroke-linejoin"] = str(gc.get_joinstyle())
            if gc.get_capstyle() in CAPS:
                look["stroke-linecap"] = CAPS[gc.get_capstyle()]
        elif not opacity:
            return None
        if not gc.get_antialiased() and "stroke" not in look:
            look["shape-rendering"] = "crispEdges"
        return look

    def colour(self, rgb: Any, line: bool = False) -> str:
        """The colour as the page says it, marked; a line's stands out from the page's paper."""
        colour = palette.hexed(rgb)
        if self.literal:
            return marked(colour)
        colour = palette.named(colour)
        if line and colour.startswith("#"):
            dark = palette.distinct(colour, palette.PAPERS[1:], palette.LINE)
            if dark != colour:
                colour = f"{colour}/{dark}"
        elif colour.startswith("#") and palette.contrast(colour, palette.PAPERS[1]) < 1.5:
            colour = f"{colour}/{palette.distinct(colour, palette.PAPERS[1:], 1.8)}"
        return marked(colour)

    def add(
        self,
        gc: GraphicsContextBase,
        shape: Outline,
        look: dict[str, str],
        place: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """One shape, its outline moved to `place`."""
        if shape.empty:
            return
        if self.reaches_far(shape.box, place):
            self.add_near(gc, shape, look, place)
            return
        tag, look = "path", dict(look)
        left, top, right, bottom = shape.box
        half = float(look.get("stroke-width", 1)) / 2 if "stroke" in look else 0.0
        if look.get("stroke-linejoin") == "miter":
            half *= 3
        x, y = place
        box = (left + x - half, top + y - half, right + x + half, bottom + y + half)
        clip = self.clip(gc, box)
        round_one = shape.ellipse
        opaque = not any("opacity" in name for name in look)
        stroke = look.get("stroke")
        if (
            round_one
            and abs(round_one[2] - round_one[3]) < 0.01
            and (
                stroke is None
                or (opaque and stroke == look["fill"] and "stroke-dasharray" not in look)
            )
        ):
            # A disc as the round end of a line without length: a third of the bytes.
            cx, cy, radius, _ = round_one
            outline = f"M{number(cx + x)} {number(cy + y)}h0"
            dot = {"fill": "none", "stroke": look["fill"]}
            if "fill-opacity" in look:
                dot["stroke-opacity"] = look["fill-opacity"]
            if "shape-rendering" in look:
                dot["shape-rendering"] = look["shape-rendering"]
            dot |= {"stroke-width": number(2 * (radius + half)), "stroke-linecap": "round"}
            solid = look
            look = dot
        elif round_one:
            solid = look
            cx, cy, rx, ry = round_one
            alike = abs(rx - ry) < 0.01
            tag = "circle" if alike else "ellipse"
            radii = f'r="{number(rx)}"' if alike else f'rx="{number(rx)}" ry="{number(ry)}"'
            outline = f'cx="{number(cx + x)}" cy="{number(cy + y)}" {radii}'
        else:
            if "stroke" not in look and min(right - left, bottom - top) > 2 and shape.upright:
                look["shape-rendering"] = "crispEdges"  # or bars that touch show a seam
            solid = look
            begin_x, begin_y, rest = shape.data
            outline = f"M{number(begin_x + x)} {number(begin_y + y)}{rest}"
        if clip:
            look["clip-path"] = f"url(#{clip})"
        joins = (
            tag == "path" and opaque and not look["fill"].startswith("url") and self.link(gc) == ""
        )
        drawn = Shape(tag, look, {outline: None}, box, [box], joins, self.link(gc))
        self.count(len(outline) + 20)
        if not (joins and self.joined(drawn)):
            self.parts.append(drawn)
        self.lay(gc, shape, solid, box, place)

    def add_near(
        self,
        gc: GraphicsContextBase,
        shape: Outline,
        look: dict[str, str],
        place: tuple[float, float],
    ) -> None:
        """Of a shape that reaches far, what can be seen: its filling and, apart, its line."""
        moved = shape.path.transformed(Affine2D().translate(*place))
        strokes = {name: value for name, value in look.items() if name.startswith("stroke")}
        if look["fill"] != "none":
            fill = {name: value for name, value in look.items() if name not in strokes}
            self.add(gc, Outline(area(moved, self.near)), fill)
        if "stroke" in strokes:
            self.add(gc, Outline(border(moved, self.near)), {"fill": "none"} | strokes)

    def lay(
        self,
        gc: GraphicsContextBase,
        shape: Outline,
        look: dict[str, str],
        box: Box,
        place: tuple[float, float],
    ) -> None:
        """Remember what a text drawn later may lie on."""
        seen = self.clipped_box(gc, box)
        if look.get("stroke") == marked("grid"):
            self.grid.append(seen)
        fill = look["fill"]
        if fill != "none" and not fill.startswith("url"):
            opacity = float(look.get("fill-opacity", 1))
            if seen[2] - seen[0] > 4 and seen[3] - seen[1] > 4:
                self.grounds.append(Ground(seen, fill.strip(MARK), opacity, shape.path, place))

    def joined(self, shape: Shape) -> bool:
        """Put a shape into an earlier one of its look, if it makes no difference to the eye."""
        lines_only = shape.look["fill"] == "none"
        thin = lines_only and float(shape.look.get("stroke-width", 1)) < PIXEL
        for part in reversed(self.parts[-BACK:]):
            if isinstance(part, Shape) and part.joins and part.look == shape.look:
                if thin and part.outlines.keys() & shape.outlines.keys():
                    continue  # drawn twice, it is darker
                apart = lines_only or not overlap(part.box, shape.box)
                if not apart and len(part.boxes) < JOINED:
                    apart = not any(overlap(box, shape.box) for box in part.boxes)
                if not apart:
                    return False
                part.outlines |= shape.outlines
                part.box = union(part.box, shape.box)
                part.boxes.append(shape.box)
                return True
            if not isinstance(part, Shape) or overlap(part.box, shape.box):
                if isinstance(part, Text):
                    if overlap(text_box(part), shape.box):
                        return False
                    continue
                return False
        return False

    def link(self, gc: GraphicsContextBase) -> str:
        """The address that a shape leads to."""
        url = gc.get_url() or ""
        return url if url.startswith(SCHEMES) else ""

    def count(self, size: int) -> None:
        """Note how much the artists that are being drawn cost."""
        self.total += size
        for role in self.open:
            if role:
                role.size += size

    # Clips, hatches and pictures

    def clipped_box(self, gc: GraphicsContextBase, box: Box) -> Box:
        """What of a box is to be seen."""
        rectangle = gc.get_clip_rectangle()
        if rectangle is None:
            return box
        left, top, right, bottom = self.rectangle(rectangle)
        return (
            max(box[0], left),
            max(box[1], top),
            min(box[2], right),
            min(box[3], bottom),
        )

    def rectangle(self, box: Bbox) -> Box:
        """A rectangle of matplotlib's in points."""
        left, bottom, right, top = (float(value) * self.scale for value in box.extents)
        height = self.size[1]
        return left, height - top, right, height - bottom

    def clip(self, gc: GraphicsContextBase, box: Box) -> str:
        """The marked name of what clips something that lies in `box`; empty where nothing does."""
        path, transform = gc.get_clip_path()
        rectangle = gc.get_clip_rectangle()
        outer = ""
        if rectangle is not None:
            left, top, right, bottom = self.rectangle(rectangle)
            inside = (
                box[0] >= left - 0.01
                and box[1] >= top - 0.01
                and box[2] <= right + 0.01
                and box[3] <= bottom + 0.01
            )
            if not inside:
                markup = (
                    f'<rect x="{number(left)}" y="{number(top)}" '
                    f'width="{number(max(0.0, right - left))}" '
                    f'height="{number(max(0.0, bottom - top))}"/>'
                )
                outer = self.define("clipPath", "", markup)
        if path is None:
            return outer
        given: Any = path
        whole = given.cleaned(self.placed(transform), curves=True)
        whole = area(whole, self.near) if self.reaches_far(bounds(whole)) else whole
        begin_x, begin_y, rest = written(whole)
        outline = f'<path d="M{number(begin_x)} {number(begin_y)}{rest}"/>'
        within = f' clip-path="url(#{outer})"' if outer else ""
        return self.define("clipPath", within, outline)

    def hatch(self, gc: GraphicsContextBase, path: Path) -> str:
        """The marked name of a hatch's pattern."""
        place = Affine2D().scale(72).scale(1, -1).translate(0, 72)
        begin_x, begin_y, rest = written(path.cleaned(place, curves=True))
        rgb = gc.get_hatch_color()
        colour = self.colour(rgb, line=True)
        faint = f' opacity="{number(float(rgb[3]))}"' if len(rgb) == 4 and rgb[3] != 1 else ""
        markup = (
            f'<path d="M{number(begin_x)} {number(begin_y)}{rest}" fill="{colour}" '
            f'stroke="{colour}" stroke-width="{number(float(gc.get_hatch_linewidth()))}" '
            f'stroke-linejoin="miter"{faint}/>'
        )
        return self.define(
            "pattern", ' patternUnits="userSpaceOnUse" width="72" height="72"', markup
        )

    def define(self, tag: str, look: str, content: str) -> str:
        """The marked name of a definition, the same for the same one."""
        name = hashlib.sha256(f"{tag}{look}{content}".encode()).hexdigest()[:10]
        mark = marked(f"#{name}")
        self.definitions.setdefault(name, f'<{tag} id="{mark}"{look}>{content}</{tag}>')
        return mark

    def picture(
        self,
        gc: GraphicsContextBase,
        pixels: Any,
        box: Box,
        pixelated: bool = False,
        matrix: Any = None,
    ) -> None:
        """An image in its box, or moved by a matrix."""
        if matrix is None:
            if self.reaches_far(box):
                if not overlap(box, self.near):
                    return
                pixels, box = cut(pixels, box, self.near)
            pixels, box = cropped(pixels, box) if not pixelated else (pixels, box)
            if pixels is None:
                return
            pixels = sampled(pixels, box)
        left, top, right, bottom = box
        image, kind = encoded(pixels)
        look = f' x="{number(left)}" y="{number(top)}"' if left or top else ""
        look += f' width="{number(right - left)}" height="{number(bottom - top)}"'
        look += ' preserveAspectRatio="none"'
        if matrix is not None:
            values = (*matrix[:2, 0], *matrix[:2, 1], *matrix[:2, 2])
            look += f' transform="matrix({" ".join(number(float(v), 5) for v in values)})"'
        if pixelated:
            look += ' style="image-rendering:pixelated"'
            alpha = gc.get_alpha()
            if alpha is not None and alpha != 1:
                look += f' opacity="{number(float(alpha))}"'
        data = base64.b64encode(image).decode()
        markup = f'<image {HREF}="data:image/{kind};base64,{data}"{look}/>'
        clip = self.clip(gc, box if matrix is None else (-1e9, -1e9, 1e9, 1e9))
        if clip:
            markup = f'<g clip-path="url(#{clip})">{markup}</g>'
        self.parts.append(linked(markup, self.link(gc)))
        self.count(len(markup))
        if matrix is None:
            seen = self.clipped_box(gc, box)
            self.grounds.append(Ground(seen, "", 1.0, picture=Picture(pixels, box)))

    # Text

    def beneath(self, corners: np.ndarray) -> list[tuple[str, str]]:
        """The colours, in the light and in the dark, on which a text stands."""
        middle = corners.mean(0)
        points = [middle, *(middle + (corner - middle) * 0.8 for corner in corners)]
        box = box_of(corners)
        near = [ground for ground in self.grounds if overlap(ground.box, box)]
        seen = list(dict.fromkeys(self.ground_at(point, near) for point in points))
        if palette.PAPERS in seen and any(overlap(line, box) for line in self.grid):
            seen.append(palette.shades("grid"))
        return seen

    def ground_at(self, point: np.ndarray, grounds: list[Ground]) -> tuple[str, str]:
        """What colour is seen at a point so far."""
        light, dark = palette.PAPERS if not self.keeps else (palette.PAPERS[0],) * 2
        x, y = point
        for ground in grounds:
            left, top, right, bottom = ground.box
            if not (left <= x <= right and top <= y <= bottom):
                continue
            opacity = ground.opacity
            if ground.picture is not None:
                colour, opacity = ground.picture.at(x, y)
                pair = (colour, colour)
            elif ground.outline is not None and ground.outline.contains_point(
                (x - ground.place[0], y - ground.place[1])
            ):
                pair = palette.shades(ground.colour)
            else:
                continue
            light = palette.mixed(pair[0], light, opacity)
            dark = palette.mixed(pair[1], dark, opacity)
        return light, dark

    def room(self, place: np.ndarray, along: np.ndarray, anchor: float) -> float:
        """How long a line may get before it runs out of the figure."""
        width, height = self.size
        reach = []
        for way in (along, -along):
            limits = [
                ((size if step > 0 else 0.0) - start) / step
                for step, start, size in zip(way, place, (width, height), strict=True)
                if abs(step) > 1e-6
            ]
            reach.append(max(0.0, min(limits)) - 2)
        ahead, behind = reach
        if anchor == 0:
            return ahead
        return behind if anchor == 1 else 2 * min(ahead, behind)

    # The result

    def finished(self) -> list[str | Text]:
        """All parts in their order, shapes as markup."""
        result: list[str | Text] = []
        for _, run in groupby(self.parts, lambda part: isinstance(part, Shape)):
            parts = list(run)
            result += [part for part in parts if not isinstance(part, Shape)]
            shapes = [part for part in parts if isinstance(part, Shape)]
            for _, alike in groupby(
                shapes, lambda s: (s.tag, s.look.keys(), s.link, s.look.get("clip-path"))
            ):
                result += grouped(list(alike))
        return result


def legal(text: str) -> str:
    """The text without characters that no page can hold."""
    return "".join(letter if letter >= " " or letter in "\n\t" else "\ufffd" for letter in text)


def is_placed(piece: str | Formula) -> bool:
    """Whether a piece is a formula that cannot flow."""
    return isinstance(piece, Formula) and piece.placed


def grouped(shapes: list[Shape]) -> list[str]:
    """Shapes of nearly one look in a group that says once what they share."""
    shared = set.intersection(*(set(shape.look.items()) for shape in shapes))
    if len(shapes) < FEW or not shared:
        return [linked(element(shape, shape.look), shape.link) for shape in shapes]
    outer = {name: value for name, value in shapes[0].look.items() if (name, value) in shared}
    inner = "".join(
        element(shape, {n: v for n, v in shape.look.items() if n not in outer}) for shape in shapes
    )
    return [linked(f"<g{written_out(outer)}>{inner}</g>", shapes[0].link)]


def element(shape: Shape, look: dict[str, str]) -> str:
    """A shape as markup."""
    outline = "".join(shape.outlines)
    if shape.tag == "path":
        outline = f'd="{outline}"'
    return f"<{shape.tag}{written_out(look)} {outline}/>"


def linked(markup: str, link: str) -> str:
    """The markup as a link, if it leads somewhere."""
    if not link:
        return markup
    return f'<a {HREF}="{escape(link)}" target="_blank" rel="noopener">{markup}</a>'


def written_out(look: dict[str, str]) -> str:
    """Attributes as markup."""
    return "".join(f' {name}="{escape(value)}"' for name, value in look.items())


def anchored(artist: Any, angle: float) -> float:
    """Which part of a line of text stays where it is when its width changes."""
    if artist is None:
        return 0.0
    several = "\n" in artist._get_wrapped_text()
    alignment = artist._get_multialignment() if several else artist.get_ha()
    if artist.get_rotation_mode() != "anchor" and angle % 180 == 90:
        upward = angle % 360 == 90
        across = artist.get_va()
        if across in ("center", "center_baseline"):
            return 0.5
        return float((across == "top") == upward)
    return ANCHORS.get(alignment, 0.0)


def text_box(text: Text) -> Box:
    """About where a text lies."""
    reach = max(
        sum(len(p) * text.size if isinstance(p, str) else p.width for p in line.pieces)
        for line in text.lines
    )
    xs = [line.x for line in text.lines]
    ys = [line.y for line in text.lines]
    if text.angle == 0:
        return (
            min(xs) - reach * text.anchor,
            min(ys) - text.size * 1.2,
            max(xs) + reach * (1 - text.anchor),
            max(ys) + text.size * 0.5,
        )
    return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach
