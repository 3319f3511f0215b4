"""Each snippet runs once, alone, and says where it failed."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from literate.failure import Failure, Pending, gathering
from literate.figure import compose
from literate.figure.drawing import Drawing
from literate.page.extension import read
from literate.page.location import Place
from literate.run.progress import show_progress
from literate.run.runner import DaemonThreads, Runner, outcome
from literate.run.settings import Settings
from literate.snippet.result import Figure
from literate.snippet.world import World
from literate.worker import client
from literate.worker.job import Limits, Request

Write = Callable[[str, str], Path]

DRAWS = "import matplotlib.pyplot as plt\n"


def failure(runner: Runner, name: str = "a.py") -> Failure:
    with pytest.raises(Failure) as caught:
        runner.result(name)
    return caught.value


def svg(figure: Figure) -> str:
    return compose.figure(Drawing.of(figure.drawing), "a")


def test_each_cell_keeps_what_it_printed_and_drew(runner: Runner, write: Write) -> None:
    write("a.py", DRAWS + "print(1)\n# %%\nplt.plot([1, 2])\n# %%\nprint(2)\n")
    outputs = runner.result("a.py").outputs
    assert [output.printed for output in outputs] == ["1\n", "", "2\n"]
    assert [len(output.figures) for output in outputs] == [0, 1, 0]
    assert svg(outputs[1].figures[0]).startswith("<svg ")


def test_figures_of_one_cell_are_kept_with_their_labels(runner: Runner, write: Write) -> None:
    write("a.py", DRAWS + "for k in (1, 2, 3):\n    plt.figure(f'{k}')\n    plt.plot([0, k])\n")
    figures = runner.result("a.py").outputs[0].figures
    assert [figure.label for figure in figures] == ["1", "2", "3"]
    assert not any(figure.moving for figure in figures)


@pytest.mark.parametrize(
    "rendered",
    ["plt.savefig('curve.png')", "plt.gcf().canvas.draw()", "plt.draw()",
     "plt.gcf().draw_without_rendering()", "plt.savefig('curve.png')\nplt.show()"],
)  # fmt: skip
def test_a_figure_that_was_rendered_before_is_shown_too(
    runner: Runner, write: Write, rendered: str
) -> None:
    write("a.py", f"{DRAWS}plt.plot([1, 2])\n{rendered}\n")
    (output,) = runner.result("a.py").outputs
    assert len(output.figures) == 1


C_PRINTS = """
import ctypes, sys
c, room = ctypes.CDLL(None), ctypes.create_string_buffer(4096)
stdout = "__stdoutp" if sys.platform == "darwin" else "stdout"
c.setvbuf(ctypes.c_void_p.in_dll(c, stdout), room, 0, 4096)  # as it is in a pipe
c.puts(b"of C")
print("b")
"""


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("import sys\nprint('a', file=sys.__stdout__)\nprint('b')\n", "a\nb\n"),
        (C_PRINTS, "b\nof C\n"),
        ("import sys, threading\nthreading.Thread(target=sys.exit).start()\nprint(1)\n", "1\n"),
    ],
    ids=["the first standard output", "what C prints", "a thread that exits"],
)
def test_what_a_script_prints_is_printed(
    runner: Runner, write: Write, source: str, seen: str
) -> None:
    write("a.py", source)
    assert runner.result("a.py").outputs[0].printed == seen


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ.clear()\nraise ValueError('mine')\n",
        "class Odd(Exception):\n    __str__ = None\n\nraise Odd\n",
        "print(1)\nraise ValueError('\\ud800')\n",
    ],
    ids=["without an environment", "that cannot be printed", "of half a character"],
)
def test_an_odd_exception_is_told_at_its_line(runner: Runner, write: Write, source: str) -> None:
    path = write("a.py", source)
    told = failure(runner)
    line = next(n for n, text in enumerate(source.splitlines(), 1) if text.startswith("raise"))
    assert (told.path, told.line) == (path, line)
    assert "ends its process" not in told.sentence


MOVES = "figure, axes = plt.subplots()\nline, = axes.plot([0, 1])\n"
PAUSES = "for k in range(3):\n    line.set_ydata([0, k])\n    plt.pause(.01)\n"


@pytest.mark.parametrize(
    "moves",
    [
        PAUSES,
        "plt.ion()\nfor k in range(3):\n    line.set_ydata([0, k])\n    plt.draw()\n"
        "    plt.pause(.01)\n",
        "for k in range(2):\n    line.set_ydata([0, k])\n    plt.pause(.01)\n"
        "line.set_ydata([0, 2])\nfigure.canvas.draw()\n",
        "plt.ion()\nplt.show()\n" + PAUSES,
        "plt.show(block=False)\n" + PAUSES,
        PAUSES + "plt.close(figure)\n",
        "from matplotlib.animation import FuncAnimation\n"
        "film = FuncAnimation(figure, lambda k: line.set_ydata([0, k]), frames=3)\n",
        "from matplotlib.animation import FuncAnimation\n"
        "film = FuncAnimation(figure, lambda k: line.set_ydata([0, k]), frames=3)\nplt.show()\n",
        "from matplotlib.animation import FuncAnimation\n\ndef main():\n"
        "    film = FuncAnimation(figure, lambda k: line.set_ydata([0, k]), frames=3)\n"
        "    plt.show()\n\nmain()\n",
    ],
    ids=[
        "pauses",
        "drawn",
        "drawn at the end",
        "shown before",
        "not blocking",
        "closed",
        "animation",
        "shown",
        "in a function",
    ],
)
def test_the_states_of_a_moving_figure_are_kept(runner: Runner, write: Write, moves: str) -> None:
    write("a.py", DRAWS + MOVES + moves)
    figures = runner.result("a.py").outputs[0].figures
    assert [figure.label for figure in figures] == ["1", "2", "3"]
    assert all(figure.moving for figure in figures)
    assert len({svg(figure) for figure in figures}) == 3


@pytest.mark.parametrize("backend", ["svg", "pdf"])
def test_another_backend_changes_nothing(runner: Runner, write: Write, backend: str) -> None:
    """`plt.show` stays what it is here; pyplot puts the backend's signature on it."""
    chosen = f"import matplotlib\nmatplotlib.use('{backend}')\n"
    draws = "plt.plot([1, 2])\nplt.show()\nplt.switch_backend('agg')\nplt.plot([1, 3])\n"
    write("a.py", chosen + DRAWS + draws)
    assert len(runner.result("a.py").outputs[0].figures) == 2


