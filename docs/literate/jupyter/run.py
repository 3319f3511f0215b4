"""A notebook's run: mkdocs-jupyter does it, in a process and a kernel of our own settings.

It is stored like the results of snippets: under the hash of what made it, with the files that it
read. mkdocs-jupyter's own cache would not notice a changed bit, nor a changed data file.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from nbclient.exceptions import DeadKernelError

from literate.run.store import Store
from literate.snippet.inputs import unchanged
from literate.snippet.result import Inputs
from literate.snippet.source import surroundings

PACKAGES = ("torch", "matplotlib", "scikit-learn", "numpy", "ipykernel", "mkdocs-jupyter")
"""Another version of one of these, and the notebooks run again."""
ROOMS = ("figure", "snippet", "jupyter")
"""The rooms that decide how a notebook runs and what a figure of it is."""
FILES = "LITERATE_FILES"
"""The environment variable that tells a kernel where to list the files it uses."""
STYLE = "LITERATE_STYLE"
"""The environment variable that names the style of its figures."""
LISTING = "files"
"""The name of that list."""
TIME_LIMIT = 300
"""Seconds for one cell."""


@dataclass(frozen=True)
class Run:
    """What a notebook's run left: its outputs, as JSON, and what it depended on."""

    outputs: str
    inputs: Inputs


def recalled(store: Store, name: str, key: str, project: Path) -> str | None:
    """The outputs of the notebook `name`, as JSON, if they are stored and still hold."""
    known = store.load(name, key, Run)
    return known.outputs if known and unchanged(known.inputs, project) else None


def executed(store: Store, name: str, key: str, outputs_of: Callable[[Path], str]) -> str:
    """The outputs of the notebook `name`, as JSON, made by a run and stored.

    `outputs_of` runs it, with a folder for what its kernel needs.
    """
    with TemporaryDirectory() as folder:
        outputs = outputs_of(Path(folder))
        listing = Path(folder, LISTING)
        used = listing.read_bytes() if listing.exists() else b"{}"
    store.save(name, key, Run(outputs, msgspec.json.decode(used, type=Inputs)))
    return outputs


def key_of(made_of: Iterable[bytes]) -> str:
    """A hash of what a notebook is made of, and of what runs it."""
    key = surroundings(ROOMS, PACKAGES).copy()
    for part in made_of:
        key.update(hashlib.sha256(part).digest())
    return key.hexdigest()


def kernel_environment(folder: Path) -> dict[str, str]:
    """The environment in which a kernel starts with our extension, one thread and no own settings.

    What it needs for that stands in `folder`.
    """
    profile = folder / "profile_default" / "ipython_kernel_config.json"
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
    (folder / "jupyter_nbconvert_config.json").write_text(json.dumps(client))
    return {
        FILES: f"{folder / LISTING}",
        "IPYTHONDIR": f"{folder}",
        "JUPYTER_CONFIG_DIR": f"{folder}",
        "JUPYTER_RUNTIME_DIR": f"{folder}",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def execute(path: Path, options: dict[str, Any], folder: Path, project: Path, style: str) -> str:
    """What mkdocs-jupyter's template leaves of the notebook, run in a process of its own.

    It runs in the folder of the project, wherever the build was started, and has `folder` for
    what its kernel needs. Raises what nbclient raises of a cell.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "literate.jupyter.execute"],
        cwd=project,
        env={**os.environ, **kernel_environment(folder), STYLE: style},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        atexit.register(process.kill)  # the thread that waits here ends without a word
        said, _ = process.communicate(json.dumps([f"{path}", options]).encode())
        atexit.unregister(process.kill)
    if process.returncode:
        raise DeadKernelError(f"its process ended with status {process.returncode}")
    made = pickle.loads(said)
    if isinstance(made, Exception):
        raise made
    return made
