"""What happens in a worker: one snippet runs, and everything it shows is kept."""

from __future__ import annotations

import ast
import atexit
import builtins
import codeop
import contextlib
import ctypes
import errno
import gc
import inspect
import io
import os
import re
import resource
import sys
import tempfile
import threading
import time
import traceback
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import torch
from matplotlib.mathtext import MathTextParser
from matplotlib.texmanager import TexManager

from literate.figure import compose, draw, style
from literate.figure.renderer import FormulaError
from literate.snippet.inputs import Uses
from literate.snippet.result import Figure, Inputs, Output, Result, Values
from literate.worker.figures import Stage, UnshowableError
from literate.worker.job import SEAL, Job, Limits, Request
from literate.worker.seeds import shift_seeds
from literate.worker.size import size
from literate.worker.usage import prints_too_much
from literate.worker.values import kept

HELPERS = (
    ("multiprocessing.resource_tracker", "_resource_tracker", "_pid"),
    ("multiprocessing.forkserver", "_forkserver", "_forkserver_pid"),
)
"""Where Python keeps the processes that it starts for its own sake."""
SHARED = "/dev/shm"
RAN_LATE = re.compile(r"^Timeout \(\d", re.MULTILINE)
"""How the report begins of a run that is nearly over its time."""
EMPTIED = (
    "empties its own standard output, as who opens /dev/stdout with 'w' does: what it had printed "
    "is lost; open it with 'a'"
)
TOLD = 200
"""How many letters of what nobody sees are told."""


class Stop(Exception):
    """The run cannot be shown; the text says why, `line` where.

    `status` is what a process that the snippet has forked ends with.
    """

    def __init__(self, sentence: str, line: int = 1, trace: str = "", status: int = 1) -> None:
        super().__init__(sentence)
        self.line = line
        self.trace = trace
        self.status = status


def warm_up() -> None:
    """Draw and step once, before any fork: matplotlib has its fonts, torch its hooks for all.

    Formulas that it has read are forgotten: they hold fonts, and children that read one open file
    move each other's place in it. matplotlib forgets its other fonts in each child by itself.
    """
    style.apply(style.LITERATE)  # and nobody's own settings
    figure, axes = plt.subplots()
    axes.plot([1, 2], label="$x$")
    axes.set(xlabel="x", yscale="log", title="x")
    axes.legend()
    compose.figure(draw.drawn(figure), "warm")
    plt.close(figure)
    weight = torch.ones(1, requires_grad=True)
    weight.grad = torch.ones(1)  # a backward pass would leave its engine, which no fork may use
    torch.optim.SGD([weight], lr=1).step()
    MathTextParser._parse_cached.cache_clear()  # pyright: ignore (nothing public does it)


def run(job: Job, request: Request) -> tuple[Result, list[str]]:
    """Run a snippet's cells in one namespace, as `python file.py` would.

    Gives what they left, and what to tell of that no page shows; raises `Stop`. Of several
    processes that come back from here, the snippet has forked all but one.
    """
    project = Path(job.project)
    listing = Path(request.folder, "uses")
    uses = Uses(project, job.path.parent, listing, job.world.environment)
    prepare(job)
    choose_style(job)
    started = time.process_time()
    outputs, values = run_cells(job, request.stdout)
    said = ""
    with contextlib.suppress(OSError):  # the snippet may have removed it
        said = request.stderr.read_text(encoding="utf-8", errors="replace")
    said = RAN_LATE.split(said)[0]
    if not any(output.printed.strip() or output.figures for output in outputs):
        where = ": standard error is not shown" if said.strip() else ""
        raise Stop(
            f"neither prints nor draws anything, so the page would have nothing to show{where}"
        )
    source = "".join(source for source, _ in job.cells)
    inputs = uses.inputs(job.path)
    result = Result(
        claim=claim(source),
        outputs=outputs,
        values=Values(values),
        seconds=round(time.process_time() - started, 3),
        seeds=seeds(source),
        torch=torch.__version__.partition("+")[0] if needs_torch(source, inputs, project) else "",
        inputs=inputs,
    )
    told = [unseen(said)] if said.strip() else []
    told += [note for out in outputs for one in out.figures for note in one.drawing["notes"]]
    if left_running():
        told.append("ends before processes that it has started: what they print later is lost")
    return result, told


