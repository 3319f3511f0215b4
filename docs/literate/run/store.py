"""Results on disk, each under the hash of what made it; nothing is ever stale."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from literate.run import checked
from literate.snippet.inputs import digest
from literate.snippet.result import Result
from literate.snippet.source import Snippet, installed
from literate.snippet.world import OWN, World

FORMAT = "1"
KEPT = 4
"""How many results of one snippet stay: an edit that is taken back runs nothing."""

log = logging.getLogger("mkdocs.literate")


class Store:
    """A folder of results. Deleting it costs time and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, snippet: Snippet, world: World) -> Path:
        """Where the result of `snippet` in `world`, as its source now stands, is kept."""
        key = hashlib.sha256(f"{FORMAT}{world}{snippet.key}".encode()).hexdigest()
        return self.folder / world.folder / f"{snippet.name.replace('/', '~')}.{key[:24]}.json"

    def load(self, snippet: Snippet, world: World = OWN) -> Result | None:
        """The stored result, or `None` when there is none that still holds."""
        path = self.path(snippet, world)
        try:
            text = checked.load(path)
        except FileNotFoundError:
            return None
        except checked.DamagedError:
            log.info("%s: the stored result is damaged, run again", snippet.name)
            return None
        except OSError as error:
            log.info("%s: the stored result cannot be read (%s), run again", snippet.name, error)
            return None
        result = Result.of(json.loads(text))
        return result if self.holds(result, snippet.root) else None

    def holds(self, result: Result, root: Path) -> bool:
        """Whether every file and package that the run used is what it was."""
        return all(
            known == digest(root.parent / name) for name, known in result.files.items()
        ) and all(number == installed(name) for name, number in result.packages.items())

    def save(self, snippet: Snippet, result: Result, world: World = OWN) -> bool:
        """Keep a result; whether that was possible."""
        path = self.path(snippet, world)
        try:
            text = json.dumps(result.asdict(), ensure_ascii=False)
            checked.save(path, text.encode(errors="surrogatepass"))
            checked.prune(path, KEPT)
        except OSError as error:
            log.info("%s: the result cannot be stored (%s)", snippet.name, error)
            return False
        return True
