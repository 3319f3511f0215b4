"""On a page a figure looks as matplotlib's own Agg draws it, and its texts can be read."""

import io
from collections.abc import Callable, Iterator

import fidelity
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import patches, patheffects
from matplotlib.collections import EllipseCollection, LineCollection, PolyCollection
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image
from playwright.sync_api import Browser, Page

from literate.figure import compose, draw, palette, style

RANDOM = np.random.default_rng(0)
SEEDED = RANDOM.bit_generator.state
GRID = np.hypot(*np.meshgrid(np.linspace(-2, 2, 12), np.linspace(-2, 2, 9)))
STAR = Path([(np.sin(t), np.cos(t)) for t in np.arange(6) * 2.5132741])


def lines() -> None:
    for k, look in enumerate(("-", "--", ":", "-.", (0, (5, 1, 1, 1)))):
        plt.plot([0, 1, 2], [k, k + 1, k], ls=look, lw=k + 1, alpha=1 - k / 10)
    plt.step(range(5), range(5), marker="x")
    plt.errorbar([0, 1, 2], [5, 6, 7], yerr=0.5, xerr=0.1, capsize=4, fmt="o")
    plt.plot(RANDOM.normal(size=3000).cumsum() / 20)
    plt.plot([0, 3000], [np.linspace(-9, 5, 6), np.linspace(-1, 6, 6)], lw=0.05, antialiased=False)


def markers() -> None:
    for k, marker in enumerate(".,ov^<>1234sp*hH+xDd|_P"):
        fill = ("full", "none", "left")[k % 3]
        plt.plot([k % 6], [k // 6], marker=marker, ms=14, fillstyle=fill, mec="k", mew=1.5)


def clouds() -> None:
    x, y = RANDOM.normal(size=(2, 80))
    plt.scatter(x, y, s=300, c=x, edgecolors="k", linewidths=2)
    plt.scatter(y, x, s=200, color="red", alpha=0.2, marker="s")
    plt.scatter([0, 0, 0], [0, 0, 0], s=900, color="green", alpha=0.2)


def shapes() -> None:
    axes = plt.gca()
    for corner, turn in ((0, 1), (0.4, -1)):
        square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])[::turn] + corner
        axes.add_patch(patches.Polygon(square, color="tab:blue"))
    disc = Path.unit_circle()
    ring = np.concatenate([disc.vertices, 0.5 * disc.vertices[::-1]])
    codes = np.tile(disc.codes, 2)
    axes.add_patch(patches.PathPatch(Path(ring * 0.4 + (2, 0.5), codes), fc="orange", ec="k"))
    axes.add_patch(patches.Ellipse((3, 0.5), 1, 0.5, angle=30, fc="0.7", ec="red", lw=3))
    axes.add_patch(patches.FancyBboxPatch((0.2, 1.7), 1, 0.6, boxstyle="round,pad=.2", ls="--"))
    axes.add_patch(patches.FancyArrowPatch((1.5, 2), (3, 1.4), mutation_scale=30, color="purple"))
    axes.add_patch(patches.Wedge((3, 2.2), 0.5, 20, 300, width=0.2, hatch="xx", fc="w", ec="g"))
    axes.set(xlim=(-0.5, 4), ylim=(-0.5, 3))


def bars() -> None:
    plt.bar(range(4), [1, 3, 2, 4], hatch=["/", "\\", "o", "+"], edgecolor="k", color="gold")
    plt.barh(range(4), [3, 1, 2, 1], color="tab:red", alpha=0.5)
    plt.hist(RANDOM.normal(size=200), histtype="stepfilled", density=True, bins=20)
    plt.axvspan(2.2, 2.6, color="cyan", alpha=0.3)


