"""What readers ask is added to the search's index, and what else its pages know.

A page's front matter says under `asked`, by the ids of its sections, how people ask for them. The
code of a section's snippets, which Material leaves out, tells the interfaces it shows. A glossary
says what a term is called in the other language.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser, LexborNode

INDEX = "search/search_index.json"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PLOTTING = "matplotlib"
COMMON = 0.05
"""The share of sections above which a name of code tells none of them."""


@dataclass
class Found:
    """What a page adds: to the sections of the index by their places, and to all of it."""

    asked: dict[str, list[str]] = field(default_factory=dict)
    code: dict[str, list[str]] = field(default_factory=dict)
    same: list[list[str]] = field(default_factory=list)
    """Terms, each with its name in the other language."""


def found_on(page: Page) -> Found:
    """What a page adds, its places written as the index names them."""
    reader = Reader(page.content or "")
    given = page.meta.get("asked")
    asked = given if isinstance(given, Mapping) else {}
    return Found(
        {
            place(page, str(section)): [str(question) for question in questions]
            for section, questions in asked.items()
            if isinstance(questions, list)
        },
        {
            place(page, section): sorted(names)
            for section, sources in reader.code.items()
            if (names := set().union(*map(interfaces, sources)))
        },
        reader.same,
    )


def lost(page: Page) -> Iterator[str]:
    """The ids under `asked` that the index will not know, or whose questions are no list."""
    given = page.meta.get("asked") or {}
    if not isinstance(given, Mapping):
        yield "asked"
        return
    sections = LexborHTMLParser(page.content or "").css(", ".join(f"{h}[id]" for h in HEADINGS[1:]))
    known = {"", *(section.id for section in sections)}
    yield from (
        f"{section}"
        for section, questions in given.items()
        if f"{section}" not in known or not isinstance(questions, list)
    )


def place(page: Page, section: str) -> str:
    """A section as the index names it; what stands before the first is the page's own."""
    return f"{page.url}#{section}" if section else page.url


class Reader:
    """The code of a page's snippets by section, and the terms it explains with their names."""

    def __init__(self, content: str) -> None:
        self.code: dict[str, list[str]] = {}
        self.same: list[list[str]] = []
        section = ""
        root = LexborHTMLParser(content).root
        for node in root.traverse() if root else ():
            if node.tag in HEADINGS and node.tag != "h1" and node.id:
                section = node.id
            elif node.tag == "code" and "data-before" in node.attributes:  # a snippet's, no fence
                self.code.setdefault(section, []).append(node.text())
            elif node.tag == "dt":
                self.read_term(node)

    def read_term(self, term: LexborNode) -> None:
        """Keep a term that has a name in another language."""
        names: dict[str, list[str]] = {"": []}
        for part in term.iter(include_text=True, skip_empty=False):
            language = part.attributes.get("lang") if part.tag == "span" else ""
            names.setdefault(language or "", []).append(part.text())
        found = ["".join(parts).strip(" ¶\n") for parts in names.values()]
        if len(found) > 1 and all(found):
            self.same.append(found)


@cache
def interfaces(source: str) -> frozenset[str]:
    """The names of others that a snippet uses: what it imports, attributes and keywords.

    What belongs to plotting is left out: every snippet draws, and none is about it.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    drawn = drawing(tree)
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if not module.startswith(PLOTTING):
                names |= {alias.name for alias in node.names}
            case ast.Call() if not names_in(node.func) & drawn:
                names |= {keyword.arg for keyword in node.keywords if keyword.arg}
            case ast.Attribute() if not names_in(node) & drawn:
                names.add(node.attr)
    return frozenset(n for n in names if not n.startswith("_") and not is_word(n))


def is_word(name: str) -> bool:
    """Whether a name is written as words are, as `step`: prose says those itself."""
    return "_" not in name and not any(letter.isupper() for letter in name)


def drawing(tree: ast.AST) -> set[str]:
    """The names that stand for plotting: its modules, and what was made with them."""
    drawn: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                drawn |= {
                    alias.asname or PLOTTING
                    for alias in node.names
                    if alias.name.partition(".")[0] == PLOTTING
                }
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] == PLOTTING:
                drawn |= {alias.asname or alias.name for alias in node.names}
            case ast.Assign(value=ast.Call() as value) if names_in(value.func) & drawn:
                drawn |= {name for target in node.targets for name in names_in(target)}
            case ast.For() if names_in(node.iter) & drawn:
                drawn |= names_in(node.target)
    return drawn


def names_in(node: ast.AST) -> set[str]:
    """The variables that stand in a piece of code."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def in_many(pages: Iterable[Found], sections: int) -> set[str]:
    """The names that stand in so many sections that they tell none of them."""
    counts = Counter(name for page in pages for names in page.code.values() for name in names)
    return {name for name, count in counts.items() if count > COMMON * sections}


def add_to_index(site: Path, pages: Iterable[Found]) -> None:
    """Write all that into the built index, if the site has one."""
    path = site / INDEX
    pages = list(pages)
    if not pages or not path.is_file():
        return
    index = json.loads(path.read_text(encoding="utf-8"))
    common = in_many(pages, len(index["docs"]))
    for entry in index["docs"]:
        for page in pages:
            if asked := page.asked.get(entry["location"]):
                entry["asked"] = asked
            code = page.code.get(entry["location"], [])
            if code := [name for name in code if name not in common]:
                entry["code"] = code
    index["config"]["same"] = [names for page in pages for names in page.same]
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
