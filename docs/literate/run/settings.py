"""What a project may choose of how its snippets run."""

from __future__ import annotations

from dataclasses import dataclass, field

from literate.worker.job import Limits


@dataclass(frozen=True)
class Settings:
    """The folder of the snippets, what one run may use, and the name of the figures' style."""

    folder: str = "snippets"
    limits: Limits = field(default_factory=Limits)
    style: str = "literate"


DEFAULT = Settings()
"""What holds where nothing is chosen."""
