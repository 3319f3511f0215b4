"""The HTML of a snippet's parts; the theme's `snippet.css` gives them their look."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from literate.figure.compose import Knobs
from literate.page import terminal
from literate.page.highlighting import coloured, packed, stretches
from literate.page.terminal import Run
from literate.page.text import code_text, text_markup
from literate.snippet.result import Result


def open_code_markup(source: str, before: str, title: str, colours: Path, labels: dict) -> str:
    """One cell's code, open, under its file's name if it is given.

    `before` is what stands in the file before it, which copying adds; `colours` is where the
    colours of code are kept.
    """
    name = f'<span class="filename">{text_markup(title)}</span>' if title else ""
    return (
        f'<div class="snippet__cell highlight no-copy" data-search-exclude>'
        f"{name}{copy_markup(labels)}"
        f'<pre><code data-before="{code_text(before)}">{coloured(source, colours)}</code></pre>'
        "</div>"
    )


def folded_code_markup(source: str, summary: str, colours: Path, labels: dict) -> str:
    """A whole file's code, folded under one line; a script colours it when it is unfolded."""
    return (
        f'<div class="snippet__code no-copy" data-search-exclude>'
        f"<details><summary>{text_markup(summary)}</summary>"
        f'<div class="highlight"><pre>{packed_code_markup(source, colours, "")}</pre></div>'
        f"</details>{copy_markup(labels)}</div>"
    )


def packed_code_markup(source: str, colours: Path, before: str | None = None) -> str:
    """Code whose colours a script lays on; `before` is for copying a snippet, see above."""
    start = "" if before is None else f' data-before="{code_text(before)}"'
    shown = packed(stretches(source, colours))
    return f'<code{start} data-colours="{shown}">{code_text(source)}</code>'


def copy_markup(labels: dict) -> str:
    """The button that copies a snippet's whole file; without scripts it is not shown."""
    label, done = text_markup(labels["copy"]), text_markup(labels["copied"])
    return (
        f'<button type="button" class="snippet__copy" title="{label}" aria-label="{label}" '
        f'data-copied="{done}"></button>'
    )


def printed_markup(lines: list[list[Run]]) -> str:
    """What a cell printed; `samp`, so that no copy button offers it as code."""
    return f'<pre class="snippet__printed" tabindex="0"><samp>{terminal.markup(lines)}</samp></pre>'


def figure_markup(svg: str, alt: str) -> str:
    """A figure that stands still."""
    return f'<div class="snippet__figure" data-search-exclude>{named(svg, alt)}</div>'


def sweep_markup(
    drawing: str, knobs: Sequence[str], grid: Knobs, start: int, word: Callable[[str], str]
) -> str:
    """A figure of several frames, of which a slider, or two, choose one; `start` is the first.

    `data-frames` has the frame of each combination, the last slider's values next to each other.
    """
    [place] = [place for place, frame in grid.frames.items() if frame == start]
    sliders = ""
    for knob, values, at in zip(knobs, grid.values, place, strict=True):
        said = [word(value) for value in values]
        sliders += (
            f'<div class="snippet__knob"><label>{text_markup(knob)} {slider_markup(said, at)}'
            f'</label><output aria-hidden="true">{text_markup(said[at])}</output></div>'
        )
    order = " ".join(str(grid.frames[place]) for place in sorted(grid.frames))
    return (
        f'<div class="snippet__sweep" data-search-exclude data-frames="{order}">'
        f"{drawing}{sliders}</div>"
    )


def named(svg: str, alt: str) -> str:
    """A drawing with its alternative text."""
    return svg.replace("<svg ", f'<svg aria-label="{text_markup(alt)}" ', 1)


def slider_markup(texts: list[str], start: int) -> str:
    """A slider that says one of the texts at each of its places."""
    names = text_markup(json.dumps(texts, ensure_ascii=False))
    return (
        f'<input type="range" min="0" max="{len(texts) - 1}" value="{start}" step="1" '
        f'autocomplete="off" data-labels="{names}" aria-valuetext="{text_markup(texts[start])}">'
    )


def run_markup(result: Result, name: str, labels: dict, beside: str | None) -> str:
    """What ran where and for how long, and the downloads if `beside` says what leads to them."""
    ran = labels["ran" if result.torch else "ran alone"]
    ran = ran.format(torch=result.torch, seconds=duration(result.seconds, labels))
    parts = [text_markup(ran)]
    if result.seeds:
        parts.append(text_markup(labels["seed"].format(seeds=", ".join(map(str, result.seeds)))))
    stem = PurePosixPath(name).stem
    address, label = f"{beside}{quote(stem)}", text_markup(f"{labels['download']} {stem}")
    links = " ".join(
        f'<a href="{address}.{kind}" download aria-label="{label}.{kind}">.{kind}</a>'
        for kind in ("py", "ipynb")
    )
    words = f"<span>{' · '.join(parts)}</span>{'' if beside is None else f' {links}'}"
    return f'<div class="snippet__run" data-search-exclude>{words}</div>'


def duration(seconds: float, labels: dict) -> str:
    """A run's time, so coarse that two builds say the same."""
    return labels["short"] if seconds < 10 else labels["long"].format(tens=round(seconds, -1))


def downloads_markup(notebook: str, markdown: str, labels: dict) -> str:
    """The links to the page itself in other forms; `markdown` is empty where it is not offered.

    Another builder would take a link to it for one to the page.
    """
    page, name, other = (text_markup(labels[key]) for key in ("page", "notebook", "or"))
    links = f'{page} <a href="{quote(notebook)}.ipynb" download>{name}</a>'
    return f'{links} {other} <a href="{quote(markdown)}">Markdown</a>' if markdown else links
