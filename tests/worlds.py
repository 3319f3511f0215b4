"""Do the claims hold elsewhere? All results anew in other worlds, and the claims on each.

    python tests/worlds.py                             every world
    python tests/worlds.py plain seeds+1000            these worlds; any number behind `seeds+`
    python tests/worlds.py --python other/bin/python   also that interpreter, with its torch

What is exact (`identity`) and what is about a seed (`own_seed`) is left out where seeds are
shifted. Prints the claims by worlds and, for other code paths, threads and interpreters, the lines
of the pages, as plain Markdown, that change. Fails when a claim does, or more than one line in 200.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from literate.export.markdown import page_markdown, pieces
from literate.failure import Failure, gathering
from literate.page.extension import read
from literate.page.front_matter import front_matter
from literate.page.location import Place
from literate.run import project
from literate.snippet.source import snippet_files
from literate.snippet.world import OWN, World

PROJECT = Path(__file__).parent.parent
PATHS = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS")
WORLDS = {
    "own": OWN,
    "plain": World(dict(zip(PATHS, ("default", "SSE41", "SSE4_2"), strict=True))),
    "avx2": World(dict(zip(PATHS, ("avx2", "AVX2", "AVX2"), strict=True))),
    "threads": World(threads=2),
    **{f"seeds+{shift}": World(seed_shift=shift) for shift in (1000, 2000, 3000)},
}
ONE_IN = 200
"""One line of the pages in so many may change under another code path."""


@dataclass
class Report:
    """What came of one world.

    `failures` of the snippets by name; `claims` are, by test, "" for holds, else why not; `pages`
    are the lines of each page.
    """

    failures: dict[str, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the outcome of a test, and the last line of what it says."""
        name = report.nodeid.removeprefix("tests/claims/test_")
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            text = crash.message if crash else f"{report.longrepr}"
            self.claims[name] = text.splitlines()[0]
        elif report.when == "call":
            self.claims[name] = ""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("worlds", nargs="*", metavar="WORLD")
    parser.add_argument("--python", action="append", default=[], help="another interpreter")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        given.here.write_text(json.dumps(asdict(made_here())), encoding="utf-8")
        return 0
    worlds = {name: named(name) for name in ["own", *(given.worlds or WORLDS)]}
    reports = {name: made(world, sys.executable) for name, world in worlds.items()}
    for python in given.python:
        worlds[python], reports[python] = OWN, made(OWN, python)
    failed = tell_claims(reports)
    for name, world in worlds.items():
        if name != "own" and not world.seed_shift:
            failed |= tell_lines(name, reports["own"].pages, reports[name].pages)
    return int(failed)


def named(name: str) -> World:
    """The world of that name."""
    kind, _, shift = name.partition("+")
    if kind == "seeds" and shift.isdigit():
        return World(seed_shift=int(shift))
    if name not in WORLDS:
        sys.exit(f"there is no world {name}; there are {', '.join(WORLDS)}")
    return WORLDS[name]


def made(world: World, python: str) -> Report:
    """The report of one world, by a process that runs the snippets in that world."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "report.json")
        path = os.pathsep.join([str(PROJECT / "docs"), os.environ.get("PYTHONPATH", "")])
        run = subprocess.run(
            [python, __file__, "--here", str(place)],
            check=False,  # the claims may fail
            cwd=PROJECT,
            env={**os.environ, project.WORLD: f"{world}", "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
        )
        if not place.exists():
            sys.exit(f"{world} gave no report:\n{run.stdout}")
        return Report(**json.loads(place.read_text(encoding="utf-8")))


def made_here() -> Report:
    """The report of the world that this process is told of."""
    report = Report()
    runner = project.runner(PROJECT)
    runner.start()
    for path in snippet_files(runner.root):
        name = path.relative_to(runner.root).as_posix()
        try:
            runner.result(name)
        except Failure as failure:
            report.failures[name] = f"line {failure.line}: {failure.sentence}"
    shifted = runner.world.seed_shift
    marks = ["-m", "not identity and not own_seed"] if shifted else []
    options = ["-q", "-p", "no:cacheprovider", f"--rootdir={PROJECT}"]
    pytest.main([*options, *marks, str(PROJECT / "tests" / "claims")], plugins=[report])
    if not shifted:
        for page in sorted((PROJECT / "docs").glob("??/**/*.md")):
            matter, text = front_matter(page.read_text(encoding="utf-8"))
            place = Place(folder=page.parent, matter=matter, known_runner=runner)
            with gathering():
                lines = page_markdown(pieces(read(text, place))).splitlines()
            report.pages[page.relative_to(PROJECT / "docs").as_posix()] = lines
    return report


def tell_claims(reports: dict[str, Report]) -> bool:
    """Print the table of claims by worlds and what fails; whether anything does."""
    claims = list(dict.fromkeys(claim for report in reports.values() for claim in report.claims))
    signs = {None: "-", "": "."}
    print(f"{len(claims)} claims: . holds, F fails, - is left out\n")
    print(*(f"{number} {name}" for number, name in enumerate(reports)), sep=", ")
    for claim in claims:
        row = [signs.get(report.claims.get(claim), "F") for report in reports.values()]
        print("".join(f"{sign:>2}" for sign in row), claim)
    print("   ", *(f"{name} {sum(map(bool, r.claims.values()))}" for name, r in reports.items()))
    failed = False
    for name, report in reports.items():
        told = {**report.failures, **{c: said for c, said in report.claims.items() if said}}
        for what, said in told.items():
            failed = True
            print(f"{name}: {what}: {said}")
    return failed


def tell_lines(name: str, own: dict[str, list[str]], other: dict[str, list[str]]) -> bool:
    """Print the lines of each page that change in a world; whether those are too many."""
    print(f"\n{name}")
    changed = 0
    for page, lines in own.items():
        for line in difflib.unified_diff(lines, other[page], n=0, lineterm=""):
            if line.startswith(("+++", "---", "@@")):
                continue
            changed += line.startswith("-")
            print(f"{page}: {line}")
    total = sum(map(len, own.values()))
    print(f"{name}: {changed} of {total} lines change")
    return changed * ONE_IN > total


if __name__ == "__main__":
    sys.exit(main())
