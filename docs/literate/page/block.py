"""The block that shows a snippet: what it drew and printed, the caption, its code.

`/// snippet | sgd/ten_copies.py`, then options, then a caption, then `///`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from pymdownx.blocks.block import Block, type_string, type_string_in

from literate.failure import Failure, hand_over
from literate.figure import compose
from literate.figure.drawing import Drawing
from literate.page import terminal
from literate.page.html import (
    figure_markup,
    folded_code_markup,
    named,
    open_code_markup,
    printed_markup,
    run_markup,
    sweep_markup,
)
from literate.page.location import Place
from literate.page.reading import WOULD_STAY, Candidate, of
from literate.page.table import Table, chunks
from literate.page.text import shown, tree_text
from literate.page.words import MissingWordError, Words
from literate.snippet.result import Figure, Output, Result
from literate.snippet.source import Snippet

LITERAL = "literal"
NO_ANCHOR = re.compile(r"[\s/]+")


Options = dict[str, tuple[Any, Callable[[Any], Any]]]
"""Each option's default, and what makes of it what is meant or raises a `ValueError`."""


def type_text(given: object) -> str:
    """A text or a number, as text."""
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        return str(given)
    raise ValueError(f"{given!r} is no text: in quotation marks it is")


def type_knobs(given: object) -> list[str]:
    """The names of a sweep's sliders: one, or a list."""
    return [type_text(name) for name in (given if isinstance(given, list) else [given])]


def type_columns(given: object) -> dict[str, str]:
    """A mapping from the columns that a snippet prints to their headers on the page."""
    if not isinstance(given, dict):
        raise ValueError(f"{given!r} does not map columns to headers")
    return {type_text(name): type_text(header) for name, header in given.items()}


@dataclass(frozen=True)
class Shown:
    """A snippet as a page shows it; `length` slashes begin and end its block."""

    snippet: Snippet
    result: Result
    alt: str
    length: int


