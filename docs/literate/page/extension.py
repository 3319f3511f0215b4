"""The block that shows a snippet, and the values in the prose: a Python-Markdown extension.

`/// snippet | sgd/ten_copies.py`, then options, then a caption, then `///`.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_string

from literate.failure import Failure, hand_over
from literate.page import location, value
from literate.page.html import (
    LABELS,
    cell_markup,
    downloads_markup,
    figures_markup,
    printed_markup,
    run_markup,
)
from literate.page.table import chunks, columns_of
from literate.page.verbatim import blanked
from literate.run.project import runner
from literate.snippet.result import Output
from literate.snippet.source import chapter

BEFORE_ALL = 1000
AFTER_FENCES = 24
AFTER_CODE = 175
FIRST = 1000
LAST = -1000
HEADER = re.compile(r"^[ >]*/{3,} *snippet\b.*$", re.IGNORECASE)
NO_ANCHOR = re.compile(r"[\s/]+")
LEFT_ALONE = re.compile(
    r"<(?P<tag>pre|code|math|script|style)\b.*?</(?P=tag)>|(?P<svg><svg\b[^>]*>).*?</svg>"
    r'|<!--.*?-->|<span class="snippet__failure">.*?</span>',
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")
DATA = re.compile('<data class="value"')
IN_ATTRIBUTE = re.compile(
    r'(?P<before>="[^"<>]*?)\\?<data class="value" value="(?P<text>[^"]*)".*?</data>'
)


def in_attribute(html: str, at: int) -> bool:
    """Whether what stands there stands in an attribute's quotation marks."""
    quote = html.rfind('"', 0, at)
    return html[quote - 1] == "=" and html.find(">", quote, at) < 0


def type_columns(given: object) -> dict[str, str]:
    """A mapping from the columns that a snippet prints to their headers on the page."""
    if not isinstance(given, dict):
        raise ValueError(f"{given!r} does not map columns to headers")
    return {str(name): str(header) for name, header in given.items()}


def type_knobs(given: object) -> list[str]:
    """The names of a sweep's sliders: one, or a list."""
    return [str(name) for name in given] if isinstance(given, list) else [str(given)]


def type_text(given: object) -> str:
    """A text, also where YAML reads a number."""
    return str(given)


def type_palette(given: object) -> str:
    """The one palette that can be asked for."""
    if given not in ("", "literal"):
        raise ValueError(f"{given!r} is not literal")
    return str(given)


class SnippetBlock(Block):
    """One snippet: its code, what it printed, what it drew, and the page's words on it."""

    NAME = "snippet"
    ARGUMENT = True
    OPTIONS = {  # noqa: RUF012
        "alt": ["", type_string],
        "knob": [[], type_knobs],
        "start": ["", type_text],
        "palette": ["", type_palette],
        "columns": [{}, type_columns],
    }

    def on_create(self, parent: Element) -> Element:
        self.tracker.setdefault("created", []).append(self.argument)
        name = self.argument
        try:
            result = runner().result(name)
            snippet = runner().snippet(name)
            tables = [self.table(output.printed) for output in result.outputs]
        except ValueError as error:
            return self.failed(parent, location.report(location.block(name), f"{error}"))
        except Failure as failure:
            hand_over(failure)
            return self.failed(parent, failure)

        figure = SubElement(parent, "figure", {"class": "snippet"})
        figure.set("id", NO_ANCHOR.sub("-", name.removesuffix(".py")))
        labels = LABELS[self.config["language"]]
        alt = self.options["alt"] or result.claim
        cells = zip(snippet.cells, result.outputs, tables, strict=True)
        for number, (cell, output, table) in enumerate(cells):
            summary = self.summary(number, output, table)
            self.raw(figure, cell_markup(result.code[number], cell.before, summary))
            for chunk in table:
                if isinstance(chunk, str):
                    self.raw(figure, printed_markup(chunk))
                else:
                    frame = SubElement(figure, "div", {"class": "snippet__table", "tabindex": "0"})
                    self.md.parser.parseChunk(frame, "\n".join(chunk))
            prefix = f"{figure.get('id')}-{number + 1}"
            try:
                for html in figures_markup(
                    output.figures,
                    prefix,
                    alt,
                    labels,
                    self.options["knob"],
                    self.options["start"],
                    self.options["palette"] == "literal",
                ):
                    self.raw(figure, html)
            except ValueError as error:
                return self.failed(parent, location.report(location.block(name), f"{error}"))
        self.caption = SubElement(figure, "figcaption")
        self.raw(figure, run_markup(result, name, labels))
        return figure

    def failed(self, parent: Element, failure: Failure) -> Element:
        """What stands in a preview where the snippet would; a build does not get this far."""
        box = SubElement(parent, "div", {"class": "snippet__failure"})
        SubElement(box, "pre").text = AtomicString(str(failure))
        self.caption = SubElement(box, "div")
        return box

    def summary(self, number: int, output: Output, table: list[str | list[str]]) -> str:
        """What stands for code that is folded: it draws, or makes a table; the rest is open."""
        labels = LABELS[self.config["language"]]
        if any(not isinstance(chunk, str) for chunk in table):
            return labels["table"]
        alt = self.options["alt"]
        plot = f"{labels['plot']}{labels['colon']}{alt}" if alt else labels["plot"]
        return plot if number and output.figures else ""

    def table(self, printed: str) -> list[str | list[str]]:
        """The printed text in pieces: text as it is, tables with the columns asked for."""
        pieces = []
        for chunk in chunks(printed):
            is_table = not isinstance(chunk, str)
            pieces.append(columns_of(chunk, self.options["columns"]) if is_table else chunk)
        return pieces

    def raw(self, parent: Element, html: str) -> None:
        """Add HTML that Markdown shall leave alone."""
        SubElement(parent, "div").text = self.md.htmlStash.store(html)

    def on_add(self, block: Element) -> Element:
        return self.caption

    def on_end(self, block: Element) -> None:
        if not len(self.caption) and not (self.caption.text or "").strip():
            block.remove(self.caption)


