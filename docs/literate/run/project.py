"""The runner that all pages of a build share, where its results are kept, and who runs them."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from pathlib import Path

from literate.run.runner import Runner
from literate.run.settings import DEFAULT, Settings
from literate.run.store import Store
from literate.snippet.world import World

CLUSTER = "LITERATE_CLUSTER"
"""The environment variable that holds the address of a Dask scheduler, if one shall run them."""
WORLD = "LITERATE_WORLD"
"""The environment variable that holds the world the snippets run in, as `World` writes it."""

runners: dict[Path | None, Runner] = {}
"""One for each project; under `None` the one that a build has set up."""


def runner(project: Path | None = None, settings: Settings | None = None) -> Runner:
    """The runner of the project at `project`.

    There is one for each project, and it keeps the settings that it was last asked for with. By
    default it is that of the project for which settings were last given, or else of the working
    directory.
    """
    if project is None and None in runners:
        return runners[None]
    project = project or Path.cwd()
    known = runners.get(project)
    if known is None or (settings is not None and settings != known.settings):
        settings = settings or DEFAULT
        world = World.read(os.environ.get(WORLD))
        store = Store(project / ".cache" / "literate" / world.folder)
        executor = cluster(os.environ.get(CLUSTER))
        known = Runner(project / settings.folder, store, executor, settings, world)
        known.project = project.resolve()
        runners[project] = known
    if settings is not None:
        runners[None] = known
    return known


def cluster(address: str | None) -> Executor | None:
    """The Dask cluster at `address`; its workers must see the project at the same path.

    A worker that is lost has its snippets run by another one.
    """
    if not address:
        return None
    from distributed import Client  # noqa: PLC0415 (an extra, and slow to import)

    return Client(address, set_as_default=False).get_executor(pure=False)