class SnippetBlock(Block):
    """One snippet: what it drew and printed, the page's words on it, and its code."""

    NAME = "snippet"
    ARGUMENT = True
    TAKES = (
        "one file name after |, then options as YAML (alt, does, knob, start, palette: literal, "
        "columns, cells: markdown, code: open)"
    )
    OPTIONS: Options = {  # noqa: RUF012
        "alt": ("", type_string),
        "does": ("", type_text),
        "knob": ([], type_knobs),
        "start": ("", type_text),
        "palette": ("", type_string_in(["", LITERAL])),
        "columns": ({}, type_columns),
        "cells": ("text", type_string_in(["text", "markdown"])),
        "code": ("folded", type_string_in(["folded", "open"])),
    }

    def on_create(self, parent: Element) -> Element:
        self.place: Place = self.config["page"]
        self.labels: dict[str, str] = self.config["labels"]
        self.candidate = candidate_of(self)
        self.missing: dict[str, None] = {}
        name = self.candidate.text
        try:
            if not name:
                raise ValueError("this block names no file; it begins /// snippet | file.py")
            result, snippet = self.place.runner.result(name), self.place.runner.snippet(name)
            figure = self.figure(parent, snippet, result)
        except ValueError as error:
            return self.failed(parent, self.place.report(self.candidate, f"{error}"))
        except Failure as failure:
            hand_over(failure)
            return self.failed(parent, failure)
        self.candidate.block = Shown(
            snippet, result, self.options["alt"] or result.claim, self.length
        )
        if self.missing:
            said = ", ".join(f'"{word}"' for word in self.missing)
            path = self.words_file()
            sentence = f"{path.parent.name}/{path.name} has no translation of {said}"
            self.place.report(self.candidate, f"{sentence}, which {name} says")
        return figure

    def figure(self, parent: Element, snippet: Snippet, result: Result) -> Element:
        """The block's element, all but its caption filled in; a `ValueError` says what is wrong."""
        figure = Element("figure", {"class": "snippet"})
        name = snippet.name.removesuffix(".py")
        name = name if "/" in name else f"snippet-{name}"  # a heading's id may be the same word
        figure.set("id", self.place.anchor(NO_ANCHOR.sub("-", name)))
        colours = self.place.runner.store.folder / "colours"
        is_open = self.options["code"] == "open"
        self.frames = self.tables = 0
        alt = self.options["alt"] or result.claim
        for output in [] if is_open else result.outputs:
            self.draw(figure, output, alt)
        for number, (cell, output) in enumerate(zip(snippet.cells, result.outputs, strict=True)):
            if is_open:
                title = "" if number else snippet.name
                code = (cell.source, cell.before, title, colours, self.labels)
                self.raw(figure, open_code_markup(*code))
            self.print(figure, output)
            if is_open:
                self.draw(figure, output, alt)
        self.check_use(result)
        self.caption = SubElement(figure, "figcaption")
        if not is_open:
            summary = f"{self.labels['code']}{self.labels['colon']}{Path(snippet.name).name}"
            summary = self.options["does"] or summary
            code = (snippet.source, summary, colours, self.labels)
            self.raw(figure, folded_code_markup(*code))
        beside = self.place.beside() if self.config["downloads"] else None
        self.raw(figure, run_markup(result, snippet.name, self.labels, beside))
        parent.append(figure)
        return figure

    def check_use(self, result: Result) -> None:
        """An option that found nothing to apply to is a `ValueError`."""
        drawn = sum(len(output.figures) for output in result.outputs)
        for option, count, kind in (
            ("start", self.frames, "draws no sweep"),
            ("knob", self.frames, "draws no sweep: no cell leaves several figures with labels"),
            ("columns", self.tables, "prints no table"),
            ("cells", self.tables, "prints no table"),
            ("palette", drawn, "draws no figure"),
        ):
            if self.options[option] != self.OPTIONS[option][0] and not count:
                raise ValueError(f"the option {option} finds nothing: this snippet {kind}")

    def draw(self, figure: Element, output: Output, alt: str) -> None:
        """Add what one cell drew."""
        for html in self.drawings(output.figures, alt):
            self.raw(figure, html)

    def print(self, figure: Element, output: Output) -> None:
        """Add what one cell printed."""
        lines = terminal.shows(output.printed)
        if not terminal.is_plain(lines):
            self.raw(figure, printed_markup(lines))
            return
        for chunk in chunks(terminal.plain(lines)):
            if isinstance(chunk, str):
                self.raw(figure, printed_markup(terminal.shows(chunk)))
            else:
                self.table(figure, chunk.picked(self.options["columns"], self.word))

    def drawings(self, figures: list[Figure], alt: str) -> Iterator[str]:
        """The figures of one cell: each by itself or, where a knob is named, as a sweep."""
        literal = self.options["palette"] == LITERAL
        drawn = [Drawing.of(figure.drawing) for figure in figures]
        labels = [figure.label for figure in figures]
        knobs = self.options["knob"]
        if knobs and len(figures) > 1 and all(labels):
            self.frames += len(labels)
            grid = compose.knobs(labels, len(knobs))
            start = self.start(labels)
            svg = compose.sweep(drawn, self.place.new_id("drawing"), self.word, start, literal)
            yield sweep_markup(named(svg, alt), knobs, grid, start, self.word)
            return
        if any(figure.moving for figure in figures):
            raise ValueError("the figure moves: name the slider of its frames with knob")
        for drawing in drawn:
            name = self.place.new_id("drawing")
            yield figure_markup(compose.figure(drawing, name, self.word, literal), alt)

    def start(self, labels: list[str]) -> int:
        """The frame of a sweep that is shown first."""
        first = self.options["start"]
        if first and first not in labels:
            known = ", ".join(labels)
            raise ValueError(f"the sweep has no frame {first} to start with; it has {known}")
        return labels.index(first) if first else 0

    def table(self, parent: Element, table: Table) -> None:
        """Add a printed table; what its cells hold is text, unless they are said to be Markdown."""
        self.tables += 1
        frame = SubElement(parent, "div", {"class": "snippet__table", "tabindex": "0"})
        element = SubElement(frame, "table")
        is_markdown = self.options["cells"] == "markdown"
        head = SubElement(SubElement(element, "thead"), "tr")
        self.cells(head, "th", table.header, table, bool(self.options["columns"]) or is_markdown)
        body = SubElement(element, "tbody")
        for row in table.rows:
            self.cells(SubElement(body, "tr"), "td", row, table, is_markdown)

    def cells(
        self, line: Element, tag: str, texts: list[str], table: Table, is_markdown: bool
    ) -> None:
        """Fill one line of a table."""
        for text, side in zip(texts, table.aligned, strict=True):
            cell = SubElement(line, tag, {"style": f"text-align: {side};"} if side else {})
            cell.text = shown(text) if is_markdown else tree_text(text)

    def word(self, text: str) -> str:
        """A printed or drawn text in the page's language; a missing one is noted."""
        try:
            words = Words.of(self.words_file()).for_snippet(self.candidate.text)
            return words.translated(text)
        except MissingWordError as missing:
            self.missing[str(missing)] = None
            return text

    def words_file(self) -> Path:
        """The file of the words of the page's language, whether it is there or not."""
        return self.place.runner.project / self.config["words"] / f"{self.config['language']}.yml"

    def failed(self, parent: Element, failure: Failure) -> Element:
        """What stands in a preview where the snippet would; a build does not get this far."""
        box = SubElement(parent, "div", {"class": "snippet__failure"})
        SubElement(box, "pre").text = tree_text(str(failure))
        self.caption = SubElement(box, "div")
        return box

    def raw(self, parent: Element, html: str) -> None:
        """Add HTML that Markdown shall leave alone."""
        SubElement(parent, "p").text = self.md.htmlStash.store(html)

    def on_add(self, block: Element) -> Element:
        return self.caption

    def on_end(self, block: Element) -> None:
        if not len(self.caption) and not (self.caption.text or "").strip():
            block.remove(self.caption)


def candidate_of(block: Block) -> Candidate:
    """The candidate whose word is a block's argument; values in its options are reported."""
    reading = of(block.md)
    found = reading.named(f"{block.argument}")
    if found is None:
        raise RuntimeError(f"the block {block.argument} was not read")
    found.is_real = True
    for match in reading.word.finditer(f"{block.options}"):
        if reading.found(match).kind == "value":
            block.config["page"].report(reading.found(match), WOULD_STAY)
    block.options = reading.restored(block.options)
    return found
