"""Every seed that a snippet sets can be shifted, and nothing else is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from literate.run.runner import Runner
from literate.snippet.world import World

Write = Callable[[str, str], Path]

DRAWS = {
    "torch": "torch.manual_seed({}); x = torch.rand(1).item()",
    "a generator": "x = torch.rand(1, generator=torch.Generator().manual_seed({})).item()",
    "numpy": "numpy.random.seed({}); x = numpy.random.rand()",
    "default_rng": "x = numpy.random.default_rng({}).random()",
    "default_rng of two": "x = numpy.random.default_rng([{0}, {0}]).random()",
    "RandomState": "x = numpy.random.RandomState({}).rand()",
    "PCG64": "x = numpy.random.Generator(numpy.random.PCG64({})).random()",
    "SeedSequence": "x = numpy.random.default_rng(numpy.random.SeedSequence({})).random()",
    "scikit-learn": "x = train_test_split(range(10**6), random_state={})[0][0]",
    "scipy": "x = scipy.stats.norm.rvs(random_state={})",
    "python": "random.seed({}); x = random.random()",
    "Random": "x = random.Random({}).random()",
}
IMPORTS = (
    "import random, numpy, torch, scipy.stats\n"
    "from sklearn.model_selection import train_test_split\n"
)


@pytest.fixture
def shifted(runner: Runner) -> Runner:
    """A runner of the same snippets in a world of shifted seeds, with the same store."""
    return Runner(runner.root, runner.store, world=World(seed_shift=1000))


def test_each_way_to_set_a_seed_is_shifted(runner: Runner, shifted: Runner, write: Write) -> None:
    def drawn(name: str, seed: int, by: Runner) -> dict[str, Any]:
        lines = [f"{DRAWS[way].format(seed)}; drawn[{way!r}] = x" for way in DRAWS]
        write(name, "\n".join([IMPORTS, "drawn = {}", *lines, "print(1)"]))
        return by.result(name).values["drawn"]

    assert drawn("a.py", 3, shifted) == drawn("b.py", 1003, runner)
    assert not set(drawn("c.py", 3, runner).values()) & set(drawn("a.py", 3, shifted).values())


def test_what_has_no_number_for_a_seed_stays_as_it_is(
    runner: Runner, shifted: Runner, write: Write
) -> None:
    write(
        "a.py",
        """
        import random, numpy, torch
        x = random.Random("text").random()
        fresh = numpy.random.default_rng().random() != numpy.random.default_rng().random()
        kinds = [
            isinstance(torch.default_generator, torch.Generator),
            isinstance(numpy.random.mtrand._rand, numpy.random.RandomState),
            isinstance(numpy.random.default_rng(1).bit_generator, numpy.random.PCG64),
        ]
        print(1)
        """,
    )
    values = shifted.result("a.py").values
    assert values == runner.result("a.py").values
    assert values["fresh"]
    assert values["kinds"] == [True, True, True]


def test_a_result_is_of_the_world_it_was_made_in(
    runner: Runner, shifted: Runner, write: Write
) -> None:
    write("a.py", "import torch\ntorch.manual_seed(1)\nx = torch.rand(1).item()\nprint(1)\n")
    for by in (runner, shifted):
        left = by.result("a.py").values["x"]
        again = Runner(runner.root, runner.store, world=by.world)
        assert again.result("a.py").values["x"] == left
        assert again.summary().startswith("snippets: 0 ran, 1 reused")
    assert runner.result("a.py").values["x"] != shifted.result("a.py").values["x"]


def test_a_world_has_its_threads_and_its_code_path(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import torch
        threads, code = torch.get_num_threads(), torch.backends.cpu.get_cpu_capability()
        print(1)
        """,
    )
    world = World({"ATEN_CPU_CAPABILITY": "default"}, threads=2)
    values = Runner(runner.root, runner.store, world=world).result("a.py").values
    assert values == {"threads": 2, "code": "DEFAULT"}
    assert runner.result("a.py").values["threads"] == 1
