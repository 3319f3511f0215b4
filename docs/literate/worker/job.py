"""What goes between the builder, the warm server and the process of one snippet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from literate.snippet.result import Result
from literate.snippet.world import World

MODULES = {"sklearn": "sklearn.datasets"}
"""Slow imports, by the word that says that they are used."""

SEAL = b"\0printed\0"
"""What the file of standard output begins with, unless the snippet has opened and emptied it."""


@dataclass(frozen=True)
class Limits:
    """What one run may use: `seconds` of time, whatever else the machine does, and bytes.

    `memory` and `file` hold for all its processes and files together, `printed` for what it says,
    `figure` for one figure of its.
    """

    seconds: float = 300
    memory: int = 4 << 30
    file: int = 2 << 30
    printed: int = 100 << 10
    figure: int = 3 << 20


@dataclass(frozen=True)
class Job:
    """What a worker needs to know of a snippet; it can be sent to another machine's process.

    It is the file `name` below the folder `root`, in the folder `project`. `cells` are pairs of
    source and line, `style` names the style of the figures.
    """

    root: str
    name: str
    cells: list[tuple[str, int]]
    limits: Limits
    world: World
    style: str
    project: str

    @property
    def path(self) -> Path:
        """The snippet's file."""
        return Path(self.root, self.name)

    @property
    def modules(self) -> list[str]:
        """What it needs that takes long to import."""
        named = {word for word in MODULES for source, _ in self.cells if word in source}
        return [module for word, module in MODULES.items() if word in named]


@dataclass(frozen=True)
class Request:
    """To the server: import `modules`, then run the job, if there is one, in `folder`.

    An answer counts only with the `nonce`: no file that a snippet writes can pass for one.
    """

    modules: list[str]
    job: Job | None = None
    folder: str = ""
    nonce: str = ""

    @property
    def work(self) -> Path:
        """The working directory."""
        return Path(self.folder, "work")

    @property
    def home(self) -> Path:
        """The home directory."""
        return Path(self.folder, "home")

    @property
    def stdout(self) -> Path:
        """Where standard output goes."""
        return Path(self.folder, "stdout")

    @property
    def stderr(self) -> Path:
        """Where standard error goes."""
        return Path(self.folder, "stderr")

    @property
    def answer(self) -> Path:
        """Where the process leaves its answer."""
        return Path(self.folder, "answer")


@dataclass(frozen=True)
class Event:
    """From the server: the job has started, has gone `over` a limit, or has ended by `status`."""

    started: bool = False
    over: str = ""
    status: int | None = None


@dataclass(frozen=True)
class Fault:
    """Why a run cannot be shown; without a line, whoever reads the report of the process knows."""

    sentence: str
    line: int | None = None
    trace: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a run: a result or a fault; `lost` if the server has died meanwhile.

    `missing` are the fences that could not be had, `told` is what is not on the page.
    """

    nonce: str = ""
    result: Result | None = None
    fault: Fault | None = None
    lost: bool = False
    missing: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
