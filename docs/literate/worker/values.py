"""The names that a run left, as far as they can stand in prose."""

from __future__ import annotations

import json
import math
from typing import Any

import torch

NUMBERS = 10_000
"""How many numbers and texts one value may hold: more than that is data, not a value."""
LETTERS = 100_000
"""How many letters its texts may have together."""


def kept(namespace: dict[str, Any]) -> dict[str, str]:
    """The names a run left that can stand in prose: numbers, text, collections; each as JSON."""
    values = {}
    for name, value in namespace.items():
        if not name.startswith("_"):
            try:
                text = json.dumps(Plain().of(value), ensure_ascii=False)
                f"{name}{text}".encode()
            except Exception:  # as for a number too long to be written, or half a character
                continue
            values[name] = text
    return values


class Plain:
    """A value as JSON can keep it, if it is not too large; else a `TypeError`."""

    def __init__(self) -> None:
        self.numbers = NUMBERS
        self.letters = LETTERS

    def of(self, value: object) -> Any:  # noqa: PLR0911
        """`value` as JSON can keep it; dictionaries' keys become their `str`."""
        self.count(1)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, dict):
            named = {self.text(str(key)): self.of(item) for key, item in value.items()}
            if len(named) < len(value):
                raise TypeError  # as 1 and "1", which no page could tell apart
            return named
        if isinstance(value, list | tuple):
            if hasattr(value, "_asdict"):
                return self.of(value._asdict())  # pyright: ignore[reportAttributeAccessIssue]
            return [self.of(item) for item in value]
        if isinstance(value, torch.Tensor):
            self.room(value.numel())
            return self.of(value.detach().tolist())
        if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
            self.room(math.prod(value.shape))  # pyright: ignore[reportAttributeAccessIssue]
            return self.of(value.tolist())  # pyright: ignore[reportAttributeAccessIssue]
        raise TypeError

    def room(self, numbers: int) -> None:
        """Refuse what is too large before it is turned into a list."""
        if numbers > self.numbers:
            raise TypeError

    def count(self, numbers: int) -> None:
        """Count what has been found."""
        self.numbers -= numbers
        self.room(0)

    def text(self, text: str) -> str:
        """A text, if there is room for it."""
        self.letters -= len(text)
        if self.letters < 0:
            raise TypeError
        return text
