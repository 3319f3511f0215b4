"""The compiler is imported by who compiles, and then it is as if it had always been there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from literate.run.runner import Runner

STEP = """
import sys
import torch
{stand_in}
weight = torch.nn.Parameter(torch.ones(2))
optimizer = torch.optim.Adam([weight])

def step():
    optimizer.zero_grad()
    (weight**2).sum().backward()
    optimizer.step()

step()
"""
STAND_IN = "from literate.worker import compiler; compiler.stand_in()"


def run(code: str, stand_in: str = STAND_IN) -> str:
    command = (sys.executable, "-c", STEP.format(stand_in=stand_in) + code)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("stand_in", "imported"), [("", "True"), (STAND_IN, "False")])
def test_a_step_imports_the_compiler_unless_something_stands_in(
    stand_in: str, imported: str
) -> None:
    assert run("print('torch._dynamo.utils' in sys.modules)", stand_in).strip() == imported


@pytest.mark.parametrize(
    "use",
    [
        "torch.compile(torch.sin, backend='eager')(torch.ones(1))",
        "import torch._dynamo.config",
        "import torch._dynamo.utils as below; assert below is sys.modules[below.__name__]",
        "from torch._dynamo.eval_frame import DisableContext",
        "import torch._dynamo.comptime",
        "torch._dynamo.config.cache_size_limit",
        "torch.compiler.disable(step)",
        "torch._dynamo.disable()",
        "from torch._dynamo import *; explain",
    ],
)
def test_what_needs_the_compiler_finds_it_as_without_a_stand_in(use: str) -> None:
    """Every module once, with its own spec, and torch's functions known to be left alone."""
    look = f"""
{use}
import torch._dynamo
print(type(torch._dynamo), torch._dynamo is sys.modules["torch._dynamo"])
for name, module in sorted(sys.modules.items()):
    if name.startswith("torch._dynamo."):
        parent, _, child = name.rpartition(".")
        print(name, module.__spec__.loader.__class__, module is getattr(sys.modules[parent], child))
print(sorted(vars(torch.optim.Optimizer.zero_grad.__wrapped__.__dynamo_disable)))
"""
    assert run(look) == run(look, stand_in="")


def test_a_step_compiled_after_a_step_gives_what_it_gives_without() -> None:
    compiled = "torch.compile(step, backend='eager')(); print(weight.tolist())"
    assert run(compiled) == run(compiled, stand_in="") == run("step(); print(weight.tolist())")


def test_a_function_that_is_not_to_be_compiled_is_not() -> None:
    code = """
seen = []

@torch.compiler.disable
def inside(x):
    seen.append(torch.compiler.is_compiling())
    return x + 1

torch.compile(lambda x: inside(x) * 2, backend="eager")(torch.ones(1))
print(seen)
"""
    assert run(code) == "[False]\n"


def test_a_snippet_trains_without_the_compiler_and_compiles_with_it(
    runner: Runner, write: Callable[[str, str], Path]
) -> None:
    snippet = (
        STEP.format(stand_in="")
        + """
before = "torch._dynamo.utils" in sys.modules
torch.compile(step, backend="eager")()
after = "torch._dynamo.utils" in sys.modules
print(before, after)
"""
    )
    write("a.py", f'"""A step, compiled the second time."""\n{snippet}')
    [output] = runner.result("a.py").outputs
    assert output.printed.endswith("False True\n")
