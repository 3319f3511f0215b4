"""What happens in a worker: one snippet runs, and everything it shows is kept."""

from __future__ import annotations

import ast
import codeop
import contextlib
import errno
import io
import json
import math
import resource
import sys
import threading
import time
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import torch

from literate.figure import compose as drawing
from literate.snippet.inputs import Uses, packages

PRINTED_LIMIT = 100_000
"""How many bytes a snippet may print: more than that nobody reads on a page."""
VALUE_LIMIT = 10_000
"""How many numbers one value may hold: more than that is data, not a value."""


class Stop(Exception):
    """The run cannot be shown; the text says why, `line` where."""

    def __init__(self, sentence: str, line: int = 1, trace: str = "") -> None:
        super().__init__(sentence)
        self.line = line
        self.trace = trace


def warm_up() -> None:
    """Draw once, before any fork: matplotlib then has its fonts and layouts ready for all."""
    mpl.rcdefaults()  # nobody's own settings
    plt.rcParams.update(drawing.STYLE)
    figure, axes = plt.subplots()
    axes.plot([1, 2], label="$x$")
    axes.set(xlabel="x", yscale="log", title="x")
    axes.legend()
    drawing.fit(drawing.draw(figure), "warm")
    plt.close(figure)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run a snippet's cells in one namespace, as `python file.py` would.

    `job` holds `root`, `name`, `cells` (pairs of source and line) and `stdout`, the file that
    the process's standard output goes to. The answer holds what a `Result` is made of, or
    `failure` with `sentence`, `line` and `trace`.
    """
    path = Path(job["root"], job["name"])
    project = Path(job["root"]).parent
    uses = Uses(project, path.parent)
    prepare(path)
    started = time.process_time()
    try:
        outputs, namespace = run_cells(job, path)
        values = kept(namespace)
    except Stop as stop:
        return {"failure": {"sentence": str(stop), "line": stop.line, "trace": stop.trace}}
    source = "".join(source for source, _ in job["cells"])
    return {
        "claim": claim(source),
        "outputs": outputs,
        "values": values,
        "seconds": round(time.process_time() - started, 3),
        "seeds": seeds(source),
        "torch": torch.__version__.partition("+")[0],
        "files": {name: found for name, found in uses.files().items() if project / name != path},
        "packages": packages(uses),
    }


def prepare(path: Path) -> None:
    """Make the process what `python file.py` gives: path, warnings, one thread."""
    sys.path.insert(0, str(path.parent))
    sys.argv = [str(path)]
    torch.set_num_threads(1)
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


def run_cells(job: dict[str, Any], path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run all cells; what each printed and drew, and the names they left."""
    main = types.ModuleType("__main__")
    main.__file__ = str(path)
    sys.modules["__main__"] = main
    shown: list[Any] = []
    plt.show = lambda *_, **__: shown.extend(collect_figures())
    failed: list[threading.ExceptHookArgs] = []
    threading.excepthook = failed.append
    compiler = codeop.Compile()
    compiler.flags = 0  # or it would call an open bracket "incomplete input"
    outputs = []
    with Path(job["stdout"]).open("rb") as printed:
        for number, (source, line) in enumerate(job["cells"], 1):
            run_cell(compiler, source, line, path, main.__dict__)
            if failed and failed[0].exc_value:
                raise stopped_by(failed[0].exc_value, path, line)
            text = read_printed(printed, line)
            try:
                shown.extend(collect_figures())
                figures = page_figures(shown, f"{job['name']}-{number}")
            except Exception as error:
                raise Stop(f"draws what cannot be shown: {last_line(error)}", line) from None
            outputs.append({"printed": text, "figures": figures})
            shown.clear()
    if not any(output["printed"].strip() or output["figures"] for output in outputs):
        raise Stop("neither prints nor draws anything, so the page would have nothing to show")
    return outputs, main.__dict__


def run_cell(
    compiler: codeop.Compile, source: str, line: int, path: Path, namespace: dict[str, Any]
) -> None:
    """Run one cell; blank lines before it keep the traceback's line numbers true."""
    try:
        code = compiler("\n" * (line - 1) + source, str(path), "exec")
        exec(code, namespace)
    except SyntaxError as error:
        if error.filename != str(path):
            raise stopped_by(error, path, line) from None
        report = "".join(traceback.format_exception_only(error)).strip()
        raise Stop(last_line(error), error.lineno or line, report) from None
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
        raise Stop(
            f"exits with status {status} instead of running to its end",
            line_in(error, path) or line,
        ) from None
    except BaseException as error:
        if isinstance(error, MemoryError):
            make_room()
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            raise Stop(
                "prints or writes more than a file may hold", line_in(error, path) or line
            ) from None
        raise stopped_by(error, path, line) from None
    finally:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or taken away
            sys.stdout.flush()


def make_room() -> None:
    """Take the last of the memory, which is kept for telling that there is no more."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def stopped_by(error: BaseException, path: Path, line: int) -> Stop:
    """What to tell of an exception that left a cell which begins at `line`."""
    return Stop(last_line(error), line_in(error, path) or line, trace(error, path))


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


def read_printed(printed: io.BufferedReader, line: int) -> str:
    """What was printed since the last call, by whatever means the process has."""
    data = printed.read(PRINTED_LIMIT + 1)
    if len(data) > PRINTED_LIMIT:
        raise Stop(f"prints more than {PRINTED_LIMIT:,} bytes, too much for a page", line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Stop(f"prints bytes that are not UTF-8 (byte {error.start})", line) from None


def collect_figures() -> list[tuple[str, str]]:
    """Label and raw SVG of every open figure, which is closed thereby."""
    figures = [plt.figure(number) for number in plt.get_fignums()]
    drawn = [(figure.get_label(), drawing.draw(figure)) for figure in figures]
    plt.close("all")
    return drawn


def page_figures(drawn: list[tuple[str, str]], prefix: str) -> list[dict[str, Any]]:
    """The figures made fit for the page: several that are all labelled become one sweep."""
    prefix = "".join(letter if letter.isalnum() else "-" for letter in prefix.replace(".py", ""))
    labels = [label for label, _ in drawn]
    if len(drawn) > 1 and all(labels):
        return [{"svg": drawing.sweep([svg for _, svg in drawn], prefix), "labels": labels}]
    return [
        {"svg": drawing.fit(svg, f"{prefix}-{number}"), "labels": []}
        for number, (_, svg) in enumerate(drawn, 1)
    ]


def kept(namespace: dict[str, Any]) -> dict[str, str]:
    """The names a run left that can stand in prose: numbers, text, collections; each as JSON."""
    values = {}
    for name, value in namespace.items():
        if not name.startswith("_"):
            try:
                text = json.dumps(plain(value), ensure_ascii=False)
                text.encode()
            except Exception:  # as for a number too long to be written, or half a character
                continue
            values[name] = text
    return values


def plain(value: object) -> Any:  # noqa: PLR0911
    """`value` as JSON can keep it; dictionaries' keys become their `str`."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dict):
        if len(value) > VALUE_LIMIT:
            raise TypeError
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if len(value) > VALUE_LIMIT:
            raise TypeError
        if hasattr(value, "_asdict"):
            return {key: plain(item) for key, item in value._asdict().items()}
        return [plain(item) for item in value]
    if isinstance(value, torch.Tensor):
        if value.numel() > VALUE_LIMIT:
            raise TypeError
        return plain(value.detach().tolist())
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        if math.prod(value.shape) > VALUE_LIMIT:
            raise TypeError
        return plain(value.tolist())
    raise TypeError


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
