"""A page as plain Markdown: its snippets as fences with their output, its values filled in.

It is what the site offers to machines, what becomes a notebook, and what pytest-codeblocks runs.
What is a block, a value, a box or code is what the page's own rendering has taken it for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import dropwhile, takewhile
from typing import Any

import yaml

from literate.page import guess, terminal
from literate.page.block import Shown
from literate.page.reading import PREFIX, Candidate, Reading, as_text, outdented
from literate.snippet.result import Figure
from literate.snippet.source import Snippet

PREFIXED = re.compile(PREFIX)
MARKER = re.compile(r"[^ >]")
TITLE = re.compile(r'"(?P<title>.*)"')
KIND = re.compile(r"[\w-]+")
"""What a box is, which is its title if it has none of its own."""
TAB = 4
GONE = "\0"
"""In the place of each line of a comment."""
Link = Callable[[str], str]


@dataclass(frozen=True)
class Prose:
    """Markdown without Python fences or snippets; its values are filled in."""

    text: str


@dataclass(frozen=True)
class FencePiece:
    """A Python fence, at its indentation."""

    source: str
    indent: str


@dataclass(frozen=True)
class SnippetPiece:
    """A snippet as a page shows it."""

    snippet: Snippet
    printed: list[str]
    figures: list[list[Figure]]
    alt: str
    caption: str
    indent: str
    lead: str = ""
    """What stands before it on its first line: its indentation, or the mark of a list's item."""


@dataclass(frozen=True)
class QuestionPiece:
    """A question, the words that ask to look, what the run says, and what there is to say."""

    question: str
    look: str
    said: str
    explanation: str
    indent: str
    lead: str = ""


Piece = Prose | FencePiece | SnippetPiece | QuestionPiece


def as_it_is(target: str) -> str:
    """A link that leads where it led."""
    return target


class Cutter:
    """Cuts a page's Markdown into pieces; with `unboxed`, boxes and tabs are opened.

    `link` gives where a link leads from the place that the Markdown goes to.
    """

    def __init__(self, reading: Reading, link: Link = as_it_is, unboxed: bool = False) -> None:
        self.reading = reading
        self.link = link
        self.unboxed = unboxed
        self.lines = self.tidied() if unboxed else reading.lines
        self.prose: list[str] = []
        self.boxes: list[str] = []
        """How what stands in each open box is indented, the outermost first."""
        self.is_cut = False
        """Whether nothing but blank lines has followed a line that is no longer there."""

    def tidied(self) -> list[str]:
        """The lines without what only the site's Markdown understands: ids and comments."""
        reading = self.reading

        def without_ids(match: re.Match[str]) -> str:
            return "" if reading.candidates[int(match[1])].is_real else match[0]

        def without_comments(match: re.Match[str]) -> str:
            gone = "\n".join([GONE] * (match[0].count("\n") + 1))
            return gone if reading.candidates[int(match[1])].is_real else match[0]

        ids = re.compile(rf"[ ]*\{{:? \.{reading.mark}d(\d+)z [^}}\n]*\}}")
        comments = re.compile(rf"<!--{reading.mark}r(\d+)z.*?-->", re.DOTALL)
        text = comments.sub(without_comments, ids.sub(without_ids, "\n".join(reading.lines)))
        return text.split("\n")

    def pieces(self) -> Iterator[Piece]:
        """The pieces of the page, in their order."""
        lines = self.lines
        at = 0
        while at < len(lines):
            fence = self.reading.fences.get(at)
            header = self.header(lines[at])
            if fence and fence.stash in self.reading.in_page and fence.is_python:
                yield from self.spoken()
                yield FencePiece(fence.source, self.opened(fence.indent, fence.indent + "x"))
            elif header:
                yield from self.spoken()
                end = self.end(at, header.block.length)
                lead = "".join(PREFIXED.findall(lines[at])[:1])
                indent = MARKER.sub(" ", lead)
                body = [self.exported(number, indent) for number in range(at + 1, end)]
                opened = self.opened(indent, lines[at])
                yield block_of(header, body, opened, "" if self.unboxed else lead)
                at = end
            else:
                self.speak(at)
            at += 1
        yield from self.spoken()

    def header(self, line: str) -> Candidate | None:
        """The block that begins on a line, if one does."""
        for match in self.reading.word.finditer(line):
            candidate = self.reading.found(match)
            if candidate.block is not None:
                return candidate
        return None

    def end(self, start: int, length: int) -> int:
        """The line of as many slashes that ends a block: not one in its indented code."""
        column = self.lines[start].index("/")
        for number in range(start + 1, len(self.lines)):
            line = self.lines[number]
            if line.strip(" >") == "/" * length and line.index("/") < column + TAB:
                return number
        return len(self.lines)

    def exported(self, number: int, indent: str) -> str:
        """A line, or the fence that stands for it, as it is exported, without `indent`."""
        fence = self.reading.fences.get(number)
        if fence:
            return "\n".join(outdented(line, indent) for line in fence.lines)
        line = self.lines[number].replace(GONE, "")
        return outdented(self.reading.export(line, self.link), indent)

    def speak(self, number: int) -> None:
        """Add a line to the prose, out of the boxes it stands in if they are opened."""
        if not self.unboxed:
            self.prose.append(self.exported(number, ""))
            return
        written = self.lines[number]
        if not written.strip(f"{GONE} >"):
            self.is_cut |= bool(self.reading.lines[number].strip(" >"))
            if not (self.is_cut and (GONE in written or self.is_after_blank())):
                self.prose.append(self.unindented(written))
            return
        self.leave(written)
        self.is_cut = self.is_box(written)
        if self.is_cut:
            self.begin_box(written, self.exported(number, ""))
        else:
            parts = self.exported(number, "").split("\n")
            self.prose.append("\n".join(map(self.unindented, parts)))

    def begin_box(self, written: str, line: str) -> None:
        """Add the title of a box as a paragraph where the box stands: in a list or a quotation."""
        lead = "".join(PREFIXED.findall(written)[:1])
        indent = MARKER.sub(" ", lead)
        blank = self.unindented(indent).rstrip()
        if lead == indent and not self.is_after_blank():
            self.prose.append(blank)
        given = TITLE.search(line)
        title = given["title"] if given else KIND.findall(line, len(lead))[0].capitalize()
        self.prose += [self.unindented(lead) + f"**{title}**" * bool(title), blank]
        if lead.rstrip(" ")[-1:] in ("", ">", ":"):  # else it is indented as its item is
            self.boxes.append(indent + " " * TAB)

    def is_after_blank(self) -> bool:
        """Whether what is said next begins a paragraph anyway."""
        return not (self.prose and self.prose[-1].strip(" >"))

    def unindented(self, line: str) -> str:
        """A line as it stands outside of the open boxes."""
        for indent in reversed(self.boxes):
            end = len(indent)
            if not line[end - TAB : end].strip():
                line = line[: end - TAB] + line[end:]
        return line

    def opened(self, indent: str, line: str) -> str:
        """The indentation of what is no prose, out of the boxes it stands in."""
        if self.unboxed:
            self.leave(line)
            self.is_cut = False
            return self.unindented(indent)
        return indent

    def leave(self, line: str) -> None:
        """Note that a line stands outside of boxes that it is not indented like."""
        while self.boxes and not line.startswith(self.boxes[-1]):
            self.boxes.pop()

    def is_box(self, line: str) -> bool:
        """Whether a box or a tab begins on a line."""
        return any(
            self.reading.found(match).kind in ("box", "tab") and self.reading.found(match).is_real
            for match in self.reading.word.finditer(line)
        )

    def spoken(self) -> Iterator[Prose]:
        """The prose so far."""
        yield Prose("\n".join(self.prose))
        self.prose = []


