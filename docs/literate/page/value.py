"""A number of a run in the prose: `{{ file.py: name[key]:format }}`.

After the file stands the name of a value that the run left, with keys or positions if it is a
collection, then a format specification of Python's `format`.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from literate.page.text import tree_text

VALUE = re.compile(r"\{\{\s*(?P<file>[^\s{}:][^{}:]*\.py)\s*:\s*(?P<field>[^{}]+?)\s*\}\}")
ANY = re.compile(r"\{\{[^{}]+\}\}")
LINE_BREAK = re.compile(r"\s*\n[\s>]*")
FIELD = re.compile(
    r"(?P<name>\w+)(?P<keys>(?:\[[^\[\]]+\]|\.\w+)*)\s*(?::(?P<format>.*))?", re.DOTALL
)
KEY = re.compile(r"\[([^\[\]]+)\]|\.(\w+)")
NUMBER = re.compile(r"[-+]?\d[\d,.]*(?:e[-+]\d+|%)?")
MINUS = "\u2212"


def parts(text: str) -> tuple[str, str]:
    """The file and the field of a value, which may be broken into lines, as in a quotation."""
    match = VALUE.fullmatch(LINE_BREAK.sub(" ", text))
    if match is None:
        raise ValueError(
            r"this is no value; one is written {{ file.py: name:format }}, literal braces \{\{ … }}"
        )
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


def element(text: str, origin: str) -> Element:
    """The value for a page: the machine reads the number as it is, people a typeset one."""
    data = Element("data", {"class": "value", "value": tree_text(text), "title": tree_text(origin)})
    data.text = tree_text(text)
    if NUMBER.fullmatch(text):
        number, _, power = text.partition("e")
        data.text = AtomicString(number.replace("-", MINUS))
        if power:
            data.text = AtomicString(f"{data.text}×10")
            SubElement(data, "sup").text = AtomicString(f"{int(power)}".replace("-", MINUS))
    return data


def plain(text: str) -> str:
    """The value in a line of plain text, a number with a true minus."""
    return text.replace("-", MINUS) if NUMBER.fullmatch(text) else text