def unseen(said: str) -> str:
    """What to tell of text on standard error."""
    shown = " ".join(said.split())
    shown = f"{shown[:TOLD]}..." if len(shown) > TOLD else shown
    return f"says on standard error, which no page shows: {shown}"


def left_running() -> set[int]:
    """On Linux: the processes that a run has started and not waited for; Python's own are none."""
    try:
        listed = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text("utf-8")
    except OSError:
        return set()
    left = {pid for pid in map(int, listed.split()) if runs(pid)}
    helpers = {
        getattr(getattr(sys.modules.get(module), name, None), attribute, None)
        for module, name, attribute in HELPERS
    }
    return left - helpers


def runs(child: int) -> bool:
    """Whether a child of this process still runs."""
    with contextlib.suppress(ChildProcessError):
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    return False


def prepare(job: Job) -> None:
    """Make the process what `python file.py` gives in a world: path, warnings, threads, seeds."""
    sys.path.insert(0, str(job.path.parent))
    sys.argv = [str(job.path)]
    # matplotlib has settled on folders of the server's home, in which no run can write.
    mpl.get_configdir = inspect.unwrap(mpl.get_configdir)
    mpl.get_cachedir = inspect.unwrap(mpl.get_cachedir)
    TexManager._cache_dir = Path.home() / ".cache/matplotlib/tex.cache"  # pyright: ignore
    torch.set_num_threads(job.world.threads)
    if job.world.seed_shift:
        shift_seeds(job.world.seed_shift)
    # What Python's own filters let a reader see is a failure here; the rest stays unseen.
    warnings.resetwarnings()
    warnings.simplefilter("error")
    for hidden in (
        DeprecationWarning,
        PendingDeprecationWarning,
        ImportWarning,
        ResourceWarning,
    ):
        warnings.filterwarnings("ignore", category=hidden)
    warnings.filterwarnings("error", category=DeprecationWarning, module="__main__")


def choose_style(job: Job) -> None:
    """Give figures the style that the job names; the book's own is there already."""
    if job.style != style.LITERATE:
        try:
            style.apply(job.style)
        except ValueError as error:
            raise Stop(str(error)) from None


def run_cells(job: Job, stdout: Path) -> tuple[list[Output], dict[str, str]]:
    """Run all cells; what each printed and drew, and the values they left.

    A process that the snippet has forked runs on to the end, as it would in a script; what it
    prints is read by the first one.
    """
    main = types.ModuleType("__main__")
    main.__file__ = str(job.path)
    main.__builtins__ = builtins  # pyright: ignore[reportAttributeAccessIssue]
    sys.modules["__main__"] = main
    stage = Stage(main.__dict__)
    stage.take_over()
    del main
    failed: list[threading.ExceptHookArgs] = []
    # An exit ends a thread and nothing else, as in Python.
    threading.excepthook = lambda args: args.exc_type is SystemExit or failed.append(args)
    compiler = codeop.Compile()
    compiler.flags = 0  # or it would call an open bracket "incomplete input"
    texts = []
    process = os.getpid()
    last = len(job.cells)
    values = {}
    with stdout.open("rb") as printed:
        printed.seek(len(SEAL))
        for number, (source, line) in enumerate(job.cells, 1):
            run_cell(compiler, source, line, job, stage.namespace)
            if number == last:
                wait_for_threads(job, line)
            if os.getpid() == process:
                try:
                    stage.end_cell()
                except Exception as error:
                    told = stopped_by if line_in(error, job.path) else not_shown
                    raise told(error, job, line) from None
                check_size(stage, line, job.limits)
            if number == last:
                call_exit_functions(job, line)
                values = kept(stage.namespace)
                let_go(stage)
            if failed and failed[0].exc_value:
                raise stopped_by(failed[0].exc_value, job, line)
            if os.getpid() == process:
                texts.append(read_printed(printed, line, job.limits))
    figures = ([Figure(**state) for state in states] for states in stage.figures())
    return [Output(text, list(drawn)) for text, drawn in zip(texts, figures, strict=True)], values