def block_of(header: Candidate, body: list[str], indent: str, lead: str) -> Piece:
    """The piece that a block is."""
    options = 0
    while options < len(body) and body[options].startswith("    ") and body[options].strip():
        options += 1
    text = "\n".join(body[options:]).strip("\n")
    block: Any = header.block
    if isinstance(block, Shown):
        outputs = block.result.outputs
        return SnippetPiece(
            block.snippet,
            [output.printed for output in outputs],
            [output.figures for output in outputs],
            block.alt,
            text,
            indent,
            lead,
        )
    rest = [*dropwhile(lambda line: not line.strip(), body[options:])]
    first = [*takewhile(lambda line: line.strip(), rest)]  # a fence is one of them
    question, explanation = "\n".join(first), "\n".join(rest[len(first) :])
    words: guess.Asked = block
    said = f"{words.labels['measured']}{words.labels['colon']}**{as_text(words.said)}**"
    return QuestionPiece(
        question, words.labels["look"], said, explanation.strip("\n"), indent, lead
    )


def pieces(reading: Reading, link: Link = as_it_is, unboxed: bool = False) -> Iterator[Piece]:
    """A page in pieces; see `Cutter`."""
    return Cutter(reading, link, unboxed).pieces()


def indented(text: str, indent: str, lead: str = "") -> str:
    """The lines of `text` at `indent`, the first one after `lead` if that is given."""
    whole = "\n".join(indent + line if line else indent.rstrip() for line in text.split("\n"))
    return lead + whole.removeprefix(indent) if lead else whole


def with_front_matter(matter: dict[str, Any], markdown: str) -> str:
    """Plain Markdown that says first what the page is."""
    given = {name: matter.get(name) for name in ("title", "description")}
    kept = {name: str(said) for name, said in given.items() if said not in (None, "")}
    head = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{head}---\n\n{markdown}" if kept else markdown


def snippet_markdown(shown: SnippetPiece) -> str:
    """A snippet as fences that pytest-codeblocks runs as one, and its output as expected."""
    parts = []
    for number, cell in enumerate(shown.snippet.cells):
        parts += ["<!--pytest-codeblocks:cont-->"] if number else []
        parts.append(fenced(cell.source, "python"))
    printed = terminal.plain(terminal.shows("".join(shown.printed)))
    if printed:
        parts += ["<!--pytest-codeblocks:expected-output-->", fenced(printed, "")]
    if any(shown.figures):
        parts.append(f"*{as_text(shown.alt)}*")
    if shown.caption:
        parts.append(shown.caption)
    return "\n\n".join(parts)


def question_markdown(asked: QuestionPiece) -> str:
    """A question, and its answer folded."""
    parts = [
        asked.question,
        f"<details>\n<summary>{escape(asked.look)}</summary>",
        asked.said,
        asked.explanation,
        "</details>",
    ]
    return "\n\n".join(part for part in parts if part)


def fenced(text: str, info: str) -> str:
    """`text` in a fence longer than any that it holds."""
    longest = max((len(mark) for mark in re.findall(r"`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{info}\n{text.rstrip(chr(10))}\n{mark}"


def page_markdown(cut: Iterable[Piece]) -> str:
    """A whole page, cut into its pieces, as plain Markdown."""
    parts = []
    for piece in cut:
        if isinstance(piece, Prose):
            parts.append(piece.text)
        elif isinstance(piece, FencePiece):
            parts.append(indented(fenced(piece.source, "python"), piece.indent))
        elif isinstance(piece, SnippetPiece):
            parts.append(indented(snippet_markdown(piece), piece.indent, piece.lead))
        else:
            parts.append(indented(f"{question_markdown(piece)}\n", piece.indent, piece.lead))
    return "\n".join(parts).strip("\n") + "\n"
