"""A figure as matplotlib has it -> a `Drawing`: the same shapes and words, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib import patheffects, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection, QuadMesh
from matplotlib.colors import same_color, to_rgba
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from literate.figure import palette
from literate.figure.box import evenly
from literate.figure.drawing import Drawing
from literate.figure.picture import RASTER_DPI
from literate.figure.renderer import Renderer, Role
from literate.figure.style import settle

LIMIT = 250_000
"""A figure of more bytes than this has its costliest parts as images."""
COSTLY = 20_000
"""A part of fewer bytes than this is never made an image."""
CLOUD = 20_000
"""More points than this are an image without their bytes being counted."""
MESH = 6_000
"""So are more cells of a mesh whose cells differ; where they are alike, each is a pixel."""


def drawn(figure: Figure) -> Drawing:
    """The figure as it now stands; it is left as it was."""
    settle(figure)
    ground = figure.get_facecolor()
    if same_color(ground, rcParams["figure.facecolor"]):
        figure.set_facecolor(saved_ground())
    artists = list(dict.fromkeys(figure.findobj()))
    before = [(artist, artist.get_gid(), artist.get_rasterized()) for artist in artists]
    effects = [(artist, artist.get_path_effects()) for artist in artists if halo(artist)]
    roles = {str(place): Role(artist) for place, artist in enumerate(artists)}
    try:
        prepare(figure, roles)
        clouds = [role for role in roles.values() if is_cloud(role.artist)]
        for role in clouds:
            role.artist.set_rasterized(True)
        renderer = rendered(figure, roles)
        costly = costliest(renderer, roles)
        for role in costly:
            role.artist.set_rasterized(True)
        notes = [note(role) for role in (*clouds, *costly)]
        if costly:
            renderer = rendered(figure, roles)
    finally:
        for artist, gid, raster in before:
            artist.set_gid(gid)
            if raster != artist.get_rasterized():
                artist._rasterized = raster  # pyright: ignore (the setter refuses `None`)
        for artist, kept in effects:
            artist.set_path_effects(kept)
        figure.set_facecolor(ground)
        figure.stale = False
    width, height = renderer.size
    return Drawing(width, height, renderer.finished(), renderer.definitions, renderer.keeps, notes)


def saved_ground() -> Any:
    """The ground that a file would have: some styles show grey and save white."""
    saved = rcParams["savefig.facecolor"]
    return rcParams["figure.facecolor"] if saved == "auto" else saved


def rendered(figure: Figure, roles: dict[str, Role]) -> Renderer:
    """The renderer after all has been drawn."""
    for role in roles.values():
        role.size = 0
    literal = paints_its_ground(figure) or any(
        dark_picture(role.artist) for role in roles.values() if role.artist.get_rasterized()
    )
    width, height = (float(side) for side in figure.get_size_inches())
    vector = Renderer(width * 72, height * 72, figure.dpi, roles, literal)
    renderer: Any = Mixed(figure, width, height, figure.dpi, vector)
    figure.draw(renderer)
    return vector


class Mixed(MixedModeRenderer):
    """Draws what is to be an image finer than the figure is; all else in the figure's pixels."""

    def start_rasterizing(self) -> None:
        self.dpi = RASTER_DPI
        super().start_rasterizing()

    def stop_rasterizing(self) -> None:
        super().stop_rasterizing()
        self.dpi = self.figure.dpi


def prepare(figure: Figure, roles: dict[str, Role]) -> None:
    """Tell the renderer of each artist, and what must look alike on any page."""
    known = {role.artist: role for role in roles.values()}
    for name, role in roles.items():
        artist = role.artist
        artist.set_gid(name)
        if artist.get_agg_filter() is not None:
            artist.set_rasterized(True)
        if isinstance(artist, ScalarMappable) and is_mapped(artist):
            role.literal = True
        if stroke := halo(artist):
            role.halo = stroke
            artist.set_path_effects([])
    for axes in figure.axes:
        if has_field(axes):
            for artist in on_field(axes):
                if artist in known:
                    known[artist].literal = True


def halo(artist: Artist) -> tuple[float, Any] | None:
    """Width and colour of the line around a text, if that is all its effects are.

    What is wider than half its letters, lies on them or goes around letters that are not seen is a
    drawing.
    """
    found = artist.get_path_effects() or []
    if not isinstance(artist, Text) or not found or artist.get_usetex():
        return None
    if to_rgba(artist.get_color())[3] == 0 or type(found[-1]) is patheffects.Stroke:
        return None
    strokes = [effect for effect in found if isinstance(effect, patheffects.Stroke)]
    plain = all(type(effect) in (patheffects.Normal, patheffects.Stroke, patheffects.withStroke)
                for effect in found)  # fmt: skip
    if not plain or len(strokes) != 1 or any(strokes[0]._offset):  # pyright: ignore
        return None
    look = strokes[0]._gc  # pyright: ignore (an effect does not tell what it does)
    if set(look) - {"linewidth", "foreground"} or "foreground" not in look:
        return None
    width = float(look.get("linewidth", 1.0))
    height = artist.get_fontproperties().get_size_in_points()
    return (width, look["foreground"]) if width <= height / 2 else None