def not_shown(error: Exception, job: Job, line: int) -> Stop:
    """What to tell of a figure that cannot be drawn after the cell that begins at `line`."""
    if isinstance(error, FormulaError):
        return Stop(f"draws what cannot be shown: {error}", line_of(error.text, job) or line)
    reason = str(error) if isinstance(error, UnshowableError) else last_line(error)
    return Stop(f"draws what cannot be shown: {reason}", line)


def line_of(text: str, job: Job) -> int | None:
    """The line of the string in the code that `text` comes from, or most of it."""
    found = []
    for source, line in job.cells:
        for node in nodes(source):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
                if text in node.value:
                    found.append((len(text) + 1, -(line + node.lineno - 1)))
                elif node.value in text and "\\" in node.value:
                    found.append((len(node.value), -(line + node.lineno - 1)))
    return -max(found)[1] if found else None


def run_cell(
    compiler: codeop.Compile, source: str, line: int, job: Job, namespace: dict[str, Any]
) -> None:
    """Run one cell; blank lines before it keep the traceback's line numbers true."""
    path = job.path
    try:
        text = "\n" * (line - 1) + source
        before = "".join(each for each, at in job.cells if at < line)
        if "__future__" in source:
            compile(as_one(job), str(path), "exec", dont_inherit=True)  # it may come too late
        if ast.get_docstring(ast.parse(text, str(path))) is not None and ast.parse(before).body:
            text = f"0{text}"  # a string that stands first would become the file's docstring
        exec(compiler(text, str(path), "exec"), namespace)
    except SyntaxError as error:
        if error.filename != str(path):
            raise stopped_by(error, job, line) from None
        report = "".join(traceback.format_exception_only(error)).strip()
        raise Stop(last_line(error), error.lineno or line, report) from None
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        sentence = f"exits with status {status} instead of running to its end"
        raise Stop(sentence, line_in(error, path) or line, status=status) from None
    except (UnshowableError, FormulaError) as error:
        where = line_in(error, path) or line
        raise not_shown(error, job, where) from None
    except BaseException as error:
        if isinstance(error, MemoryError):
            make_room()
        raise stopped_by(error, job, line) from None
    finally:
        flush()


def as_one(job: Job) -> str:
    """All cells in one text, each at its own line."""
    text = ""
    for source, line in job.cells:
        text += "\n" * (line - 1 - text.count("\n")) + source
    return text


def wait_for_threads(job: Job, line: int) -> None:
    """Wait for threads, as Python does at the end of a script."""
    try:
        threading._shutdown()  # pyright: ignore[reportAttributeAccessIssue]
    except BaseException as error:
        raise stopped_by(error, job, line) from None
    finally:
        flush()


def call_exit_functions(job: Job, line: int) -> None:
    """Call what was registered with `atexit`, as Python does then; it closes figures too."""
    try:
        atexit._run_exitfuncs()
    except BaseException as error:
        raise stopped_by(error, job, line) from None
    finally:
        flush()


def let_go(stage: Stage) -> None:
    """Forget what the snippet has made, as Python does then: some of it prints as it goes away."""
    gc.collect()  # as Python does first, which orders what the next one finds
    stage.namespace = {}
    sys.modules["__main__"] = types.ModuleType("__main__")
    gc.collect()
    flush()


def flush() -> None:
    """Write out what was printed."""
    for stream in filter(None, (sys.stdout, sys.__stdout__)):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or taken away
            stream.flush()
    ctypes.CDLL(None).fflush(None)  # what C has printed


