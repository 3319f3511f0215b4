"""The words of figures and printed tables in the page's language.

A snippet speaks English. `docs/words/<language>.yml` maps what it says to what the page says: a
`{}` stands for a number, for code in backticks, or for a piece that is a word of the list itself;
an empty value says that the text stays as it is. Under the name of a folder of snippets stand the
words that mean something else there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

TEXTS = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads each scalar as the text that it is: `no` is a word."""
LETTER = re.compile(r"[A-Za-z]")
CODE = re.compile(r"`[^`]+`")
MATH = re.compile(r"\$[^$]+\$")
HOLE = "{}"


class MissingWordError(ValueError):
    """A text has no translation."""


@dataclass(frozen=True)
class Words:
    """One language's words; without a file for it, every text stays as it is."""

    path: Path
    entries: Mapping[str, str] | None = None
    patterns: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    folders: Mapping[str, Words] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Words:
        """The words in the file `path`; a `ValueError` says what is wrong with it."""
        try:
            stat = path.stat()
            return read(path, stat.st_mtime_ns, stat.st_size)
        except FileNotFoundError:
            return cls(path)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not UTF-8 at byte {error.start}") from None
        except OSError as error:
            raise ValueError(f"{path} cannot be read: {error.strerror}") from None

    def for_snippet(self, name: str) -> Words:
        """The words for the snippet `name`: its folder's own before those for all."""
        return self.folders.get(name.partition("/")[0], self)

    def translated(self, text: str) -> str:
        """The text in the page's language; raises `MissingWordError` where the list lacks it."""
        core = text.strip()
        if self.entries is None or stays(core):
            return text
        found = self.found(core)
        if found is None:
            raise MissingWordError(core)
        return text.replace(core, found, 1)

    def found(self, text: str) -> str | None:
        """What the list has for a text or for a piece of one."""
        if self.entries is not None and text in self.entries:
            return self.entries[text] or text
        for pattern, target in self.patterns:
            match = pattern.fullmatch(text)
            found = [self.piece(piece) for piece in match.groups()] if match else [None]
            pieces = [piece for piece in found if piece is not None]
            if len(pieces) == len(found):
                return filled(target, pieces) if target else text
        return None

    def piece(self, text: str) -> str | None:
        """What stands in a hole: as it is when it holds no words, else translated itself."""
        return text if stays(text.strip()) else self.found(text)


@lru_cache(maxsize=8)
def read(path: Path, written: int, size: int) -> Words:
    """The words of a file as it was `written`."""
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), TEXTS) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(given, dict):
        raise ValueError(f"{path} does not map texts to texts")
    for own in (given, *(own for own in given.values() if isinstance(own, dict))):
        for key, value in own.items():
            if not isinstance(value, str) and not (own is given and isinstance(value, dict)):
                raise ValueError(f"{path} does not map {key} to a text")
    common = {key: value for key, value in given.items() if not isinstance(value, dict)}
    folders = {
        folder: listed(path, common | own) for folder, own in given.items() if isinstance(own, dict)
    }
    return listed(path, common, folders)


def listed(
    path: Path, entries: Mapping[str, str], folders: Mapping[str, Words] | None = None
) -> Words:
    """The words of these entries; those with holes are tried from the longest on."""
    holed = [key for key in entries if HOLE in key and key != HOLE]
    holed.sort(key=lambda key: -len(key))
    patterns = [(pattern_of(key), entries[key]) for key in holed]
    return Words(path, entries, patterns, folders or {})


def pattern_of(key: str) -> re.Pattern[str]:
    """What matches the key, each hole a group."""
    return re.compile("(.+?)".join(map(re.escape, key.split(HOLE))), re.DOTALL)


def filled(target: str, pieces: list[str]) -> str:
    """The target with the pieces in its holes, in their order."""
    parts = target.split(HOLE)
    holes = [*pieces, *[""] * len(parts)][: len(parts) - 1]
    return "".join(part for pair in zip(parts, [*holes, ""], strict=True) for part in pair)


def stays(text: str) -> bool:
    """Whether a text has no words to translate: no letters, a number, code, or a formula."""
    if not LETTER.search(text) or CODE.fullmatch(text) or MATH.fullmatch(text):
        return True
    try:
        float(text)  # as 1e-05, nan, inf
    except ValueError:
        return False
    return True
