"""A Dask cluster runs snippets as this machine does."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster

from literate.failure import Failure
from literate.run.project import cluster
from literate.run.runner import Runner
from literate.run.store import Store

Write = Callable[[str, str], Path]
DRAWS = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nx = 0.1 + 0.2\nprint(x)\n"


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    """Two worker processes of one thread each."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
        yield started


@pytest.fixture
def remote(runner: Runner, local: LocalCluster, tmp_path: Path) -> Runner:
    """A runner of the same snippets, with a store of its own."""
    return Runner(runner.root, Store(tmp_path / "other"), cluster(local.scheduler_address))


def test_a_cluster_gives_the_same_bytes(runner: Runner, remote: Runner, write: Write) -> None:
    for number in range(6):
        write(f"{number}.py", DRAWS.replace("0.2", f"0.{number}"))
    assert remote.start() == 6
    for number in range(6):
        here, there = runner.result(f"{number}.py"), remote.result(f"{number}.py")
        assert here.outputs == there.outputs
        assert here.values == there.values


def test_a_cluster_tells_of_failures_alike(runner: Runner, remote: Runner, write: Write) -> None:
    write("a.py", "x = 1\n1 / 0\n")
    said = []
    for side in (runner, remote):
        with pytest.raises(Failure) as caught:
            side.result("a.py")
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_a_lost_worker_is_survived(
    remote: Runner, write: Write, local: LocalCluster, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    wait = (
        f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists():\n    time.sleep(0)\n"
    )
    for number in range(4):
        write(f"{number}.py", f"{wait}print({number})\n")
    assert remote.start() == 4
    lost = psutil.Process(local.workers[0].pid)
    deadline = time.monotonic() + 300
    while not any(server.children() for server in lost.children()):  # until it runs one
        assert time.monotonic() < deadline
        time.sleep(0.02)
    lost.kill()
    go.touch()
    printed = [remote.result(f"{number}.py").outputs[0].printed for number in range(4)]
    assert printed == ["0\n", "1\n", "2\n", "3\n"]