def test_a_fault_in_an_animation_is_told_at_its_own_line(runner: Runner, write: Write) -> None:
    film = "from matplotlib.animation import FuncAnimation\n\ndef step(k):\n    1 / 0\n\n"
    write("a.py", DRAWS + MOVES + film + "film = FuncAnimation(figure, step, frames=3)\n")
    caught = failure(runner)
    assert (caught.line, caught.sentence) == (7, "ZeroDivisionError: division by zero")
    assert "1 / 0" in caught.trace


def test_what_a_cell_does_to_a_figure_it_has_shown_moves_it_nowhere(
    runner: Runner, write: Write
) -> None:
    changed = "figure, axes = plt.subplots()\nplt.show()\naxes.set_title('late')\n"
    write("a.py", DRAWS + changed + "# %%\nprint(1)\n")
    assert [len(output.figures) for output in runner.result("a.py").outputs] == [1, 0]


def test_two_cells_that_print_too_much_together_always_fail(runner: Runner, write: Write) -> None:
    write("a.py", "print('x' * 60_000)\n# %%\nprint('x' * 60_000)\n")
    assert "prints more than 100 KiB" in failure(runner).sentence


def test_a_figure_that_moves_on_and_on_is_refused(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        DRAWS + MOVES + "for k in range(99):\n    line.set_ydata([0, k])\n    plt.pause(.01)\n",
    )
    caught = failure(runner)
    assert "moves through more than 60 states" in caught.sentence
    assert caught.line == 6


def test_a_figure_finished_in_a_later_cell_is_shown_as_it_was_left(
    runner: Runner, write: Write
) -> None:
    write("a.py", DRAWS + "figure, axes = plt.subplots()\n# %%\naxes.set_title('finished')\n")
    first, second = runner.result("a.py").outputs
    assert first.figures == []
    assert "finished" in svg(second.figures[0])


def test_a_figure_without_pyplot_is_shown_once(runner: Runner, write: Write) -> None:
    drawn = "from matplotlib.figure import Figure\nfigure = Figure()\nfigure.subplots()\n"
    write("a.py", drawn + "# %%\nprint(1)\n")
    assert [len(output.figures) for output in runner.result("a.py").outputs] == [1, 0]


def test_a_formula_that_cannot_be_read_is_told_with_its_line(runner: Runner, write: Write) -> None:
    write("a.py", DRAWS + "plt.plot([1])\nplt.title(r'bad $\\frac{1$')\n")
    caught = failure(runner)
    assert caught.line == 3
    assert "the formula in 'bad $" in caught.sentence
    assert "Expected" in caught.sentence


def test_a_style_that_does_not_exist_is_told(runner: Runner, write: Write) -> None:
    write("a.py", "print(1)\n")
    runner.settings = Settings(style="nosuch")
    assert "there is no style 'nosuch'" in failure(runner).sentence


def test_figures_that_are_shown_and_closed_are_kept(runner: Runner, write: Write) -> None:
    write("a.py", DRAWS + "plt.plot([1, 2])\nplt.show()\nplt.plot([2, 1])\nplt.show()\n")
    assert len(runner.result("a.py").outputs[0].figures) == 2


def test_values_are_numbers_text_and_collections(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import collections, math, numpy, torch
        Pair = collections.namedtuple("Pair", "mean spread")
        rate, count, name, none, flag = 0.1, 3, "Adam", None, True
        tensor, scalar = torch.arange(3), torch.tensor(0.5, requires_grad=True)
        array, number = numpy.eye(2), numpy.float32(0.25)
        losses = {0.1: Pair(1.0, 2.0), ("a", 1): [math.inf]}
        large, model, _hidden = torch.zeros(200, 200), torch.nn.Linear(1, 1), 1
        print()
        print(1)
        """,
    )
    assert runner.result("a.py").values == {
        "rate": 0.1,
        "count": 3,
        "name": "Adam",
        "none": None,
        "flag": True,
        "tensor": [0, 1, 2],
        "scalar": 0.5,
        "array": [[1.0, 0.0], [0.0, 1.0]],
        "number": 0.25,
        "losses": {"0.1": {"mean": 1.0, "spread": 2.0}, "('a', 1)": [float("inf")]},
    }


def test_all_that_a_process_prints_is_caught(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os, subprocess
        print("python")
        os.system("echo shell")
        subprocess.run(["echo", "child"])
        os.write(1, b"bytes\\n")
        """,
    )
    printed = runner.result("a.py").outputs[0].printed
    assert sorted(printed.split()) == ["bytes", "child", "python", "shell"]


