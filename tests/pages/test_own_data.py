"""The programs to copy learn other data too, changed in the places that their pages name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SNIPPETS = Path(__file__).parents[2] / "snippets"
SIZES = {"load_wine": (13, 3), "load_breast_cancer": (30, 2)}
"""How many features and classes the other data have."""
SCALED = "(({0} - {0}.mean(0)) / {0}.std(0))"
PROGRAMS: dict[str, tuple[str, dict[str, str]]] = {
    "sgd/loop.py": (
        "score",
        {
            "digits.data / 16": "digits.data",
            "[1397, 400])\n": "[0.7, 0.3])\npart = pixels[training.indices]\n"
            "pixels -= part.mean(0)\npixels /= part.std(0) + 1e-6\n",
        },
    ),
    "optimizers/everyday.py": (
        "final",
        {"pixels / 16": SCALED.format("pixels"), "[1200, 297, 300]": "[0.6, 0.2, 0.2]"},
    ),
    "losses/loop.py": (
        "accuracy",
        {
            "torch.tensor(digits.data, dtype=torch.float32) / 16": "torch.tensor("
            f"{SCALED.format('digits.data')}, dtype=torch.float32)",
            "[1397, 400]": "[0.7, 0.3]",
            "[42]": "[3]",
        },
    ),
    "overfitting/loop.py": (
        "test_accuracy",
        {
            "digits.data / 16": SCALED.format("digits.data"),
            "[1000, 300, 497]": "[0.6, 0.2, 0.2]",
        },
    ),
    "initialisation/deep_network.py": (
        "reached",
        {"images.float() / 8 - 1": SCALED.format("images") + ".float()", "lr=0.005": "lr=0.05"},
    ),
}
"""For each program the name of its accuracy, and what is changed beside the data and sizes."""


@pytest.mark.parametrize("data", SIZES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_to_copy_learns_other_data(name: str, data: str) -> None:
    source = (SNIPPETS / name).read_text(encoding="utf-8")
    found, changes = PROGRAMS[name]
    for old, new in changes.items():
        assert old in source
        source = source.replace(old, new)
    features, classes = SIZES[data]
    source = source.replace("import load_digits", f"import {data} as load_digits")
    source = source.replace("nn.Linear(64, 64)", f"nn.Linear({features}, 64)")
    source = source.replace("nn.Linear(64, 10)", f"nn.Linear(64, {classes})")
    source = source.replace("DeepNet()", f"DeepNet(inputs={features}, classes={classes})")
    left: dict[str, Any] = {}
    exec(compile(source, name, "exec"), left)
    assert left[found] > 0.9