def make_room() -> None:
    """Take the last of the memory, which is kept for telling that there is no more."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def stopped_by(error: BaseException, job: Job, line: int) -> Stop:
    """What to tell of an exception that left a cell which begins at `line`."""
    sentence = last_line(error) + limit_hit(error, job.limits) + whereabouts(error, job)
    return Stop(sentence, line_in(error, job.path) or line, trace(error, job.path))


def whereabouts(error: BaseException, job: Job) -> str:
    """How to open a file that was not found, if it stands where its author has looked for it."""
    name = getattr(error, "filename", None)
    if isinstance(error, FileNotFoundError) and isinstance(name, str):
        for folder in (job.path.parent, Path(job.project)):
            if (folder / name).exists():
                way = os.path.relpath(folder / name, job.path.parent)
                return f" (a run begins in an empty folder: open Path(__file__).parent / {way!r})"
    return ""


def limit_hit(error: BaseException, limits: Limits) -> str:
    """The limit that an exception comes from, if it does."""
    full = getattr(error, "errno", None) == errno.ENOSPC and not os.statvfs(SHARED).f_bavail
    if full or isinstance(error, MemoryError) or "can't allocate memory" in last_line(error):
        return f" (a run may use {size(limits.memory)}: the limit `memory`)"
    too_large = isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.ENOSPC)
    if too_large or any_as_large_as(limits.file):
        return f" (a run may write {size(limits.file)}: the limit `file`)"
    return ""


def any_as_large_as(most: int) -> bool:
    """Whether a file of the run has no room left: few libraries say so."""
    with contextlib.suppress(OSError):
        return any(path.stat().st_size >= most for path in Path(str(tempfile.tempdir)).rglob("*"))
    return False


def last_line(error: BaseException) -> str:
    """The exception as one sentence: its type and the first line of its message."""
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg}"
    return "".join(traceback.format_exception_only(error)).strip().splitlines()[0]


def line_in(error: BaseException, path: Path) -> int | None:
    """The last line of the snippet itself that the exception passed through."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return lines[-1] if lines else None


def trace(error: BaseException, path: Path) -> str:
    """The traceback, from the snippet's first line on: how it got there, not how we did."""
    whole = traceback.TracebackException.from_exception(error)
    while whole.stack and whole.stack[0].filename != str(path):
        del whole.stack[0]
    return "".join(whole.format()).removeprefix("Traceback (most recent call last):\n").rstrip()


def read_printed(printed: io.BufferedReader, line: int, limits: Limits) -> str:
    """What was printed since the last call, by whatever means the process has."""
    if os.pread(printed.fileno(), len(SEAL), 0) != SEAL:
        raise Stop(EMPTIED, line)
    room = limits.printed + len(SEAL) - printed.tell()
    data = printed.read(room + 1)
    if len(data) > room:
        raise Stop(prints_too_much(limits), line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Stop(f"prints bytes that are not UTF-8 (byte {error.start})", line) from None


def check_size(stage: Stage, line: int, limits: Limits) -> None:
    """Refuse a figure that would make a page too heavy."""
    for drawn in stage.sizes():
        if drawn > limits.figure:
            raise Stop(
                f"draws a figure of {size(drawn)}, too much for a page: it may have "
                f"{size(limits.figure)} (the limit `figure`)",
                line,
            )


def claim(source: str) -> str:
    """The first paragraph of the docstring: what the snippet shows."""
    docstring = ast.get_docstring(ast.parse(source)) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def seeds(source: str) -> list[int]:
    """The numbers that the source itself passes to a call that seeds."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            given = node.args[:1] if name in ("manual_seed", "default_rng", "seed") else []
            given += [word.value for word in node.keywords if word.arg == "random_state"]
            found += [
                item.value
                for item in given
                if isinstance(item, ast.Constant) and isinstance(item.value, int)
            ]
    return sorted(set(found))


def needs_torch(source: str, inputs: Inputs, project: Path) -> bool:
    """Whether the snippet, or a file of the project that it read, imports torch."""
    helpers = filter(Path.is_file, (project / name for name in inputs.files))
    sources = [source, *(path.read_bytes() for path in helpers if path.suffix == ".py")]
    return any(imports_torch(text) for text in sources)


def imports_torch(source: str | bytes) -> bool:
    """Whether a source imports torch."""
    for node in nodes(source):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.partition(".")[0] == "torch" for name in names):
            return True
    return False


def nodes(source: str | bytes) -> Iterator[ast.AST]:
    """All parts of a source; of one that is no Python, none: its own run tells."""
    with contextlib.suppress(SyntaxError, ValueError):
        yield from ast.walk(ast.parse(source))