def test_the_claim_is_the_first_paragraph_of_the_docstring(runner: Runner, write: Write) -> None:
    write("a.py", '"""One\nclaim.\n\nMore."""\nprint(1)\n')
    write("b.py", "print(1)\n")
    assert runner.result("a.py").claim == "One claim."
    assert runner.result("b.py").claim == ""


def test_seeds_are_read_from_the_source(runner: Runner, write: Write) -> None:
    write("a.py", "import torch\ntorch.manual_seed(12)\ntorch.Generator().manual_seed(3)\nprint(1)")
    assert runner.result("a.py").seeds == [3, 12]


def test_a_snippet_runs_as_a_script(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import dataclasses, pathlib, pickle, sys
        @dataclasses.dataclass
        class Point:
            x: int
        assert __name__ == "__main__" and pickle.loads(pickle.dumps(Point(1))) == Point(1)
        print(pathlib.Path(__file__).name, [pathlib.Path(item).name for item in sys.argv])
        """,
    )
    assert runner.result("a.py").outputs[0].printed == "a.py ['a.py']\n"


FAULTS = {
    "raises": ("x = 1\n# %%\n1 / 0\n", 3, "ZeroDivisionError: division by zero"),
    "raises below": ("import json\n\njson.loads('{')\n", 3, "JSONDecodeError"),
    "syntax": ("x = 1\nx = = 2\n", 2, "SyntaxError: invalid syntax"),
    "indentation": ("x = 1\n# %%\n  y = 2\n", 3, "SyntaxError: unexpected indent"),
    "future too late": (
        "x = 1\n# %%\nfrom __future__ import annotations\n",
        3,
        "SyntaxError: from __future__ imports must occur at the beginning",
    ),
    "exits with 0": ("print(1)\nraise SystemExit\n", 2, "exits with status 0"),
    "exits with 3": ("import sys\nsys.exit(3)\n", 2, "exits with status 3"),
    "leaves": ("import os\nos._exit(3)\n", 1, "ends its process with status 3"),
    "leaves with 0": ("import os\nos._exit(0)\n", 1, "ends its process with status 0"),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)\n", 1, "was ended by the signal SIGKILL"),
    "segfaults": ("import ctypes\n\nctypes.string_at(0)\n", 3, "was ended by the signal SIGSEGV"),
    "memory": ("import torch\nx = torch.ones(1 << 40)\n", 2, "may use 4 GiB: the limit `memory`"),
    "draws nothing": ("x = 1\n", 1, "neither prints nor draws anything"),
    "prints much": ("print('x' * 10**6)\n", 1, "prints more than 100 KiB"),
    "prints on and on": ("while True:\n    print('x' * 10**6)\n", 2, "(the limit `printed`)"),
    "only logs": ("import logging\nlogging.warning('a')\n", 1, "standard error is not shown"),
    "prints bytes": ("import os\nos.write(1, b'\\xff')\n", 1, "bytes that are not UTF-8"),
    "warns": ("import warnings\nwarnings.warn('old', FutureWarning)\n", 2, "FutureWarning: old"),
    "torch warns": (
        "import torch\n\ntorch.nn.init.normal(torch.ones(2))\n",
        3,
        "FutureWarning: `nn.init.normal` is now deprecated",
    ),
    "numpy warns": ("import numpy\nnumpy.log(numpy.zeros(2))\n", 2, "RuntimeWarning: divide by"),
    "matplotlib warns": (DRAWS + "plt.figure()\nplt.legend()\n", 3, "UserWarning: No artists"),
    "sklearn warns": (
        "from sklearn.linear_model import LogisticRegression\n"
        "LogisticRegression(max_iter=1).fit([[0.0], [1.0], [3.0]], [0, 1, 1])\n",
        2,
        "ConvergenceWarning",
    ),
    "cannot be drawn": (
        DRAWS + "\nplt.title(r'$\\frac{1$')\n",
        3,
        "draws what cannot be shown",
    ),
    "lacks a glyph": (DRAWS + "plt.title('损失')\n", 1, "UserWarning: Glyph 25439"),
    "left open": ("x = 1\ny = (x,\n", 2, "SyntaxError: '(' was never closed"),
    "syntax below": ("x = 1\n\neval('1 +')\n", 3, "SyntaxError: invalid syntax"),
    "exits with a text": ("import sys\nsys.exit('no\\ndata')\n", 2, "exits with status 1"),
    "ends by a signal": ("import os\nos.kill(os.getpid(), 40)\n", 1, "was ended by the signal 40"),
    "thread raises": (
        "import threading\n\ndef work():\n    1 / 0\n\nt = threading.Thread(target=work)\n"
        "t.start()\nt.join()\nprint(1)\n",
        4,
        "ZeroDivisionError: division by zero",
    ),
    "thread warns": (
        "import threading, warnings\nt = threading.Thread(target=lambda: warnings.warn('old'))\n"
        "t.start()\nt.join()\nprint(1)\n",
        2,
        "UserWarning: old",
    ),
}


@pytest.mark.parametrize(("source", "line", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_with_its_line(
    runner: Runner, write: Write, source: str, line: int, sentence: str
) -> None:
    path = write("a.py", source)
    caught = failure(runner)
    assert (caught.path, caught.line) == (path, line)
    assert sentence in caught.sentence
    assert "\n" not in caught.sentence
    write("b.py", "print('fine')\n")
    assert runner.result("b.py").outputs[0].printed == "fine\n"


def test_the_traceback_is_the_snippets_own(runner: Runner, write: Write) -> None:
    path = write("a.py", "def f(x):\n    return 1 / x\n\n\nprint(f(0))\n")
    trace = failure(runner).trace
    assert trace.startswith(f'  File "{path}", line 5, in <module>\n    print(f(0))')
    assert "literate" not in trace


def test_the_traceback_names_the_cause(runner: Runner, write: Write) -> None:
    source = (
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError from error\n"
    )
    path = write("a.py", source)
    trace = failure(runner).trace
    assert trace.startswith(f'  File "{path}", line 2, in <module>')
    assert "ZeroDivisionError: division by zero\n\nThe above exception was the direct" in trace
    assert trace.endswith("ValueError")


LIMITS = {
    "memory": (
        Limits(memory=2 << 30),
        "x = []\nwhile True:\n    x.append(list(range(10**6)))\n",
        "MemoryError (a run may use 2 GiB: the limit `memory`)",
    ),
    "memory of all": (
        Limits(memory=2 << 30),
        """
        import multiprocessing, time
        def fill():
            block = bytearray(1100 << 20)
            time.sleep(600)
        fork = multiprocessing.get_context("fork")
        children = [fork.Process(target=fill) for _ in range(2)]
        for child in children: child.start()
        for child in children: child.join()
        """,
        "uses more than 2 GiB in all its processes (the limit `memory`)",
    ),
    "shared memory": (
        Limits(memory=1 << 30),
        """
        with open("/dev/shm/block", "wb") as block:
            for _ in range(1100):
                block.write(bytes(1 << 20))
        """,
        "the limit `memory`",
    ),
    "file": (
        Limits(file=1 << 20),
        "import torch\ntorch.save(torch.zeros(1 << 20), 'model.pt')\n",
        "the limit `file`",
    ),
    "files": (
        Limits(file=1 << 20),
        """
        import time
        for number in range(4):
            with open(str(number), "wb") as file:
                file.write(bytes(700 << 10))
        time.sleep(600)
        """,
        "the limit `file`",
    ),
    "printed": (Limits(printed=10), "print('more than ten')\n", "prints more than 10 bytes"),
    "figure": (
        Limits(figure=100),
        DRAWS + "plt.plot([1, 2])\n",
        "too much for a page: it may have 100 bytes (the limit `figure`)",
    ),
}


@pytest.mark.parametrize(("limits", "source", "sentence"), LIMITS.values(), ids=LIMITS)
def test_a_limit_that_was_hit_is_named(
    runner: Runner, write: Write, limits: Limits, source: str, sentence: str
) -> None:
    write("a.py", source)
    runner.settings = Settings(limits=limits)
    assert sentence in failure(runner).sentence


def test_what_honest_scripts_do_is_within_the_limits(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        from pathlib import Path
        import torch
        from torch.utils.data import DataLoader
        torch.save(torch.zeros(17 << 20), "checkpoint.pt")
        (Path.home() / ".package").mkdir()
        loader = DataLoader(torch.arange(4), batch_size=None, num_workers=2)
        print(torch.load("checkpoint.pt").numel() >> 20, [item.item() for item in loader])
        """,
    )
    assert runner.result("a.py").outputs[0].printed == "17 [0, 1, 2, 3]\n"


