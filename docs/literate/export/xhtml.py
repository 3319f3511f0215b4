"""A page's content, which is HTML for a browser -> XHTML for a book, read once and kept.

A book has no scripts and no controls: what asks for them goes, what they would unfold stands open,
a figure shows the frame that is shown first, and its colours are those of a light page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring

from literate.figure import palette
from literate.page.highlighting import read
from literate.snippet.source import installed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

HTML, SVG, MATHML = (
    "{http://www.w3.org/1999/xhtml}",
    "{http://www.w3.org/2000/svg}",
    "{http://www.w3.org/1998/Math/MathML}",
)
XLINK, XMLNS, XML = (
    "{http://www.w3.org/1999/xlink}",
    "{http://www.w3.org/2000/xmlns/}",
    "{http://www.w3.org/XML/1998/namespace}",
)
ROOTS = {SVG: "svg", MATHML: "math"}
WITHIN = {"svg": SVG, "math": MATHML, "foreignObject": HTML}
"""Elements that are in another namespace than what is around them, or have such children."""
PREFIXES = {"xlink": XLINK, "xml": XML, "xmlns": XMLNS}
"""The namespaces of attributes that a page names by their prefixes."""
GONE = {
    *("audio", "button", "canvas", "embed", "iframe", "input", "link", "meta", "noscript"),
    *("object", "output", "script", "select", "source", "style", "template", "textarea", "video"),
}
"""Elements that a book cannot show, with all that is in them."""
PLAYED = {"audio", "embed", "iframe", "video"}
"""Those of them that a book can link to."""
GONE_CLASSES = {
    *("headerlink", "page-downloads"),
    *("snippet__copy", "snippet__knob", "guess__said", "guess__slider"),
}
RENAMED = {"center": "div", "form": "div", "label": "span", "font": "span"}
KEPT = {
    *("alt", "cite", "class", "colspan", "datetime", "dir", "headers", "height", "id", "open"),
    *("reversed", "rowspan", "scope", "start", "style", "title", "type", "value", "width"),
}
"""The attributes of HTML that mean something in a book; links, pictures and languages besides."""
STYLES = {"displaystyle", "scriptlevel"}
"""Attributes that any element of a formula takes on a page; in a book `mstyle` has to bear them."""
STYLED = {"math": STYLES, "mstyle": STYLES, "mtable": {"displaystyle"}}
"""Which of them an element may have in a book too."""
INFERRED = {"mtd"}
"""Elements that hold a row of their own: the style goes within them, not around."""
NAME = re.compile(r"[a-z][a-z0-9.-]*")
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What HTML may hold and XML may not, as the form feed of an old source."""
FONT = "DejaVu Sans,sans-serif"
DEPTH = 2
"""The headings of this level are the sections that a table of contents lists."""

Link = Callable[[str], str]
"""Where an address on the page leads to from the book; an empty text leads nowhere."""


