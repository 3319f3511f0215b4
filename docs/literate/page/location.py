"""The page being rendered: its file, what stands before its Markdown, and where a fault lies.

Neither MkDocs nor Zensical tells a Markdown extension which file it is rendering. With MkDocs our
plugin says so; else the file is looked for, by its text, when there is something to report.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from literate.failure import Failure, gathering, hand_over
from literate.page.front_matter import front_matter
from literate.page.reading import Candidate, Reading
from literate.run import project
from literate.run.runner import Runner
from literate.snippet.source import chapter


@dataclass
class Place:
    """One page, as far as it is known.

    `path` is its Markdown file, `folder` where its links begin, `matter` its front matter,
    `notebook` the stem of its notebook, `markdown` the name of its Markdown version and `url` its
    address below the site's. `reading` is what its Markdown was taken for, once it has been
    rendered.
    """

    path: Path | None = None
    folder: Path | None = None
    matter: dict[str, Any] | None = None
    notebook: str = ""
    markdown: str = "index.md"
    url: str = ""
    known_runner: Runner | None = None
    reading: Reading = field(default_factory=Reading)
    sought: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    """What the page's ids have been made of."""
    minutes: int = 0
    """How long the page takes to read, once it has been rendered."""

    @property
    def runner(self) -> Runner:
        """Who runs the page's snippets."""
        return self.known_runner or project.runner()

    def notebook_for(self, first: str) -> str:
        """The stem of the notebook of a page that shows the snippet `first` first.

        It is that snippet's folder; where pages share a folder, each has a name of its own.
        """
        page = PurePosixPath(self.markdown).stem
        return chapter(first) if page == "index" else f"{page}-page"

    def begin(self, reading: Reading) -> None:
        """Say that the page is rendered from now on."""
        self.reading = reading
        reading.report = self.report
        self.sought.clear()
        self.named.clear()
        self.__dict__.pop("source", None)

    def anchor(self, name: str) -> str:
        """The id of what links lead to: its name, with a number if the page has that already."""
        number, free = 1, name
        while free in self.named:
            number += 1
            free = f"{name}-{number}"
        self.named[free] += 1
        return free

    def new_id(self, kind: str) -> str:
        """An id that nothing else has, on this page or another: a blog shows several on one."""
        self.named[kind] += 1
        page = hashlib.sha256(self.url.encode()).hexdigest()[:6]
        return f"{kind}-{page}-{self.named[kind]}"

    def beside(self) -> str:
        """What leads from where the page is shown to the files that stand beside it."""
        return ""

    def hurry(self) -> None:
        """Have the snippets run next that the page is about to ask for."""
        if names := list(self.reading.snippets()):
            self.runner.hurry(names)

    @cached_property
    def source(self) -> tuple[Path, str]:
        """The file of the page and all that it holds."""
        if self.path is not None:
            return self.path, self.path.read_text(encoding="utf-8-sig")
        page = "\n".join(self.reading.written).strip()
        folder = self.runner.project / "docs"
        for path in sorted(folder.rglob("*.md")) if self.folder is None else []:
            with contextlib.suppress(OSError, UnicodeDecodeError):  # no page, then
                whole = path.read_text(encoding="utf-8-sig")
                if page and whole.replace("\r\n", "\n").rstrip().endswith(page):
                    return path, whole
        return Path("page.md"), page

    def facts(self) -> dict[str, Any]:
        """The page's front matter."""
        return front_matter(self.source[1])[0] if self.matter is None else self.matter

    def home(self) -> Path:
        """The folder in which the page's links begin."""
        return self.folder or self.source[0].parent

    def at(self, line: int) -> tuple[Path, int]:
        """The file, and the line in it, of a line of the page's Markdown."""
        path, whole = self.source
        text = whole.replace("\r\n", "\n")
        begins = text.rfind("\n".join(self.reading.written).strip())
        if begins < 0:  # another plugin has changed the text
            begins = len(text) - len(front_matter(text)[1].lstrip("\n"))
        blank = 0
        for written in self.reading.written:
            if written.strip():
                break
            blank += 1
        return path, text.count("\n", 0, begins) + line - blank

    def report(self, where: Candidate | int | str, sentence: str) -> Failure:
        """Hand over what is wrong at a candidate, at a line, or at a text of the Markdown."""
        if isinstance(where, Candidate):
            where = where.line
        if isinstance(where, str):
            lines = list(self.reading.lines_of(where)) or [1]
            where, text = lines[min(self.sought[where], len(lines) - 1)], where
            self.sought[text] += 1
        failure = Failure(*self.at(where), sentence)
        hand_over(failure)
        return failure

    def report_matter(self, text: str, sentence: str) -> None:
        """Hand over what is wrong with a text in the front matter."""
        path, whole = self.source
        line = whole.count("\n", 0, max(whole.find(text), 0)) + 1
        hand_over(Failure(path, line, sentence))


@dataclass
class Excerpt(Place):
    """A page as another shows its beginning: what is wrong with it is told of the page itself.

    `way` gives what leads from the page that is being made to the folder of this one's files.
    """

    way: Callable[[], str] = str

    def anchor(self, name: str) -> str:
        return self.new_id(name)

    def beside(self) -> str:
        return self.way()

    def report(self, where: Candidate | int | str, sentence: str) -> Failure:
        with gathering():
            return super().report(where, sentence)
