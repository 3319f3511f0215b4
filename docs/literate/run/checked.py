"""Files that are whole or not there: each begins with the hash of what follows."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path


class DamagedError(Exception):
    """A file does not hold what was written into it."""


def load(path: Path) -> bytes:
    """What `save` wrote; raises `DamagedError`, or the `OSError` of a file that cannot be read."""
    digest, _, content = path.read_bytes().partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise DamagedError(f"{path} is damaged")
    return content


def save(path: Path, content: bytes) -> None:
    """Write whole or not at all, as two builds may share the folder; raises `OSError`."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def prune(path: Path, most: int) -> None:
    """Keep the newest `most` of the files that are named as `path` but for key and suffix."""
    name = path.name.rpartition(".")[0].rpartition(".")[0]
    dated = []
    for other in path.parent.iterdir():
        if other.name.startswith(f"{name}."):
            with contextlib.suppress(FileNotFoundError):
                dated.append((other.stat().st_mtime, other))
    for _, other in sorted(dated, reverse=True)[most:]:
        other.unlink(missing_ok=True)
