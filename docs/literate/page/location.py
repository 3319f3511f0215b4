"""The page being rendered, and where in its file a piece of it stands.

Neither MkDocs nor Zensical tells a Markdown extension which file it is rendering. With MkDocs our
plugin says so; else the file is looked for, by its text, when there is something to report.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from literate.failure import Failure, hand_over
from literate.page.front_matter import front_matter
from literate.page.verbatim import blanked

FOLDER = Path("docs")


@dataclass(frozen=True)
class Facts:
    """What a page's Markdown does not say: its folder, its front matter, its notebook's name."""

    folder: Path
    matter: dict[str, Any]
    notebook: str = ""


@dataclass
class Current:
    """The page being rendered: its file if that is known, its text, what was looked for in it."""

    path: Path | None = None
    facts: Facts | None = None
    text: str = ""
    sought: Counter[str] = field(default_factory=Counter)


current = Current()


def come_from(path: Path | None, facts: Facts | None = None) -> None:
    """Say that what is rendered from now on stands in the file `path`, or that nobody knows."""
    current.path = path
    current.facts = facts


def facts() -> Facts:
    """What is known of the page being rendered beside its Markdown."""
    if current.facts is not None:
        return current.facts
    path, whole = source()
    return Facts(path.parent, front_matter(whole)[0])


def begin(text: str) -> None:
    """Say that the page with this text is rendered from now on."""
    current.text = text
    current.sought.clear()


def block(name: str) -> re.Pattern[str]:
    """The first line of the block of the snippet `name`."""
    return re.compile(rf"^[ >]*/{{3,}} *snippet *\| *{re.escape(name)} *$", re.M | re.I)


def guess(argument: str) -> re.Pattern[str]:
    """The first line of the guess at the value `argument`."""
    return re.compile(rf"^[ >]*/{{3,}} *guess *\| *{re.escape(argument)} *$", re.M | re.I)


def value(origin: str) -> re.Pattern[str]:
    """Any value of that origin (`file.py: name`)."""
    file, name = (words(part).pattern for part in origin.split(":"))
    return re.compile(rf"{{{{[\s>]*{file}[\s>]*:[\s>]*{name}[\s>]*[:}}]")


def locate(sought: str | re.Pattern[str], before: int | None = None) -> tuple[Path, int]:
    """The file and line of a text on the current page, as well as they can be found.

    It is found after as many others as stand `before` it, or as were looked for before. What
    stands in code counts only when it stands nowhere else.
    """
    path, whole = source()
    begins = max(whole.rfind(current.text.strip()), 0)
    text = whole[begins:]
    pattern = sought if isinstance(sought, re.Pattern) else words(sought)
    places = [match.start() for match in pattern.finditer(blanked(text))]
    places = places or [match.start() for match in pattern.finditer(text)] or [-begins]
    if before is None:
        before = current.sought[pattern.pattern]
        current.sought[pattern.pattern] += 1
    at = places[min(before, len(places) - 1)]
    return path, whole.count("\n", 0, begins + at) + 1


def words(text: str) -> re.Pattern[str]:
    """The text as it may stand in the file: broken into lines, in a list or in a quotation."""
    return re.compile(r"[\s>]+".join(map(re.escape, text.split())))


def source() -> tuple[Path, str]:
    """The Markdown file of the current page, and all that it holds."""
    if current.path is not None:
        return current.path, current.path.read_text(encoding="utf-8-sig")
    page = current.text.strip()
    for path in sorted(FOLDER.rglob("*.md")):
        with contextlib.suppress(OSError, UnicodeDecodeError):  # no page, then
            whole = path.read_text(encoding="utf-8-sig")
            if page and whole.rstrip().endswith(page):
                return path, whole
    return Path("page.md"), page


def report(piece: str | re.Pattern[str], sentence: str, before: int | None = None) -> Failure:
    """Hand over that a piece of the page being rendered is wrong; see `locate`."""
    failure = Failure(*locate(piece, before), sentence)
    hand_over(failure)
    return failure
