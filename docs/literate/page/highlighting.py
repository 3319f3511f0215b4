"""Python source with its colours: which stretches of it have which class of Pygments.

To find them takes Pygments ten times as long as all else that a snippet costs, so they are kept.
They are no part of a run: another highlighting runs nothing. Code that is folded carries them in
one attribute, and a script of ours colours it when it is unfolded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from pygments.filter import Filter
from pygments.token import STANDARD_TYPES, Token

from literate.page.text import code_text
from literate.run.store import Store
from literate.snippet.source import installed

Stretch = tuple[int, str]
"""How long it is, in the units that a browser counts (UTF-16), and its class, or nothing."""


PLAIN = (Token.Name, Token.Operator, Token.Punctuation, Token.Text.Whitespace)
"""What has the colour of the text."""


class Plain(Filter):
    """The filter `plain` of Pygments, for fences: no element around what has no colour of its own.

    Without it a page with much code has a thousand elements more.
    """

    def filter(self, lexer: Any, stream: Iterable[tuple[Any, str]]) -> Iterator[tuple[Any, str]]:
        for kind, text in stream:
            yield Token.Text if kind in PLAIN else kind, text


def stretches(source: str, folder: Path) -> list[Stretch]:
    """The source cut where its colour changes; `folder` keeps what was found."""
    store = Store(folder, "colours", "txt")
    name = hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()[:24]
    if (known := store.load(name, look(), bytes)) is not None:
        return [(int(length), kind) for length, kind in read(known.decode())]
    found = [
        (sum(length for length, _ in pieces), kind)
        for kind, pieces in groupby(lexed(source), key=lambda piece: piece[1])
    ]
    store.save(name, look(), packed(found).encode())
    return found


def lexed(source: str) -> Iterator[Stretch]:
    """The tokens of the source. What has the colour of the text has no class."""
    from pygments.lexers.python import PythonLexer  # noqa: PLC0415 (seldom needed)

    for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        known = next(part for part in reversed(kind.split()) if part in STANDARD_TYPES)
        yield len(text.encode("utf-16-le")) // 2, "" if kind in PLAIN else STANDARD_TYPES[known]


def packed(found: list[Stretch]) -> str:
    """The stretches as text: `6-kn 1- 5-nn`."""
    return " ".join(f"{length}-{kind}" for length, kind in found)


def read(text: str) -> list[tuple[str, str]]:
    """Length and class of each stretch that was packed."""
    return [(length, kind) for length, _, kind in (part.partition("-") for part in text.split())]


def coloured(source: str, folder: Path) -> str:
    """The source as HTML, each coloured stretch in an element of its own."""
    units = source.encode("utf-16-le", "surrogatepass")
    parts = []
    at = 0
    for length, kind in stretches(source, folder):
        text = code_text(units[2 * at : 2 * (at + length)].decode("utf-16-le"))
        parts.append(f'<span class="{kind}">{text}</span>' if kind else text)
        at += length
    return "".join(parts)


@cache
def look() -> str:
    """What decides on the colours: Pygments, and this module."""
    return f"{installed('Pygments')} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"
