"""Figures: what of matplotlib's SVG reaches the page, and in which words."""

import gzip
import io
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt

from literate.figure import compose as drawing
from literate.figure import path as curve

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with mpl.rc_context(drawing.STYLE):
        yield
        plt.close("all")


def page_figure(prefix: str = "here") -> ElementTree.Element:
    """The current figure as the page has it."""
    return ElementTree.fromstring(drawing.fit(drawing.draw(plt.gcf()), prefix))


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(SVG + "text")]


def colours(svg: ElementTree.Element) -> set[str]:
    return {
        element.get(key) for element in svg.iter() for key in ("fill", "stroke") if element.get(key)
    }


def test_two_draws_are_the_same_bytes() -> None:
    def once() -> tuple[str, str]:
        _, axes = plt.subplots()
        axes.scatter(range(20), range(20), c=range(20))
        axes.bar([1, 2], [3, 4], hatch="//", label="bars")
        axes.legend()
        raw = drawing.draw(plt.gcf())
        return raw, drawing.fit(raw, "a")

    assert once() == once()


def test_root_is_ready_for_the_page() -> None:
    plt.subplots()
    svg = drawing.fit(drawing.draw(plt.gcf()), "a")
    assert svg.startswith('<svg role="img" ')
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 460.8 259.2"
    assert not {"width", "height"} & set(root.keys())
    assert not [*root.iter(SVG + "style"), *root.iter(SVG + "metadata")]
    assert "<!--" not in svg
    assert "font-family" not in svg


def test_colours_follow_the_palette() -> None:
    plt.plot([0, 1], [0, 1])
    plt.plot([0, 1], [1, 0], color="black")
    plt.bar([0], [1], color="0.7")
    plt.plot([0, 1], [0, 0], color="tab:purple", label="named")
    plt.legend()
    assert {
        f"var(--figure-1,{drawing.CYCLE[0]})",
        "var(--figure-ink,#1f2328)",
        "var(--figure-paper,#fff)",
        "var(--figure-grid,#d7dce2)",
        "var(--figure-grey-7,#b2b2b2)",
        "#9467bd",
    } <= colours(page_figure())


def test_grey_text_stays_legible() -> None:
    plt.text(0, 0, "faint", color="0.8")
    assert "var(--figure-grey-4,#cccccc)" in colours(page_figure())


def test_colour_maps_and_what_lies_on_them_stay_as_they_are() -> None:
    _, (left, right) = plt.subplots(1, 2)
    left.pcolormesh(np.eye(2), cmap="gray")
    left.plot([0, 1], [0, 1], color="black")
    left.text(0, 0, "on the field", color="white")
    right.plot([0, 1], [0, 1])
    found = colours(page_figure())
    assert {"#000000", "#ffffff"} <= found
    assert f"var(--figure-1,{drawing.CYCLE[0]})" in found


def test_contours_of_one_colour_follow_the_palette() -> None:
    plt.contour(np.outer(np.arange(5.0), np.arange(5.0)), colors="0.8")
    assert "var(--figure-grey-8,#cccccc)" in colours(page_figure())


def test_curves_differ_by_line_style_too() -> None:
    for height in range(8):
        plt.plot([0, 1], [height, height])
    dashes = [
        path.get("stroke-dasharray")
        for path in page_figure().iter(SVG + "path")
        if path.get("stroke", "").startswith(tuple(f"var(--figure-{n}," for n in range(1, 9)))
    ]
    assert len(dashes) == len(set(dashes)) == 8


def test_text_is_text_and_keeps_its_digits() -> None:
    plt.title("rate 0.00123456 & <more>")
    plt.xticks([0.001])
    assert {"rate 0.00123456 & <more>", "0.001"} <= set(texts(page_figure()))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("learning rate $\\eta$", "learning rate η"),
        ("$w_1$", "w1"),
        ("$10^{-3}$", "10−3"),
        ("$x_i^2$", "x2i"),
        ("$\\mathbb{E}[\\mathcal{L}]$", "𝔼[ℒ]"),
    ],
)
def test_formulas_read_as_text(source: str, shown: str) -> None:
    plt.title(source)
    assert shown in texts(page_figure())


def test_indices_are_small_and_low_exponents_small_and_high() -> None:
    plt.title("$x_i^2$")
    [formula] = [text for text in page_figure().iter(SVG + "text") if len(text)]
    base, exponent, index = formula
    assert "font-size" not in base.attrib
    assert exponent.get("font-size") == index.get("font-size") == "7.7px"
    assert float(exponent.get("dy")) < 0 < float(exponent.get("dy")) + float(index.get("dy"))
    assert float(index.get("dx")) < 0


def test_formulas_keep_their_side() -> None:
    _, axes = plt.subplots()
    axes.set(yscale="log", ylim=(1, 1000), xlabel="$t$")
    anchors = {text.get("text-anchor") for text in page_figure().iter(SVG + "text") if len(text)}
    assert anchors == {"middle", "end"}