def test_matplotlib_writes_below_the_home_of_the_run(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        from pathlib import Path
        import matplotlib
        for folder in matplotlib.get_cachedir(), matplotlib.get_configdir():
            Path(folder, "written").touch()
            print(Path(folder).relative_to(Path.home()))
        """,
    )
    assert "matplotlib" in runner.result("a.py").outputs[0].printed


def test_where_there_is_no_latex_its_absence_is_told(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os
        import matplotlib.pyplot as plt
        os.environ["PATH"] = "/nowhere"
        plt.rcParams["text.usetex"] = True
        plt.title("a title")
        """,
    )
    assert "because latex could not be found" in failure(runner).sentence


STREAMS = {
    "a thread": (
        "import threading, time\n\ndef work():\n    time.sleep(0.1)\n    print('late')\n\n"
        "threading.Thread(target=work).start()\nprint('main')\n",
        "main\nlate\n",
    ),
    "atexit": ("import atexit\natexit.register(print, 'last')\nprint('main')\n", "main\nlast\n"),
    "a fork that runs to the end": (
        "import os\nprint('before')\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n"
        "# %%\nprint('parent' if child else 'child')\n",
        "before\nchild\nparent\n",
    ),
    "a fork that exits": (
        "import os, sys\nchild = os.fork()\nif not child:\n    sys.exit(3)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n",
        "3\n",
    ),
    "what goes away": (
        "class Timer:\n    def __del__(self):\n        print('over', units)\n\n"
        "units = 's'\nt = Timer()\nprint('main')\n",
        "main\nover s\n",
    ),
    "a generator that is left": (
        "def counted():\n    try:\n        yield 1\n    finally:\n        print('left')\n\n"
        "numbers = counted()\nprint(next(numbers))\n",
        "1\nleft\n",
    ),
    "a stream that nobody closes": (
        "import os\nout = os.fdopen(os.dup(1), 'w')\nprint('late', file=out)\nprint('main')\n",
        "main\nlate\n",
    ),
    "a stream in a list": (
        "import os\n\ndef opened():\n    return os.fdopen(os.dup(1), 'w')\n\n"
        "streams = [opened()]\nprint('late', file=streams[0])\nprint('main')\n",
        "main\nlate\n",
    ),
    "the current figure after a pause": (
        "import matplotlib.pyplot as plt\nfirst = plt.figure()\nplt.figure()\n"
        "plt.figure(first)\nplt.pause(0.001)\nprint(plt.gcf() is first)\nplt.close('all')\n",
        "True\n",
    ),
    "a second string": (
        "'A.'\nprint(__doc__)\n# %%\n'B.'\nprint(__doc__, __builtins__.len(__doc__))\n",
        "A.\nA. 2\n",
    ),
    "a shell between lines": ("import os\nprint(1)\nos.system('echo 2')\nprint(3)\n", "1\n2\n3\n"),
}