@dataclass
class Body:
    """What a page is in a book: its XHTML, and what the book has to know of it.

    `sections` are the ids and words of its sections; `pictures` the files of the book that its
    images are, by their addresses: empty for one that the book has not.
    """

    markup: str
    sections: list[tuple[str, str]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    has_svg: bool = False
    has_formula: bool = False


def body(content: str, link: Link, picture: Link) -> Body:
    """The page with this content; `picture` says which of the book's files an image is."""
    root = parsed(content)
    for figure in root.iter(f"{HTML}figure"):
        for child in figure[1:-1]:
            if child.tag == f"{HTML}figcaption":  # which may only begin or end a figure
                child.tag = f"{HTML}div"
                child.set("class", "figcaption")
    for tabs in list(root.iter(f"{HTML}div")):
        entitle(tabs)
    ids = {element.get("id", "") for element in root.iter()}
    writer = Writer(link, picture, ids)
    for page in root.iter(f"{HTML}body"):
        writer.children(page)
    return writer.finish()


def entitle(tabs: Element) -> None:
    """Put the labels of tabs, which stand together on a page, each before what it is of."""
    parts = {part.get("class"): part for part in tabs}
    labels, content = parts.get("tabbed-labels"), parts.get("tabbed-content")
    if labels is None or content is None:
        return
    for label, block in zip(list(labels), content, strict=False):
        label.tag, label.attrib, label.tail = f"{HTML}p", {"class": "tabbed-title"}, "\n"
        block.insert(0, label)
    tabs.remove(labels)


@cache
def press() -> str:
    """What makes XHTML of pages: our code, and the parser."""
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return f"{digest} {installed('selectolax')}"


def parsed(content: str) -> Element:
    """The elements of a page as a browser has them, each in its namespace."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 (an unchanged build reads none)

    root = Element(f"{HTML}html")
    if (top := LexborHTMLParser(content).root) is not None:
        copy(top, root, HTML)
    return root


def copy(node: LexborNode, into: Element, namespace: str) -> None:
    """Add what is in a node to an element; comments are left out."""
    last: Element | None = None
    for child in node.iter(include_text=True, skip_empty=False):
        tag = child.tag or ""
        if tag == "-text":
            text = child.text_content or ""
            if last is None:
                into.text = (into.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        elif not tag.startswith(("-", "!")):
            own = WITHIN.get(tag, namespace) if tag != "foreignObject" else namespace
            last = SubElement(into, own + tag, named(child))
            copy(child, last, WITHIN.get(tag, own))


def named(node: LexborNode) -> dict[str, str]:
    """The attributes of a node, each by its name and namespace."""
    found = {}
    for key, value in node.attributes.items():
        prefix, colon, short = key.partition(":")
        space = PREFIXES.get(prefix, "") if colon else ""
        found[space + short if space else key] = value or ""
    return found


class Writer:
    """Writes one page, element by element."""

    def __init__(self, link: Link, picture: Link, ids: set[str]) -> None:
        self.link = link
        self.picture = picture
        self.ids = ids
        self.made = Body("")
        self.tree = TreeBuilder()
        self.tree.start("div", {"class": "page"})

    def finish(self) -> Body:
        """The page that was written."""
        self.tree.end("div")
        self.made.markup = NO_XML.sub("\ufffd", tostring(self.tree.close(), encoding="unicode"))
        return self.made

    def children(self, element: Element) -> None:
        """Write what is in an element."""
        self.tree.data(element.text or "")
        for child in element:
            self.write(child)
            self.tree.data(child.tail or "")

    def write(self, element: Element) -> None:
        """Write an element, unless a book cannot use it."""
        namespace, name = split(element.tag)
        if namespace == HTML:
            self.write_html(element, name)
        elif not is_hidden(element):
            self.write_foreign(element, namespace, name)

    def write_html(self, element: Element, name: str) -> None:
        classes = set(element.get("class", "").split())
        if name == "input" and element.get("type") == "checkbox":
            self.tree.data("☑ " if "checked" in element.attrib else "☐ ")
        if name in PLAYED:
            self.link_to(element)
        if name in GONE or classes & GONE_CLASSES or is_download(element, name):
            return
        if name == "img" and not self.pictured(element):
            self.tree.data(element.get("alt", ""))  # it stands on another site
            return
        tag = RENAMED.get(name, name) if NAME.fullmatch(name) else "span"
        self.tree.start(tag, self.attributes(element, name))
        if name == "code" and "data-colours" in element.attrib:
            self.code(element)
        else:
            self.children(element)
        self.tree.end(tag)
        if element.tag == f"{HTML}h{DEPTH}" and element.get("id"):
            self.made.sections.append((element.get("id", ""), " ".join(words(element).split())))

    def link_to(self, element: Element) -> None:
        """Write a link to what an element plays."""
        sources = (one.get("src") for one in (element, *element.iter(f"{HTML}source")))
        if address := self.link(next(filter(None, sources), "")):
            self.tree.start("a", {"href": address})
            self.tree.data(element.get("title") or address)
            self.tree.end("a")

    def attributes(self, element: Element, name: str) -> dict[str, str]:
        """The attributes of an element of HTML that the book keeps."""
        kept = {key: value for key, value in element.items() if key in KEPT}
        if name == "details":
            kept["open"] = "open"
        if language := element.get("lang"):
            kept |= {"lang": language, "xml:lang": language}
        if name == "a" and (address := self.link(element.get("href", ""))):
            kept["href"] = address
        anchor = element.get("name", "") if name == "a" else ""
        if anchor.split() == [anchor] and "id" not in kept and anchor not in self.ids:
            self.ids.add(anchor)
            kept["id"] = anchor
        if name == "img":
            kept["src"] = self.pictured(element)
        return kept

    def pictured(self, element: Element) -> str:
        """Which of the book's files an image is, which the page notes."""
        address = element.get("src", "")
        self.made.pictures[address] = self.picture(address)
        return self.made.pictures[address]

    def code(self, element: Element) -> None:
        """Write code that a script would colour."""
        units = "".join(element.itertext()).encode("utf-16-le")
        at = 0
        for length, kind in read(element.get("data-colours", "")):
            end = at + 2 * int(length)
            if kind:
                self.tree.start("span", {"class": kind})
            self.tree.data(units[at:end].decode("utf-16-le"))
            if kind:
                self.tree.end("span")
            at = end
        self.tree.data(units[at:].decode("utf-16-le"))

    def write_foreign(self, element: Element, namespace: str, name: str) -> None:
        """Write an element of a figure or a formula."""
        given = {}
        for key, value in element.items():
            space, short = split(key)
            if space == XML:
                given[f"xml:{short}"] = value
            elif short == "href" and namespace == SVG:
                given["xlink:href"] = value if value.startswith("#") else self.link(value)
            elif not space and not key.startswith(("data-", "xmlns")):
                given[key] = palette.in_the_light(value)
        if name == ROOTS.get(namespace):
            given["xmlns"] = namespace.strip("{}")
            if namespace == SVG:
                self.made.has_svg = True
                widest = given.pop("style", "").partition(";")[0]
                given |= {"xmlns:xlink": XLINK.strip("{}"), "font-family": FONT}
                given |= {"style": widest} if widest.startswith("max-width:") else {}
            self.made.has_formula |= namespace == MATHML
        moved = STYLES - STYLED.get(name, set()) if namespace == MATHML else set()
        style = {key: given.pop(key) for key in sorted(moved) if key in given}
        around, within = (style, {}) if name not in INFERRED else ({}, style)
        if around:
            self.tree.start("mstyle", around)
        self.tree.start(name, given)
        if within:
            self.tree.start("mstyle", within)
        self.children(element)
        for is_open, tag in ((within, "mstyle"), (True, name), (around, "mstyle")):
            if is_open:
                self.tree.end(tag)


def split(name: str) -> tuple[str, str]:
    """The namespace of a name in braces, and the name in it."""
    space, brace, short = name.rpartition("}")
    return space + brace, short


def is_hidden(element: Element) -> bool:
    """Whether a group is a frame of a sweep that is not the first to be seen."""
    return "data-frame" in element.attrib and element.get("display") == "none"


def is_download(element: Element, name: str) -> bool:
    """Whether a link offers a file of the site."""
    return name == "a" and "download" in element.attrib


def words(element: Element) -> str:
    """What a heading says: without the link to itself, its marks, and the source of formulas."""
    own = element.get("class", "").split()
    if element.tag == f"{MATHML}annotation" or {"headerlink", "mark"} & set(own):
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [words(child), child.tail or ""]
    return "".join(parts)
