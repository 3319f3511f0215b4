"""What stands at a page's headings: under the title how long it takes to read, what to read first
and its downloads; beside each section that says so, whether it is basic or advanced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from literate.page.front_matter import front_matter
from literate.page.html import downloads_markup
from literate.page.location import Excerpt, Place
from literate.page.reading import FENCE, closing
from literate.page.text import tree_text
from literate.page.value import ANY

LINK, MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), re.compile(r"[`*]")
UNDERLINED = re.compile(r"(?:\A|(?<=\n\n))(\S[^\n]*)\n(=+|-+) *$", re.MULTILINE)
MARKS = ("basic", "advanced")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNREAD = {"pre", "code", "math", "svg", "table", "script", "style"}
STASHED = re.compile(r"\x02[^\x03]*\x03")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[^\W\d_\u3400-\u9fff\uf900-\ufaff][\w'’-]*")
HAN_A_MINUTE, WORDS_A_MINUTE = 365, 220
"""Adults read 238 words of English non-fiction a minute (Brysbaert 2019, doi:10.1016/j.jml.2019.
104047), of a textbook somewhat fewer. In the time of 1.49 texts in English they read 1.67 in
Chinese (Trauzettel-Klosinski and Dietz 2012, doi:10.1167/iovs.11-8284), where this book has 149
characters for every 100 English words.
"""


class PageFacts(Treeprocessor):
    """Under the title of a page that shows snippets or asks for others to be read before it."""

    def __init__(self, md: Markdown, place: Place, labels: dict[str, str], offers: bool) -> None:
        super().__init__(md)
        self.place = place
        self.labels = labels
        self.offers = offers
        """Whether the page's files stand beside it."""

    def run(self, root: Element) -> None:
        if isinstance(self.place, Excerpt):
            return
        self.place.minutes = minutes_to_read(root)
        title = root.find("h1")
        snippets = (item for item in self.place.reading.candidates if item.kind == "snippet")
        shown_first = next((item.text for item in snippets if item.is_real), None)
        notebook = self.place.notebook
        if shown_first and not notebook:
            notebook = self.place.notebook_for(shown_first)
        links = list(prerequisites(self.place))
        if not (notebook or links):
            return
        facts = Element("p", {"class": "page-facts", "data-search-exclude": ""})
        minutes = self.labels["minutes"].format(minutes=self.place.minutes)
        SubElement(facts, "span").text = tree_text(minutes)
        if links:
            before = SubElement(facts, "span")
            before.text = tree_text(self.labels["before"])
            for number, link in enumerate(links, 1):
                link.tail = tree_text(self.labels["comma"]) if number < len(links) else None
                before.append(link)
        if notebook:
            self.place.notebook = notebook
        if notebook and self.offers:
            downloads = SubElement(facts, "span", {"class": "page-downloads"})
            beside = self.place.markdown if self.place.path else ""
            downloads.text = self.md.htmlStash.store(
                downloads_markup(notebook, beside, self.labels)
            )
        root.insert(0 if title is None else list(root).index(title) + 1, facts)


def prerequisites(place: Place) -> Iterator[Element]:
    """A link for each page or section that the front matter names, under its own title."""
    given = place.facts().get("prerequisites") or []
    for address in given if isinstance(given, list) else [given]:
        link = Element("a", {"href": f"{address}"})
        try:
            link.text = tree_text(title_of(place.home(), f"{address}"))
        except ValueError as error:
            place.report_matter(f"{address}", f"{error}")
        yield link


def title_of(folder: Path, address: str) -> str:
    """What a page, or a section of it, is called; a `ValueError` says that it is not there."""
    name, _, anchor = address.partition("#")
    try:
        matter, text = front_matter((folder / name).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"the prerequisite {address} is no page") from None
    text = UNDERLINED.sub(hashed, without_fences(text))
    if not anchor:
        title = re.search(r"^# +(.+?)(?: *\{[^}\n]*\})? *$", text, re.M)
        given = matter.get("title")
        return words(title[1] if title else name) if given in (None, "") else f"{given}"
    heading = re.search(rf"^#+ +(.+?) *\{{[^}}\n]*#{re.escape(anchor)}[ }}].*$", text, re.M)
    if heading is None:
        raise ValueError(f"the prerequisite {address} is no section of {name}")
    return words(heading[1])


def without_fences(text: str) -> str:
    """A page's Markdown without the lines of its fences, which may look like headings."""
    lines = text.split("\n")
    kept = []
    at = 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        if opened and "`" not in opened["info"]:
            at = closing(lines, at, opened)
        else:
            kept.append(lines[at])
        at += 1
    return "\n".join(kept)


def hashed(underlined: re.Match[str]) -> str:
    """A heading that is underlined, with hash signs."""
    return f"{'#' if underlined[2].startswith('=') else '##'} {underlined[1]}"


def words(heading: str) -> str:
    """What a heading says without its markup; a `ValueError` says that it takes a rendering."""
    if ANY.search(heading) or "$" in heading:
        raise ValueError(f"the prerequisite is headed by a value or formula: {heading}")
    return MARKUP.sub("", LINK.sub(r"\1", heading))


def minutes_to_read(root: Element) -> int:
    """How long a page's text takes, without code, figures, formulas and tables."""
    text = " ".join(readable(root))
    minutes = len(HAN.findall(text)) / HAN_A_MINUTE + len(WORD.findall(text)) / WORDS_A_MINUTE
    return max(1, round(minutes))


def readable(element: Element) -> Iterator[str]:
    """The pieces of text that are read."""
    if element.tag not in UNREAD:
        yield STASHED.sub("", element.text or "")
        for child in element:
            yield from readable(child)
            yield STASHED.sub("", child.tail or "")


class Marks(Treeprocessor):
    """Says beside a heading that a section is basic or advanced, and in the table of contents which
    are advanced: most are not.
    """

    def __init__(self, md: Markdown, labels: dict[str, str]) -> None:
        super().__init__(md)
        self.labels = labels

    def run(self, root: Element) -> None:
        """Runs after the table of contents has been made, so that it is no part of its words."""
        marked = {}
        for heading in root.iter():
            for mark in MARKS:
                if heading.tag in HEADINGS and mark in heading.get("class", "").split():
                    label = Element("span", {"class": f"mark mark--{mark}"})
                    label.set("data-search-exclude", "")
                    label.text = tree_text(self.labels[mark])
                    links = [child for child in heading if child.get("class") == "headerlink"]
                    heading.insert(list(heading).index(links[0]) if links else len(heading), label)
                    if mark == "advanced":
                        said = f'<span class="mark mark--{mark}">{escape(self.labels[mark])}</span>'
                        marked[heading.get("id")] = f" {said}"
        self.mark(getattr(self.md, "toc_tokens", []), marked)

    def mark(self, tokens: list[dict[str, Any]], marked: dict[str | None, str]) -> None:
        """Add the marks to the entries of the table of contents, which are HTML."""
        for token in tokens:
            token["name"] += marked.get(token["id"], "")
            self.mark(token["children"], marked)