def on_field(axes: Axes) -> Iterator[Artist]:
    """What is drawn inside the axes, arrows of annotations and the legend among it."""
    yield from (*axes.lines, *axes.patches, *axes.collections, *axes.images, *axes.texts)
    for text in axes.texts:
        yield from (p for p in (getattr(text, "arrow_patch", None), text.get_bbox_patch()) if p)
    if legend := axes.get_legend():
        yield legend


def is_mapped(artist: ScalarMappable) -> bool:
    """Whether the artist's colours come from a colour map rather than from its code."""
    if isinstance(artist, ContourSet):
        return artist.colors is None
    return artist.get_array() is not None


def has_field(axes: Axes) -> bool:
    """Whether a picture or a colour map covers the axes, so that everything else lies on it."""
    return any(
        isinstance(artist, AxesImage)
        or (isinstance(artist, QuadMesh) and is_mapped(artist))
        or (isinstance(artist, ContourSet) and artist.filled and is_mapped(artist))
        for artist in axes.get_children()
    )


def paints_its_ground(figure: Figure) -> bool:
    """Whether the figure or a panel of it has a ground that is no paper."""
    patches = [figure.patch] if figure.get_frameon() else []
    patches += [sub.patch for sub in figure.subfigs]
    shown = [axes for axes in figure.axes if axes.get_visible() and axes.axison]
    patches += [axes.patch for axes in shown if axes.get_frame_on()]
    return any(patch.get_visible() and is_ground(patch.get_facecolor()) for patch in patches)


def is_ground(colour: Any) -> bool:
    """Whether a colour is neither paper nor a light grey, which follow the page."""
    rgba = to_rgba(colour)
    if rgba[3] < 0.1:
        return False
    name = palette.hexed([rgba[3] * part + 1 - rgba[3] for part in rgba[:3]])
    return palette.named(name) != "paper" and (
        not name[1:3] == name[3:5] == name[5:7] or palette.rgb(name)[0] < 0.8
    )


# What costs too much


def is_cloud(artist: Artist) -> bool:
    """Whether there are so many parts that their bytes need not be counted."""
    if isinstance(artist, QuadMesh):
        corners = np.asarray(artist.get_coordinates())
        placed = artist.get_transform().transform(corners.reshape(-1, 2)).reshape(corners.shape)
        return parts(artist) > MESH and not evenly(placed)
    if isinstance(artist, Collection):
        return parts(artist) > CLOUD
    if isinstance(artist, Line2D):
        return np.size(artist.get_xdata()) > CLOUD and artist.get_marker() not in ("", "None", None)
    return False


def parts(collection: Collection) -> int:
    """Of how many shapes a collection consists."""
    if isinstance(collection, QuadMesh):
        return np.asarray(collection.get_coordinates())[1:, 1:, 0].size
    return max(len(np.asarray(collection.get_offsets())), len(collection.get_paths()))


def costliest(renderer: Renderer, roles: dict[str, Role]) -> list[Role]:
    """The parts of a figure that is too large, the largest first, until the rest is not."""
    total = renderer.total
    found = []
    for role in sorted(roles.values(), key=lambda role: -role.size):
        if total <= LIMIT or role.size < COSTLY:
            break
        if (
            isinstance(role.artist, Collection | Line2D | Patch)
            and not role.artist.get_rasterized()
        ):
            found.append(role)
            total -= role.size
    return found


def note(role: Role) -> str:
    """What to tell of a part that is shown as an image."""
    artist = role.artist
    kind = type(artist).__name__
    if isinstance(artist, Collection):
        kind = f"{kind} of {parts(artist):,} parts"
    elif isinstance(artist, Line2D):
        kind = f"line of {np.size(artist.get_xdata()):,} points"
    cost = f"{role.size / 1000:,.0f} kB" if role.size > COSTLY else "too much"
    return f"a {kind} is shown as an image, since it would take {cost} as shapes"


def dark_picture(artist: Artist) -> bool:
    """Whether what is shown as an image is drawn in ink, which an image cannot turn to chalk."""
    if isinstance(artist, ScalarMappable) and is_mapped(artist):
        return False
    if isinstance(artist, Collection):
        colours: list[Any] = [
            *np.asarray(artist.get_facecolor())[:50],
            *np.asarray(artist.get_edgecolor())[:50],
        ]
    elif isinstance(artist, Line2D):
        colours = [artist.get_color(), artist.get_markerfacecolor()]
    else:
        return False
    named = [to_rgba(c) for c in colours if not (isinstance(c, str) and c == "none")]
    return any(c[3] and palette.luminance(palette.hexed(c)) < 0.05 for c in named)
