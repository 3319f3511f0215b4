"""The HTML of a snippet's parts; the theme's `snippet.css` gives them their look."""

from __future__ import annotations

import json
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

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


def figure_markup(figure: Figure, alt: str, knob: str, labels: dict) -> str:
    """A figure; with a slider when it is a sweep."""
    svg = figure.svg.replace("<svg ", f'<svg aria-label="{escape(alt)}" ', 1)
    # Material's instant navigation sets `href` on every element that has one, which SVG forbids.
    svg = svg.replace(' href="data:', ' xlink:href="data:')
    if not figure.labels:
        return f'<div class="snippet__figure" data-search-exclude>{svg}</div>'
    first = escape(figure.labels[0])
    names = escape(json.dumps(figure.labels, ensure_ascii=False))
    slider = (
        f'<input type="range" min="0" max="{len(figure.labels) - 1}" value="0" step="1" '
        f'autocomplete="off" data-labels="{names}" aria-valuetext="{first}">'
    )
    label = escape(knob or labels["knob"])
    return (
        f'<div class="snippet__sweep" data-search-exclude>{svg}<div class="snippet__knob">'
        f'<label>{label} {slider}</label><output aria-hidden="true">{first}</output></div></div>'
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
