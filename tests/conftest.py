"""What all tests share: the site's own results, and a quiet, single-threaded torch."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ["MPLBACKEND"] = "agg"

import matplotlib.pyplot as plt
import pytest
import torch

from literate.build import runner

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def values() -> Callable[[str], dict[str, Any]]:
    """The values that the site's own run of a snippet left: `values("sgd/ten_copies.py")`."""
    return lambda name: runner(PROJECT).result(name).values


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """One thread, as on the site, and no figure left for the next test."""
    torch.set_num_threads(1)
    yield
    plt.close("all")
