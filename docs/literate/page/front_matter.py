"""What stands before a page's Markdown, between two lines of three hyphens."""

from __future__ import annotations

import re
from typing import Any

import yaml

FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """A page's front matter, empty where there is none or none that can be read, and its Markdown.

    What is wrong with it is said elsewhere, once.
    """
    match = FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    try:
        matter = yaml.load(match[1], FAST)
    except (yaml.YAMLError, ValueError):
        matter = None
    return matter if isinstance(matter, dict) else {}, text[match.end() :]
