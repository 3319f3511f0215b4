"""Figures: what of matplotlib's drawing reaches the page, in which colours and in which words."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from literate.figure import compose, draw, layout, palette, path, style
from literate.figure.drawing import Drawing, Text

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def book() -> Iterator[None]:
    style.apply(style.LITERATE)
    yield
    plt.close("all")
    style.apply(style.PLAIN)


def page_figure(prefix: str = "here", figure: Figure | None = None) -> ElementTree.Element:
    """The current figure as the page has it."""
    drawing = draw.drawn(figure or plt.gcf())
    svg = compose.figure(drawing, prefix).replace("xlink:href", "href")
    return ElementTree.fromstring(svg)


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(SVG + "text")]


def colours(svg: ElementTree.Element) -> set[str]:
    return {
        element.attrib[key]
        for element in svg.iter()
        for key in ("fill", "stroke")
        if key in element.attrib
    }


def test_two_draws_are_the_same_bytes() -> None:
    def once() -> Drawing:
        _, axes = plt.subplots()
        axes.scatter(range(20), range(20), c=range(20))
        axes.bar([1, 2], [3, 4], hatch="//", label="bars")
        axes.legend()
        return draw.drawn(plt.gcf())

    assert once() == once()


def test_drawing_leaves_the_figure_as_it_was() -> None:
    plt.plot([0, 1], gid="mine")
    plt.title("title")
    first = draw.drawn(plt.gcf())
    assert plt.gca().lines[0].get_gid() == "mine"
    assert not plt.gcf().stale
    assert draw.drawn(plt.gcf()) == first


def test_a_drawing_survives_json() -> None:
    import json

    plt.title("rate $\\eta$")
    drawing = draw.drawn(plt.gcf())
    assert Drawing.of(json.loads(json.dumps(drawing.asdict()))) == drawing


def test_root_is_ready_for_the_page() -> None:
    plt.subplots()
    svg = compose.figure(draw.drawn(plt.gcf()), "a")
    assert svg.startswith('<svg role="img" ')
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 460.8 259.2"
    assert not {"width", "height"} & set(root.keys())
    assert "font-family" not in svg
    assert "\x02" not in svg


def test_colours_follow_the_palette() -> None:
    plt.plot([0, 1], [0, 1])
    plt.plot([0, 1], [1, 0], color="black")
    plt.bar([0], [1], color="0.7")
    plt.plot([0, 1], [0, 0], color="tab:purple", label="named")
    plt.legend()
    assert {
        f"var(--figure-1,{palette.CYCLE[0]})",
        "var(--figure-ink,#1f2328)",
        "var(--figure-paper,#fff)",
        "var(--figure-grid,#d7dce2)",
        "var(--figure-grey-7,#b2b2b2)",
        "#9467bd",
    } <= colours(page_figure())


def test_what_is_no_page_has_plain_colours() -> None:
    plt.plot([0, 1], [0, 1])
    assert "var(" not in compose.figure(draw.drawn(plt.gcf()), "a", page=False)
    assert "var(" not in compose.figure(draw.drawn(plt.gcf()), "a", literal=True)


def test_grey_text_stays_legible() -> None:
    plt.text(0.5, 0.5, "faint", color="0.8")
    assert "var(--figure-grey-4,#666666)" in colours(page_figure())


def test_a_dark_line_is_lighter_on_a_dark_page() -> None:
    plt.plot([0, 1], color="navy")
    [stroke] = [colour for colour in colours(page_figure()) if "#000080" in colour]
    assert stroke.startswith("color-mix(in srgb,#")
    assert stroke.endswith("var(--figure-dark,0%),#000080)")


@pytest.mark.parametrize(
    "paint",
    [
        lambda: plt.style.use("dark_background"),
        lambda: plt.rcParams.update({"axes.facecolor": "black"}),
        lambda: plt.rcParams.update({"figure.facecolor": "wheat"}),
    ],
)
def test_a_figure_with_a_ground_of_its_own_keeps_its_colours(paint: Callable[[], object]) -> None:
    paint()
    plt.plot([0, 1])
    svg = page_figure()
    assert svg.get("class") == "literal"
    assert not [colour for colour in colours(svg) if "var(" in colour]


def test_a_style_that_shows_grey_and_saves_white_is_white() -> None:
    with mpl.rc_context():
        plt.style.use("classic")
        plt.figure().add_subplot().plot([1, 2])
        assert not draw.drawn(plt.gcf()).literal
        assert mpl.colors.same_color(plt.gcf().get_facecolor(), "0.75")
        plt.gcf().set_facecolor("navy")
        assert draw.drawn(plt.gcf()).literal


def test_a_plain_white_ground_follows_the_page() -> None:
    style.apply(style.PLAIN)
    plt.plot([0, 1])
    svg = page_figure()
    assert svg.get("class") is None
    assert "var(--figure-paper,#fff)" in colours(svg)


@pytest.mark.parametrize("name", ["navy", "black", "yellow", "wheat", "C0", "tab:blue", "0.5"])
@pytest.mark.parametrize("ink", ["black", "white", "C1"])
def test_text_on_a_box_is_legible_in_both_palettes(name: str, ink: str) -> None:
    plt.text(0.5, 0.5, "words", color=ink, bbox={"facecolor": name})
    drawing = draw.drawn(plt.gcf())
    [text] = [
        part for part in drawing.parts if not isinstance(part, str) and part.source == "words"
    ]
    box = next(
        part
        for part in reversed(drawing.parts[: drawing.parts.index(text)])
        if isinstance(part, str)
    )
    fill = box.split('fill="\x02')[1].split("\x02")[0]
    colour = text.look.split('fill="\x02')[1].split("\x02")[0] if "fill" in text.look else "ink"
    for one, ground in zip(palette.shades(colour), palette.shades(fill), strict=True):
        assert palette.contrast(one, ground) >= 4.5


def text_colour(source: str) -> str:
    """The name of a text's colour in the current figure."""
    parts = draw.drawn(plt.gcf()).parts
    [text] = [part for part in parts if not isinstance(part, str) and part.source == source]
    return text.look.split('fill="\x02')[1].split("\x02")[0] if "fill" in text.look else "ink"


