"""Python source as HTML, with the classes that Material styles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pygments import highlight
from pygments.filter import Filter
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import PythonLexer
from pygments.token import Name, Operator, Punctuation, Text, Whitespace, _TokenType

UNCOLOURED = (Name, Operator, Punctuation, Whitespace)


class Uncoloured(Filter):
    """What has the colour of the text needs no element of its own, which saves most of them."""

    def filter(
        self, lexer: Lexer, stream: Iterable[tuple[_TokenType, str]]
    ) -> Iterator[tuple[_TokenType, str]]:
        """Make names, operators and punctuation plain text."""
        for kind, text in stream:
            yield (Text if kind in UNCOLOURED else kind), text


LEXER = PythonLexer()
LEXER.add_filter(Uncoloured())


def highlighted(source: str, title: str) -> str:
    """The source in a box; under its title, unless that is empty."""
    return highlight(source, LEXER, HtmlFormatter(filename=title, wrapcode=True))