@pytest.mark.parametrize(("source", "printed"), STREAMS.values(), ids=STREAMS)
def test_what_is_printed_is_what_the_script_prints(
    runner: Runner, write: Write, source: str, printed: str
) -> None:
    path = write("a.py", source)
    script = subprocess.run(
        [sys.executable, "-u", path], capture_output=True, text=True, check=True
    )
    outputs = runner.result("a.py").outputs
    assert "".join(output.printed for output in outputs) == script.stdout == printed


def test_what_no_page_shows_is_told(
    runner: Runner, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write(
        "a.py",
        """
        import logging, subprocess
        logging.warning("beware")
        left = subprocess.Popen(["sleep", "600"])
        print(1)
        """,
    )
    write("b.py", "import subprocess\nsubprocess.run(['true'])\nprint(1)\n")
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        runner.result("a.py")
        assert "a.py says on standard error, which no page shows: WARNING:root:bew" in caplog.text
        assert "a.py ends before processes that it has started" in caplog.text
        caplog.clear()
        runner.result("b.py")
    assert "b.py" not in caplog.text


def test_an_answer_that_a_snippet_forges_is_not_believed(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import contextlib, json, os
        result = {"claim": "", "outputs": [{"printed": "forged", "figures": []}], "seconds": 0}
        result |= {"values": {"encoded": {}}, "seeds": [], "torch": "", "inputs": {}}
        forged = b"\\n" + json.dumps({"nonce": "", "result": result}).encode() + b"\\n"
        for number in range(3, 64):
            with contextlib.suppress(OSError):
                os.write(number, forged)
        with open("../answer", "wb") as answer:
            answer.write(forged)
        os._exit(0)
        """,
    )
    assert "ends its process with status 0" in failure(runner).sentence


def test_a_value_is_no_data(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        text, deep = "x" * 10**6, [[["x" * 60_000] * 2]]
        rows = [list(range(6000))] * 2
        fits = [list(range(4000))] * 2
        print(1)
        """,
    )
    assert set(runner.result("a.py").values) == {"fits"}


def test_torch_is_named_only_where_it_is_used(runner: Runner, write: Write) -> None:
    write("_helper.py", "from torch import nn\n")
    write("a.py", "import math\nprint(1)\n")
    write("b.py", "import torch.nn\nprint(1)\n")
    write("c.py", "import _helper\nprint(1)\n")
    assert [bool(runner.result(name).torch) for name in ("a.py", "b.py", "c.py")] == [
        False,
        True,
        True,
    ]


def test_a_file_of_the_project_is_not_taken_for_a_module_of_python(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("../json.py", "raise RuntimeError('imported')\n")
    write("../rootmod.py", "")
    write("a.py", "import json\nimport rootmod\n")
    monkeypatch.chdir(runner.root.parent)
    client.warm.cache_clear()
    assert "ModuleNotFoundError: No module named 'rootmod'" in failure(runner).sentence


def test_a_build_sees_each_file_as_it_first_was(
    runner: Runner, write: Write, tmp_path: Path
) -> None:
    write("_helper.py", "x = 1\n")
    write("a.py", "import _helper\nprint(_helper.x)\n")
    runner.begin()
    first = runner.result("a.py")
    write("a.py", "print(2)\n# %%\nprint(3)\n")
    write("_helper.py", "x = 2\n")
    assert runner.result("a.py") == first
    assert len(runner.snippet("a.py").cells) == len(first.outputs)
    (edited,) = runner.finish(wait=True)
    assert (edited.path.name, edited.line) == ("_helper.py", 1)
    assert "edited while the build went on" in edited.sentence
    runner.begin()
    assert [output.printed for output in runner.result("a.py").outputs] == ["2\n", "3\n"]
    assert runner.finish(wait=True) == []


def test_what_fails_and_no_page_shows_is_a_failure_of_the_build(
    runner: Runner, write: Write
) -> None:
    write("a.py", "1 / 0\n")
    with gathering() as failures, show_progress(runner, wait=True):
        pass
    (failed,) = failures.values()
    assert (failed.path.name, failed.sentence) == ("a.py", "ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\n\nwhile True:\n    x = 2\n", (3, 4)),
        ("import signal\nsignal.signal(15, signal.SIG_IGN)\n\nsignal.pause()\n", (4,)),
    ],
    ids=["loops", "ignores SIGTERM"],
)
def test_what_does_not_end_is_stopped(
    runner: Runner, write: Write, source: str, line: tuple[int, ...]
) -> None:
    write("a.py", source)
    job = replace(runner.job(runner.snippet("a.py")), limits=Limits(seconds=3))
    fault = client.execute(job).fault
    assert fault
    assert fault.sentence == "is not done after 3 seconds and was stopped (the limit `seconds`)"
    assert fault.line in line
    assert fault.trace.endswith(f"line {fault.line} in <module>")