@pytest.mark.parametrize("ink", ["C0", "C1", "0.55", "tab:blue"])
def test_text_on_a_line_of_the_grid_is_legible_in_both_palettes(ink: str) -> None:
    plt.plot([0, 1])
    plt.text(0.4, 0.6, "words", color=ink, ha="center", va="center")
    for one, line in zip(palette.shades(text_colour("words")), palette.shades("grid"), strict=True):
        assert palette.contrast(one, line) >= 4.5


def test_a_grid_below_a_box_says_nothing_about_the_text_on_it() -> None:
    def on_a_box(grid: bool) -> str:
        plt.close("all")
        plt.plot([0, 1])
        plt.gca().grid(grid)
        plt.text(0.4, 0.6, "words", color="white", bbox={"facecolor": "navy", "pad": 9})
        return text_colour("words")

    assert on_a_box(grid=True) == on_a_box(grid=False)


def test_colour_maps_and_what_lies_on_them_stay_as_they_are() -> None:
    _, (left, right) = plt.subplots(1, 2)
    left.pcolormesh(np.eye(2), cmap="gray")
    left.plot([0, 1], [0, 1], color="black")
    left.text(0.5, 0.5, "on the field", color="white")
    right.plot([0, 1], [0, 1])
    found = colours(page_figure())
    assert {"#000000", "#ffffff"} <= found
    assert f"var(--figure-1,{palette.CYCLE[0]})" in found


def test_contours_of_one_colour_follow_the_palette() -> None:
    plt.contour(np.outer(np.arange(5.0), np.arange(5.0)), colors="0.8")
    assert "var(--figure-grey-8,#cccccc)" in colours(page_figure())


