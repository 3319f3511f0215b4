"""A number of a run in the prose: `{{ file.py: name[item]:format }}`.

What stands after the file is a replacement field of Python's `str.format`, without attributes of
objects: a run's values are numbers, text, lists and dictionaries.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

VALUE = re.compile(r"\{\{\s*(?P<file>[^\s{}:]+\.py)\s*:\s*(?P<field>[^{}]+?)\s*\}\}")
ANY = re.compile(r"\{\{(?:[^{}]+)\}\}")
PATH = re.compile(r"(?P<name>\w+)(?P<steps>(?:\[[^\[\]]+\]|\.\w+)*)")
STEP = re.compile(r"\[([^\[\]]+)\]|\.(\w+)")
NUMBER = re.compile(r"[-+]?\d[\d,.]*(?:e[-+]\d+)?%?")
EXPONENT = re.compile(r"(\d)e([+-])0*(\d+)$")


class Fields(string.Formatter):
    """Replacement fields over what JSON can keep: dictionaries by key, lists by position."""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401
        match = PATH.fullmatch(field_name)
        if match is None:
            raise KeyError(field_name)
        value = kwargs[match["name"]]
        for key in (bracketed or dotted for bracketed, dotted in STEP.findall(match["steps"])):
            value = value[int(key)] if isinstance(value, list) else value[key]
        return value, match["name"]


def formatted(values: Mapping[str, Any], field: str) -> str:
    """The value that `field` names, in its format; a `ValueError` says what does not fit."""
    name = field.partition(":")[0]
    try:
        value, _ = Fields().get_field(name, (), values)
    except (KeyError, IndexError, TypeError, ValueError):
        known = ", ".join(sorted(values)) or "nothing"
        raise ValueError(f"the run leaves no value {name}; it leaves {known}") from None
    if value is None or isinstance(value, list | Mapping):
        kind = "nothing" if value is None else f"a {type(value).__name__}"
        raise ValueError(f"{name} is {kind}, not one number or text")
    try:
        return Fields().vformat(f"{{{field}}}", (), values)
    except (ValueError, TypeError) as error:
        raise ValueError(f"the format of {field} does not fit {value!r}: {error}") from None


def markup(text: str, origin: str) -> str:
    """The value for a page: the machine reads the number as it is, people with a true minus."""
    shown = escape(text)
    if NUMBER.fullmatch(text):
        shown = EXPONENT.sub(r"\1×10<sup>\2\3</sup>", shown).replace("<sup>+", "<sup>")
        shown = shown.replace("-", "−")
    return f'<data class="value" value="{escape(text)}" title="{escape(origin)}">{shown}</data>'
