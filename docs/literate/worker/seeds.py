"""Other seeds than those that a snippet sets, for the question whether what it shows needs them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

NUMPY_SEEDS = 1 << 32
"""NumPy's older generators take no seed from here on."""
BITS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
"""NumPy's newer generators, by what makes their bits."""


def shift_seeds(by: int) -> None:
    """Add `by` to every whole number that seeds a generator of torch, NumPy or Python from now on.

    scikit-learn and SciPy make NumPy's `RandomState` of a `random_state`, which shifts theirs.
    What has been made before, as torch's own `default_generator`, keeps its unshifted method.
    """

    def shifted(seed: Any) -> Any:
        if isinstance(seed, list | tuple):
            return [shifted(number) for number in seed]
        return int(seed) + by if isinstance(seed, int | np.integer) else seed

    def below(seed: Any) -> Any:
        seed = shifted(seed)
        return seed % NUMPY_SEEDS if isinstance(seed, int) else seed

    class RandomState(np.random.RandomState, metaclass=stand_in(np.random.RandomState)):
        def __init__(self, seed: Any = None) -> None:
            super().__init__(below(seed))

        def seed(self, seed: Any = None) -> None:
            super().seed(below(seed))

    class Generator(torch.Generator, metaclass=stand_in(torch.Generator)):
        def manual_seed(self, seed: int) -> torch.Generator:
            return super().manual_seed(shifted(seed))

    class SeedSequence(np.random.SeedSequence, metaclass=stand_in(np.random.SeedSequence)):
        def __init__(self, entropy: Any = None, **named: Any) -> None:
            super().__init__(shifted(entropy), **named)

    replace(np.random, {name: seeded_class(getattr(np.random, name), shifted) for name in BITS})
    replace(np.random, {"RandomState": RandomState, "SeedSequence": SeedSequence})
    replace(np.random, {"default_rng": seeded(np.random.default_rng, shifted)})
    replace(np.random, {"seed": seeded(np.random.seed, below)})
    manual_seed = seeded(torch.manual_seed, shifted)
    replace(torch, {"Generator": Generator, "manual_seed": manual_seed})
    replace(torch.random, {"manual_seed": manual_seed})
    seed = random.Random.seed

    def seed_python(self: random.Random, a: Any = None, version: int = 2) -> None:
        seed(self, shifted(a), version)

    replace(random.Random, {"seed": seed_python})
    replace(random, {"seed": random._inst.seed})  # pyright: ignore[reportAttributeAccessIssue]


def seeded(call: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
    """`call`, given another seed."""

    def changed(seed: Any = None) -> Any:
        return call(change(seed))

    return changed


def seeded_class(original: Any, change: Callable[[Any], Any]) -> type:
    """The class `original`, given another seed."""

    def init(self: Any, seed: Any = None) -> None:
        original.__init__(self, change(seed))

    return stand_in(original)(original.__name__, (original,), {"__init__": init})


def stand_in(original: type) -> type:
    """The type of a class that stands for `original`: what is one, is one of the class."""

    check = {"__instancecheck__": lambda _, instance: isinstance(instance, original)}
    return type("StandIn", (type(original),), check)


def replace(owner: object, members: dict[str, Any]) -> None:
    """Put other members into a module or a class."""
    for name, member in members.items():
        setattr(owner, name, member)