# Style


def dashes(svg: ElementTree.Element, start: str) -> list[str | None]:
    return [
        path.get("stroke-dasharray")
        for path in svg.iter(SVG + "path")
        if path.get("stroke", "").startswith(start) and path.get("stroke-width") != "0.7"
    ]


def test_ten_curves_have_ten_looks() -> None:
    for height in range(10):
        plt.plot([0, 1], [height, height])
    looks = [
        (element.get("stroke"), element.get("stroke-dasharray"))
        for element in page_figure().iter(SVG + "path")
        if element.get("stroke", "").startswith(tuple(f"var(--figure-{n}," for n in range(1, 9)))
    ]
    assert len(looks) == len(set(looks)) == 10


def test_dashes_do_not_come_upon_a_line_of_its_own_colour_or_width() -> None:
    for _ in range(3):
        plt.plot([0, 1], color="gray", label="each")
    plt.plot([0, 1], color="crimson", lw=3)
    plt.plot([0, 1], lw=4)
    plt.legend()
    assert not [line for line in page_figure().iter(SVG + "path") if line.get("stroke-dasharray")]


def test_asking_for_a_grid_does_not_switch_it_off() -> None:
    plt.plot([0, 1])
    plt.grid()
    assert "var(--figure-grid,#d7dce2)" in colours(page_figure())


@pytest.mark.parametrize(
    "field", [lambda: plt.imshow(np.eye(3)), lambda: plt.pcolormesh(np.eye(3))]
)
def test_no_grid_runs_over_a_picture(field: Callable[[], object]) -> None:
    field()
    assert "var(--figure-grid,#d7dce2)" not in colours(page_figure())


def test_a_grid_that_was_asked_for_runs_over_a_picture() -> None:
    axes = plt.subplot()
    axes.imshow(np.eye(3))
    axes.grid(True)
    assert "var(--figure-grid,#d7dce2)" in colours(page_figure())
    axes.clear()
    axes.imshow(np.eye(3))
    assert "var(--figure-grid,#d7dce2)" not in colours(page_figure())


def test_of_a_picture_only_the_grid_that_was_asked_for_is_kept() -> None:
    plt.imshow(np.eye(3))
    plt.grid(axis="x")
    page_figure()
    axes = plt.gca()
    assert axes.xaxis.get_gridlines()[0].get_visible()
    assert not axes.yaxis.get_gridlines()[0].get_visible()


def test_a_snippet_may_choose_another_style() -> None:
    plt.style.use("default")
    plt.rcParams.update(plt.rcParamsDefault)
    plt.plot([0, 1], label="line")
    plt.title("title")
    plt.legend()
    svg = page_figure()
    assert {"title", "line"} <= set(texts(svg))
    assert "#1f77b4" in " ".join(colours(svg))


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no style 'nosuch' of figures: literate, "):
        style.apply("nosuch")


# Layout


def test_labels_that_would_be_cut_get_room() -> None:
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.set(xlabel="x", ylabel="a long\nlabel", title="title")
    before = layout.crowd(figure)
    layout.arrange([figure])
    assert before > 0
    assert layout.crowd(figure) == 0


def test_a_figure_with_room_stays_as_it_is() -> None:
    figure, axes = plt.subplots(figsize=(8, 6))
    before = axes.get_position().bounds
    layout.arrange([figure])
    assert axes.get_position().bounds == before


def one_panel(title: str) -> Figure:
    """A figure whose x label has not enough room."""
    figure, axes = plt.subplots(figsize=(4, 2))
    axes.plot([0, 1], [0, 1000], label="line")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axes.set(xlabel="x", title=title)
    return figure


