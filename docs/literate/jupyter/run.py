"""A notebook's run: mkdocs-jupyter does it, in a kernel of settings that are the build's own.

It is stored like the results of snippets: under the hash of what made it, with the files that it
read. mkdocs-jupyter's own cache would not notice a changed bit, nor a changed data file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from literate.run import checked
from literate.run.store import KEPT
from literate.snippet.inputs import digest

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
PACKAGES = ("torch", "matplotlib", "scikit-learn", "numpy", "ipykernel", "mkdocs-jupyter")
"""Another version of one of these, and the notebooks run again."""
ROOMS = ("figure", "snippet", "jupyter")
"""The rooms that decide how a notebook runs and what a figure of it is."""
FILES = "LITERATE_FILES"
"""The environment variable that tells a kernel where to list the files it uses."""
TIME_LIMIT = 300
"""Seconds for one cell."""

log = logging.getLogger("mkdocs.literate")


def executed(place: Path, name: str, execute: Callable[[], str]) -> str:
    """The outputs of the notebook `name`, as JSON: stored at `place`, or made now and stored."""
    outputs = load(place, name)
    if outputs is None:
        with kernel_settings() as listing:
            outputs = execute()
            used = json.loads(listing.read_text(encoding="utf-8")) if listing.exists() else {}
        save(place, name, {"outputs": outputs, "files": used})
    return outputs


def kept_at(folder: Path, name: str, *made_of: bytes) -> Path:
    """Where the run of the notebook `name` is kept, given what it is made of."""
    key = hashlib.sha256(environment_key().encode())
    for part in made_of:
        key.update(hashlib.sha256(part).digest())
    return folder / f"{name.replace('/', '~')}.{key.hexdigest()[:24]}.json"


def environment_key() -> str:
    """A hash of what a notebook's outputs depend on beside its source and the files it reads."""
    key = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        key.update(f"{name} {version(name)}\n".encode())
    for room in ROOMS:
        for pattern in ("*.py", "*.j2"):
            for path in sorted((HERE.parent / room).rglob(pattern)):
                key.update(path.read_bytes())
    return key.hexdigest()


def load(place: Path, name: str) -> str | None:
    """The stored run, or `None` when there is none that still holds."""
    try:
        run = json.loads(checked.load(place))
    except FileNotFoundError:
        return None
    except checked.DamagedError:
        log.info("%s: the stored run is damaged, run again", name)
        return None
    except OSError as error:
        log.info("%s: the stored run cannot be read (%s), run again", name, error)
        return None
    holds = all(digest(Path(path)) == known for path, known in run["files"].items())
    return run["outputs"] if holds else None


def save(place: Path, name: str, run: dict[str, object]) -> None:
    """Keep a run; without room for it the build goes on."""
    try:
        checked.save(place, json.dumps(run).encode())
        checked.prune(place, KEPT)
    except OSError as error:
        log.info("%s: the run cannot be stored (%s)", name, error)


@contextlib.contextmanager
def kernel_settings() -> Iterator[Path]:
    """While open, a kernel starts with our extension, one thread and nobody's own settings.

    Gives the file in which the kernel lists what it read.
    """
    before = dict(os.environ)
    with TemporaryDirectory() as folder:
        profile = Path(folder, "profile_default", "ipython_kernel_config.json")
        profile.parent.mkdir()
        profile.write_text(
            json.dumps(
                {
                    "InteractiveShellApp": {"extensions": ["literate.jupyter.kernel"]},
                    "HistoryManager": {"enabled": False},
                }
            )
        )
        client = {
            # A kernel that is asked to end may do so with a traceback of its own, or take seconds.
            "NotebookClient": {"timeout": TIME_LIMIT, "shutdown_kernel": "immediate"},
            "KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"},  # no open port
        }
        Path(folder, "jupyter_nbconvert_config.json").write_text(json.dumps(client))
        os.environ |= {
            FILES: f"{folder}/files",
            "IPYTHONDIR": folder,
            "JUPYTER_CONFIG_DIR": folder,
            "JUPYTER_RUNTIME_DIR": folder,
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        try:
            yield Path(folder, "files")
        finally:
            os.environ.clear()
            os.environ.update(before)
