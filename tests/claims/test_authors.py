"""What the page for authors says of the engine, its tests and its own snippets."""

import ast
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from literate.failure import gathering
from literate.page.extension import BOOK, read
from literate.page.front_matter import front_matter
from literate.page.location import Place
from literate.run.runner import Runner
from literate.run.store import Store

PROJECT = Path(__file__).parent.parent.parent
Values = Callable[[str], dict[str, Any]]

NAMED = re.compile(r"`(test_\w+)`")
SHOWN = re.compile(r"^````markdown\n(.*?)^````$", re.MULTILINE | re.DOTALL)
CASE = re.compile(r"^ *\| `(?P<case>[a-z0-9 ]+)` \| [^|]+ \| (?P<said>[^|]+) \|$", re.MULTILINE)
WRONG_ROW = re.compile(r"^ *\| [^|]+ \| `(?P<said>[^`]+)`[^|]* \|$", re.MULTILINE)
TEST_FENCE = re.compile(r"^ *```python\n( *def test_.*?)^ *```$", re.MULTILINE | re.DOTALL)

DRAWS = "import matplotlib.pyplot as plt\n"
SNIPPETS = {
    "authors/slope.py": "flat, places, name = 4, [1, 2], 'x'\nprint(flat)\n",
    "table.py": "print('| name | meaning |\\n|---|---|\\n| a | b |')\n",
    "short.py": "print('| name | meaning |\\n|---|---|\\n| a |')\n",
    "sweep.py": DRAWS + "for k in (1, 2):\n    plt.figure(f'{k}')\n    plt.plot([0, k])\n",
    "uneven.py": DRAWS + "plt.figure('1')\nplt.figure('2', figsize=(2, 2))\n",
    "film.py": DRAWS
    + "figure, axes = plt.subplots()\nline, = axes.plot([0, 1])\n"
    + "for k in (1, 2):\n    line.set_ydata([0, k])\n    plt.pause(0.1)\n",
    "speaks.py": DRAWS + "plt.plot([0, 1])\nplt.xlabel('speed')\n",
}
WRONG = {
    "did you mean authors/slope.py?": "/// snippet | authors/slop.py\n///\n",
    "lies outside snippets/": "/// snippet | ../table.py\n///\n",
    "this block is not closed": "/// snippet | authors/slope.py\n\nA caption\n",
    "this block cannot be read": "/// snippet | authors/slope.py\n    alt: a: b\n///\n",
    "there is no option colour": "/// snippet | authors/slope.py\n    colour: red\n///\n",
    "leaves no value stepz": "{{ authors/slope.py: stepz }}\n",
    "does not fit": "{{ authors/slope.py: name:.1f }}\n",
    "is a list, not one number or text": "{{ authors/slope.py: places }}\n",
    "this is no value": "{{ authors/slope }}\n",
    "this would stay on the page as it is": "<p>{{ authors/slope.py: flat }}</p>\n",
    "a value cannot stand in a formula": "$x = {{ authors/slope.py: flat }}$\n",
    "The formula $\\frac{1$ is wrong": "$\\frac{1$\n",
    "the table has no column nome": "/// snippet | table.py\n    columns: {nome: Name}\n///\n",
    "has 2 columns, but not in the row": "/// snippet | short.py\n///\n",
    "the sweep has no frame 9 to start with": (
        "/// snippet | sweep.py\n    knob: k\n    start: 9\n///\n"
    ),
    "The frames of a sweep differ in size": "/// snippet | uneven.py\n    knob: k\n///\n",
    "the figure moves: name the slider": "/// snippet | film.py\n///\n",
    "the option knob finds nothing": "/// snippet | table.py\n    knob: k\n///\n",
    "does not name 2 values": "/// snippet | sweep.py\n    knob: [k, n]\n///\n",
    "which is none of the answers": (
        "/// guess | authors/slope.py: flat\n    answers: {2: two, 3: three}\n\nHow many?\n///\n"
    ),
    "which the slider from 0 to 1 lacks": (
        "/// guess | authors/slope.py: flat\n"
        "    from: 0\n    to: 1\n    step: 1\n\nHow many?\n///\n"
    ),
    'has no translation of "speed"': "/// snippet | speaks.py\n///\n",
    "the prerequisite nowhere.md is no page": (
        "---\nprerequisites: [nowhere.md]\n---\n\n# A\n\nText.\n"
    ),
}
"""Pages that are wrong, by what the build says of each."""


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest) -> str:
    return (PROJECT / "docs" / request.param / "authors.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A project of a few snippets, whose pages are Chinese and whose list of words is empty."""
    folder = tmp_path_factory.mktemp("small")
    files = {f"snippets/{name}": text for name, text in SNIPPETS.items()}
    for name, text in (files | {"docs/words/zh.yml": "# none\n"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Runner(folder / "snippets", Store(folder / "store"))


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
    faults = runpy.run_path(str(PROJECT / "tests" / "run" / "test_runner.py"))["FAULTS"]
    rows = list(CASE.finditer(page.partition("#faults-run")[2].partition("###")[0]))
    assert [row["case"] for row in rows] == list(faults)
    for row in rows:
        assert faults[row["case"]][2] in row["said"]


def test_the_table_of_wrong_pages_is_that_of_this_file(page: str) -> None:
    rows = WRONG_ROW.findall(page.partition("#faults-pages")[2].partition("###")[0])
    assert rows == list(WRONG)


@pytest.mark.parametrize(("sentence", "text"), WRONG.items(), ids=WRONG)
def test_each_wrong_page_is_reported_in_these_words(
    small: Runner, sentence: str, text: str
) -> None:
    matter, markdown = front_matter(text)
    place = Place(folder=small.root.parent, matter=matter, known_runner=small)
    with gathering() as failures:
        read(markdown, place, BOOK | {"literate": {"language": "zh"}})
    (failure,) = failures.values()
    assert sentence in failure.sentence


def test_what_is_shown_as_markdown_is_what_the_page_holds(page: str) -> None:
    shown = SHOWN.findall(page)
    outside = SHOWN.sub("", page)
    assert len(shown) == 5
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
    """In pages of memory that have to be filled, which no load of the machine changes."""
    cheaper = values("authors/cold_start.py")["cheaper"]
    assert cheaper == {"fork": 10, "store": 10}
