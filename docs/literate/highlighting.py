"""Python source as HTML, with the classes that Material styles."""

from __future__ import annotations

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LEXER = PythonLexer()


def highlighted(source: str, title: str) -> str:
    """The source in a box; under its title, unless that is empty."""
    return highlight(source, LEXER, HtmlFormatter(filename=title, wrapcode=True))
