"""The HTML of a snippet's parts; the theme's `snippet.css` gives them their look."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from literate.figure import compose
from literate.figure.drawing import Drawing
from literate.snippet.result import Figure, Result

LABELS = {
    "en": {
        "plot": "Plotting code",
        "colon": ": ",
        "table": "The code of this table",
        "knob": "frame",
        "ran": "Ran with torch {torch} in {seconds}",
        "seed": "seed {seeds}",
        "seconds": ("less than 10 s", "about {tens:.0f} s"),
        "download": "download",
        "page": "This page as a",
        "notebook": "notebook",
        "or": "or as",
    },
    "zh": {
        "plot": "绘图代码",
        "colon": "：",
        "table": "生成此表的代码",
        "knob": "帧",
        "ran": "由torch {torch}运行，{seconds}",
        "seed": "随机种子{seeds}",
        "seconds": ("不到10秒", "约{tens:.0f}秒"),
        "download": "下载",
        "page": "下载本页：",
        "notebook": "notebook",
        "or": "或",
    },
}


def cell_markup(code: str, before: str, summary: str) -> str:
    """One cell's code, folded under its summary if it has one; what stands before it is kept."""
    before = escape(before)
    if not summary:
        return f'<div class="snippet__cell" data-search-exclude data-before="{before}">{code}</div>'
    return (
        f'<details class="snippet__plot" data-search-exclude data-before="{before}">'
        f"<summary>{escape(summary)}</summary>{code}</details>"
    )


def printed_markup(printed: str) -> str:
    """What a cell printed; `samp`, so that no copy button offers it as code."""
    return f'<pre class="snippet__printed" tabindex="0"><samp>{escape(printed)}</samp></pre>'


def figures_markup(
    figures: Sequence[Figure],
    prefix: str,
    alt: str,
    labels: dict,
    knobs: Sequence[str] = (),
    start: str = "",
    literal: bool = False,
    word: Callable[[str], str] = compose.kept,
) -> Iterator[str]:
    """The figures of one cell: each by itself, or with `knobs` those with labels as a sweep.

    `prefix` begins their ids, `start` is the label of the frame shown first, `word` says what a
    text is on this page. Raises a `ValueError` when the figures are not what is asked for.
    """
    drawings = [Drawing.of(figure.drawing) for figure in figures]
    frames = [figure.label for figure in figures]
    if knobs and len(figures) > 1 and all(frames):
        grid = compose.knobs(frames, len(knobs))
        if start and start not in frames:
            raise ValueError(f"no frame is called {start!r}: {'; '.join(frames)}")
        shown = frames.index(start) if start else 0
        svg = compose.sweep(drawings, prefix, word, shown, literal)
        yield sweep_markup(svg, alt, knobs, grid, shown, word)
        return
    if any(figure.moving for figure in figures):
        raise ValueError("the figure moves: name the slider of its frames with `knob`")
    for number, drawing in enumerate(drawings, 1):
        yield figure_markup(compose.figure(drawing, f"{prefix}-{number}", word, literal), alt)


def figure_markup(svg: str, alt: str) -> str:
    """A figure that stands still."""
    return f'<div class="snippet__figure" data-search-exclude>{named(svg, alt)}</div>'


def named(svg: str, alt: str) -> str:
    """A drawing with its alternative text."""
    return svg.replace("<svg ", f'<svg aria-label="{escape(alt)}" ', 1)


def sweep_markup(
    svg: str,
    alt: str,
    knobs: Sequence[str],
    grid: compose.Knobs,
    shown: int,
    word: Callable[[str], str],
) -> str:
    """A figure of several frames, one of which the sliders choose.

    `data-frames` has the frame of each combination, the last slider's values next to each other.
    """
    [place] = [place for place, frame in grid.frames.items() if frame == shown]
    sliders = []
    for knob, values, at in zip(knobs, grid.values, place, strict=True):
        said = [escape(word(value)) for value in values]
        names = escape(json.dumps([word(value) for value in values], ensure_ascii=False))
        sliders.append(
            f'<div class="snippet__knob"><label>{escape(knob)} <input type="range" min="0" '
            f'max="{len(values) - 1}" value="{at}" step="1" autocomplete="off" '
            f'data-labels="{names}" aria-valuetext="{said[at]}"></label>'
            f'<output aria-hidden="true">{said[at]}</output></div>'
        )
    order = " ".join(str(grid.frames[at]) for at in sorted(grid.frames))
    return (
        f'<div class="snippet__sweep" data-search-exclude data-frames="{order}">'
        f"{named(svg, alt)}{''.join(sliders)}</div>"
    )


def run_markup(result: Result, name: str, labels: dict) -> str:
    """What ran where and for how long, and the downloads."""
    parts = [labels["ran"].format(torch=result.torch, seconds=duration(result.seconds, labels))]
    if result.seeds:
        parts.append(labels["seed"].format(seeds=", ".join(map(str, result.seeds))))
    stem = PurePosixPath(name).stem
    address, label = quote(stem), f"{labels['download']} {escape(stem)}"
    links = " ".join(
        f'<a href="{address}.{kind}" download aria-label="{label}.{kind}">.{kind}</a>'
        for kind in ("py", "ipynb")
    )
    words = f"<span>{' · '.join(parts)}</span> {links}"
    return f'<div class="snippet__run" data-search-exclude>{words}</div>'


def duration(seconds: float, labels: dict) -> str:
    """A run's time, so coarse that two builds say the same."""
    short, long = labels["seconds"]
    return short if seconds < 10 else long.format(tens=round(seconds, -1))


def downloads_markup(chapter: str, labels: dict) -> str:
    """The links to the page itself in other forms."""
    return (
        f'<p class="page-downloads" data-search-exclude>{labels["page"]} '
        f'<a href="{quote(chapter)}.ipynb" download>{labels["notebook"]}</a> {labels["or"]} '
        '<a href="index.md">Markdown</a></p>'
    )
