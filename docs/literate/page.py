"""The page being rendered, and where in its file a piece of it stands.

Neither MkDocs nor Zensical tells a Markdown extension which file it is rendering, so the file is
looked for, by its text, when there is something to report.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path("docs")
current = [""]


def begin(text: str) -> None:
    """Say that the page with this text is rendered from now on."""
    current[0] = text


def locate(text: str) -> tuple[Path, int]:
    """The file and line of `text` on the current page, as well as they can be found."""
    page = current[0].strip()
    path, whole = source(page)
    start = whole.find(page)
    at = whole.find(text, max(start, 0))
    if at < 0:
        at = whole.find(text.strip().splitlines()[0]) if text.strip() else 0
    return path, whole.count("\n", 0, max(at, 0)) + 1


def source(page: str) -> tuple[Path, str]:
    """The Markdown file which ends with the text of `page`."""
    for path in sorted(FOLDER.rglob("*.md")):
        whole = path.read_text(encoding="utf-8")
        if page and whole.rstrip().endswith(page):
            return path, whole
    return Path("page.md"), page
