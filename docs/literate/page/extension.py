"""The engine as a Python-Markdown extension: its blocks, the values in the prose, the headings."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor

from literate.failure import Failure, hand_over
from literate.page import location, value
from literate.page.block import SETTINGS, SnippetBlock
from literate.page.guess import GuessBlock
from literate.page.heading import Marks, PageFacts
from literate.page.labels import labels
from literate.page.verbatim import blanked
from literate.run import project

BEFORE_ALL = 1000
AFTER_FENCES = 24
AFTER_CODE = 175
FIRST = 1000
AFTER_INLINE = 19
AFTER_CONTENTS = 4
LAST = -1000
BLOCKS = {
    "snippet": (
        location.block,
        "one file name after |, then options as YAML (alt, does, knob, start, columns, "
        "cells: markdown, code: open)",
    ),
    "guess": (
        location.guess,
        "one value after |, then options as YAML (from, to, step and unit, or answers)",
    ),
}
"""The engine's blocks: how to find one in a page's text, and what it takes."""
HEADER = re.compile(rf"^[ >]*/{{3,}} *(?P<kind>{'|'.join(BLOCKS)})\b.*$", re.IGNORECASE)
LEFT_ALONE = re.compile(
    r"<(?P<tag>pre|code|math|script|style)\b.*?</(?P=tag)>|(?P<svg><svg\b[^>]*>).*?</svg>"
    r'|<!--.*?-->|<div class="snippet__table".*?</div>|<span class="snippet__failure">.*?</span>',
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


class PageStart(Preprocessor):
    """Remembers the page's text, to find the line of what is wrong in it."""

    def run(self, lines: list[str]) -> list[str]:
        location.begin("\n".join(lines))
        return lines


class BlockCount(Preprocessor):
    """Notes the blocks that the page asks for, once its fences are out of the way."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.headers: dict[str, list[str]] = {kind: [] for kind in BLOCKS}
        self.snippets: list[str] = []

    def run(self, lines: list[str]) -> list[str]:
        self.headers = {kind: [] for kind in BLOCKS}
        if any(HEADER.match(line) for line in lines):
            for line in blanked("\n".join(lines)).split("\n"):
                if match := HEADER.match(line):
                    self.headers[match["kind"].lower()].append(line.strip(" >"))
        self.snippets[:] = [header.partition("|")[2].strip() for header in self.headers["snippet"]]
        return lines


class BlockCheck(Treeprocessor):
    """pymdownx leaves a block with unreadable options standing as text, in silence; we do not."""

    def __init__(self, md: Markdown, count: BlockCount, blocks: BlocksProcessor) -> None:
        super().__init__(md)
        self.count = count
        self.blocks = blocks

    def run(self, root: Element) -> None:
        for kind, (locate, takes) in BLOCKS.items():
            created = list(self.blocks.trackers[kind].get("created", []))
            for header in self.count.headers[kind]:
                argument = header.partition("|")[2].strip()
                if argument in created:
                    created.remove(argument)
                else:
                    location.report(
                        locate(argument) if argument else header,
                        f"this block cannot be read: it takes {takes}, each indented by four "
                        "spaces",
                    )


class ValueInText(InlineProcessor):
    """A value of a run: `{{ file.py: name:format }}`."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        return self.md.htmlStash.store(self.shown(m[0])), m.start(0), m.end(0)

    def shown(self, text: str) -> str:
        """The value's HTML; what is wrong with it is reported."""
        try:
            file, field = value.parts(text)
            shown = value.formatted(project.runner().result(file).values, field)
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
    """Snippets, guesses and values, for MkDocs and Zensical alike."""

    def __init__(self, **settings: Any) -> None:
        self.config = deepcopy(SETTINGS)
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        words = labels(self.getConfig("language"), self.getConfig("labels"))
        block_mgr.register(SnippetBlock, self.getConfigs())
        block_mgr.register(GuessBlock, self.getConfigs())
        count = BlockCount(md)
        facts = PageFacts(md, count.snippets, words)
        md.preprocessors.register(PageStart(md), "literate-start", BEFORE_ALL)
        md.preprocessors.register(count, "literate-count", AFTER_FENCES)
        md.treeprocessors.register(BlockCheck(md, count, block_mgr), "literate-check", FIRST)
        md.treeprocessors.register(facts, "literate-facts", AFTER_INLINE)
        md.treeprocessors.register(Marks(md, words), "literate-marks", AFTER_CONTENTS)
        md.inlinePatterns.register(ValueInText(value.ANY.pattern, md), "literate-value", AFTER_CODE)
        md.postprocessors.register(ValuesInHTML(md), "literate-values", LAST)


def makeExtension(**settings: Any) -> LiterateExtension:  # noqa: N802
    """The extension, under the name by which Python-Markdown asks for it."""
    return LiterateExtension(**settings)
