"""A page as plain Markdown: its snippets as fences with their output, its values filled in.

It is what the site offers to machines, what becomes a notebook, and what pytest-codeblocks runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import yaml

from literate import value
from literate.result import Figure
from literate.runner import Runner
from literate.snippet import Snippet

FENCE = re.compile(r"^(?P<indent>[ >]*)(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
START = re.compile(r"^(?P<indent> *)(?P<mark>/{3,}) *snippet *\| *(?P<name>\S+) *$")
CODE_SPAN = re.compile(r"(`+)(?:.+?)\1")
PAGE_LINK = re.compile(r"\]\((?P<page>[\w-]+)\.(?:md|py|ipynb)(?P<anchor>#[\w-]+)?\)")
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)

FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


Piece = Prose | Fence | Shown


def pieces(text: str, runner: Runner, url: str = "") -> Iterator[Piece]:
    """Cut a page's Markdown, without its front matter, into prose, fences and snippets.

    Links to other pages lead to the site at `url`.
    """
    lines = text.splitlines()
    prose: list[str] = []
    at = 0
    while at < len(lines):
        fence, start = FENCE.match(lines[at]), START.match(lines[at])
        if not fence and not start:
            prose.append(linked(fill(lines[at], runner), url))
            at += 1
            continue
        end = closing(lines, at, (fence or start)["mark"])
        body = lines[at + 1 : end]
        at = end + 1
        if fence and fence["info"].strip() != "python":
            prose += [fence.string, *body, lines[end] if end < len(lines) else ""]
            continue
        yield Prose("\n".join(prose))
        prose = []
        if fence:
            indent = fence["indent"]
            source = "\n".join(line.removeprefix(indent) for line in body)
            yield Fence(f"{source}\n", indent)
        else:
            body = [line.removeprefix(start["indent"]) for line in body]
            yield shown(start["name"], body, runner, url)
    yield Prose("\n".join(prose))


def closing(lines: list[str], start: int, mark: str) -> int:
    """The line that closes what `mark` opened."""
    for number in range(start + 1, len(lines)):
        line = lines[number].strip(" >")
        if line.startswith(mark) and not line.strip(mark[0]):
            return number
    return len(lines)


def shown(name: str, body: list[str], runner: Runner, url: str) -> Shown:
    """The block of the snippet `name`, whose options and caption are `body`."""
    options = [line for line in body if line.startswith("    ")]
    if options and body[0] != options[0]:
        options = []
    rest = body[len(options) :]
    given = yaml.load("\n".join(options), FAST) or {} if options else {}
    snippet, result = runner.snippet(name), runner.result(name)
    caption = "\n".join(linked(fill(line, runner), url) for line in rest).strip()
    return Shown(
        snippet,
        [output.printed for output in result.outputs],
        [output.figures for output in result.outputs],
        given.get("alt") or result.claim,
        caption,
    )


def fill(line: str, runner: Runner) -> str:
    """The line with its values filled in, but for those in code."""
    return outside_code(
        value.VALUE,
        lambda match: value.formatted(runner.result(match["file"]).values, match["field"]),
        line,
    )


def linked(text: str, url: str) -> str:
    """The text with its links to other pages leading to the site at `url`."""
    return outside_code(
        PAGE_LINK,
        lambda link: f"]({url}{link['page']}/{link['anchor'] or ''})".replace("index/", ""),
        text,
    )


def outside_code(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str
) -> str:
    """`pattern.sub`, but for what stands in code spans."""
    if not pattern.search(text):
        return text
    codes = [match.span() for match in CODE_SPAN.finditer(text)]

    def replaced(match: re.Match[str]) -> str:
        inside = any(start <= match.start() < end for start, end in codes)
        return match[0] if inside else replacement(match)

    return pattern.sub(replaced, text)


def without_front_matter(text: str) -> tuple[dict, str]:
    """A page's front matter and its Markdown."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    return yaml.load(match[1], FAST) or {}, text[match.end() :]


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
            source = fenced(piece.source, "python")
            parts.append("\n".join(piece.indent + line for line in source.splitlines()))
        else:
            parts.append(snippet_markdown(piece))
    return "\n".join(parts).strip() + "\n"
