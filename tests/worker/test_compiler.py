"""The compiler is imported by who compiles, and then it is as if it had always been there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
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


FORKS = """
import json, os, sys
import torch
for line in sys.stdin:
    below, above = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(above, 1)
        exec(json.loads(line), {})
        sys.stdout.flush()
        os._exit(0)
    os.close(above)
    with open(below) as said:
        told = said.read()
    print(json.dumps([os.waitpid(child, 0)[1], told]), flush=True)
"""
"""An interpreter that has imported torch, and runs each code in a fork of its own."""

Run = Callable[..., str]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Run a step and then some code, with the stand-in or without: what is printed."""
    command = (sys.executable, "-c", FORKS)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as forks:
        assert forks.stdin is not None
        assert forks.stdout is not None

        def ran(code: str, stand_in: str = STAND_IN) -> str:
            print(json.dumps(STEP.format(stand_in=stand_in) + code), file=forks.stdin)
            status, told = json.loads(forks.stdout.readline())
            assert status == 0
            return told

        yield ran
        forks.stdin.close()


@pytest.mark.parametrize(("stand_in", "imported"), [("", "True"), (STAND_IN, "False")])
def test_a_step_imports_the_compiler_unless_something_stands_in(
    run: Run, stand_in: str, imported: str
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
def test_what_needs_the_compiler_finds_it_as_without_a_stand_in(run: Run, use: str) -> None:
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


def test_a_step_compiled_after_a_step_gives_what_it_gives_without(run: Run) -> None:
    compiled = "torch.compile(step, backend='eager')(); print(weight.tolist())"
    assert run(compiled) == run(compiled, stand_in="") == run("step(); print(weight.tolist())")


def test_a_function_that_is_not_to_be_compiled_is_not(run: Run) -> None:
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
