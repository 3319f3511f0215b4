"""Text that a snippet printed, left or is called, made safe to stand in a page's HTML."""

from __future__ import annotations

from html import escape

from markdown.util import AMP_SUBSTITUTE, AtomicString

CONTROL = {number: 0x2400 + number for number in range(32) if chr(number) not in "\t\n"}
CONTROL |= {0x7F: 0x2421}
"""Each control character as the sign that Unicode has for it: it is seen, and does nothing.

Python-Markdown's own markers, which stand between U+0002 and U+0003, are text thereby.
"""
REFERENCES = {number: f"&#{number};" for number in range(1, 32) if chr(number) not in "\t\n"}


def shown(text: str) -> str:
    """The text for the eye, not yet escaped."""
    return text.translate(CONTROL)


def tree_text(text: str) -> AtomicString:
    """The text for an element of Markdown's tree or for its attribute, which it then escapes.

    By itself it would take `&lt;` for a reference and leave it as it is.
    """
    return AtomicString(shown(text).replace("&", f"{AMP_SUBSTITUTE}amp;"))


def text_markup(text: str) -> str:
    """The text as HTML, in an element or in an attribute."""
    return escape(shown(text))


def code_text(source: str) -> str:
    """Source code as HTML: whoever copies it gets it as it is."""
    return escape(source).translate(REFERENCES)