def collections() -> None:
    axes = plt.gca()
    waves = [np.column_stack([np.arange(9), np.sin(np.arange(9) + k) + k]) for k in range(4)]
    axes.add_collection(LineCollection(waves, array=np.arange(4), linewidths=[1, 2, 3, 4]))
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    squares = [square + np.array([k / 2, 5 + k / 4]) for k in range(6)]
    axes.add_collection(PolyCollection(squares, facecolors=["C0", "C1"], edgecolors="k"))
    axes.add_collection(
        EllipseCollection([9, 20], [20, 9], [0, 45], offsets=[(6, 6), (7, 7)],
                          offset_transform=axes.transData)
    )  # fmt: skip
    axes.quiver([0, 2, 4], [8, 8, 8], [1, 0, -1], [0, 1, 1])
    axes.set(xlim=(-1, 9), ylim=(-2, 10))


def images() -> None:
    _, axes = plt.subplots(2, 2)
    axes[0, 0].imshow(GRID)
    axes[0, 1].imshow(RANDOM.normal(size=(300, 300)), aspect="auto", interpolation="bilinear")
    clipped = axes[1, 0].imshow(GRID, extent=(-1, 1, -1, 1))
    clipped.set_clip_path(STAR, axes[1, 0].transData)
    axes[1, 1].imshow(RANDOM.random(size=(9, 9, 4)), origin="lower", alpha=0.7)


def meshes() -> None:
    _, axes = plt.subplots(2, 2)
    axes[0, 0].pcolormesh(GRID)
    axes[0, 1].pcolormesh(GRID, shading="gouraud")
    axes[1, 0].pcolormesh(
        np.geomspace(1, 50, 12), np.arange(9), GRID, edgecolors="w", antialiased=True
    )
    axes[1, 1].tripcolor(*RANDOM.random((2, 40)), RANDOM.random(40), shading="gouraud")


def contours() -> None:
    plt.contourf(GRID, levels=6, hatches=["", "//"], cmap="Greys")
    plt.clabel(plt.contour(GRID, levels=4, colors="C3"))
    plt.colorbar()


def clips() -> None:
    axes = plt.gca()
    (line,) = axes.plot([-1, 1], [-1, 1], lw=20)
    line.set_clip_path(STAR, axes.transData)
    axes.add_patch(patches.Circle((0, 0), 1.5, fc="none", ec="k", lw=8))
    axes.set(xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), aspect="equal")


def words() -> None:
    axes = plt.gca()
    for k, family in enumerate(("sans-serif", "serif", "monospace")):
        axes.text(0.1, 0.8 - k / 10, f"{family} text", family=family, weight="bold")
    for k, side in enumerate(("left", "center", "right")):
        axes.text(0.5, 0.4, f"{side}\nof two lines", ha=side, va=("top", "center", "bottom")[k])
    for turn in (30, 90, 200):
        axes.text(0.8, 0.7, "turned", rotation=turn, ha="right", va="top")
        axes.text(0.2, 0.3, "anchored", rotation=turn, rotation_mode="anchor", style="italic")
    axes.set_title("left", loc="left")
    axes.annotate("note", (0.5, 0.9), (0.8, 0.95), arrowprops={"arrowstyle": "->"},
                  bbox={"boxstyle": "round", "fc": "wheat"})  # fmt: skip
    for look, width in (("none", 9), ("blue", 5)):
        ring = [patheffects.Stroke(linewidth=width, foreground="orange")]
        axes.text(0.1, 0.05, "ring", size=40, color=look, path_effects=ring)


def formulas() -> None:
    for k, text in enumerate(
        (r"$\alpha_i^2 + \sqrt{x}$", r"rate $\frac{a}{b}$ of", r"$\sum_{i=0}^\infty x_i$",
         r"$\hat{y} = \mathbf{W}x$", r"$\left(\frac{1}{2}\right)^n$")
    ):  # fmt: skip
        plt.text(0.1, 0.1 + k / 6, text, fontsize=18)


def tables() -> None:
    plt.axis("off")
    plt.table([["1", "2"], ["3", "4"]], rowLabels=["a", "b"], colLabels=["x", "y"], loc="center",
              cellColours=[["lightblue", "w"], ["w", "pink"]])  # fmt: skip


