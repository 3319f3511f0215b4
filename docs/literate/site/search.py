"""What readers ask is added to the search's index: questions, and names that stand in code.

A page's front matter says under `asked`, by the ids of its sections, how people ask for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from mkdocs.structure.pages import Page

INDEX = "search/search_index.json"


def asked_on(page: Page) -> dict[str, list[str]]:
    """The questions of a page by the place that answers them, as the index names places."""
    given = page.meta.get("asked") or {}
    if not isinstance(given, Mapping):
        return {}
    return {
        f"{page.url}#{section}": [str(question) for question in questions]
        for section, questions in given.items()
        if isinstance(questions, list)
    }


def add_to_index(site: Path, asked: Mapping[str, list[str]]) -> None:
    """Write the questions into the built index, if the site has one."""
    path = site / INDEX
    if not asked or not path.is_file():
        return
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        if entry["location"] in asked:
            entry["asked"] = asked[entry["location"]]
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
