"""What a page keeps folded: advanced sections, behind the paragraph that answers them, and the
colours of the code in any fold, which a script lays on when it is opened. The table of contents
lists what is not folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from literate.page.heading import HEADINGS, minutes_to_read
from literate.page.html import packed_code_markup
from literate.page.location import Place
from literate.page.text import tree_text

ANNOTATION = re.compile(r"#.*\(\d+\)")
"""In a comment, where Material's script hangs a note when the page is loaded."""
FOLDED = {"advanced", "folded"}
"""The classes of a heading whose section is folded."""


class Folds(Treeprocessor):
    """Folds what stands in an advanced section behind its first paragraph, which answers it."""

    def __init__(self, md: Markdown, labels: dict[str, str]) -> None:
        super().__init__(md)
        self.labels = labels

    def run(self, root: Element) -> None:
        """Runs after the reading, which knows the blocks by their places in the tree."""
        for heading in list(root):
            folded = FOLDED.intersection(heading.get("class", "").split())
            if heading.tag in HEADINGS and folded and heading in root:
                self.fold(root, heading)
        hidden = {part.get("id") for fold in root.iter("details") for part in fold.iter()}
        contents = getattr(self.md, "toc_tokens", [])
        contents[:] = unfolded(contents, hidden)

    def fold(self, root: Element, heading: Element) -> None:
        """Put the rest of the section of a heading into an element that one click opens."""
        start = list(root).index(heading) + 1
        section = []
        for element in root[start:]:
            if element.tag in HEADINGS and element.tag <= heading.tag:
                break
            section.append(element)
        rest = section[1:] if section and section[0].tag == "p" else section
        if not rest:
            return
        fold = Element("details", {"class": "further"})
        fold.extend(rest)
        minutes = minutes_to_read(fold)
        summary = Element("summary")
        summary.text = tree_text(self.labels["further"].format(minutes=minutes))
        fold.insert(0, summary)
        root.insert(list(root).index(rest[0]), fold)
        for element in rest:
            root.remove(element)


def unfolded(tokens: list[dict], hidden: set[str | None]) -> list[dict]:
    """The entries of a table of contents but for those whose ids are hidden.

    A theme's script measures where each entry's heading stands, for which a browser has to lay
    out the fold around it.
    """
    return [
        token | {"children": unfolded(token["children"], hidden)}
        for token in tokens
        if token["id"] not in hidden
    ]


class FoldedCode(Treeprocessor):
    """Keeps the colours of fences that stand in a fold in one attribute each.

    A chapter is spared some hundred elements until somebody opens them. Code whose lines are
    numbered, linked or annotated stays as it is.
    """

    def __init__(self, md: Markdown, place: Place) -> None:
        super().__init__(md)
        self.place = place

    def run(self, root: Element) -> None:
        fences = {fence.stash: fence for fence in self.place.reading.fences.values()}
        blocks = self.md.htmlStash.rawHtmlBlocks
        for fold in root.iter("details"):
            for number in stashed(fold):
                if number in fences and fences[number].is_python:
                    blocks[number] = self.packed(str(blocks[number]), fences[number].source)

    def packed(self, block: str, source: str) -> str:
        """The HTML of a fence with its code packed."""
        before, _, rest = block.partition("<code>")
        inside, _, after = rest.partition("</code>")
        has_places = '"linenos"' in block or 'id="' in inside or ANNOTATION.search(source)
        if not after or has_places:
            return block
        colours = self.place.runner.store.folder / "colours"
        return before + packed_code_markup(source, colours) + after


def stashed(element: Element) -> Iterator[int]:
    """The numbers of the stashed blocks in an element."""
    for text in element.itertext():
        for number in HTML_PLACEHOLDER_RE.findall(text):
            yield int(number)
