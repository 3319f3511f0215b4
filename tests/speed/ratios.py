"""What the engine costs, as ratios within one run: `python tests/speed/ratios.py [rounds]`.

Each round measures every case once, one after the other, so that whatever else the machine does
weighs on all of them alike; the table shows medians. Wall seconds are what people wait; processor
seconds are steadier on a machine that others use too.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import psutil
from project import make, source
from run import ENVIRONMENT, Peak, Spent, median, memory, run

MANY, FEW = 1000, 100
MKDOCS = (sys.executable, "-m", "mkdocs", "-q", "build")
IMPORTS = "import torch, torch._dynamo, matplotlib.pyplot, matplotlib.backends.backend_svg"
WITHOUT_IMPORTS = """
import sys
from mkdocs.__main__ import cli
try:
    cli(["-q", "build"])
except SystemExit as end:
    assert not end.code
assert not {"torch", "matplotlib"} & set(sys.modules)
"""


def build(folder: Path, name: str = "mkdocs", watch: bool = False) -> Spent:
    """One build by one of the project's configurations."""
    return run((*MKDOCS, "-f", f"{name}.yml"), folder, watch)


def own_seconds(folder: Path) -> float:
    """What the snippets themselves took, as their results say."""
    results = (folder / ".cache" / "literate").glob("*.json")
    return sum(json.loads(path.read_bytes().partition(b"\n")[2])["seconds"] for path in results)


def edit_snippet(folder: Path, turn: int) -> None:
    """A line more in one snippet, so that its result is another."""
    (folder / "snippets" / "descent_3.py").write_text(f"{source(3)}extra = {turn}\n")


def edit_sentence(folder: Path, turn: int) -> None:
    """A sentence more on one page."""
    with (folder / "docs" / "page_0.md").open("a") as page:
        page.write(f"\nOne more sentence, number {turn}.\n")


def times(folder: Path, rounds: int) -> list[tuple[str, str, str, str]]:
    """The cases of a project of ordinary snippets."""
    make(folder, FEW)
    build(folder, "plain")
    seen: dict[str, list[Spent]] = defaultdict(list)
    for turn in range(rounds):
        shutil.rmtree(folder / ".cache", ignore_errors=True)
        seen["cold"].append(build(folder))
        own = own_seconds(folder)
        seen["plain"].append(build(folder, "plain"))
        seen["imports"].append(run((sys.executable, "-c", IMPORTS), folder))
        seen["unchanged"].append(build(folder))
        edit_snippet(folder, turn)
        seen["snippet"].append(build(folder))
        edit_sentence(folder, turn)
        seen["sentence"].append(run((sys.executable, "-c", WITHOUT_IMPORTS), folder))
        plain, imports = seen["plain"][-1], seen["imports"][-1]
        seen["floor"].append(
            Spent(
                plain.wall + imports.wall + own / (os.cpu_count() or 1),
                plain.cpu + imports.cpu + own,
            )
        )
        seen["start"].append(
            Spent(plain.wall + imports.wall + own / FEW, plain.cpu + imports.cpu + own / FEW)
        )
    middle = {name: median(spent) for name, spent in seen.items()}
    rows = []
    for what, over, bound in (
        ("cold", "floor", "1.15"),
        ("unchanged", "plain", "1.1"),
        ("snippet", "start", "1"),
        ("sentence", "plain", "1.1, nothing imported"),
    ):
        a, b = middle[what], middle[over]
        rows.append(
            (
                f"{what} / {over}",
                f"{a.wall:.2f} / {b.wall:.2f} s = {a.wall / b.wall:.2f}",
                f"{a.cpu:.2f} / {b.cpu:.2f} s = {a.cpu / b.cpu:.2f}",
                bound,
            )
        )
    extra = (middle["unchanged"].cpu - middle["plain"].cpu) / FEW * 1000
    rows.append(("unchanged, a snippet", "", f"{extra:.2f} ms more than plain", "1 ms"))
    return rows