def round_ones() -> None:
    figure = plt.figure(figsize=(8, 4))
    polar = figure.add_subplot(121, projection="polar")
    polar.plot(np.linspace(0, 9, 90), np.linspace(0, 2, 90))
    figure.add_subplot(122).pie([1, 2, 3], labels=list("abc"), autopct="%d%%", shadow=True)


def solids() -> None:
    axes = plt.figure().add_subplot(projection="3d")
    x, y = np.meshgrid(np.linspace(-2, 2, 15), np.linspace(-2, 2, 15))
    axes.plot_surface(x, y, np.exp(-(x**2) - y**2), cmap="viridis", edgecolor="k")
    axes.voxels(np.ones((1, 1, 1)), alpha=0.6)


def panels() -> None:
    figure, axes = plt.subplots(1, 2, figsize=(8, 4))
    axes[0].plot([1, 2], label="one")
    axes[0].inset_axes((0.6, 0.1, 0.3, 0.3)).plot([2, 1], "r")
    axes[0].twinx().plot([3, 9], "g--", label="twin")
    axes[0].legend(loc="upper left", bbox_to_anchor=(0.1, 1.2), shadow=True)
    axes[1].set(xscale="log", yscale="log", xlim=(1, 1e4), ylim=(1e-3, 1))
    axes[1].grid(which="both", ls=":")
    figure.suptitle("title of all")


def repeated() -> None:
    for height in RANDOM.integers(0, 60, 600):  # ten lines upon one another are darker than one
        for place in range(6):
            plt.plot([place, place + 0.8], [height, height], "k", lw=0.5)


def grounds() -> None:
    plt.style.use("dark_background")
    plt.plot([1, 2], label="on black")
    plt.legend()


def far_areas() -> None:
    _, axes = plt.subplots(2, 3)
    x = np.linspace(0, 10, 100)
    axes[0, 0].fill_between(x, np.sin(x) + 1, np.where(x < 5, 3, 1e8))
    axes[0, 0].fill_between(x, np.exp(50 * x), color="C1", alpha=0.5)
    axes[0, 1].fill([0, 1, 3], [0, 1e9, 0], facecolor="gold", edgecolor="k", lw=6)
    axes[0, 2].bar(range(4), [1, 2, 1e20, 1e100], edgecolor="k", lw=5, hatch="/")
    for ax in axes[0]:
        ax.set_ylim(0, 4)
    axes[1, 0].axvspan(1e9, 2e9)
    axes[1, 0].set_xlim(1e9 - 1, 1e9 + 1)
    axes[1, 1].axvspan(0.5, 1e18, color="gold")
    axes[1, 1].add_patch(patches.Circle((1e5, 0), 1e5, fc="C0", ec="r", lw=4))
    axes[1, 1].add_patch(patches.Ellipse((-0.5, 0), 0.5, 1e12, fill=False, lw=5))
    around = 1e7 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
    rings = np.concatenate([around, 5e-8 * around[::-1]])
    codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * 2
    axes[1, 2].add_patch(patches.PathPatch(Path(rings, codes), lw=9, joinstyle="miter"))
    ends = Path([(0.2, 0.2), (0, 1e9), (-0.2, 0.2), (-0.2, -0.2)])
    axes[1, 2].add_patch(patches.PathPatch(ends, fc="r", ec="k", lw=5))
    for ax in axes[1, 1:]:
        ax.set(xlim=(-1, 1), ylim=(-1, 1))