def test_a_run_that_is_given_up_leaves_no_file(
    runner: Runner, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may write until it is killed, and its folder goes only then."""
    source = "import itertools\nfor n in itertools.count():\n    open(f'{n}', 'w').close()\n"
    write("a.py", source)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    job = replace(runner.job(runner.snippet("a.py")), limits=Limits(seconds=1))
    assert client.execute(job).fault
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    "way", ["open('/dev/stdout', 'w').write('c')", "os.truncate('/dev/stdout', 0)"]
)
def test_output_that_the_snippet_has_emptied_is_not_lost_in_silence(
    runner: Runner, write: Write, way: str
) -> None:
    write("a.py", f"import os\nprint('a')\n{way}\nprint('b')\n")
    assert "empties its own standard output" in failure(runner).sentence
    write("b.py", "print('a')\nopen('/dev/stdout', 'a').write('c\\n')\nprint('b')\n")
    assert runner.result("b.py").outputs[0].printed == "a\nc\nb\n"


@pytest.mark.parametrize(
    ("name", "way"), [("table.csv", "table.csv"), ("snippets/table.csv", "table.csv")]
)
def test_a_file_that_stands_beside_the_snippet_is_told_where(
    runner: Runner, write: Write, name: str, way: str
) -> None:
    write("table.csv", "1\n")
    write("a.py", f"open({name!r})\n")
    assert failure(runner).sentence.endswith(f"open Path(__file__).parent / {way!r})")
    write("b.py", "open('none.csv')\n")
    assert failure(runner, "b.py").sentence.endswith("'none.csv'")


def test_an_interrupt_that_the_snippet_sends_itself_is_python_s(
    runner: Runner, write: Write
) -> None:
    write("a.py", """
        import _thread, threading, time
        threading.Timer(0.2, _thread.interrupt_main).start()
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            print("interrupted")
        """)  # fmt: skip
    assert runner.result("a.py").outputs[0].printed == "interrupted\n"
    write("b.py", "import os, signal\n\nos.kill(os.getpid(), signal.SIGINT)\n")
    told = failure(runner, "b.py")
    assert (told.line, told.sentence) == (3, "KeyboardInterrupt")


def test_a_formula_is_told_though_a_later_cell_is_no_python(runner: Runner, write: Write) -> None:
    write("a.py", DRAWS + "plt.title(r'$\\frac{1}$')\n# %%\nx = = 1\n")
    told = failure(runner)
    assert told.line == 2
    assert "cannot be shown" in told.sentence


def test_what_a_script_may_leave_is_no_fault(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import math, sys, torch
        long, bare = math.factorial(2000), torch.empty(3, device="meta")
        sparse = torch.eye(3).to_sparse()
        nested = []
        nested.append(nested)
        kept = 1
        print("said", flush=True)
        sys.stdout.close()
        """,
    )
    result = runner.result("a.py")
    assert result.outputs[0].printed == "said\n"
    assert result.values == {"kept": 1}


def test_a_colour_bar_has_its_room(runner: Runner, write: Write) -> None:
    field = "plt.imshow([[1, 2], [3, 4]])\nplt.colorbar(label='value')\n"
    write("a.py", DRAWS + field)
    write("b.py", DRAWS + "figure, (a, b) = plt.subplots(1, 2)\n" + field)
    for name in ("a.py", "b.py"):
        (figure,) = runner.result(name).outputs[0].figures
        assert ">value</text>" in svg(figure)


def test_a_warning_caught_on_purpose_is_no_fault(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.warn("old", FutureWarning)
        print(len(caught))
        """,
    )
    assert runner.result("a.py").outputs[0].printed == "1\n"


def test_snippets_share_nothing(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os, random, shutil, sys, matplotlib, numpy, torch
        torch.leak = sys.leak = 1
        torch.set_default_dtype(torch.float64); torch.set_num_threads(2); torch.manual_seed(1)
        random.seed(1); numpy.random.seed(1); matplotlib.rcParams["font.size"] = 3
        os.environ["LEAK"] = "1"; sys.path.insert(0, "/leak")
        open("left.txt", "w").write("x")
        here = os.getcwd(); os.chdir("/"); shutil.rmtree(here)
        print(1)
        """,
    )
    seen = """
        import os, random, sys, matplotlib, numpy, torch
        print(hasattr(torch, "leak"), hasattr(sys, "leak"), torch.get_default_dtype())
        print(torch.get_num_threads(), torch.initial_seed(), matplotlib.rcParams["font.size"])
        print("LEAK" in os.environ, "/leak" in sys.path, os.listdir("."))
        """
    write("b.py", seen)
    write("c.py", seen)
    before = runner.result("b.py").outputs
    runner.result("a.py")
    assert runner.result("c.py").outputs == before
    assert before[0].printed.startswith("False False torch.float32\n1 ")
    assert before[0].printed.endswith("False False []\n")


def test_nothing_that_a_snippet_started_stays(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import subprocess, threading, time, uuid
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        mark = f"600.{uuid.uuid4().int}"
        child = subprocess.Popen(["sleep", mark])
        daemon = subprocess.Popen(["sleep", mark], start_new_session=True)
        orphan = subprocess.run(["sh", "-c", f"setsid sleep {mark} >/dev/null &"])
        waits = ["sh", "-c", f"setsid sleep {mark} & echo $!; wait"]
        waiting = subprocess.Popen(waits, stdout=subprocess.PIPE)
        waiting.stdout.readline()
        print(1)
        """,
    )
    mark = runner.result("a.py").values["mark"]
    wait_for(lambda: not sleepers(mark))


def sleepers(mark: str) -> list[psutil.Process]:
    """The processes that were started with this argument; they see other numbers of themselves."""
    found = psutil.process_iter(["cmdline", "status"])
    return [
        process
        for process in found
        if mark in (process.info["cmdline"] or []) and process.info["status"] != "zombie"
    ]


def test_what_has_joined_another_group_is_stopped(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os, time
        print(os.getpid(), flush=True)
        os.setpgid(0, os.getpgid(os.getppid()))
        time.sleep(600)
        """,
    )
    job = replace(runner.job(runner.snippet("a.py")), limits=Limits(seconds=1))
    before = set(psutil.Process(client.server().process.pid).children())
    fault = client.execute(job).fault
    assert fault
    assert "is not done" in fault.sentence
    after = psutil.Process(client.server().process.pid).children()
    gone([child.pid for child in after if child not in before])