class PageStart(Preprocessor):
    """Remembers the page's text, to find the line of what is wrong in it."""

    def run(self, lines: list[str]) -> list[str]:
        location.begin("\n".join(lines))
        return lines


class BlockCount(Preprocessor):
    """Notes the blocks that the page asks for, once its fences are out of the way."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.asked: list[str] = []

    def run(self, lines: list[str]) -> list[str]:
        self.asked = []
        if any(HEADER.match(line) for line in lines):
            seen = blanked("\n".join(lines)).split("\n")
            self.asked = [line.strip(" >") for line in seen if HEADER.match(line)]
        return lines


class BlockCheck(Treeprocessor):
    """pymdownx leaves a block with unreadable options standing as text, in silence; we do not."""

    def __init__(self, md: Markdown, count: BlockCount, blocks: BlocksProcessor) -> None:
        super().__init__(md)
        self.count = count
        self.blocks = blocks

    def run(self, root: Element) -> None:
        created = list(self.blocks.trackers["snippet"].get("created", []))
        for header in self.count.asked:
            name = header.partition("|")[2].strip()
            if name in created:
                created.remove(name)
            else:
                location.report(
                    location.block(name) if name else header,
                    "this block cannot be read: it takes one file name after |, then options as "
                    "YAML (alt, knob, start, palette, columns), each indented by four spaces",
                )


class PageDownloads(Treeprocessor):
    """Under the page's title, the page as a notebook and as Markdown."""

    def __init__(self, md: Markdown, count: BlockCount, language: str) -> None:
        super().__init__(md)
        self.count = count
        self.language = language

    def run(self, root: Element) -> None:
        title = root.find("h1")
        if not self.count.asked or title is None:
            return
        name = chapter(self.count.asked[0].partition("|")[2].strip())
        links = Element("div")
        links.text = self.md.htmlStash.store(downloads_markup(name, LABELS[self.language]))
        root.insert(list(root).index(title) + 1, links)


class ValueInText(InlineProcessor):
    """A value of a run: `{{ file.py: name:format }}`."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        return self.md.htmlStash.store(self.shown(m[0])), m.start(0), m.end(0)

    def shown(self, text: str) -> str:
        """The value's HTML; what is wrong with it is reported."""
        try:
            file, field = value.parts(text)
            shown = value.formatted(runner().result(file).values, field)
        except ValueError as error:
            location.report(text, f"{error}")
        except Failure as failure:
            hand_over(failure)
        else:
            return value.markup(shown, value.origin(file, field))
        return f'<span class="snippet__failure">{escape(text)}</span>'


class ValuesInHTML(Postprocessor):
    """Makes values in attributes plain text, and reports what nothing has filled in."""

    def run(self, text: str) -> str:
        if "{{" in text:
            self.report_unfilled(LEFT_ALONE.sub(r"\g<svg>", text))
        count = any(in_attribute(text, place.start()) for place in DATA.finditer(text))
        while count:
            text, count = IN_ATTRIBUTE.subn(r"\g<before>\g<text>", text)
        return text

    def report_unfilled(self, html: str) -> None:
        """Report each pair of braces, at its place among those that name the same value."""
        sentence = (
            "this would stay on the page as it is: values are filled in in Markdown, "
            "not in HTML, options or across paragraphs"
        )
        unfilled: Counter[str] = Counter()
        for match in value.ANY.finditer(html):
            written = unescape(TAG.sub("", match[0]))
            try:
                origin = value.origin(*value.parts(written))
            except ValueError:
                location.report(written, sentence)
                continue
            before = html.count(f' title="{escape(origin)}">', 0, match.start()) + unfilled[origin]
            unfilled[origin] += 1
            location.report(location.value(origin), sentence, before)


class LiterateExtension(BlocksExtension):
    """Snippets and values, for MkDocs and Zensical alike."""

    def __init__(self, **settings: Any) -> None:
        self.config = {"language": ["en", "The language of the words around a snippet."]}
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        language = self.getConfig("language")
        block_mgr.register(SnippetBlock, self.getConfigs())
        count = BlockCount(md)
        md.preprocessors.register(PageStart(md), "literate-start", BEFORE_ALL)
        md.preprocessors.register(count, "literate-count", AFTER_FENCES)
        md.treeprocessors.register(BlockCheck(md, count, block_mgr), "literate-check", FIRST)
        md.treeprocessors.register(PageDownloads(md, count, language), "literate-links", FIRST)
        md.inlinePatterns.register(ValueInText(value.ANY.pattern, md), "literate-value", AFTER_CODE)
        md.postprocessors.register(ValuesInHTML(md), "literate-values", LAST)


def makeExtension(**settings: Any) -> LiterateExtension:  # noqa: N802
    """The extension, under the name by which Python-Markdown asks for it."""
    return LiterateExtension(**settings)
