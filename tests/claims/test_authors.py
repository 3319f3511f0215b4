"""What the page for authors says of the engine, its tests and its own snippets."""

import ast
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parent.parent.parent
Values = Callable[[str], dict[str, Any]]

NAMED = re.compile(r"`(test_\w+)`")
SHOWN = re.compile(r"^````markdown\n(.*?)^````$", re.MULTILINE | re.DOTALL)
CASE = re.compile(r"^\| `(?P<case>[a-z0-9 ]+)` \| [^|]+ \| (?P<said>[^|]+) \|$", re.MULTILINE)
TEST_FENCE = re.compile(r"^ *```python\n( *def test_.*?)^ *```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest) -> str:
    return (PROJECT / "docs" / request.param / "authors.md").read_text(encoding="utf-8")


def functions(folder: Path) -> set[str]:
    """The names of all functions of the tests below `folder`."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("test_*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_page_names_exists(page: str) -> None:
    named = set(NAMED.findall(page))
    assert len(named) > 30
    assert named - functions(PROJECT / "tests") == set()


def test_the_table_of_faults_is_the_tests_own(page: str) -> None:
    """Every case, in its order, with a piece of the sentence that the test demands."""
    faults = runpy.run_path(str(PROJECT / "tests" / "engine" / "test_runner.py"))["FAULTS"]
    rows = list(CASE.finditer(page.partition("#faults-run")[2].partition("###")[0]))
    assert [row["case"] for row in rows] == list(faults)
    for row in rows:
        assert faults[row["case"]][2] in row["said"]


def test_every_sentence_of_a_failing_page_is_the_tests_own(page: str) -> None:
    tests = "".join(path.read_text("utf-8") for path in (PROJECT / "tests/engine").glob("*.py"))
    parts = page.partition("#faults-names")[2].partition("#faults-builds")[0].splitlines()
    rows = [line for line in parts if line.startswith(":   ")]
    said = [sentence for row in rows for sentence in re.findall(r"`([^`]+)`", row)]
    assert len(said) > 10
    assert [sentence for sentence in said if sentence not in tests] == []


def test_what_is_shown_as_markdown_is_what_the_page_holds(page: str) -> None:
    shown = SHOWN.findall(page)
    outside = SHOWN.sub("", page)
    assert len(shown) == 4
    assert [text for text in shown if text not in outside] == []


def test_the_claim_that_the_page_shows_is_one_of_these(page: str) -> None:
    (shown,) = TEST_FENCE.findall(page)
    here = re.sub(r"  # noqa.*", "", Path(__file__).read_text(encoding="utf-8"))
    assert "\n".join(line[4:] for line in shown.splitlines()).rstrip() in here


def test_the_curve_is_level_in_four_places(values):  # noqa: ANN001, ANN201 (as on the page)
    assert values("authors/slope.py")["flat"] == 4


def test_the_curve_is_steepest_at_its_ends(values: Values) -> None:
    assert 5.0 < values("authors/slope.py")["steepest"] < 5.2


def test_backward_leaves_the_slope_of_the_tangent(values: Values) -> None:
    left = values("authors/tangent.py")
    assert left["gap"] < 1e-12
    assert len(left["slopes"]) == left["count"] >= 5
    assert 0 < left["rising"] < left["count"]


def test_a_fork_and_a_stored_result_cost_a_small_part_of_a_fresh_start(values: Values) -> None:
    cheaper = values("authors/cold_start.py")["cheaper"]
    assert cheaper["fork"] >= 10
    assert cheaper["store"] >= cheaper["fork"]