def far_collections() -> None:
    _, axes = plt.subplots(2, 3)
    axes[0, 0].vlines([0, 1, 2], 0, [1, 1e30, 2])
    axes[0, 0].hlines([1, 2], -1e25, 1e20, colors="r", lw=3)
    axes[0, 0].errorbar([0, 1, 2], [1, 2, 1], yerr=[0.5, 1e30, 0.2], capsize=3, fmt="o")
    axes[0, 1].quiver([0, 1, 2], [0, 1, 2], [1, 1e6, 3], [1, 2, 1e12], scale=10)
    axes[0, 1].scatter([0, 2, 1e20, 1e300], [2, 0, 1e20, 1e300], [1e12, 99, 99, 99], "C1")
    edges = [-1e9, 0, 1e12], [-1e9, 0, 0.5, 1e19]
    axes[0, 2].pcolormesh(*edges, [[1, 2], [3, 4], [5, 6]], edgecolor="w", lw=3)
    axes[1, 0].tripcolor([0, 1e9, 0, -1e8], [0, 0, 1e9, -1e9], [[0, 1, 2], [0, 2, 3]], [1, 2])
    axes[1, 1].contourf([-1e9, 0, 1e9], [-1e9, 0, 1e9], [[0, 1, 2], [1, 2, 3], [2, 3, 5]])
    for ax, corner in ((axes[1, 0], (0, 0)), (axes[1, 2], (1, 1))):
        (line,) = ax.plot([-1, 3], [-1, 3], lw=30)
        cut = [corner, (1e10, 1e9), (0, 1e10)]
        line.set_clip_path(patches.Polygon(cut, transform=ax.transData))
    for ax in axes.flat:
        ax.set(xlim=(-1, 3), ylim=(-1, 3))


def far_pictures() -> None:
    _, axes = plt.subplots(2, 3)
    three = np.arange(9).reshape(3, 3)
    axes[0, 0].pcolormesh([-1e9, 0, 1e9], [-2e9, 0, 2e9], three[:2, :2])
    axes[0, 1].pcolormesh(np.linspace(-1e3, 2e3, 4), np.linspace(-3e6, 6e6, 4), three)
    axes[0, 2].imshow(three, extent=(-1, 2, -1e7, 2e7), interpolation="none")
    axes[1, 0].imshow(RANDOM.random((300, 300)), extent=(-2e4, 1e4, 0, 3), interpolation="none")
    turned = axes[1, 1].imshow(three, extent=(-1e6, 2e6, -1e6, 2e6), interpolation="none")
    turned.set_transform(Affine2D().rotate_deg(30) + axes[1, 1].transData)
    axes[1, 2].imshow(three, extent=(1e9, 2e9, 0, 1), interpolation="none")
    axes[1, 2].plot([9], [0.5], "o", ms=300)
    for ax in axes.flat:
        ax.set(xlim=(-1, 2), ylim=(2, -1), aspect="auto")


CASES = (lines, markers, clouds, shapes, bars, collections, images, meshes, contours, clips, words,
         formulas, tables, round_ones, solids, panels, repeated, grounds, far_areas,
         far_collections, far_pictures)  # fmt: skip


@pytest.fixture(scope="module")
def page(launch: Callable[..., Browser]) -> Page:
    return fidelity.sheet(launch("--disable-gpu"))


@pytest.fixture(autouse=True)
def plain() -> Iterator[None]:
    style.apply(style.PLAIN)
    RANDOM.bit_generator.state = SEEDED
    yield
    plt.close("all")
    style.apply(style.PLAIN)


@pytest.mark.parametrize("case", CASES)
def test_a_figure_looks_as_agg_draws_it(case: Callable[[], None], page: Page) -> None:
    case()
    figure = plt.gcf()
    picture = fidelity.agg(figure)
    svg = compose.figure(draw.drawn(figure), "f")
    ours = fidelity.shown(page, svg, picture.size)
    assert fidelity.difference(picture, ours) <= fidelity.ALIKE


