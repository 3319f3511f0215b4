"""A Dask cluster runs snippets as this machine does."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from literate.build import cluster
from literate.failure import Failure
from literate.runner import Runner
from literate.store import Store

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


def test_a_lost_worker_is_survived(remote: Runner, write: Write, local: LocalCluster) -> None:
    for number in range(4):
        write(f"{number}.py", f"import time\ntime.sleep(2)\nprint({number})\n")
    assert remote.start() == 4
    time.sleep(1)
    os.kill(local.workers[0].pid, signal.SIGKILL)
    printed = [remote.result(f"{number}.py").outputs[0].printed for number in range(4)]
    assert printed == ["0\n", "1\n", "2\n", "3\n"]
