"""A page as plain Markdown: its snippets as fences with their output, its values filled in.

It is what the site offers to machines, what becomes a notebook, and what pytest-codeblocks runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

import yaml

from literate.failure import Failure, hand_over
from literate.page import location, value
from literate.page.front_matter import FAST
from literate.page.verbatim import blanked
from literate.run.runner import Runner
from literate.snippet.result import Figure
from literate.snippet.source import Snippet

FENCE = re.compile(r"^(?P<indent>[ >]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
START = re.compile(r"^(?P<indent>[ >]*)(?P<mark>/{3,}) *snippet *\| *(?P<name>\S.*?) *$", re.I)
PAGE_LINK = re.compile(r"\]\((?P<page>[\w-]+)\.(?:md|py|ipynb)(?P<anchor>#[\w-]+)?\)")
VALUE_OR_LINK = re.compile(f"{value.VALUE.pattern}|{PAGE_LINK.pattern}")


@dataclass(frozen=True)
class Prose:
    """Markdown without Python fences or snippets; its values are filled in."""

    text: str


@dataclass(frozen=True)
class Fence:
    """A Python fence, at its indentation."""

    source: str
    indent: str


@dataclass(frozen=True)
class Shown:
    """A snippet as a page shows it."""

    snippet: Snippet
    printed: list[str]
    figures: list[list[Figure]]
    alt: str
    caption: str
    indent: str


Piece = Prose | Fence | Shown


def pieces(text: str, runner: Runner, url: str = "") -> Iterator[Piece]:
    """Cut a page's Markdown, without its front matter, into prose, fences and snippets.

    Links to other pages lead to the site at `url`. What is wrong is reported and left out.
    """
    lines, seen = (
        layer.split("\n")
        for layer in outside_code(
            VALUE_OR_LINK,
            lambda match: filled(match[0], runner) if match["file"] else link_to(match, url),
            text,
        )
    )
    prose: list[str] = []
    at = 0
    while at < len(lines):
        fence, start = FENCE.match(seen[at]), START.match(seen[at])
        end = closing(lines, at, (fence or start)["mark"]) if fence or start else at
        if not start and (not fence or end == len(lines)):
            prose.append(lines[at])
            at += 1
            continue
        indent = (fence or start)["indent"]
        body = [outdented(line, indent) for line in lines[at + 1 : end]]
        if fence and fence["info"].strip() != "python":
            prose += lines[at : end + 1]
        else:
            yield Prose("\n".join(prose))
            prose = []
            if fence:
                yield Fence("\n".join([*body, ""]), indent)
            elif block := shown(start["name"], body, indent, runner):
                yield block
        at = end + 1
    yield Prose("\n".join(prose))


def closing(lines: list[str], start: int, mark: str) -> int:
    """The line that closes what `mark` opened."""
    for number in range(start + 1, len(lines)):
        if lines[number].strip(" >") == mark:
            return number
    return len(lines)


def outdented(line: str, indent: str) -> str:
    """A line of what stands at `indent`, in a box or in a quotation."""
    return line.removeprefix(indent) if line.strip(" >") else ""


def indented(text: str, indent: str) -> str:
    """The lines of `text` at `indent`."""
    return "\n".join(indent + line if line else indent.rstrip() for line in text.split("\n"))


def shown(name: str, body: list[str], indent: str, runner: Runner) -> Shown | None:
    """The block of the snippet `name`, whose options and caption are `body`, if it is right."""
    options = list(takewhile(lambda line: line.startswith("    "), body))
    try:
        given = yaml.load("\n".join(options), FAST) or {}
        snippet, result = runner.snippet(name), runner.result(name)
    except yaml.YAMLError:
        location.report(location.block(name), "the options of this block are not YAML")
    except ValueError as error:
        location.report(location.block(name), f"{error}")
    except Failure as failure:
        hand_over(failure)
    else:
        return Shown(
            snippet,
            [output.printed for output in result.outputs],
            [output.figures for output in result.outputs],
            given.get("alt") or result.claim,
            "\n".join(body[len(options) :]).strip(),
            indent,
        )
    return None


def filled(text: str, runner: Runner) -> str:
    """The number for a value; what is wrong with it is reported."""
    try:
        file, field = value.parts(text)
        return value.formatted(runner.result(file).values, field)
    except ValueError as error:
        location.report(text, f"{error}")
    except Failure as failure:
        hand_over(failure)
    return text


def linked(text: str, url: str) -> str:
    """The text with its links to other pages leading to the site at `url`."""
    return outside_code(PAGE_LINK, lambda match: link_to(match, url), text)[0]


def link_to(match: re.Match[str], url: str) -> str:
    """A link to another page, leading to the site at `url`."""
    return f"]({url}{match['page']}/{match['anchor'] or ''})".replace("index/", "")


def outside_code(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str
) -> tuple[str, str]:
    """`pattern.sub` but in code and comments; the whole text, and the text with those blanked."""
    seen = blanked(text)
    whole, rest = [], []
    done = 0
    for match in pattern.finditer(seen):
        new = replacement(match)
        whole += [text[done : match.start()], new]
        rest += [seen[done : match.start()], new]
        done = match.end()
    return "".join([*whole, text[done:]]), "".join([*rest, seen[done:]])


def with_front_matter(matter: dict, markdown: str) -> str:
    """Plain Markdown that says first what the page is."""
    kept = {name: str(matter[name]) for name in ("title", "description") if name in matter}
    head = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{head}---\n\n{markdown}" if kept else markdown


def snippet_markdown(shown: Shown) -> str:
    """A snippet as fences that pytest-codeblocks runs as one, and its output as expected."""
    parts = []
    for number, cell in enumerate(shown.snippet.cells):
        parts += ["<!--pytest-codeblocks:cont-->"] if number else []
        parts.append(fenced(cell.source, "python"))
    printed = "".join(shown.printed)
    if printed:
        parts += ["<!--pytest-codeblocks:expected-output-->", fenced(printed, "")]
    if any(shown.figures):
        parts.append(f"*{shown.alt}*")
    if shown.caption:
        parts.append(shown.caption)
    return "\n\n".join(parts)


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
        elif isinstance(piece, Fence):
            parts.append(indented(fenced(piece.source, "python"), piece.indent))
        else:
            parts.append(indented(snippet_markdown(piece), piece.indent))
    return "\n".join(parts).strip() + "\n"