def test_a_run_leaves_the_orphans_of_another_alone(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import pathlib, subprocess, time
        shell = ["sh", "-c", "setsid sleep 600 >/dev/null & echo $!"]
        orphan = int(subprocess.run(shell, stdout=subprocess.PIPE).stdout)
        while not pathlib.Path(__file__).with_name("go").exists():
            time.sleep(0.01)
        state = open(f"/proc/{orphan}/stat").read().split()[2]
        print(state in "SR")
        """,
    )
    runner.executor = ThreadPoolExecutor(2)
    runner.start()
    write("b.py", "print(1)\n")
    runner.result("b.py")
    write("go", "")
    assert runner.result("a.py").outputs[0].printed == "True\n"


def test_runs_of_several_threads_share_the_cores(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("literate.run.runner.cores", lambda: 5)
    executor = Runner(runner.root, runner.store, world=World(threads=2)).executor
    begun, go = threading.Semaphore(0), threading.Event()

    def call() -> None:
        begun.release()
        go.wait()

    calls = [executor.submit(call) for _ in range(3)]
    at_once = [begun.acquire(timeout=limit) for limit in (60, 60, 0.2)]
    go.set()
    for each in calls:
        each.result(60)
    assert at_once == [True, True, False]


def test_a_server_takes_everything_along(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os, subprocess, time, uuid
        mark = f"600.{uuid.uuid4().int}"
        daemon = subprocess.Popen(["sleep", mark], start_new_session=True)
        os.write(2, f"{mark}\\n".encode())
        time.sleep(600)
        """,
    )
    server = client.Server()
    job = runner.job(runner.snippet("a.py"))
    request = Request([], job, str(runner.root.parent / "job"))
    request.work.mkdir(parents=True)
    for path in (request.stdout, request.stderr, request.answer):
        path.touch()
    with server.ask(request):
        wait_for(lambda: request.stderr.read_text().endswith("\n"))
        mark = request.stderr.read_text().strip()
        assert sleepers(mark)
        server.close()
    wait_for(lambda: not sleepers(mark))


