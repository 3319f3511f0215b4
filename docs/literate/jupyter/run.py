"""A notebook's run: mkdocs-jupyter does it, in a kernel of settings that are the build's own.

It is stored like the results of snippets: under the hash of what made it, with the files that it
read. mkdocs-jupyter's own cache would not notice a changed bit, nor a changed data file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from literate.run.store import Store
from literate.snippet.inputs import unchanged
from literate.snippet.result import Inputs

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


@dataclass(frozen=True)
class Run:
    """What a notebook's run left: its outputs, as JSON, and what it depended on."""

    outputs: str
    inputs: Inputs


def executed(folder: Path, name: str, made_of: Iterable[bytes], execute: Callable[[], str]) -> str:
    """The outputs of the notebook `name`, as JSON: stored in `folder`, or made now and stored."""
    store = Store(folder, "run")
    key = key_of(made_of)
    known = store.load(name, key, Run)
    if known is None or not unchanged(known.inputs, Path.cwd()):
        with kernel_settings() as listing:
            outputs = execute()
            used = listing.read_bytes() if listing.exists() else b"{}"
        known = Run(outputs, msgspec.json.decode(used, type=Inputs))
        store.save(name, key, known)
    return known.outputs


def key_of(made_of: Iterable[bytes]) -> str:
    """A hash of what a notebook is made of, and of what runs it."""
    key = hashlib.sha256(environment_key().encode())
    for part in made_of:
        key.update(hashlib.sha256(part).digest())
    return key.hexdigest()


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
