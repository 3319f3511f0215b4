"""What makes a page light for a browser: a frame around each table, and no element for nothing.

Material's script puts what scrolls around every table. As its style sheet counts children, a
browser then styles anew all that stands beside the table: the whole page, were it not for a frame.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from literate.page.location import Place

PADDED = "<pre><span></span>"
"""How Pygments begins: the span is for leading empty lines, which a fence has lost by then."""


class Light(Treeprocessor):
    """Spares a browser work and elements; what a page shows and says stays."""

    def __init__(self, md: Markdown, place: Place) -> None:
        super().__init__(md)
        self.place = place

    def run(self, root: Element) -> None:
        """Runs after the reading, which knows the blocks by their places in the tree."""
        frame_tables(root)
        for element in root.iter():
            if element.tag == "figcaption" or element.get("class") == "guess__question":
                unwrap_paragraph(element)
        blocks = self.md.htmlStash.rawHtmlBlocks
        for fence in self.place.reading.fences.values():
            blocks[fence.stash] = str(blocks[fence.stash]).replace(PADDED, "<pre>", 1)


def frame_tables(element: Element) -> None:
    """Put a `div` around each table but for those in folds, which are styled when they open."""
    for place, child in enumerate(list(element)):
        if child.tag == "table":
            frame = Element("div")
            frame.append(child)
            frame.tail, child.tail = child.tail, None
            element[place] = frame
        elif child.tag != "details":
            frame_tables(child)


def unwrap_paragraph(element: Element) -> None:
    """Let an element hold the words of its only paragraph itself."""
    if len(element) == 1 and element[0].tag == "p" and not element[0].attrib:
        paragraph = element[0]
        element.text = paragraph.text
        element[:] = list(paragraph)
