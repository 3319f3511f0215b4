"""The block that shows a snippet: what it drew and printed, the caption, its code.

`/// snippet | sgd/ten_copies.py`, then options, then a caption, then `///`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString
from pymdownx.blocks.block import Block, type_string, type_string_in

from literate.failure import Failure, hand_over
from literate.page import location
from literate.page.html import (
    figure_markup,
    folded_code_markup,
    open_code_markup,
    printed_markup,
    run_markup,
    sweep_markup,
)
from literate.page.labels import labels
from literate.page.table import Table, chunks
from literate.page.text import shown
from literate.page.words import MissingWordError, Words
from literate.run import project
from literate.snippet.result import Figure, Output, Result
from literate.snippet.source import Snippet

NO_ANCHOR = re.compile(r"[\s/]+")
SETTINGS = {
    "language": ["en", "The language of the words around a snippet."],
    "labels": [{}, "The engine's own words, for a language that it does not know."],
    "words": ["docs/words", "The folder of the words of figures and printed tables."],
}


def type_text(given: object) -> str:
    """A text or a number, as text."""
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        return str(given)
    raise ValueError(f"{given!r} is no text")


def type_columns(given: object) -> dict[str, str]:
    """A mapping from the columns that a snippet prints to their headers on the page."""
    if not isinstance(given, dict):
        raise ValueError(f"{given!r} does not map columns to headers")
    return {str(name): str(header) for name, header in given.items()}


class SnippetBlock(Block):
    """One snippet: what it drew and printed, the page's words on it, and its code."""

    NAME = "snippet"
    ARGUMENT = True
    OPTIONS = {  # noqa: RUF012
        "alt": ["", type_string],
        "does": ["", type_text],
        "knob": ["", type_text],
        "start": ["", type_text],
        "columns": [{}, type_columns],
        "cells": ["text", type_string_in(["text", "markdown"])],
        "code": ["folded", type_string_in(["folded", "open"])],
    }

    def on_create(self, parent: Element) -> Element:
        name = self.argument
        self.tracker.setdefault("created", []).append(name)
        self.labels = labels(self.config["language"], self.config["labels"])
        self.missing: dict[str, None] = {}
        try:
            result, snippet = project.runner().result(name), project.runner().snippet(name)
            figure = self.figure(parent, snippet, result)
        except ValueError as error:
            return self.failed(parent, location.report(location.block(name), f"{error}"))
        except Failure as failure:
            hand_over(failure)
            return self.failed(parent, failure)
        if self.missing:
            said = ", ".join(f'"{word}"' for word in self.missing)
            path = words_file(self.config)
            sentence = f"{path.parent.name}/{path.name} has no translation of {said}"
            location.report(location.block(name), f"{sentence}, which {name} says")
        return figure

    def figure(self, parent: Element, snippet: Snippet, result: Result) -> Element:
        """The block's element, all but its caption filled in; a `ValueError` says what is wrong."""
        figure = Element("figure", {"class": "snippet"})
        figure.set("id", NO_ANCHOR.sub("-", snippet.name.removesuffix(".py")))
        colours = project.runner().store.folder / "colours"
        is_open = self.options["code"] == "open"
        self.frames = 0
        for number, (cell, output) in enumerate(zip(snippet.cells, result.outputs, strict=True)):
            if is_open:
                title = "" if number else snippet.name
                code = (cell.source, cell.before, title, colours, self.labels)
                self.raw(figure, open_code_markup(*code))
            self.outputs(figure, output, self.options["alt"] or result.claim)
        if self.options["start"] and not self.frames:
            raise ValueError("start names a frame, and this snippet draws no sweep")
        self.caption = SubElement(figure, "figcaption")
        if not is_open:
            summary = f"{self.labels['code']}{self.labels['colon']}{Path(snippet.name).name}"
            summary = self.options["does"] or summary
            code = (snippet.source, summary, colours, self.labels)
            self.raw(figure, folded_code_markup(*code))
        self.raw(figure, run_markup(result, snippet.name, self.labels))
        parent.append(figure)
        return figure

    def outputs(self, figure: Element, output: Output, alt: str) -> None:
        """Add what one cell drew and printed."""
        for drawn in output.figures:
            svg = translated(drawn, self.word)
            if drawn.labels:
                knob = self.options["knob"] or self.labels["knob"]
                html = sweep_markup(svg, alt, drawn.labels, self.start(drawn), knob)
            else:
                html = figure_markup(svg, alt)
            self.raw(figure, html)
        for chunk in chunks(output.printed):
            if isinstance(chunk, str):
                self.raw(figure, printed_markup(chunk))
            else:
                self.table(figure, chunk.picked(self.options["columns"], self.word))

    def start(self, figure: Figure) -> int:
        """The frame of a sweep that is shown first."""
        self.frames += len(figure.labels)
        first = self.options["start"]
        if first and first not in figure.labels:
            known = ", ".join(figure.labels)
            raise ValueError(f"the sweep has no frame {first} to start with; it has {known}")
        return figure.labels.index(first) if first else 0

    def table(self, parent: Element, table: Table) -> None:
        """Add a printed table; what its cells hold is text, unless they are said to be Markdown."""
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
            cell.text = shown(text) if is_markdown else AtomicString(shown(text))

    def word(self, text: str) -> str:
        """A printed or drawn text in the page's language; a missing one is noted."""
        try:
            return Words.of(words_file(self.config)).translated(text)
        except MissingWordError as missing:
            self.missing[str(missing)] = None
            return text

    def failed(self, parent: Element, failure: Failure) -> Element:
        """What stands in a preview where the snippet would; a build does not get this far."""
        box = SubElement(parent, "div", {"class": "snippet__failure"})
        SubElement(box, "pre").text = AtomicString(shown(str(failure)))
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


def words_file(settings: dict[str, Any]) -> Path:
    """The file of the words of the page's language, whether it is there or not."""
    return project.runner().root.parent / settings["words"] / f"{settings['language']}.yml"


def translated(figure: Figure, word: Callable[[str], str]) -> str:
    """The figure's drawing with its texts in the page's language.

    TODO: `literate.figure.words` will put `word` in the place of each text.
    """
    return figure.svg
