"""Wraps what stands between two headings, so that a browser can lay it out when it is near.

A chapter has thousands of elements. The theme's style (`content-visibility`) lets a browser skip
each passage out of sight as if it were one. Headings stay outside: Material's table of contents
asks for the place of each, and would have the passage around it laid out at once.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

LAST = 1
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}


class Passages(Treeprocessor):
    """Runs last, when every other extension has found its elements where it put them."""

    def run(self, root: Element) -> None:
        """Move what follows a heading, up to the next one, into a `<div class="passage">`.

        What stands before the first is in sight at once and stays as it is.
        """
        pieces = [
            (is_heading, list(elements))
            for is_heading, elements in groupby(root, lambda element: element.tag in HEADINGS)
        ]
        if pieces and not pieces[0][0]:
            pieces.pop(0)
        for is_heading, elements in pieces:
            parent = root if is_heading else Element("div", {"class": "passage"})
            for element in elements:
                root.remove(element)
                parent.append(element)
            if parent is not root:
                root.append(parent)


class PassageExtension(Extension):
    """Passages, for MkDocs and Zensical alike."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the processor."""
        md.treeprocessors.register(Passages(md), "literate-passage", LAST)


def makeExtension(**settings: Any) -> PassageExtension:  # noqa: N802
    """The extension, under the name by which Python-Markdown asks for it."""
    return PassageExtension(**settings)
