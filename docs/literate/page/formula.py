r"""Formulas: `$..$`, `$$..$$`, `\(..\)` and `\[..\]` become MathML while the page is built.

A dollar sign is only a formula's when neither a space nor Chinese stands right inside it and no
digit follows the closing one, so prices survive.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from math_core import LatexError, LatexToMathML

from literate.page.location import report

PROSE = r"\s$\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
INLINE = (
    rf"(?<![\\$])\$(?P<dollars>(?![{PROSE}])(?:[^$\\\x02]|\\[^\x02])+?(?<![{PROSE}]))\$(?![\d$])"
)
BRACKETED = r"\\\((?P<brackets>[^\x02]+?)\\\)"
DISPLAY = r"(?<![\\$])\$\$(?P<dollars>[^$\x02]+?)\$\$(?!\$)|\\\[(?P<brackets>[^\x02]+?)\\\]"
BEFORE_CODE = 79.9
BEFORE_ESCAPES = 185

CONVERTER = LatexToMathML(fancy_error=False)


@cache
def mathml(latex: str, display: bool) -> str:
    """One formula as MathML that carries its source; raises `LatexError` when it is none."""
    markup = CONVERTER.convert_with_local_state(latex, displaystyle=display)
    # math-core writes \overline with the low line that belongs to \underline.
    markup = markup.replace("\u0332</mo></mover>", "\u203e</mo></mover>")
    return markup.replace("<math", f'<math alttext="{escape(latex)}"', 1)


def converted(latex: str, source: str, display: bool) -> str:
    """The MathML of `latex`, or its source as code after reporting what is wrong with it."""
    try:
        return mathml(" ".join(latex.split()), display)
    except LatexError as error:
        problem = str(error).partition(": ")[2]
        report(source, f"The formula {source} is wrong: {problem}")
        return f"<code>{escape(source)}</code>"


class InlineFormula(InlineProcessor):
    """A formula in a line of text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        latex = m["dollars"] or m["brackets"]
        math = converted(latex, m[0], display=False)
        span = f'<span class="formula" data-search-exclude>{math}</span>'
        return self.md.htmlStash.store(span), m.start(0), m.end(0)


class DisplayInText(InlineProcessor):
    """A displayed formula inside a paragraph, a table cell or a list item."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        math = converted(m["dollars"] or m["brackets"], m[0], display=True)
        span = f'<span class="formula-block" tabindex="0" data-search-exclude>{math}</span>'
        return self.md.htmlStash.store(span), m.start(0), m.end(0)


class FormulaBlock(BlockProcessor):
    """A displayed formula that is a block of its own."""

    SHAPE = re.compile(rf"\s*(?:{DISPLAY})\s*")

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return self.SHAPE.fullmatch(block) is not None

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        match = self.SHAPE.fullmatch(block)
        math = converted(match["dollars"] or match["brackets"], block.strip(), display=True)
        frame = {"class": "formula-block", "tabindex": "0", "data-search-exclude": ""}
        ElementTree.SubElement(parent, "div", frame).text = self.parser.md.htmlStash.store(math)


class FormulaExtension(Extension):
    """The formulas of a page, kept out of its code and of the search index."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.ESCAPED_CHARS.append("$")
        md.parser.blockprocessors.register(
            FormulaBlock(md.parser), "literate-formula-block", BEFORE_CODE
        )
        inline = md.inlinePatterns
        display, dollars = DisplayInText(DISPLAY, md), InlineFormula(f"{INLINE}|{BRACKETED}", md)
        inline.register(display, "literate-formula-display", BEFORE_ESCAPES + 1)
        inline.register(dollars, "literate-formula", BEFORE_ESCAPES)


def makeExtension(**options: object) -> FormulaExtension:  # noqa: N802
    """The extension, under the name by which Python-Markdown asks for it."""
    return FormulaExtension(**options)
