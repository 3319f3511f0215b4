"""A snippet is a runnable file, cut into cells at its `# %%` lines."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import importlib.metadata
import io
import os
import platform
import re
import sys
import tokenize
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

CELL = re.compile(r"^# %%.*\n?", re.MULTILINE)
QUOTES = ('"""', "'''")
DOCSTRING = re.compile(r'\s*[rR]?"""(?:[^"\\#]|"(?!""))*"""')
"""A docstring that stands first and holds neither a backslash nor a `#`."""
ABSENT = "absent"
VERSION = re.compile(r"^Version: *(.+)$", re.MULTILINE)
WORKER_ROOMS = ("figure", "snippet", "worker")
"""The part of the engine that decides how a snippet runs and what comes of it."""
LIBRARIES = (
    *("charset-normalizer", "cloudpickle", "colorama", "contourpy", "cycler"),
    *("fonttools", "joblib", "kiwisolver", "matplotlib", "mpmath", "msgspec", "narwhals", "numpy"),
    *(
        "packaging",
        "pillow",
        "psutil",
        "pyparsing",
        "python-dateutil",
        "rich",
        "scikit-learn",
        "scipy",
    ),
    *("setuptools", "sympy", "threadpoolctl", "torch", "tqdm", "typing_extensions"),
)
"""What the worker itself uses, and what the warm server has imported for every snippet."""


@dataclass(frozen=True)
class Cell:
    """A stretch of a snippet that is run, and shown, as one.

    `before` is what stands in the file between the cell before and this one: blank lines, `# %%`.
    """

    source: str
    line: int
    before: str


@dataclass(frozen=True)
class Snippet:
    """One file below the folder of snippets, by its name relative to that folder."""

    root: Path
    name: str
    source: str

    @classmethod
    def read(cls, root: Path, name: str) -> Snippet:
        """Read the snippet `name`; a `ValueError` says why there is none of that name."""
        name.encode()  # a name that is no text is no snippet's
        root = root.resolve()
        asked = root / name
        path = Path(os.path.realpath(asked))  # `Path.resolve` fails on names that are too long
        if not path.is_relative_to(root) or Path(name).is_absolute():
            raise ValueError(f"{name} lies outside {root.name}/")
        below = [asked, *asked.parents][: len(Path(name).parts)]
        if any(map(os.path.islink, below)):
            target = path.relative_to(root).as_posix() if path.is_file() else "nothing"
            raise ValueError(f"{root.name}/{name} is a symbolic link, to {target}: not followed")
        if not os.path.isfile(path) or path != asked:  # noqa: PTH113 (as above)
            known = {other.relative_to(root).as_posix() for other in snippet_files(root)}
            near = difflib.get_close_matches(name, sorted(known - {name}), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"there is no {root.name}/{name}{hint}")
        if path.suffix != ".py":
            raise ValueError(f"{root.name}/{name} is no snippet: its name has to end in .py")
        try:
            return cls(root, name, path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValueError(f"{root.name}/{name} is not UTF-8 at byte {error.start}") from None
        except OSError as error:
            raise ValueError(f"{root.name}/{name} cannot be read: {error.strerror}") from None

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.root / self.name

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells, blank ones left out; their line numbers are the file's own."""
        marks = cell_marks(self.source)
        starts = [0, *(mark.end() for mark in marks)]
        ends = [*(mark.start() for mark in marks), len(self.source)]
        cells = []
        shown = 0
        for start, end in zip(starts, ends, strict=True):
            text = self.source[start:end].rstrip("\n")
            if text.strip():
                first = start + len(text) - len(text.lstrip("\n"))
                source = self.source[first : start + len(text)] + "\n"
                line = self.source.count("\n", 0, first) + 1
                cells.append(Cell(source, line, self.source[shown:first]))
                shown = first + len(source)
        return cells

    @cached_property
    def key(self) -> str:
        """One hash of what the result depends on: the code, and all that runs it."""
        digest = surroundings(WORKER_ROOMS, LIBRARIES).copy()
        digest.update(f"\0{self.name}\0{self.source}".encode())
        return digest.hexdigest()


def cell_marks(source: str) -> list[re.Match[str]]:
    """The lines `# %%` of a source, but for those within a string."""
    marks = list(CELL.finditer(source))
    docstring = DOCSTRING.match(source)
    begins = docstring.end() if docstring else 0
    last = marks[-1].start() if marks else 0
    if not any(quotes in source[begins:last] for quotes in QUOTES):
        return marks  # none can be within a string, and to make sure takes long
    comments = set()
    with contextlib.suppress(SyntaxError, tokenize.TokenError):  # the run will tell
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                comments.add(token.start[0])
    return [mark for mark in marks if source.count("\n", 0, mark.start()) + 1 in comments]


def chapter(name: str) -> str:
    """What a snippet's page is called as a file to download: as the snippet's folder."""
    folder, below, _ = name.partition("/")
    return folder if below else "page"


def snippet_files(root: Path) -> list[Path]:
    """Every snippet below `root`; a leading underscore means: imported by others, not run."""
    return sorted(
        path
        for path in root.rglob("*.py")
        if not any(part.startswith(("_", ".")) for part in path.relative_to(root).parts)
    )


@cache
def surroundings(rooms: tuple[str, ...], libraries: tuple[str, ...]) -> hashlib._Hash:
    """A hash of the interpreter, of libraries and of rooms of the engine, to be continued."""
    engine = Path(__file__).parents[1]
    modules = [
        path.read_text(encoding="utf-8")
        for room in rooms
        for path in sorted((engine / room).rglob("*"))
        if path.suffix in (".py", ".j2")
    ]
    versions = [f"{name} {installed(name)}" for name in libraries]
    text = "\n".join([sys.version, platform.machine(), *versions, *modules])
    return hashlib.sha256(text.encode())


@cache
def installed(name: str) -> str:
    """The version of an installed distribution, or `ABSENT`."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return ABSENT
    # `found.version` parses the whole description as mail, which takes ten times as long.
    match = VERSION.search(found.read_text("METADATA") or "")
    return match[1].strip() if match else found.version