@pytest.mark.parametrize("title", ["short", "a title that is longer than the panel " * 2])
def test_one_panel_stands_where_matplotlib_would_have_put_it(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is stretched or, under a long title, laid out by matplotlib: within two pixels."""
    theirs, ours = one_panel(title), one_panel(title)
    theirs.set_layout_engine("constrained")
    theirs.canvas.draw()
    laid_out: list[Figure] = []
    monkeypatch.setattr(layout, "lay_out", laid_out.append)
    layout.arrange([ours])
    assert bool(laid_out) == (title != "short")
    if not laid_out:
        wanted, got = (figure.axes[0].get_window_extent().extents for figure in (theirs, ours))
        assert np.abs(wanted - got).max() < 2


def placed_by_its_code() -> None:
    _, axes = plt.subplots(figsize=(4, 2))
    axes.set_position((0.125, 0.11, 0.387, 0.77))


def placed_by_its_grid() -> None:
    figure = plt.figure(figsize=(4, 2))
    figure.add_subplot(figure.add_gridspec(1, 1, left=0.1, right=0.5)[0])


def without_space_between() -> None:
    plt.subplots(2, 1, sharex=True, figsize=(4, 3), gridspec_kw={"hspace": 0})


@pytest.mark.parametrize("case", [placed_by_its_code, placed_by_its_grid, without_space_between])
def test_what_its_code_has_placed_stays_there(case: Callable[[], object]) -> None:
    case()
    figure = plt.gcf()
    for axes in figure.axes:
        axes.set(xlabel="x", ylabel="a label\nof two lines")
    before = [axes.get_position().bounds for axes in figure.axes]
    assert layout.crowd(figure) > 0
    layout.arrange([figure])
    assert [axes.get_position().bounds for axes in figure.axes] == before


def test_a_panel_of_a_grid_within_a_grid_keeps_to_its_part() -> None:
    figure = plt.figure(figsize=(4, 2))
    left, _ = figure.add_gridspec(1, 2)
    axes = figure.add_subplot(left.subgridspec(1, 1)[0])
    axes.set(xlabel="x")
    layout.arrange([figure])
    assert axes.get_position().x1 < 0.55


def test_a_spine_that_was_moved_out_gets_room() -> None:
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.spines.left.set_position(("outward", 90))
    axes.set_yticks([])
    assert layout.crowd(figure) > 0
    layout.arrange([figure])
    assert layout.crowd(figure) == 0


@pytest.mark.parametrize("name", [style.PLAIN, style.LITERATE])
def test_an_authors_own_dashes_are_kept_though_they_are_ours_too(name: str) -> None:
    style.apply(name)
    _, axes = plt.subplots()
    axes.axhline(0.5, color="k", linestyle=(0, (6, 2)))
    assert any("stroke-dasharray" in part.attrib for part in page_figure().iter())


def test_a_box_lies_on_the_long_formula_that_was_there_before() -> None:
    axes = plt.gca()
    box = {"facecolor": "white", "edgecolor": "black"}
    formula = r"$f(x)=a_0+a_1x+a_2x^2+a_3x^3+a_4x^4+a_5x^5$"
    axes.text(0.1, 0.9, "first", bbox=box)
    axes.text(0.1, 0.5, formula, size=14)
    axes.text(0.45, 0.5, "last", size=14, bbox=box)
    parts = draw.drawn(plt.gcf()).parts
    words = [getattr(part, "source", "") for part in parts]
    between = parts[words.index(formula) + 1 : words.index("last")]
    assert any(isinstance(part, str) and "<path" in part for part in between)


def frames(wide: str) -> list[Figure]:
    """Two figures with the same panels; the labels of one need more room."""
    both = []
    for label in ("y", wide):
        figure, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
        left.set(ylabel="y")
        right.set(ylabel=label, xlabel="x")
        both.append(figure)
    return both


def test_frames_stand_alike_where_each_has_room() -> None:
    both = frames("a label of\nthree\nlines")
    layout.arrange(both)
    one, other = ([axes.get_position().bounds for axes in figure.axes] for figure in both)
    assert one == other
    assert not any(map(layout.crowd, both))


def test_a_frame_that_needs_a_place_of_its_own_gets_it() -> None:
    both = frames("a label of\nthree\nlines")
    both[0].axes[0].set_ylabel("this one\nis on the\nother\nside")
    layout.arrange(both)
    one, other = ([axes.get_position().bounds for axes in figure.axes] for figure in both)
    assert one != other
    assert not any(map(layout.crowd, both))


def test_a_legend_beside_the_panels_keeps_its_room() -> None:
    both = frames("a label of\nthree\nlines")
    both[0].axes[0].plot([0, 1], label="line")
    legend = both[0].legend(loc="outside upper center")
    layout.arrange(both)
    for figure in both:
        figure.canvas.draw()
    top = max(axes.get_window_extent().y1 for axes in both[0].axes)
    assert legend.get_window_extent().y0 > top


def by_hand() -> None:
    plt.figure().add_axes((0.1, 0.1, 0.8, 0.8)).set_ylabel("cut\ncut\ncut")


def too_small() -> None:
    _, axes = plt.subplots(5, 5, figsize=(3, 3))
    for one in axes.flat:
        one.set_title("a long title\nof two lines")


def divided() -> None:
    from mpl_toolkits.axes_grid1 import make_axes_locatable

    _, axes = plt.subplots(figsize=(2, 2))
    image = axes.imshow(np.eye(3))
    plt.colorbar(image, cax=make_axes_locatable(axes).append_axes("right", "5%"))
    axes.set_title("a title far too long for so small a figure")


@pytest.mark.parametrize("case", [by_hand, too_small, divided])
def test_a_layout_that_does_not_fit_is_dropped_in_silence(case: Callable[[], object]) -> None:
    case()
    figure = plt.gcf()
    crowd = layout.crowd(figure)
    before = [axes.get_position().bounds for axes in figure.axes]
    layout.arrange([figure])
    unchanged = np.allclose([axes.get_position().bounds for axes in figure.axes], before)
    assert unchanged or layout.crowd(figure) < crowd
    draw.drawn(figure)


# Texts


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
    assert (
        float(exponent.attrib["dy"]) < 0 < float(exponent.attrib["dy"]) + float(index.attrib["dy"])
    )
    assert float(index.attrib["dx"]) < 0


def test_words_after_an_index_stand_on_their_line() -> None:
    plt.title("loss $w_1$ falls")
    [text] = [text for text in page_figure().iter(SVG + "text") if len(text)]
    assert "".join(text.itertext()) == "loss w1 falls"
    assert abs(sum(float(span.get("dy", 0)) for span in text.iter(SVG + "tspan"))) < 0.11


def test_formulas_keep_their_side() -> None:
    _, axes = plt.subplots()
    axes.set(yscale="log", ylim=(1, 1000), xlabel="$t$")
    anchors = {text.get("text-anchor") for text in page_figure().iter(SVG + "text") if len(text)}
    assert anchors == {"middle", "end"}


def test_families_are_kept() -> None:
    plt.text(0, 0, "code", family="monospace")
    plt.text(0, 0.5, "book", family="serif")
    plt.text(0, 0.7, "page")
    families = {
        "".join(text.itertext()): text.get("font-family")
        for text in page_figure().iter(SVG + "text")
    }
    assert families["page"] is None
    assert "mono" in families["code"].lower()
    assert "serif" in families["book"].lower()


def test_each_line_of_a_text_is_aligned_as_its_text() -> None:
    plt.title("a long first line\nshort")
    lines = [
        text
        for text in page_figure().iter(SVG + "text")
        if text.text in ("a long first line", "short")
    ]
    assert [line.get("text-anchor") for line in lines] == ["middle", "middle"]
    assert lines[0].get("x") == lines[1].get("x")


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_control_character_does_not_reach_the_page() -> None:
    plt.title("a\x02ink\x02b\x1b")
    assert "a\ufffdink\ufffdb\ufffd" in texts(page_figure())


# Words

ZH = {
    "momentum {}": "动量{}",
    "training loss": "训练损失",
    "two lines": "两行",
    "rate $\\eta$": "学习率 $\\eta$",
}


def zh(text: str) -> str:
    return ZH.get(text, text)


def spoken(word: Callable[[str], str]) -> ElementTree.Element:
    return ElementTree.fromstring(compose.figure(draw.drawn(plt.gcf()), "a", word))


def test_words_are_said_in_the_pages_language() -> None:
    plt.plot([0, 1], label="training loss")
    plt.xlabel("rate $\\eta$")
    plt.legend()
    assert {"训练损失", "学习率 η"} <= set(texts(spoken(zh)))
    parts = draw.drawn(plt.gcf()).parts
    assert "training loss" in [part.source for part in parts if isinstance(part, Text)]


def test_a_word_keeps_its_anchor() -> None:
    plt.title("training loss")
    before, after = (
        next(
            text
            for text in spoken(word).iter(SVG + "text")
            if text.text in ("training loss", "训练损失")
        )
        for word in (compose.kept, zh)
    )
    assert {**before.attrib} == {**after.attrib}


def test_a_text_of_two_lines_may_be_said_in_one() -> None:
    plt.title("first line\nsecond line")
    [one] = [
        text
        for text in spoken(lambda text: "一行" if "\n" in text else text).iter(SVG + "text")
        if text.text == "一行"
    ]
    y = [
        float(text.attrib["y"])
        for text in page_figure().iter(SVG + "text")
        if "line" in (text.text or "")
    ]
    assert min(y) < float(one.attrib["y"]) < max(y)


def test_a_text_of_one_line_may_be_said_in_two() -> None:
    plt.ylabel("loss")
    two = spoken(lambda text: "一\n二" if text == "loss" else text)
    one, other = (text for text in two.iter(SVG + "text") if text.text in ("一", "二"))
    [line] = [text for text in page_figure().iter(SVG + "text") if text.text == "loss"]
    x = [float(text.attrib["x"]) for text in (one, line, other)]
    assert x == sorted(x)
    assert x[2] - x[0] > 10


def test_lines_that_stand_at_an_angle_are_said_once() -> None:
    plt.text(0.5, 0.5, "up\nand on", rotation=33.333)
    said = spoken(lambda text: "一\n二" if "\n" in text else text)
    assert [text.text for text in said.iter(SVG + "text")][-2:] == ["一", "二"]
    assert texts(said).count("一") == 1


@pytest.mark.parametrize("word", [r"要\$5", "要$5"])
def test_a_price_can_be_said_in_the_pages_language(word: str) -> None:
    plt.xlabel(r"costs \$5")
    assert "要$5" in texts(spoken(lambda text: word if "costs" in text else text))


def wrapped() -> None:
    plt.gcf().text(0.5, 0.5, "many words " * 20, ha="center", wrap=True)


def on_a_line_of_the_grid() -> None:
    plt.plot([0, 1])
    plt.text(0.5, 0.4, "many words\nin\nfour\nlines", color="C1")


def twice_with_an_empty_line() -> None:
    for y in (0.2, 0.7):
        plt.gcf().text(0.2, y, "many words\n\nof two")


@pytest.mark.parametrize(
    ("case", "lines"),
    [(wrapped, [4]), (on_a_line_of_the_grid, [4]), (twice_with_an_empty_line, [2, 2])],
)
def test_the_lines_of_a_text_are_one_text(case: Callable[[], object], lines: list[int]) -> None:
    case()
    parts = draw.drawn(plt.gcf()).parts
    said = [part for part in parts if isinstance(part, Text) and "many words" in part.source]
    assert [len(text.lines) for text in said] == lines
    svg = spoken(lambda text: "许多词" if "many words" in text else text)
    assert texts(svg).count("许多词") == len(lines)


def test_a_longer_word_does_not_run_out_of_the_figure() -> None:
    plt.ylabel("loss")
    long = "一个长得不可能放进这张图的左边的标题" * 3
    [text] = [
        t
        for t in spoken(lambda text: long if text == "loss" else text).iter(SVG + "text")
        if t.text == long
    ]
    size = float(text.get("font-size", "11px").removesuffix("px"))
    reach = float(text.get("textLength", len(long) * size))
    assert reach <= 259.2


def test_a_formula_that_the_figure_has_not_is_refused() -> None:
    plt.xlabel("rate $\\eta$")
    with pytest.raises(ValueError, match="which the figure has not"):
        spoken(lambda text: "率 $\\mu$" if "rate" in text else text)


# Shapes


def test_ids_are_prefixed_and_all_used() -> None:
    plt.plot([0, 1], [0, 1], clip_on=True)
    plt.xlim(0.2, 0.5)
    plt.bar([0.3], [1], hatch="/")
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


def test_what_leads_somewhere_is_drawn() -> None:
    plt.plot([0, 1], url="https://example.org/")
    plt.scatter([0], [0]).set_urls(["https://example.org/a"])
    plt.title("title", url="javascript:alert(1)")
    svg = page_figure()
    links = {link.get("href"): len(link) for link in svg.iter(SVG + "a")}
    assert links == {"https://example.org/": 1, "https://example.org/a": 1}
    assert "title" in texts(svg)


def test_shapes_that_overlap_stay_apart() -> None:
    for corner in (0, 0.5):
        square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) + corner
        plt.fill(*(square if corner else square[::-1]).T, color="C0")
    plt.scatter([0, 0.01], [0, 0.01], s=300, edgecolors="k")
    svg = page_figure()
    fills = [
        path
        for path in svg.iter(SVG + "path")
        if path.get("fill", "").startswith("var(--figure-1,")
    ]
    assert len(fills) == 2
    assert len(list(svg.iter(SVG + "circle"))) == 2


def test_many_points_of_one_look_are_one_path() -> None:
    plt.scatter(*np.random.default_rng(0).normal(size=(2, 500)))
    dots = [
        path
        for path in page_figure().iter(SVG + "path")
        if path.get("stroke", "").startswith("var(--figure-1")
    ]
    assert len(dots) == 1


def test_a_curve_of_many_points_is_thinned_and_keeps_its_extremes() -> None:
    noise = np.random.default_rng(0).normal(size=50_000)
    noise[1234] = 9
    points = np.column_stack([np.linspace(0, 400, 50_000), noise])
    kept = path.extremes(points)
    assert len(kept) < 3000
    assert kept[:, 1].max() == 9
    assert kept[:, 1].min() == noise.min()
    assert (kept[0] == points[0]).all()
    assert (kept[-1] == points[-1]).all()


def test_the_last_bits_of_a_symmetric_curve_do_not_decide_which_points_stay() -> None:
    x = np.linspace(-150, 150, 101)
    curve = np.column_stack([x, x**2 / 100])
    codes = [mpl.path.Path.MOVETO, *[mpl.path.Path.LINETO] * 100]
    kept = path.thinned(mpl.path.Path(curve, codes)).vertices
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(scale=1e-13, size=curve.shape)
        assert path.thinned(mpl.path.Path(curve + noise, codes)).vertices == pytest.approx(
            kept, abs=1e-5
        )


def test_a_spiral_is_thinned_without_leaving_it() -> None:
    turns = np.linspace(0, 60, 6000)
    points = np.column_stack([turns * np.cos(turns), turns * np.sin(turns)])
    kept = path.simplified(points, path.UNSEEN)
    assert len(kept) < 1500
    for point in points[::97]:
        nearest = min(
            np.hypot(
                *(
                    point
                    - (a + np.clip((point - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1) * (b - a))
                )
            )
            for a, b in pairwise(kept)
        )
        assert nearest <= path.UNSEEN + 1e-9


def test_path_data_is_short() -> None:
    outline = mpl.path.Path(
        [(0, 0), (10, 0), (10, 5.004), (0.2, -0.3), (0, 0), (5, 5), (1, 2), (3, 4), (5, 6)],
        [1, 2, 2, 2, 79, 1, 4, 4, 4],
    )
    assert path.written(outline) == (0, 0, "h10v5l-9.8-5.3zm5 5c-4-3-2-1 0 1")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, ".5"), (-0.5, "-.5"), (-0.001, "0"), (100, "100"), (1.25, "1.25"), (10, "10")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert path.number(value) == text


@pytest.mark.parametrize(
    "case",
    [
        lambda: plt.imshow(np.random.default_rng(0).normal(size=(3000, 3000))),
        lambda: plt.scatter(*np.random.default_rng(0).normal(size=(2, 20000)), alpha=0.1),
        lambda: plt.pcolormesh(
            np.geomspace(1, 9, 200),
            np.arange(200),
            np.random.default_rng(0).normal(size=(200, 200)),
        ),
    ],
)
def test_what_costs_too_much_is_an_image_and_the_rest_is_not(case: Callable[[], object]) -> None:
    case()
    plt.title("title")
    drawing = draw.drawn(plt.gcf())
    svg = compose.figure(drawing, "a")
    assert len(svg) < 600_000
    assert svg.count("<image") == 1
    assert "title" in texts(ElementTree.fromstring(svg.replace("xlink:href", "href")))


def test_it_is_said_what_became_an_image() -> None:
    plt.scatter(*np.random.default_rng(0).normal(size=(2, 9000)), alpha=0.1)
    [note] = draw.drawn(plt.gcf()).notes
    assert note.startswith(
        "a PathCollection of 9,000 parts is shown as an image, since it would take"
    )


# Sweeps


def frame(label: str, size: tuple[float, float] = (6.4, 3.2)) -> Drawing:
    figure = plt.figure(label, figsize=size)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.5", label="fixed")
    axes.plot([0, 1], [0, float(label)], label="moving")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="$x$")
    axes.legend(loc="upper left")
    return draw.drawn(figure)


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
    merged = compose.sweep(frames, "a")
    for number, drawing in enumerate(frames):
        assert visible(merged, number) == visible(compose.figure(drawing, "a"), number)


def test_a_sweep_stores_once_what_does_not_move() -> None:
    merged = compose.sweep([frame(label) for label in ("0.2", "0.5", "0.9")], "a", start=1)
    groups = [g for g in ElementTree.fromstring(merged) if g.get("class") == "frame"]
    assert [(g.get("data-frame"), g.get("display")) for g in groups] == [
        ("0", "none"),
        ("1", None),
        ("2", "none"),
    ]
    assert merged.count("fixed") == 1
    assert merged.startswith('<svg role="img" ')


def test_equal_elements_of_one_frame_are_all_kept() -> None:
    parts = [["a", "dot", "dot", "dot", "z"], ["a", "dot", "dot", "z"]]
    whole = "".join(compose.merged(parts, 0))
    assert whole == 'adotdot<g class="frame" data-frame="0">dot</g>z'


def test_frames_of_different_size_are_refused() -> None:
    with pytest.raises(ValueError, match=r"differ in size: 460\.8 x 230\.4, 360 x"):
        compose.sweep([frame("0.1"), frame("0.2", size=(5, 3))], "a")


def test_two_values_make_two_knobs() -> None:
    grid = compose.knobs(["0.9, 1", "0.9, 2", "0, 1", "0, 2"], 2)
    assert grid.values == [["0.9", "0"], ["1", "2"]]
    assert grid.frames[1, 0] == 2


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["0.9, 1", "0.9, 2", "0, 1"], "has 3 frames; its knobs ask for 4"),
        (["0.9", "0.9, 2"], "does not name 2 values"),
        (["0, 1", "0, 1"], "the same label"),
    ],
)
def test_labels_that_are_no_grid_are_refused(labels: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        compose.knobs(labels, 2)