def gone(pids: list[int]) -> None:
    """Wait until none of the processes runs any more."""
    deadline = time.monotonic() + 300
    while any(map(running, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in pids if running(pid)] == []


def running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_the_server(jobs: int) -> None:
    """Once it runs so many jobs."""
    server = client.server().process
    wait_for(lambda: jobs_of(server.pid) == jobs)
    server.kill()
    server.wait(60)


def jobs_of(server: int) -> int:
    """How many jobs a server runs; a process that only holds a namespace is none."""
    names = []
    for child in psutil.Process(server).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            names.append(child.name())
    return sum(name != "cat" for name in names)


def test_a_server_that_dies_twice_fails_what_it_ran_and_is_replaced(
    runner: Runner, write: Write
) -> None:
    write("a.py", "import time\ntime.sleep(600)\n")
    runner.start()
    for _ in range(2):
        kill_the_server(jobs=1)
    assert "server of the snippets has died" in failure(runner).sentence
    write("b.py", "print('fine')\n")
    assert runner.result("b.py").outputs[0].printed == "fine\n"


def test_what_ran_beside_the_death_of_a_server_runs_again(
    runner: Runner, write: Write, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    wait = (
        "import os, pathlib, time\nwhile not pathlib.Path({!r}).exists():\n    time.sleep(0.01)\n"
    )
    for name in "abc":
        write(f"{name}.py", wait.format(str(go)) + "print('fine')\n")
    runner.executor = ThreadPoolExecutor(3)
    runner.start()
    kill_the_server(jobs=3)
    go.touch()
    for name in "abc":
        assert runner.result(f"{name}.py").outputs[0].printed == "fine\n"
    assert runner.summary().startswith("snippets: 3 ran, 0 reused, 0 failed, ")


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300  # only what never comes is a failure
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_server_ends_with_whoever_started_it(tmp_path: Path) -> None:
    server = client.Server()
    assert server.alive
    server.close()
    assert server.process.wait(20) == 0
    assert not psutil.pid_exists(server.process.pid)


def test_a_server_that_is_about_to_end_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sockets are closed a while before its process can be waited for."""
    server = client.Server()
    assert server.alive
    server.process.kill()
    server.process.wait()
    monkeypatch.setattr(server.process, "poll", lambda: None)
    assert not server.alive


def test_each_snippet_runs_at_most_once(runner: Runner, write: Write) -> None:
    for name in "abc":
        write(f"{name}.py", "import uuid\nprint(uuid.uuid4())\n")
    assert runner.start() == 3
    first = [runner.result(f"{name}.py").outputs[0].printed for name in "abc"]
    assert [runner.result(f"{name}.py").outputs[0].printed for name in "abc"] == first
    assert runner.start() == 0
    assert runner.summary().startswith("snippets: 3 ran, 0 reused, 0 failed, ")
    runner.begin()
    runner.result("a.py")
    assert runner.summary().startswith("snippets: 0 ran, 1 reused, 0 failed, ")


def test_a_run_that_ends_while_it_is_asked_for_is_not_begun_again(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late:
        """A lock that whoever asks for results gets only when no run is left."""

        lock = threading.Lock()

        def __enter__(self) -> None:
            if threading.current_thread() is threading.main_thread():
                wait_for(lambda: not runner.runs)
            self.lock.acquire()

        def __exit__(self, *_: object) -> None:
            self.lock.release()

    begun = []
    submit = runner.executor.submit
    monkeypatch.setattr(
        runner.executor, "submit", lambda *call: begun.append(call) or submit(*call)
    )
    write("a.py", "print(1)\n")
    runner.start()
    runner.lock = Late()
    assert runner.result("a.py").outputs[0].printed == "1\n"
    assert len(begun) == 1


def test_a_link_to_itself_stops_nothing_else(runner: Runner, write: Write) -> None:
    write("b.py", "print(1)\n")
    (runner.root / "a.py").symlink_to("a.py")
    assert runner.start() == 1
    assert runner.result("b.py").outputs[0].printed == "1\n"
    with pytest.raises(ValueError, match="is a symbolic link, to nothing"):
        runner.result("a.py")


class Queue(Executor):
    """Takes runs and begins none."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        self.names += [job.name for job in arguments]
        return Future()


class Gone(Executor):
    """Takes nothing, as the scheduler of a cluster that has gone."""

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        raise TypeError("no scheduler")


def test_a_run_that_cannot_be_handed_over_is_told_each_time(runner: Runner, write: Write) -> None:
    write("a.py", "print(1)\n")
    lost = Runner(runner.root, runner.store, Gone())
    for _ in range(2):
        assert "could not be run: TypeError('no scheduler')" in failure(lost).sentence
    assert lost.under_way == 0


def test_a_preview_waits_once_for_what_fails(runner: Runner, write: Write) -> None:
    """What has failed runs again in each build, and may hang: the rest of the page is shown."""
    write("a.py", "open('go')\n")
    runner.begin()
    failure(runner)
    runner.finish(wait=False)
    blocked = threading.Event()
    runner.executor = DaemonThreads(1)
    runner.executor.submit(blocked.wait)
    runner.begin()
    with pytest.raises(Pending):
        runner.result("a.py")
    (run,) = runner.build.awaited.values()
    blocked.set()
    with pytest.raises(Failure):
        outcome(run)
    runner.finish(wait=False)
    runner.begin()
    assert "No such file" in failure(runner).sentence


def test_what_fails_beside_the_pages_runs_once_in_each_build(runner: Runner) -> None:
    """What it lacked may be there by then."""
    runs = []

    def call() -> None:
        runs.append(1)
        raise ValueError

    for number in range(1, 4):
        runner.begin()
        run = runner.run_beside("notebook", call)
        assert runner.waits_for(run) == (number == 1 or run.done())
        wait([run])
        assert runner.run_beside("notebook", call) is run
        assert len(runs) == number


def test_what_is_read_first_runs_first(runner: Runner, write: Write) -> None:
    for name in ("first/b.py", "last/a.py", "own.py", "first/a.py", "other/a.py", "first/long.py"):
        write(name, "x = 1\n" * len(name))
    runner.executor = Queue()
    runner.start(["index", "first", "last"])
    beginning, first, last = ["other/a.py", "own.py"], ["long", "a", "b"], ["last/a.py"]
    assert runner.executor.names == [*beginning, *(f"first/{name}.py" for name in first), *last]


@pytest.mark.parametrize(("patient", "order"), [(True, "fgabcdeh"), (False, "abcdefgh")])
def test_what_a_page_is_about_to_wait_for_runs_next(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch, patient: bool, order: str
) -> None:
    for name in "abcdefgh":
        write(f"{name}.py", f"x = '{name}'\nprint(x)\n")
    executor, go = DaemonThreads(1), threading.Event()
    executor.submit(go.wait)
    runner.executor, runner.patient = executor, patient
    runner.start()
    result = runner.result
    monkeypatch.setattr(runner, "result", lambda name: go.set() or result(name))
    page = "/// snippet | g.py\n///\n\nIt says {{ f.py: x }}.\n"
    with gathering():
        read(page, Place(folder=Path(), matter={}, known_runner=runner))
    runner.finish(wait=True)
    assert list(runner.build.ran) == [f"{name}.py" for name in order]


def test_a_byte_order_mark_and_a_mark_in_a_string_run_as_in_python(
    runner: Runner, write: Write
) -> None:
    write("a.py", "\ufeff" + "text = '''\n# %%\n'''\n# %%\nprint(len(text))\n")
    assert [output.printed for output in runner.result("a.py").outputs] == ["", "6\n"]


def test_no_signal_to_the_builder_reaches_a_job() -> None:
    assert os.getpgid(client.server().process.pid) != os.getpgid(0)


def test_an_example_that_arranges_its_figure_itself_is_left_to(
    runner: Runner, write: Write
) -> None:
    for number, arrange in enumerate(
        ("plt.tight_layout()", "figure.subplots_adjust(wspace=0)", "pass")
    ):
        source = "figure, axes = plt.subplots(1, 2)\naxes[0].set_ylabel('y')\n"
        write(f"{number}.py", DRAWS + source + arrange + "\nplt.show()\n")
    drawn = [svg(runner.result(f"{number}.py").outputs[0].figures[0]) for number in range(3)]
    assert len(set(drawn)) == 3


def test_an_interrupt_that_wakes_nobody_ends_a_wait() -> None:
    future: Future[int] = Future()

    def interrupt() -> None:
        time.sleep(0.2)
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        done.wait(60)  # in this thread, so that it is not the main one that the signal wakes
        future.set_result(1)

    done = threading.Event()
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            outcome(future)
        assert not future.done()
    finally:
        done.set()
        thread.join()
