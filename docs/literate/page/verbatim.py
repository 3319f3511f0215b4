"""What Markdown leaves as it is on a page: code and comments."""

from __future__ import annotations

import re

LEFT_ALONE = re.compile(
    r"""
    (?P<opening> ^[ >]*(?P<mark>`{3,}|~{3,})[^`\n]*\n)
        .*?  ^[ >]*(?P=mark)[ ]*$                                # a fence
    | <!--.*?-->
    | <(?P<tag>pre|code|script|style)\b.*?</(?P=tag)>
    | (?<![\\`])(?P<ticks>`+)(?!`)
        (?:(?!\n[ >]*\n).)+?  (?<!`)(?P=ticks)(?!`)              # a code span
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
VISIBLE = re.compile(r"[^\n]")
INDENTED = re.compile(r"\n[ \t>]*\n[ >]*(?: {4}|\t)")
QUOTED = re.compile(r"(?: {0,3}> ?)*")
CONTAINER = re.compile(r"(?:[*+-]|\d+\.|\[\^[^\]]+\]:|:) |(?:!!!|\?\?\?\+?|===[!+]?) ")
TAB = 4


def blanked(text: str) -> str:
    """The page's Markdown with a space for each letter of its code and comments.

    The line that opens a fence stays, so that the fence can still be seen.
    """
    seen = LEFT_ALONE.sub(spaces, text)
    return indented_blanked(text, seen) if INDENTED.search(f"\n\n{text}") else seen


def spaces(match: re.Match[str]) -> str:
    """As much blank space, on as many lines."""
    opening = match["opening"] or ""
    rest = match[0][len(opening) :]
    return opening + VISIBLE.sub(" ", rest) if "\n" in rest else " " * len(rest)


def indented_blanked(text: str, seen: str) -> str:
    """What is `seen` of the text, without its indented code.

    Code is what follows a blank line and is indented by four spaces more than the list item, the
    box or the note that it stands in.
    """
    kept = []
    depths = [0]
    after_blank = True
    for line, rest in zip(text.split("\n"), seen.split("\n"), strict=True):
        quote = QUOTED.match(line).end()
        content = line[quote:].lstrip(" \t")
        indent = len(line[quote : len(line) - len(content)].expandtabs(TAB))
        is_code = False
        if content and rest.strip():
            is_container = CONTAINER.match(content) is not None
            while (after_blank or is_container) and indent < depths[-1]:
                depths.pop()
            is_code = after_blank and indent >= depths[-1] + TAB
            if is_container and not is_code:
                depths.append(indent // TAB * TAB + TAB)
        kept.append(" " * len(rest) if is_code else rest)
        after_blank = not content or is_code
    return "\n".join(kept)
