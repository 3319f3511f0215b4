"""A frame around each table that a page shows at once.

Material's script puts what scrolls around every table. As its style sheet counts children, a
browser then styles anew all that stands beside the table: the whole page, were it not for a frame.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor


class Frames(Treeprocessor):
    """Puts a `div` around each table but for those in folds, which are styled when they open."""

    def run(self, root: Element) -> None:
        """Runs after the reading, which knows the blocks by their places in the tree."""
        for place, element in enumerate(list(root)):
            if element.tag == "table":
                frame = Element("div")
                frame.append(element)
                frame.tail, element.tail = element.tail, None
                root[place] = frame
            elif element.tag != "details":
                self.run(element)
