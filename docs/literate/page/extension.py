"""The engine as a Python-Markdown extension: its blocks, the values in the prose, the headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast
from xml.etree.ElementTree import Element

import yaml
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor

from literate.failure import Failure, hand_over
from literate.page import reading, value
from literate.page.block import SnippetBlock
from literate.page.folds import FoldedCode, Folds
from literate.page.guess import GuessBlock
from literate.page.heading import Marks, PageFacts
from literate.page.labels import labels
from literate.page.light import Light
from literate.page.location import Place
from literate.page.reading import WOULD_STAY, Candidate, Reading
from literate.page.text import tree_text

BLOCKS: dict[str, type[SnippetBlock] | type[GuessBlock]] = {
    "snippet": SnippetBlock,
    "guess": GuessBlock,
}
QUOTED = re.compile(r"^(?: *>)+ ?")
"""What stands before a line of a quotation."""
FIRST, AFTER_READING, AFTER_CONTENTS = 1000, 5.8, 4
BOOK = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "pymdownx.details": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "literate.page.formula": {},
}
"""The other extensions that a page is read with when nobody says which."""


class Unclosed(Treeprocessor):
    """Reports each block that was begun and never ended: what follows would be its caption."""

    def __init__(self, md: Markdown, blocks: BlocksProcessor, place: Place) -> None:
        super().__init__(md)
        self.blocks = blocks
        self.place = place

    def run(self, root: Element) -> None:
        for entry in self.blocks.stack:
            if isinstance(entry.block, SnippetBlock | GuessBlock):
                line = "/" * entry.block.length
                sentence = f"this block is not closed: a line {line} has to end it"
                self.place.report(entry.block.candidate, sentence)


class LiterateExtension(BlocksExtension):
    """Snippets, guesses and values, for MkDocs and Zensical alike."""

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "language": ["en", "The language of the words around a snippet."],
            "labels": [{}, "The engine's own words, for a language that it does not know."],
            "words": ["docs/words", "The folder of the words of figures and printed tables."],
            "downloads": [False, "Whether the page offers the files that stand beside it."],
            "page": ["", "The page, for who knows it: a `Place`."],
        }
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        self.place = self.getConfig("page") or Place()
        self.words = labels(self.getConfig("language"), self.getConfig("labels"))
        given = self.getConfigs() | {"page": self.place, "labels": self.words}
        for block in BLOCKS.values():
            block_mgr.register(block, given)
        reading.register(md, self.place.begin, self.place.hurry, self.fill, self.refuse)
        tree = md.treeprocessors
        tree.register(Unclosed(md, block_mgr, self.place), "literate-unclosed", FIRST)
        facts = PageFacts(md, self.place, self.words, offers=self.getConfig("downloads"))
        tree.register(facts, "literate-facts", AFTER_READING)
        tree.register(Marks(md, self.words), "literate-marks", AFTER_CONTENTS)
        tree.register(Folds(md, self.words), "literate-folds", AFTER_CONTENTS - 0.1)
        tree.register(FoldedCode(md, self.place), "literate-folded-code", AFTER_CONTENTS - 0.2)
        tree.register(Light(md, self.place), "literate-light", AFTER_CONTENTS - 0.3)

    def fill(self, candidate: Candidate) -> Element | None:
        """What stands on the page for a candidate in its text: a value, or what is wrong."""
        if candidate.kind in BLOCKS:
            return failed(self.place.report(candidate, self.unreadable(candidate)))
        if candidate.kind != "value":
            return None
        try:
            if reading.BLANK_WITHIN.search(candidate.text):
                raise ValueError(WOULD_STAY)
            file, field = value.parts(candidate.text)
            candidate.shown = value.formatted(self.place.runner.result(file).values, field)
        except ValueError as error:
            return failed(self.place.report(candidate, f"{error}"), candidate.text)
        except Failure as failure:
            hand_over(failure)
            return failed(failure, candidate.text)
        return value.element(candidate.shown, value.origin(file, field))

    def refuse(self, candidate: Candidate) -> None:
        """Report what would stay on the page as it is written."""
        self.place.report(candidate, WOULD_STAY)

    def unreadable(self, candidate: Candidate) -> str:
        """Why pymdownx did not take a block, which it does not say."""
        block = BLOCKS[candidate.kind]
        lines = self.place.reading.written[candidate.line :]
        options = []
        for line in lines:
            bare = line.lstrip(" >")
            if not bare or bare.startswith("///") or not line.startswith((" ", ">")):
                break
            options.append(QUOTED.sub("", line))
        takes = f"this block cannot be read: it takes {block.TAKES}, each indented by four spaces"
        try:
            given = yaml.safe_load("\n".join(options)) or {}
        except (yaml.YAMLError, ValueError) as error:  # a date may be none
            problem = getattr(error, "problem", None) or "it is not YAML"
            return f"{takes}; its options are not YAML: {problem}"
        for name in given if isinstance(given, Mapping) else ():
            if name not in block.OPTIONS:
                return f"{takes}; there is no option {name}"
            try:
                block.OPTIONS[name][1](given[name])
            except ValueError as error:
                return f"{takes}; {name}: {error}"
        return takes


def failed(failure: Failure, text: str = "") -> Element:
    """What stands in a preview where something is wrong: the fault, or the text that has it."""
    element = Element("span", {"class": "snippet__failure", "title": tree_text(str(failure))})
    element.text = tree_text(text or str(failure))
    return element


def read(text: str, place: Place, extensions: Mapping[str, dict[str, Any]] = BOOK) -> Reading:
    """Read a page that nobody has rendered; what is wrong with it is reported."""
    others = {name: given for name, given in extensions.items() if not name.endswith("literate")}
    given = dict(extensions.get("literate", {})) | {"page": place}
    md = Markdown(
        extensions=[*others, LiterateExtension(**given)], extension_configs=cast("Any", others)
    )
    md.convert(text)
    return place.reading


def makeExtension(**settings: Any) -> LiterateExtension:  # noqa: N802
    """The extension, under the name by which Python-Markdown asks for it."""
    return LiterateExtension(**settings)
