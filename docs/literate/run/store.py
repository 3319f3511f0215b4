"""What runs left, on disk, each under the hash of what made it; nothing is ever stale."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import logging
import os
import threading
from pathlib import Path
from typing import TypeVar, cast

import msgspec

KEPT = 4
"""How many of one name stay: an edit that is taken back runs nothing."""
FORMAT = "2"

log = logging.getLogger("mkdocs.literate")
Kept = TypeVar("Kept")


class DamagedError(Exception):
    """A file does not hold what was written into it."""


class Store:
    """A folder of things of one kind, by name and key. Deleting it costs time and nothing else.

    `what` they are called, as in "the stored result"; `suffix` ends the names of the files. Each is
    whole or not there: it begins with the hash of what follows.
    """

    def __init__(self, folder: Path, what: str = "result", suffix: str = "json") -> None:
        self.folder = folder
        self.what = what
        self.suffix = suffix

    def path(self, name: str, key: str) -> Path:
        """Where it is kept."""
        whole = hashlib.sha256(f"{FORMAT}{key}".encode()).hexdigest()
        return self.folder / f"{name.replace('/', '~')}.{whole[:24]}.{self.suffix}"

    def load(self, name: str, key: str, kind: type[Kept]) -> Kept | None:
        """What was saved, a dataclass or bytes; `None` when there is nothing, or nothing whole."""
        try:
            digest, _, content = self.path(name, key).read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != digest:
                raise DamagedError
            return cast(Kept, content) if kind is bytes else msgspec.json.decode(content, type=kind)
        except FileNotFoundError:
            return None
        except (DamagedError, msgspec.MsgspecError):
            log.info("%s: the stored %s is damaged, made again", name, self.what)
        except OSError as error:
            log.info("%s: the stored %s cannot be read (%s), made again", name, self.what, error)
        return None

    def save(self, name: str, key: str, thing: object) -> bool:
        """Keep a dataclass or bytes, whole or not at all; whether that was possible."""
        path = self.path(name, key)
        # Two builds may share the folder, and two threads of one.
        draft = path.with_suffix(f".{os.getpid()}-{threading.get_native_id()}.draft")
        content = thing if isinstance(thing, bytes) else msgspec.json.encode(thing)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            draft.replace(path)
            self.prune(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            log.info("%s: the %s cannot be stored (%s)", name, self.what, error)
            return False
        return True

    def prune(self, path: Path) -> None:
        """Keep the newest of the files that are named as `path` but for key and suffix."""
        name = path.name.rpartition(".")[0].rpartition(".")[0]
        dated = []
        for other in self.folder.glob(f"{glob.escape(name)}.*"):
            stem = other.name.rpartition(".")[0]
            if other.suffix == ".draft":  # of a build that was killed, or that goes on
                stem = stem.rpartition(".")[0]
            if stem.rpartition(".")[0] == name:
                with contextlib.suppress(FileNotFoundError):
                    dated.append((other.stat().st_mtime, other))
        for _, other in sorted(dated, reverse=True)[KEPT:]:
            other.unlink(missing_ok=True)
