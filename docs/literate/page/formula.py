r"""Formulas: `$..$`, `$$..$$`, `\(..\)` and `\[..\]` become MathML while the page is built.

A dollar sign is only a formula's when neither a space nor Chinese stands right inside it and no
digit follows the closing one, so prices survive.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from html.entities import html5
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from math_core import LatexError, LatexToMathML

from literate.page import reading, value

PROSE = r"\s$\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
INLINE = (
    rf"(?<![\\$])\$(?P<dollars>(?![{PROSE}])(?:[^$\\\x02]|\\[^\x02])+?(?<![{PROSE}]))\$(?![\d$])"
)
BRACKETED = r"\\\((?P<brackets>[^\x02]+?)\\\)"
DISPLAY = r"(?<![\\$])\$\$(?P<dollars>[^$\x02]+?)\$\$(?!\$)|\\\[(?P<brackets>[^\x02]+?)\\\]"
BEFORE_CODE = 79.95
BEFORE_ESCAPES = 189.95
"""Both also before pymdownx.arithmatex, which would leave formulas to a script: 79.9 and 189.9."""

DOCTYPE = '<!DOCTYPE math SYSTEM "">'
"""With it a parser looks entities up instead of refusing them."""
ENTITIES = {name.rstrip(";"): letter for name, letter in html5.items()}
ROOT_HEIGHT, ROOT_DEPTH = {False: ".76em", True: ".68em"}, ".26em"
"""What stands below a root is at least so tall, or a browser hangs the sign from its bar and lets
the hook fall below the line: the sign of our font rises .922 em and falls .265, of which the bar
takes .068 and the gap below it .085, in a displayed formula .17 (TeX sets a strut)."""
CONVERTER = LatexToMathML(fancy_error=False)


@cache
def mathml(latex: str, display: bool) -> str:
    """One formula as MathML that carries its source; raises `LatexError` when it is none."""
    return finished(CONVERTER.convert_with_local_state(latex, displaystyle=display), latex, display)


def finished(markup: str, latex: str, display: bool) -> str:
    """The MathML of a formula with its source as alternative text, and its roots set upright.

    What changes nothing is left out: spaces without a size, and rows around one element or all.
    """
    parser = ElementTree.XMLParser()
    parser.entity.update(ENTITIES)
    math = ElementTree.fromstring(f"{DOCTYPE}{markup}", parser)
    math.attrib = {"alttext": latex, **math.attrib}
    drop_idle(math)
    if len(math) == 1 and math[0].tag.endswith("mrow") and not math[0].attrib:
        math[:] = list(math[0])
    for over in math.iter():
        # math-core writes \overline with the low line that belongs to \underline.
        if over.tag.endswith("mover") and over[-1].text == "\u0332":
            over[-1].text = "\u203e"
    height = ROOT_HEIGHT[display]
    for root in [each for each in math.iter() if each.tag.endswith("msqrt")]:
        strut = {"height": height, "depth": ROOT_DEPTH}
        root.insert(0, root.makeelement(root.tag.replace("msqrt", "mspace"), strut))
    return ElementTree.tostring(math, encoding="unicode")


def drop_idle(element: ElementTree.Element) -> None:
    """Leave out, below an element, spaces without a size and rows around a single element."""
    for place, child in reversed(list(enumerate(element))):
        drop_idle(child)
        if child.attrib:
            continue
        if child.tag.endswith("mrow") and len(child) == 1:
            element[place] = child[0]
        elif child.tag.endswith("mspace") and element.tag.endswith("mrow"):
            del element[place]


def converted(md: Markdown, match: re.Match[str], display: bool) -> str:
    """The MathML of a formula, or its source as code after reporting what is wrong with it."""
    found = reading.of(md)
    for word in found.word.finditer(match[0]):
        if value.VALUE.fullmatch(found.found(word).text):
            found.report(found.found(word), "a value cannot stand in a formula")
    latex, source = found.original(match["dollars"] or match["brackets"]), match[0].strip()
    try:
        return mathml(" ".join(latex.split()), display)
    except LatexError as error:
        problem = str(error).partition(": ")[2]
        source = found.original(source)
        found.report(source, f"The formula {source} is wrong: {problem}")
        return f"<code>{escape(source)}</code>"


class InlineFormula(InlineProcessor):
    """A formula in a line of text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        math = converted(self.md, m, display=False)
        math = math.replace("<math", '<math class="formula" data-search-exclude=""', 1)
        return self.md.htmlStash.store(math), m.start(0), m.end(0)


class DisplayInText(InlineProcessor):
    """A displayed formula inside a paragraph, a table cell or a list item."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        math = converted(self.md, m, display=True)
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
        if match is None:
            return
        math = converted(self.parser.md, match, display=True)
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
        inline.register(display, "literate-formula-display", BEFORE_ESCAPES + 0.01)
        inline.register(dollars, "literate-formula", BEFORE_ESCAPES)


def makeExtension(**options: object) -> FormulaExtension:  # noqa: N802
    """The extension, under the name by which Python-Markdown asks for it."""
    return FormulaExtension(**options)