def test_ids_are_prefixed_and_all_used() -> None:
    plt.plot([0, 1], [0, 1], clip_on=True)
    plt.bar([0], [1], hatch="/")
    svg = page_figure("sgd-noise-1")
    ids = {element.get("id") for element in svg.iter() if element.get("id")}
    used = {
        value[5:-1]
        for element in svg.iter()
        for value in element.attrib.values()
        if value.startswith("url(#")
    }
    assert ids == used
    assert all(name.startswith("sgd-noise-1-") for name in ids)
    assert len(ids) == 2


def test_a_long_curve_is_thinned_and_keeps_its_extremes() -> None:
    noise = np.random.default_rng(0).normal(size=5000)
    noise[1234] = 9
    points = [(float(x), float(y)) for x, y in zip(np.linspace(0, 400, 5000), noise, strict=True)]
    kept = curve.thinned_line(points)
    assert len(kept) <= 310
    assert max(y for _, y in kept) == 9
    assert min(y for _, y in kept) == noise.min()
    assert (kept[0], kept[-1]) == (points[0], points[-1])


def test_a_spiral_is_thinned_without_leaving_it() -> None:
    turns = np.linspace(0, 60, 6000)
    points = [(float(t * np.cos(t)), float(t * np.sin(t))) for t in turns]
    kept = curve.thinned_line(points)
    assert len(kept) < 1000
    stretches = list(pairwise(kept))
    for point in points[::97]:
        assert min(curve.distance2(point, *ends) for ends in stretches) <= curve.TOLERABLE**2


def test_many_points_are_one_path() -> None:
    plt.scatter(*np.random.default_rng(0).normal(size=(2, 500)))
    svg = page_figure()
    assert not list(svg.iter(SVG + "use"))
    dots = [
        path
        for path in svg.iter(SVG + "path")
        if path.get("stroke", "").startswith("var(--figure-1")
    ]
    assert len(dots) == 1


def test_path_data_is_short() -> None:
    segments = curve.read("M 0 0 L 10 0 L 10 5.004 L 0.2 -0.3 z M 5 5 C 1 2 3 4 5 6")
    assert curve.written(segments) == "M0 0h10v5l-9.8-5.3zm5 5c-4-3-2-1 0 1"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, ".5"), (-0.5, "-.5"), (-0.001, "0"), (100, "100"), (1.25, "1.25"), (10, "10")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert curve.number(value) == text


def test_a_figure_is_a_fraction_of_matplotlibs() -> None:
    def curves() -> None:
        _, axes = plt.subplots()
        for seed in range(3):
            axes.plot(np.random.default_rng(seed).normal(size=1000).cumsum(), label=f"seed {seed}")
        axes.legend()

    with mpl.rc_context(mpl.rcParamsDefault):
        curves()
        whole = io.BytesIO()
        plt.savefig(whole, format="svg")
    curves()
    small = drawing.fit(drawing.draw(plt.gcf()), "a").encode()
    assert len(gzip.compress(small)) * 5 < len(gzip.compress(whole.getvalue()))


# Sweeps


def frame(label: str, size: tuple[float, float] = (6.4, 3.2)) -> str:
    figure = plt.figure(label, figsize=size)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.5", label="fixed")
    axes.plot([0, 1], [0, float(label)], label="moving")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="$x$")
    axes.legend(loc="upper left")
    return drawing.draw(figure)


def visible(svg: str, number: int) -> list[str]:
    """What is seen when frame `number` is: everything outside groups for other frames."""
    seen = []
    for element in ElementTree.fromstring(svg):
        if element.get("class") != "frame":
            seen.append(element)
        elif element.get("data-frame") == str(number):
            seen.extend(element)
    return [ElementTree.tostring(element, encoding="unicode").strip() for element in seen]


def test_each_frame_of_a_sweep_is_its_own_figure() -> None:
    frames = [frame(label) for label in ("0.2", "0.5", "0.9")]
    merged = drawing.sweep(frames, "a")
    for number, raw in enumerate(frames):
        assert visible(merged, number) == visible(drawing.fit(raw, "a"), number)


def test_a_sweep_stores_once_what_does_not_move() -> None:
    frames = [frame(label) for label in ("0.2", "0.5", "0.9")]
    merged = drawing.sweep(frames, "a")
    groups = [g for g in ElementTree.fromstring(merged) if g.get("class") == "frame"]
    assert [(g.get("data-frame"), g.get("display")) for g in groups] == [
        ("0", None),
        ("1", "none"),
        ("2", "none"),
    ]
    assert [len(group) for group in groups] == [1, 1, 1]
    assert merged.count("fixed") == 1
    assert merged.startswith('<svg role="img" ')


def test_frames_of_different_size_are_refused() -> None:
    with pytest.raises(ValueError, match=r"differ in size: 460\.8 x 230\.4, 360 x"):
        drawing.sweep([frame("0.1"), frame("0.2", size=(5, 3))], "a")