def test_bars_that_touch_show_no_seam(page: Page) -> None:
    plt.bar(range(7), [1] * 7, width=1, color=["#000000", "#080000"] * 3 + ["#000000"])
    plt.axis("off")
    size = fidelity.agg(plt.gcf()).size
    ours = fidelity.shown(page, compose.figure(draw.drawn(plt.gcf()), "f"), size)
    row = np.asarray(ours.convert("L"))[size[1] // 2]
    dark = np.flatnonzero(row < 128)
    assert len(dark) > size[0] / 2
    assert row[dark[0] + 1 : dark[-1]].max() < 10


def test_what_looks_otherwise_is_seen(page: Page) -> None:
    plt.plot([0, 1, 0])
    picture = fidelity.agg(plt.gcf())
    plt.gca().lines[0].set_color("red")
    ours = fidelity.shown(page, compose.figure(draw.drawn(plt.gcf()), "f"), picture.size)
    assert fidelity.difference(picture, ours) > fidelity.ALIKE


def test_what_was_shown_before_makes_no_difference(page: Page) -> None:
    plt.plot([0, 1, 0])
    svg = compose.figure(draw.drawn(plt.gcf()), "f")
    size = fidelity.agg(plt.gcf()).size
    first = fidelity.shown(page, svg, size)
    dark = "background: #000; --figure-paper: #000"
    page.evaluate("look => document.querySelector('#place').setAttribute('style', look)", dark)
    assert fidelity.shown(page, svg, size) == first


# Contrast, measured: each text's colour against what is seen where it stands, without the texts


def boxes() -> None:
    for k, colour in enumerate(("navy", "black", "yellow", "wheat", "lightcyan", "C0", "0.5")):
        for place, ink in ((0.3, "white"), (0.7, "black")):
            plt.text(place, k / 8 + 0.1, "some words", color=ink, bbox={"facecolor": colour})


def bars_with_words() -> None:
    for bar in plt.bar(range(6), range(2, 8), color=[f"C{k}" for k in range(6)]):
        plt.text(bar.get_x() + 0.4, 1, "words", ha="center", color="white")


def confusion() -> None:
    plt.imshow(np.arange(16).reshape(4, 4), cmap="viridis")
    for k in range(16):
        plt.text(k % 4, k // 4, f"{k}", ha="center", color="white")


def lines_with_words() -> None:
    plt.plot([0, 1], color="navy")
    for k, colour in enumerate(("navy", "blue", "yellow", "0.8", "gold")):
        plt.text(0.1, k / 6 + 0.1, f"a text in {colour}", color=colour)


HARD = (boxes, bars_with_words, confusion, lines_with_words, grounds, tables, round_ones, contours)
SHADES = {
    "light": {name: light for name, (light, _) in palette.VARIABLES.items()},
    "dark": {name: dark for name, (_, dark) in palette.VARIABLES.items()},
}


@pytest.mark.parametrize("book", [style.LITERATE, style.PLAIN])
@pytest.mark.parametrize("case", HARD)
def test_each_text_can_be_read_in_the_light_and_in_the_dark(
    case: Callable[[], None], book: str, page: Page
) -> None:
    style.apply(book)
    case()
    drawing = draw.drawn(plt.gcf())
    size = round(drawing.width), round(drawing.height)
    pixels = fidelity.DENSITY * size[0], fidelity.DENSITY * size[1]
    for name, shades in SHADES.items():
        fidelity.shown(page, compose.figure(drawing, "f"), pixels)
        look = "".join(f"--figure-{variable}:{shade};" for variable, shade in shades.items())
        look += f"--figure-dark:{100 if name == 'dark' else 0}%;"
        ground = palette.PAPERS[0] if drawing.literal else shades["paper"]
        page.evaluate(
            "look => document.querySelector('#place').setAttribute('style', look)",
            f"{look}background:{ground}",
        )
        said = page.evaluate(
            """() => [...document.querySelectorAll("#place text")].map(text => {
                const {x, y, width, height} = text.getBoundingClientRect();
                const colour = getComputedStyle(text).fill;
                text.style.visibility = "hidden";
                return [text.textContent, colour, x + width / 2, y + height / 2];
            })"""
        )
        clip = {"x": 0, "y": 0, "width": size[0], "height": size[1]}
        image = Image.open(io.BytesIO(page.screenshot(clip=clip)))  # type: ignore[arg-type]
        beneath = image.convert("RGB").resize(size, Image.Resampling.BOX)
        for text, colour, x, y in said:
            if 0 <= x < size[0] and 0 <= y < size[1]:
                seen = palette.hexed([part / 255 for part in beneath.getpixel((int(x), int(y)))])
                assert palette.contrast(fidelity.hexed(colour), seen) >= 4.4, (
                    name,
                    text,
                    colour,
                    seen,
                )