def preview(folder: Path, rounds: int) -> list[tuple[str, str, str, str]]:
    """Under `mkdocs serve`: from an edited snippet to the page that shows its result."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen(
        (sys.executable, "-m", "mkdocs", "-q", "serve", "-a", address),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = f"http://{address}/speed/page_0/"
        stored = folder / ".cache" / "literate"
        wait_for(lambda: "Descent 3" in fetched(page))
        time.sleep(5)  # the warm server has had the time that a reader takes for the first edit
        waits, results = [], []
        for turn in range(rounds):
            known = set(stored.glob("descent_3.py.*.json"))
            text = f"{source(3)}print('edit {turn}')\n"
            (folder / "snippets" / "descent_3.py").write_text(text)
            began = time.perf_counter()
            wait_for(lambda known=known: set(stored.glob("descent_3.py.*.json")) - known)
            results.append(time.perf_counter() - began)
            wait_for(lambda turn=turn: f"edit {turn}" in fetched(page))
            waits.append(time.perf_counter() - began)
            time.sleep(1)
        bytes_used = memory(psutil.Process(server.pid))
    finally:
        server.terminate()
        server.wait()
    result, shown = sorted(results)[rounds // 2], sorted(waits)[rounds // 2]
    return [
        ("preview: edit to result stored", f"{result:.2f} s", "", "its own + 0.3 s"),
        ("preview: edit to page shown", f"{shown:.2f} s", "", ""),
        ("preview: memory", f"{bytes_used / 2**20:.0f} MiB", "", ""),
    ]


def wait_for(condition: object, seconds: float = 120) -> None:
    """Ask often until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def fetched(address: str) -> str:
    """The page as it is now; nothing while there is no server."""
    try:
        with urllib.request.urlopen(address) as page:
            return page.read().decode()
    except OSError:
        return ""


def growth(folder: Path, rounds: int) -> list[tuple[str, str, str, str]]:
    """A thousand tiny snippets beside a hundred."""
    rows = []
    per = {}
    for count in (FEW, MANY):
        below = make(folder / str(count), count, tiny=True)
        plain = median([build(below, "plain") for _ in range(rounds)])
        cold = build(below, watch=True)
        same = median([build(below) for _ in range(rounds)])
        warm = build(below, watch=True)
        extra = (same.cpu - plain.cpu) / count * 1000
        per[count] = (cold.cpu - plain.cpu) / count * 1000, cold.peak, warm.peak
        rows.append(
            (
                f"{count} tiny: unchanged / plain",
                f"{same.wall:.2f} / {plain.wall:.2f} s = {same.wall / plain.wall:.2f}",
                f"{same.cpu:.2f} / {plain.cpu:.2f} s = {same.cpu / plain.cpu:.2f}; "
                f"{extra:.2f} ms a snippet",
                "1 ms a snippet",
            )
        )
        rows.append(
            (
                f"{count} tiny: cold",
                f"{cold.wall:.2f} s",
                f"{per[count][0]:.1f} ms a snippet",
                "linear",
            )
        )
        rows.append(
            (
                f"{count} tiny: memory cold, unchanged",
                f"{cold.peak / 2**20:.0f}, {warm.peak / 2**20:.0f} MiB",
                "",
                "does not grow",
            )
        )
    return rows


def working_set(folder: Path) -> list[tuple[str, str, str, str]]:
    """The peak of a cold build of ordinary snippets beside one process that has the imports."""
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    cold = build(folder, watch=True)
    process = subprocess.Popen(
        (sys.executable, "-c", f"{IMPORTS}; import time; time.sleep(60)"), env=ENVIRONMENT
    )
    peak = Peak(process.pid)
    time.sleep(15)
    process.kill()
    process.wait()
    return [
        (
            "memory: cold / one process with its imports",
            f"{cold.peak / 2**20:.0f} / {peak.bytes / 2**20:.0f} MiB "
            f"= {cold.peak / peak.bytes:.2f}",
            "",
            "one server, a working set a core",
        )
    ]


def main() -> None:
    """Measure everything and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rows = [("case", "wall", "processors", "bound")]
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        ordinary = Path(name, "ordinary")
        rows += times(ordinary, rounds)
        rows += preview(ordinary, rounds)
        rows += working_set(ordinary)
        rows += growth(Path(name, "tiny"), rounds)
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()
