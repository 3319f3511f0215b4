"""What a run is given beside its source: a code path of the processor, threads, other seeds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class World:
    """One world; by default the one that pages are built in.

    `environment` holds variables that libraries read as they are imported, `seed_shift` is added to
    every seed that a snippet sets, `threads` is how many torch may use.
    """

    environment: dict[str, str] = field(default_factory=dict)
    seed_shift: int = 0
    threads: int = 1

    @classmethod
    def read(cls, text: str | None) -> World:
        """The world that `str` has written; without a text, the pages' own."""
        return cls(**json.loads(text)) if text else cls()

    def __str__(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def folder(self) -> str:
        """The folder of its results below that of the pages' own; their own is that itself."""
        return "" if self == OWN else hashlib.sha256(f"{self}".encode()).hexdigest()[:12]


OWN = World()
"""The world that the pages are built in."""
