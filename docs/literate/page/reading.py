"""One reading of a page: what in its Markdown is a block, a value, a link, and what is code.

Only Markdown itself knows what is code: behind a rule, in a list, between backticks of any number.
So nothing here guesses. When the page's fences are out of the way, everything that looks like
something of ours (`CANDIDATE`) is exchanged for a word that Markdown leaves alone. Where the words
come out again tells what they are: in the text, in an attribute, as a block's argument, or in code,
where they are changed back. The page's HTML, its Markdown version, its notebook, the files beside
it and the line of each fault all go by what was found.
"""

from __future__ import annotations

import difflib
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE as STASHED
from markdown.util import AtomicString
from pymdownx.critic import RE_CRITIC_SUB_PLACEHOLDER as EDIT

from literate.failure import Failure, hand_over
from literate.page.text import tree_text

BEFORE_ALL, AFTER_INCLUDES, AFTER_FENCES = 1000, 31.07, 24
AFTER_ATTRIBUTES = 5.9
BEFORE_RAW = 31
CRITIC = "critic-post"
BEFORE_BLOCKS = 89.995
PREFIX = r"^(?:[ >]|[*+-][ ]|\d+[.)][ ]|:[ ])*"
CANDIDATE = re.compile(
    rf"""
      (?P<header>{PREFIX}/{{3,}}[ ]*(?P<kind>snippet|guess)\b)[ ]*\|?[ ]*(?P<argument>[^\n]*)
    | (?P<box>{PREFIX}(?:!!![ ]?[\w-]+|\?\?\?\+?(?:[ ]?[\w-]+|(?=[ ]+"))))
        (?=(?:[ ]+[\w-]+)*(?:[ ]+"[^\n]*")?[ ]*$)
    | (?P<tab>{PREFIX}={{3}}[!+]{{0,2}}[ ]*")(?=[^\n]*"[ ]*$)
    | (?P<attributes>(?<!\{{)\{{:?)(?=[ ]*[#.\w][^{{}}\n]*\}}[ ]*\#*[ ]*$)
    | (?P<value>\{{\{{[^{{}}]+\}}\}})
    | (?P<opening>\]\([ ]*<?)
        (?P<target>(?<=<)(?:(?!\{{\{{)[^<>\n])+|(?<!<)(?:[^\s()<>{{}}]|\([^\s()]*\))+)
    | (?P<definition>^[ >]*\[(?!\^)(?:(?!\{{\{{)[^\]\n])+\]:[ ]*<?)
        (?P<defined>(?<=<)(?:(?!\{{\{{)[^<>\n])+|(?<!<)[^\s<>{{}}]+)
    | (?P<comment><!--)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
HEADING = re.compile(rf"{PREFIX}#{{1,6}} ")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
FENCE = re.compile(r"^[ >]*(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
PLACEHOLDER = re.compile(rf"(?P<indent>[ >]*){STASHED.pattern}[ ]*")
BLANK_WITHIN = re.compile(r"\n[ >]*\n")
WRAPPED = re.compile(r"[\s>]+")
TAG = re.compile(r"<[^<>]*>")
CONTROLS = {0x01: 0x02, 0x04: 0x03}
"""What pymdownx writes for Markdown's control characters until it has tidied the page's text."""
MARKUP = re.compile(r"[\\`*_\[\]|~$]")
"""What Markdown would not take for a letter; `<` it would not either, and cannot be told so."""
BEGINS = re.compile(r"(?=[#>+-]+[ ])|\d+(?=[.)][ ])")
"""What would make the line that it begins a heading, a quotation or an item."""
CODE = {"pre", "code", "script", "style", "math", "textarea", "svg"}
WOULD_STAY = (
    "this would stay on the page as it is: values are filled in in Markdown, "
    "not in HTML, options or across paragraphs"
)


@dataclass(eq=False)
class Candidate:
    """What looks like something of ours; `is_real` tells whether Markdown took it for that.

    `line` counts from 1 in the page's Markdown. `shown` is what stands for it in the exports;
    `block` is what a block shows or asks, once it has been made.
    """

    kind: str
    text: str
    line: int
    is_real: bool = False
    shown: str | None = None
    block: Any = None


@dataclass(frozen=True)
class Fence:
    """Code between two fences: the lines of the file from mark to mark, and where they stand.

    `stash` is its number in Markdown's stash of HTML.
    """

    lines: list[str]
    indent: str
    stash: int

    @property
    def is_python(self) -> bool:
        """Whether it is the spelling that runs."""
        match = FENCE.match(self.lines[0])
        return match is not None and match["info"].strip() == "python"

    @property
    def source(self) -> str:
        """What stands between the fences, without their indentation."""
        return "".join(f"{outdented(line, self.indent)}\n" for line in self.lines[1:-1])


@dataclass
class Reading:
    """The Markdown of one page, and what Markdown took each part of it for.

    `lines` are those of the page with words in the place of candidates, and one line for each of
    the `fences`, which are found by its number.
    """

    written: list[str] = field(default_factory=list)
    """The lines of the file below its front matter."""
    included: list[str] = field(default_factory=list)
    """The same with those of the files that it includes."""
    plain: list[str] = field(default_factory=list)
    """The same without the fences, in whose places stand placeholders."""
    plain_origins: list[int] = field(default_factory=list)
    """For each of `plain`, from which of `written` it comes, counted from 0."""
    lines: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    """For each of `lines`, from which of `written` it comes, counted from 0."""
    fences: dict[int, Fence] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    """In their order: a word holds the number of its candidate."""
    in_page: set[int] = field(default_factory=set)
    """The fences, by their numbers in Markdown's stash, that the page shows as code."""
    references: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """The address and the title of each name that links on the page may go by."""
    code_edits: set[str] = field(default_factory=set)
    """The marks of edits that stand in code."""
    report: Callable[[Candidate | str, str], object] = lambda where, sentence: hand_over(
        Failure(Path("page.md"), 1, sentence)
    )
    """Tells what is wrong with a text of the page."""

    def __post_init__(self) -> None:
        self.mark = f"z{secrets.token_hex(4)}"
        self.word = re.compile(
            rf" \.{self.mark}d(\d+)z | {self.mark}s(\d+)z|{self.mark}r(\d+)z",
            re.IGNORECASE,
        )
        between = "(?:<[^<>]*>)*"
        self.cut = re.compile(
            between.join([*self.mark, "[dsr]", rf"(?P<number>\d(?:{between}\d)*)", "z"])
        )
        """A word that a highlighter has cut into tokens."""

    # How the page is taken apart

    def take(self, lines: list[str], tab: int) -> list[str]:
        """The lines after the fences are out of the way -> the lines with words in them."""
        before = [line.expandtabs(tab) for line in self.included]
        source_of = self.sources()
        at = 0
        fences: dict[int, Fence] = {}
        self.plain, self.plain_origins = lines, []
        for number, line in enumerate(lines):
            here = min(at, len(before) - 1)
            self.plain_origins.append(source_of[here] if source_of else 0)
            stashed = PLACEHOLDER.fullmatch(line)
            if stashed and at < len(before) and (opened := FENCE.match(before[at])):
                end = closing(before, at, opened)
                indent = stashed["indent"]
                taken = [spaced(line, len(indent), tab) for line in self.included[at : end + 1]]
                fences[number] = Fence(taken, indent, int(stashed[2]))
                at = end + 1
            elif line.strip() or at >= len(before) or not before[at].strip():
                at += 1  # else a blank line that the fences' processor has put in
        self.mark_all("\n".join(lines), fences)
        return self.lines

    def sources(self) -> list[int]:
        """For each line after inclusion the line of the page, from 0, that it came from."""
        if self.included == self.written:
            return list(range(len(self.included)))
        matcher = difflib.SequenceMatcher(None, self.written, self.included, autojunk=False)
        found: list[int] = []
        for tag, start, end, first, last in matcher.get_opcodes():
            for number in range(last - first):
                found.append(start + number if tag == "equal" else min(start, max(end - 1, start)))
        return found

    def mark_all(self, text: str, fences: dict[int, Fence]) -> None:
        """Put words in the place of candidates, and keep count of the lines."""
        parts: list[str] = []
        lines = [0]
        done = row = 0

        def keep(part: str) -> None:
            nonlocal row
            for _ in range(part.count("\n")):
                row += 1
                lines.append(row)
            parts.append(part)

        for match in CANDIDATE.finditer(text):
            keep(text[done : match.start()])
            parts.append(self.marked(match, self.plain_origins[row] + 1))
            row += match[0].count("\n")
            done = match.end()
        keep(text[done:])
        self.lines = "".join(parts).split("\n")
        self.origins = [self.plain_origins[row] for row in lines]
        self.fences = {number: fences[row] for number, row in enumerate(lines) if row in fences}

    def marked(self, match: re.Match[str], line: int) -> str:
        """What stands in the Markdown for one candidate."""
        if match["header"]:
            kind, text = match["kind"].lower(), match["argument"].strip()
            return f"{match['header']} | {self.new(kind, text, line)}"
        if match["value"]:
            return self.new("value", match["value"], line)
        if match["attributes"] and not attributes_at(match):
            return match[0]
        for kind, how in (
            ("box", " {}"),
            ("tab", "{}"),
            ("attributes", " .{} "),
            ("comment", "{}"),
        ):
            if match[kind]:
                word = self.new(kind, "", line, {" {}": "s", " .{} ": "d"}.get(how, "r"))
                return match[kind] + how.format(word)
        before = match["opening"] or match["definition"]
        target = match["target"] or match["defined"]
        return before + (target if ELSEWHERE.match(target) else self.new("link", target, line))

    def new(self, kind: str, text: str, line: int, how: str = "r") -> str:
        """The word for a new candidate."""
        self.candidates.append(Candidate(kind, text, line))
        return f"{self.mark}{how}{len(self.candidates) - 1}z"

    # How words are found again

    def found(self, match: re.Match[str]) -> Candidate:
        """The candidate that a word stands for."""
        return self.candidates[int(match[1] or match[2] or match[3])]

    def named(self, word: str) -> Candidate | None:
        """The candidate whose word this is, if it is one."""
        match = self.word.fullmatch(word.strip())
        return self.found(match) if match else None

    def original(self, text: str) -> str:
        """The text as it was written."""
        if self.mark not in text:
            return text
        return self.word.sub(lambda match: self.found(match).text, text)

    def restored(self, given: Any) -> Any:
        """What YAML holds, its texts as they were written."""
        if isinstance(given, dict):
            return {self.restored(key): self.restored(item) for key, item in given.items()}
        if isinstance(given, list):
            return [self.restored(item) for item in given]
        return self.original(given) if isinstance(given, str) else given

    def export(self, text: str, link: Callable[[str], str]) -> str:
        """The text with its values filled in and its links as `link` has them."""

        def replaced(match: re.Match[str]) -> str:
            candidate = self.found(match)
            if candidate.kind == "link" and candidate.is_real:
                return link(candidate.text)
            if candidate.shown is None:
                return candidate.text
            before, after = match.string[: match.start()], match.string[match.end() :]
            begins = not before.rpartition("\n")[2].strip(" >")
            return as_text(candidate.shown, after if begins else None)

        return self.word.sub(replaced, text)

    def links(self, target: str) -> list[int]:
        """The lines of the links to `target`, from 1."""
        return [
            candidate.line
            for candidate in self.candidates
            if candidate.kind == "link" and candidate.is_real and candidate.text == target
        ]

    def snippets(self) -> Iterator[str]:
        """The files of the snippets that the page may show or have values from."""
        for candidate in self.candidates:
            if candidate.kind in ("snippet", "guess", "value"):
                yield candidate.text.strip("{ ").partition(":")[0].rstrip()

    def lines_of(self, text: str) -> Iterator[int]:
        """The lines, from 1, where a text stands outside of fences."""
        whole = "\n".join(self.plain)
        anywhere = r"\n[ >]*".join(map(re.escape, text.split("\n")))  # as in a list or a quotation
        for match in re.finditer(anywhere, whole):
            yield self.plain_origins[whole.count("\n", 0, match.start())] + 1


def as_text(text: str, after: str | None = None) -> str:
    """A text as Markdown that says just this; `after` it in its line if it begins the line."""
    said = MARKUP.sub(r"\\\g<0>", text).replace("&", "&amp;").replace("<", "&lt;")
    if after is None or not (match := BEGINS.match(f"{said}{after}")):
        return said
    return f"{said[: match.end()]}\\{said[match.end() :]}"


def attributes_at(match: re.Match[str]) -> bool:
    """Whether braces end a heading, or stand alone in their line: there they may be attributes."""
    before = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    return HEADING.match(before) is not None or match[0] == "{:"


def closing(lines: list[str], start: int, opened: re.Match[str]) -> int:
    """The line that closes the fence opened at `start`: its mark in its column; or the last."""
    column = opened.start("mark")
    for number in range(start + 1, len(lines)):
        before, rest = lines[number][:column], lines[number][column:]
        if rest.rstrip() == opened["mark"] and not before.strip(" >"):
            return number
    return len(lines) - 1


def spaced(line: str, width: int, tab: int) -> str:
    """A line with spaces for the tabs of its first `width` columns, but not for those in code."""
    for number, letter in enumerate(line):
        before = line[:number].expandtabs(tab)
        if len(before) >= width or letter not in " >\t":
            return before + line[number:]
    return line.expandtabs(tab)


def outdented(line: str, indent: str) -> str:
    """A line of what stands at `indent`, in a box or in a quotation, whose marks are no text."""
    if line.startswith(indent):
        return line.removeprefix(indent) if line.strip() else ""
    return line if line.strip(" >") else ""


def of(md: Markdown) -> Reading:
    """The reading of the page that is being converted; an empty one without the extension."""
    if START in md.preprocessors:
        start = md.preprocessors[START]
        if isinstance(start, Start):
            return start.reading
    return Reading()


START = "literate-start"


class Start(Preprocessor):
    """Begins the reading of a page with its text."""

    def __init__(self, md: Markdown, begun: Callable[[Reading], None]) -> None:
        super().__init__(md)
        self.begun = begun
        self.reading = Reading()

    def run(self, lines: list[str]) -> list[str]:
        self.reading = Reading(written=lines)
        self.begun(self.reading)
        processors = self.md.parser.blockprocessors
        if "defindent" in processors:  # it comes too late for blocks within a definition
            processors.register(processors["defindent"], "defindent", BEFORE_BLOCKS)
        return lines


class AfterIncludes(Preprocessor):
    """Notes the text once what it includes is there."""

    def run(self, lines: list[str]) -> list[str]:
        of(self.md).included = [line.translate(CONTROLS) for line in lines]
        return lines


class Mark(Preprocessor):
    """Exchanges the candidates for words once the fences are out of the way, and says so."""

    def __init__(self, md: Markdown, taken: Callable[[], None]) -> None:
        super().__init__(md)
        self.taken = taken

    def run(self, lines: list[str]) -> list[str]:
        marked = of(self.md).take(lines, self.md.tab_length)
        self.taken()
        return marked


class Settle(Treeprocessor):
    """Finds the words in the page's tree: what is in its text and attributes is real.

    `fill` gives what stands in the text for a candidate, as an element, or `None` for its own text.
    `refuse` is told of values that would stay as they are.
    """

    def __init__(
        self,
        md: Markdown,
        fill: Callable[[Candidate], Element | None],
        refuse: Callable[[Candidate], None],
    ) -> None:
        super().__init__(md)
        self.fill = fill
        self.refuse = refuse

    def run(self, root: Element) -> None:
        self.reading = of(self.md)
        self.reading.references = dict(getattr(self.md, "references", {}))
        for address, _ in self.reading.references.values():
            if candidate := self.reading.named(address):
                candidate.is_real = True
        self.settle(root)

    def settle(self, element: Element) -> None:
        """Settle an element and all below it."""
        self.attributes(element)
        if element.tag in CODE:
            self.reading.code_edits |= set(EDIT.findall("".join(element.itertext())))
            return
        children = list(element)
        text, inserted = self.text(element.text)
        element.text = text
        after = inserted
        for child in children:
            self.settle(child)
            child.tail, inserted = self.text(child.tail)
            after += [child, *inserted]
        if len(after) > len(children):
            element[:] = after

    def text(self, text: str | None) -> tuple[str | None, list[Element]]:
        """What stands before the first element that a text becomes, and the elements."""
        if not text or isinstance(text, AtomicString):
            return text, []
        self.reading.in_page |= {int(number) for number in STASHED.findall(text)}
        if self.reading.mark not in text.lower():  # a box's class becomes its title
            return text, []
        elements: list[Element] = []
        before = ""
        done = 0

        def add(piece: str) -> None:
            nonlocal before
            if elements:
                elements[-1].tail = (elements[-1].tail or "") + piece
            else:
                before += piece

        for match in self.reading.word.finditer(text):
            add(text[done : match.start()])
            done = match.end()
            candidate = self.reading.found(match)
            candidate.is_real = candidate.kind in ("value", "tab")
            element = self.fill(candidate)
            if element is None:
                add(candidate.text)
            else:
                elements.append(element)
        add(text[done:])
        return before, elements

    def attributes(self, element: Element) -> None:
        """Settle the words in an element's attributes."""
        for name, given in list(element.items()):
            if given and self.reading.mark in given:  # `{ hidden }` has no value
                now = self.attribute(name, given)
                if name == "class" and not now:
                    del element.attrib[name]
                else:
                    element.set(name, now)

    def attribute(self, name: str, given: str) -> str:
        """What an attribute says: values are filled in where they are text."""
        if name == "class":
            kept = []
            for part in given.split():
                if match := re.fullmatch(rf"{self.reading.mark}[ds](\d+)z", part):
                    self.reading.candidates[int(match[1])].is_real = True
                else:
                    kept.append(self.reading.original(part))
                    if (candidate := self.reading.named(part)) and candidate.kind == "value":
                        self.refuse(candidate)
            return " ".join(kept)

        def replaced(match: re.Match[str]) -> str:
            candidate = self.reading.found(match)
            candidate.is_real = candidate.kind == "link" and name in ("href", "src")
            if candidate.kind == "value":
                if name in ("alt", "title"):
                    candidate.is_real = True
                    self.fill(candidate)
                    return candidate.text if candidate.shown is None else tree_text(candidate.shown)
                self.refuse(candidate)
            return candidate.text

        return self.reading.word.sub(replaced, given)


class Restore(Postprocessor):
    """Changes back what was left alone, and refuses values that stand in HTML."""

    def __init__(self, md: Markdown, refuse: Callable[[Candidate], None]) -> None:
        super().__init__(md)
        self.refuse = refuse

    def run(self, text: str) -> str:
        reading = of(self.md)
        written = unwrapped("\n".join(reading.lines))
        stash = self.md.htmlStash.rawHtmlBlocks
        for number, html in enumerate(stash):
            if isinstance(html, str):
                stash[number] = self.restored(reading, html, written)
        if CRITIC in self.md.postprocessors:
            self.take_edits_back(reading)
        return self.escaped(reading, text)

    def restored(self, reading: Reading, html: str, written: str) -> str:
        """A piece of HTML as it was before; what is `written` in the page is the author's own."""
        edits = EDIT.findall(html)
        if reading.mark not in html and not edits:
            if "<span" in html:
                return reading.cut.sub(lambda match: uncut(reading, match), html)
            return html
        if html.lstrip().startswith(("<", "&")) and unwrapped(html).strip() in written:
            RawHTML(reading, self.refuse).feed(html)
            return reading.original(html)
        reading.code_edits |= set(edits)
        return self.escaped(reading, html)

    def take_edits_back(self, reading: Reading) -> None:
        """Put pymdownx's marks of edits, which it hid before anything was read, into the lines.

        In code, which holds no marks, stands what they say.
        """
        shown = self.md.postprocessors[CRITIC].run

        def said(match: re.Match[str]) -> str:
            return unescape(TAG.sub("", shown(match[0])))

        def within(match: re.Match[str]) -> str:
            return said(match) if match["key"] in reading.code_edits else match[0]

        for number, fence in reading.fences.items():
            lines = [EDIT.sub(said, line) for line in fence.lines]
            reading.fences[number] = replace(fence, lines=lines)
        for number, line in enumerate(reading.lines):
            if (edited := shown(EDIT.sub(within, line))) != line:
                reading.lines[number] = edited.replace("\n", " ")
                for match in CANDIDATE.finditer(edited):
                    if match["value"]:
                        self.refuse(Candidate("value", match[0], reading.origins[number] + 1))

    def escaped(self, reading: Reading, html: str) -> str:
        """HTML with the words in it changed back to text."""
        if reading.mark not in html:
            return html
        return reading.word.sub(lambda match: escape(reading.found(match).text), html)


def unwrapped(text: str) -> str:
    """The text in one line, as if it stood in no list, box or quotation."""
    return WRAPPED.sub(" ", text)


def uncut(reading: Reading, match: re.Match[str]) -> str:
    """The text of a word that stands in several elements, and what is left of them."""
    number = int(TAG.sub("", match["number"]))
    return escape(reading.candidates[number].text) + "".join(TAG.findall(match[0]))


class RawHTML(HTMLParser):
    """HTML in a page's Markdown: no value is filled in there, and comments are comments."""

    def __init__(self, reading: Reading, refuse: Callable[[Candidate], None]) -> None:
        super().__init__()
        self.reading = reading
        self.refuse = refuse
        self.code: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.check(" ".join(given or "" for _, given in attrs))
        if tag in CODE:
            self.code.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.check(" ".join(given or "" for _, given in attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.code:
            self.code.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.check(data)

    def handle_comment(self, data: str) -> None:
        first = self.reading.word.match(data)
        if first:
            self.reading.found(first).is_real = True

    def check(self, text: str) -> None:
        """Refuse the values and blocks in a text."""
        for match in self.reading.word.finditer(text):
            if self.reading.found(match).kind in ("value", "snippet", "guess"):
                self.refuse(self.reading.found(match))


def register(
    md: Markdown,
    begun: Callable[[Reading], None],
    taken: Callable[[], None],
    fill: Callable[[Candidate], Element | None],
    refuse: Callable[[Candidate], None],
) -> None:
    """Have the pages that `md` converts read; `taken` is told of the candidates, see `Settle`."""
    md.preprocessors.register(Start(md, begun), START, BEFORE_ALL)
    md.preprocessors.register(AfterIncludes(md), "literate-included", AFTER_INCLUDES)
    md.preprocessors.register(Mark(md, taken), "literate-mark", AFTER_FENCES)
    md.treeprocessors.register(Settle(md, fill, refuse), "literate-settle", AFTER_ATTRIBUTES)
    md.postprocessors.register(Restore(md, refuse), "literate-restore", BEFORE_RAW)
