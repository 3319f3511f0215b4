"""A number of a run in the prose: `{{ file.py: name[key]:format }}`.

After the file stands the name of a value that the run left, with keys or positions if it is a
collection, then a format specification of Python's `format`.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from typing import Any

from literate.page.text import text_markup

VALUE = re.compile(r"\{\{\s*(?P<file>[^\s{}:][^{}:]*\.py)\s*:\s*(?P<field>[^{}]+?)\s*\}\}")
ANY = re.compile(r"\{\{[^{}]+\}\}")
LINE_BREAK = re.compile(r"\s*\n[\s>]*")
FIELD = re.compile(
    r"(?P<name>\w+)(?P<keys>(?:\[[^\[\]]+\]|\.\w+)*)\s*(?::(?P<format>.*))?", re.DOTALL
)
KEY = re.compile(r"\[([^\[\]]+)\]|\.(\w+)")
NUMBER = re.compile(r"[-+]?\d[\d,.]*(?:e[-+]\d+)?%?")
EXPONENT = re.compile(r"(\d)e([+-])0*(\d+)$")


def parts(text: str) -> tuple[str, str]:
    """The file and the field of a value, which may be broken into lines, as in a quotation."""
    match = VALUE.fullmatch(LINE_BREAK.sub(" ", text))
    if match is None:
        raise ValueError("this is no value; it is written {{ file.py: name:format }}")
    return match["file"], match["field"]


def origin(file: str, field: str) -> str:
    """Where a value is from, however it is formatted."""
    return f"{file}: {field.partition(':')[0].rstrip()}"


def found(values: Mapping[str, Any], field: str) -> tuple[Any, str]:
    """The number or text that `field` names, and the format; a `ValueError` says what is wrong."""
    match = FIELD.fullmatch(field)
    if match is None:
        raise ValueError(f"{field} is not a name, keys in brackets, a colon and a format")
    value: Any = values
    path = match["name"] + match["keys"]
    try:
        for bracketed, dotted in [(match["name"], ""), *KEY.findall(match["keys"])]:
            key = bracketed or dotted
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (KeyError, IndexError, TypeError, ValueError):
        known = ", ".join(sorted(values)) or "nothing"
        raise ValueError(f"the run leaves no value {path}; it leaves {known}") from None
    if value is None or isinstance(value, list | Mapping):
        kind = "nothing" if value is None else f"a {type(value).__name__}"
        raise ValueError(f"{path} is {kind}, not one number or text")
    return value, match["format"] or ""


def formatted(values: Mapping[str, Any], field: str) -> str:
    """The value that `field` names, in its format; a `ValueError` says what does not fit."""
    return written(*found(values, field), field)


def written(value: object, specification: str, field: str) -> str:
    """A value in the format of `field`."""
    try:
        return format(value, specification)
    except (ValueError, TypeError, OverflowError) as error:
        told = f"the format of {field} does not fit {reprlib.repr(value)}: {error}"
        raise ValueError(told) from None


def number_markup(text: str) -> str:
    """A value for people: a number with a true minus and a power of ten."""
    shown = text_markup(text)
    if NUMBER.fullmatch(text):
        shown = EXPONENT.sub(r"\1×10<sup>\2\3</sup>", shown).replace("<sup>+", "<sup>")
        shown = shown.replace("-", "−")
    return shown


def markup(text: str, origin: str, shown: str = "") -> str:
    """The value for a page: the machine reads the number as it is, people `shown` or a number."""
    shown = shown or number_markup(text)
    return (
        f'<data class="value" value="{text_markup(text)}" title="{text_markup(origin)}">'
        f"{shown}</data>"
    )
