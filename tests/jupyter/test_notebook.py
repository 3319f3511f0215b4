"""The one notebook: both languages run the same code, keep the rules, and what it says is true."""

import ast
import contextlib
import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import jupytext
import nbformat
import pytest
from filelock import FileLock
from mkdocs.config import load_config
from mkdocs.structure.files import File
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, v4
from traitlets.config import Config

from literate.export.markdown import page_markdown, pieces
from literate.jupyter import page
from literate.jupyter import run as execution
from literate.jupyter.page import code_cells, downloadable, joined
from literate.page.extension import read
from literate.page.location import Place
from literate.snippet.source import installed, surroundings

PROJECT = Path(__file__).parent.parent.parent
SOURCES = {language: PROJECT / "docs" / language / "classifier.py" for language in ("zh", "en")}
NOTEBOOKS = {language: jupytext.read(path) for language, path in SOURCES.items()}
LINK = re.compile(r"\]\(([^)]*)\)")
HEADING = re.compile(r"^(#+) .*?(\{ #[\w-]+(?: \.\w+)? \})?$", re.MULTILINE)
FORMULA = re.compile(r"\$[^$]+\$")
KEPT = [
    "first_loss",
    "careless_loss",
    "few_loss",
    "few_accuracy",
    "tuned",
    "RATES",
    "by_schedule",
    "schedule_verdict",
    "chosen",
    "DROPOUTS",
    "DECAYS",
    "same",
    "dtypes",
    "cast_accuracy",
    "rounded",
    "equal",
    "count",
    "only",
    "averages",
    "by_split",
    "split_verdict",
    "wide",
    "TEST_SIZE",
]
LAST = f"""
import json
print(json.dumps({{
    **{{name: globals()[name] for name in {KEPT}}},
    "coverage": [[*key, share] for key, share in coverage.items()],
    "rates": {{
        name: [[rate, *summary(runs)] for rate, runs in found.items()]
        for name, found in by_rate.items()
    }},
    "settings": [[*setting, *summary(runs)] for setting, runs in by_setting.items()],
    "pair": [[run["training"], run["validation"]] for run in pair.values()],
    "right": [network.sum().item(), neighbour.sum().item()],
    "one_test": [wilson(right.sum().item(), TEST_SIZE) for right in (network, neighbour)],
}}))
"""


def code(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def names_read(source: str) -> list[str]:
    return [
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]


def site_prose(source: str, unboxed: bool) -> str:
    """A notebook's prose as it is downloaded from a site."""
    reading = read(source, Place(folder=Path(), matter={}))
    cut = pieces(
        reading, lambda link: link if ":" in link else f"https://example.org/{link}", unboxed
    )
    return page_markdown(cut).strip()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> NotebookNode:
    """The notebook as it is downloaded, run in a kernel of Jupyter, once for all who test."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    kept = shared / "classifier.ipynb"
    with FileLock(shared / "notebook.lock"):
        if not kept.exists():
            folder = tmp_path_factory.mktemp("empty")
            executed = ran(folder, tmp_path_factory.mktemp("sockets"))
            assert not any(folder.iterdir()), "the notebook leaves files behind"
            kept.write_text(nbformat.writes(executed), encoding="utf-8")
    return nbformat.read(kept, as_version=4)


def ran(folder: Path, sockets: Path) -> NotebookNode:
    """The notebook, run from top to bottom in a folder; its last cell prints what it left."""
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    copy = nbformat.reads(downloadable(NOTEBOOKS["zh"], site_prose), as_version=4)
    copy.cells.append(v4.new_code_cell(LAST.strip()))
    client = NotebookClient(
        copy,
        timeout=300,
        resources={"metadata": {"path": str(folder)}},
        config=Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"}),
    )
    return client.execute(env=environment)


@pytest.fixture(scope="module")
def found(run: NotebookNode) -> SimpleNamespace:
    """What the run left."""
    return SimpleNamespace(**json.loads(run.cells[-1].outputs[0].text))


# Both languages


def test_both_languages_run_the_same_code() -> None:
    assert code(NOTEBOOKS["zh"]) == code(NOTEBOOKS["en"])
    downloads = [
        nbformat.reads(downloadable(notebook, site_prose), as_version=4)
        for notebook in NOTEBOOKS.values()
    ]
    assert code(downloads[0]) == code(downloads[1]) != []


def test_both_languages_say_the_same_at_the_same_places() -> None:
    chinese, english = NOTEBOOKS.values()
    assert [cell.cell_type for cell in chinese.cells] == [cell.cell_type for cell in english.cells]
    for here, there in zip(prose(chinese), prose(english), strict=True):
        assert sorted(LINK.findall(here)) == sorted(LINK.findall(there))
        assert HEADING.findall(here) == HEADING.findall(there)
        assert sorted(FORMULA.findall(here)) == sorted(FORMULA.findall(there))


@pytest.mark.parametrize("language", SOURCES)
def test_every_section_has_an_id(language: str) -> None:
    marks = [match for text in prose(NOTEBOOKS[language]) for match in HEADING.findall(text)]
    assert marks[0] == ("#", "")
    assert len(marks) > 8
    assert all(name for _, name in marks[1:])
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("language", SOURCES)
def test_every_figure_is_described_in_the_language_of_the_page(language: str) -> None:
    for cell in NOTEBOOKS[language].cells:
        if cell.cell_type == "code":
            alt = cell.metadata.get("alt", "")
            assert bool(alt) == ("plt.subplots" in cell.source)
            assert not alt or bool(re.search("[\u4e00-\u9fff]", alt)) == (language == "zh")


@pytest.mark.parametrize("language", SOURCES)
def test_no_result_is_typed_into_the_prose(language: str) -> None:
    """1.96 and 0.95 define the interval; the rest of the numbers come out of cells."""
    text = "\n".join(prose(NOTEBOOKS[language])[:-1])
    text = FORMULA.sub("", LINK.sub("", re.sub(r"\$\$.*?\$\$|`[^`]*`", "", text, flags=re.S)))
    assert set(re.findall(r"\d+\.\d+|\d+ ?%", text)) <= {"0.95"}


# The rules


def test_the_test_set_is_opened_once() -> None:
    cells = code(NOTEBOOKS["zh"])
    (opened,) = [number for number, source in enumerate(cells) if "next(sealed)" in source]
    for source in cells[:opened]:
        assert "def split" in source or "test" not in names_read(source)
    assert sum(names_read(source).count("sealed") for source in cells) == 1
    trained = [number for number, source in enumerate(cells) if "fit(" in source]
    assert [number for number in trained if number > opened] == [trained[-1]]
    assert "split(number)" in cells[trained[-1]], "only other splits are trained on afterwards"


# The run


def test_the_download_runs_and_says_nothing_on_stderr(run: NotebookNode) -> None:
    outputs = [output for cell in run.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(drawn) == sum("plt.subplots" in source for source in code(NOTEBOOKS["zh"]))
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


def test_the_download_prints_what_the_page_shows(
    run: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    config = page.on_config(load_config("mkdocs.yml"))
    file = File(SOURCES["zh"].name, str(SOURCES["zh"].parent), "site", use_directory_urls=True)
    shown = json.loads(page.begin(file, config).result())
    downloaded = [joined(cell.outputs) for cell in code_cells(run)[:-1]]
    for here, there in zip(shown, downloaded, strict=True):
        assert [output.get("text") for output in here] == [output.get("text") for output in there]


def test_what_a_cell_prints_is_one_text_however_it_arrives() -> None:
    streams = [("stdout", "a"), ("stdout", "b\n"), ("stderr", "c"), ("stdout", "d")]
    outputs = [v4.new_output("stream", name=name, text=text) for name, text in streams]
    drawn = v4.new_output("display_data")
    found = joined([*outputs, drawn, v4.new_output("stream", text="e")])
    assert [output.get("text") for output in found] == ["ab\n", "c", "d", None, "e"]


def test_the_links_of_the_download_lead_to_the_site() -> None:
    download = nbformat.reads(downloadable(NOTEBOOKS["en"], site_prose), 4)
    nbformat.validate(download)
    links = [link for text in prose(download) for link in LINK.findall(text)]
    assert "https://example.org/overfitting.md#splits" in links
    assert all(link.startswith("https://") for link in links)
    assert not any("{ #" in text for text in prose(download))


# The claims


def test_the_first_loss_is_that_of_guessing_and_the_article_s_start_is_far_off(
    found: SimpleNamespace,
) -> None:
    assert abs(found.first_loss - math.log(10)) < 0.4
    assert found.careless_loss > 50 * found.first_loss


def test_twenty_images_are_memorised(found: SimpleNamespace) -> None:
    assert found.few_accuracy == 1
    assert found.few_loss < 0.05


def test_the_chosen_rates_are_inside_the_grid_and_neighbours_tie(found: SimpleNamespace) -> None:
    for name, rows in found.rates.items():
        assert found.RATES[0] < found.tuned[name] < found.RATES[-1]
        (best, mean, spread), (_, second, other) = sorted(rows, key=lambda row: row[1])[:2]
        assert best == found.tuned[name]
        assert second - mean < spread + other


def test_a_schedule_wins_nothing_beside_early_stopping(found: SimpleNamespace) -> None:
    assert found.by_schedule["runs"] == 8
    assert found.by_schedule["mean"] > -found.by_schedule["matters"]
    assert found.schedule_verdict in {"no difference that matters", "cannot tell"}


def test_moderate_dropout_is_lowest_much_dropout_and_strong_decay_with_it_harm(
    found: SimpleNamespace,
) -> None:
    loss = {(dropout, decay): row for dropout, decay, *row in found.settings}
    dropout, decay = found.chosen
    none, weak, strong = found.DECAYS
    assert dropout == found.DROPOUTS[1]
    assert decay < strong
    assert loss[found.DROPOUTS[2], none][0] > 1.1 * loss[0.0, none][0]
    difference = abs(loss[dropout, none][0] - loss[dropout, weak][0])
    assert difference < loss[dropout, none][1] + loss[dropout, weak][1]
    assert loss[dropout, strong][0] > 1.1 * loss[dropout, none][0]


def test_training_beyond_the_restored_epoch_only_memorises(found: SimpleNamespace) -> None:
    (plain, plain_validation), (chosen, chosen_validation) = found.pair
    stop = plain_validation.index(min(plain_validation))
    assert plain[-1] < 0.7 * plain[stop]
    assert plain_validation[-1] / plain[-1] > 2 * chosen_validation[-1] / chosen[-1]
    assert plain[0] > plain_validation[0]
    assert chosen[0] > chosen_validation[0]


def test_a_whole_checkpoint_continues_identically_and_weights_alone_do_not(
    found: SimpleNamespace,
) -> None:
    assert found.same == {"everything restored": True, "weights alone": False}


def test_autocast_keeps_weights_gradients_and_loss_in_float32(found: SimpleNamespace) -> None:
    kept = dict.fromkeys(("loss", "weight", "gradient"), "float32")
    assert found.dtypes == {"logits": "bfloat16", **kept}
    assert found.cast_accuracy > 0.9
    assert found.rounded == 1


def test_a_compiled_network_answers_the_same_and_a_second_size_makes_a_second_graph(
    found: SimpleNamespace,
) -> None:
    assert found.equal
    assert found.count == [1, 1, 2, 2]


def test_the_textbook_interval_misses_twice_as_often_near_one(found: SimpleNamespace) -> None:
    coverage = {(name, truth): share for name, truth, share in found.coverage}
    assert 1 - coverage["textbook", 0.995] > 2 * 0.05
    assert all(coverage["wilson", truth] > 0.935 for truth in (0.95, 0.98, 0.995))


def test_coverage_is_that_of_a_binomial_in_float64(found: SimpleNamespace) -> None:
    coverage = {(name, truth): share for name, truth, share in found.coverage}
    total, truth, z = found.TEST_SIZE, 0.98, 1.96
    held = 0.0
    for right in range(total + 1):
        share = right / total
        centre = share + z**2 / (2 * total)
        half = z * math.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
        if centre - half < truth * (1 + z**2 / total) < centre + half:
            held += math.comb(total, right) * truth**right * (1 - truth) ** (total - right)
    assert coverage["wilson", truth] == pytest.approx(held, abs=1e-9)


def test_one_test_set_cannot_tell_network_and_neighbour_apart(found: SimpleNamespace) -> None:
    (low, _), (_, high) = sorted(found.one_test)
    assert max(low for low, _ in found.one_test) < min(high for _, high in found.one_test)
    assert low < high
    assert min(found.right) / found.TEST_SIZE > 0.95
    assert max(found.only) < 20


def test_over_many_splits_the_neighbour_is_better(found: SimpleNamespace) -> None:
    assert found.by_split["runs"] == 24
    assert found.averages["neighbour"] > found.averages["network"]
    assert found.split_verdict == "neighbour better"
    assert found.by_split["mean"] > found.by_split["matters"]
    assert found.wide[0] < found.by_split["matters"]
    assert found.wide[1] - found.wide[0] > 3 * (found.by_split["high"] - found.by_split["low"])


# The page


CONFIG = """
site_name: Test
site_url: https://example.org/test/
theme: {name: material, font: false, language: en}
plugins:
  literate: {style: literate}
  mkdocs-jupyter:
    include: [walk.py]
    ignore: ["*.md"]
    execute: true
    allow_errors: false
    kernel_name: python3
markdown_extensions:
  attr_list: {}
validation: {anchors: warn, unrecognized_links: warn}
"""
HEAD = """
# ---
# title: Walk
# description: A walk.
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Walk
#
# It goes.
"""
START = HEAD.count("\n")
COUNTS = """
# %%
from pathlib import Path

with Path("../runs.txt").open("a") as file:
    file.write("run ")
print("done")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a notebook for a page."""
    return begun(tmp_path)


def begun(folder: Path) -> Path:
    """A small project in a folder, which lacks but its notebook."""
    project = folder / "site_project"
    (project / "docs").mkdir(parents=True)
    (project / "snippets").mkdir()
    (project / "mkdocs.yml").write_text(CONFIG)
    (project / "docs" / "index.md").write_text("# Home\n\n[Go](walk.py#way)\n")
    return project


def build(project: Path, cells: str) -> tuple[int, str]:
    """Build the site with these cells in its notebook; the exit status and what was said."""
    text = (HEAD.lstrip() + cells).replace("It goes.", "It goes.\n#\n# ## Way { #way }")
    (project / "docs" / "walk.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    run = subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=300, check=False
    )
    return run.returncode, run.stderr


def entry(project: Path) -> Path:
    """Where the run of the notebook is stored."""
    (stored,) = (project / ".cache" / "mkdocs-jupyter").rglob("*.json")
    return stored


def flipped(data: bytes) -> bytes:
    """The stored run with one bit changed in what the notebook printed."""
    run = bytearray(data)
    run[run.index(b"done")] ^= 1
    return bytes(run)


def test_a_notebook_runs_once(project: Path) -> None:
    for prose in ("", "", "\n# %% [markdown]\n# As it stands in another language.\n"):
        status, said = build(project, COUNTS + prose)
        assert status == 0, said
        assert (project.parent / "runs.txt").read_text() == "run "
        page = (project / "site" / "walk" / "index.html").read_text(encoding="utf-8")
        assert "<samp>done\n</samp>" in page
        assert "<title>Walk - Test</title>" in page


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a small project with a notebook has been built."""
    folder = tmp_path_factory.mktemp("built")
    assert build(begun(folder), COUNTS)[0] == 0
    return folder


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:100],
        flipped,
        lambda data: data.replace(b'"outputs":"', b'"outputs":"!'),
        lambda data: b"{}",
        lambda data: b"",
    ],
    ids=["tail", "flipped", "not JSON", "an empty object", "empty"],
)
def test_a_damaged_run_of_a_notebook_is_noticed_and_made_again(
    built: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    project = shutil.copytree(built, tmp_path / "copy") / "site_project"
    stored = entry(project)
    stored.write_bytes(damage(stored.read_bytes()))
    status, said = build(project, COUNTS)
    assert status == 0, said
    assert "walk.py: the stored run is damaged, made again" in said
    assert (project.parent / "runs.txt").read_text() == "run run "
    page = (project / "site" / "walk" / "index.html").read_text(encoding="utf-8")
    assert "<samp>done\n</samp>" in page
    assert "made again" not in build(project, COUNTS)[1]
    assert (project.parent / "runs.txt").read_text() == "run run "


def test_a_run_of_a_notebook_that_cannot_be_read_is_said_and_made_again(project: Path) -> None:
    assert build(project, COUNTS)[0] == 0
    stored = entry(project)
    stored.unlink()
    stored.mkdir()
    status, said = build(project, COUNTS)
    assert status == 0, said
    assert "walk.py: the stored run cannot be read ([Errno 21]" in said
    assert (project.parent / "runs.txt").read_text() == "run run "


def test_a_notebook_runs_in_its_project_wherever_the_build_begins(project: Path) -> None:
    cells = "\n# %%\nprint(open('data.txt').read())\n"
    (project / "docs" / "walk.py").write_text(HEAD.lstrip() + cells)
    (project / "docs" / "index.md").write_text("# Home\n")
    for text in ("first", "second"):
        (project / "data.txt").write_text(text)
        command = [sys.executable, "-m", "mkdocs", "build", "-f", f"{project / 'mkdocs.yml'}"]
        elsewhere = project.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        run = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        page = (project / "site" / "walk" / "index.html").read_text(encoding="utf-8")
        assert f"<samp>{text}" in page
        assert list(elsewhere.iterdir()) == []


def test_a_notebook_is_built_where_nothing_can_be_stored(project: Path) -> None:
    (project / ".cache").write_text("a file stands where the folder would")
    status, said = build(project, COUNTS)
    assert status == 0, said
    assert "walk.py: the run cannot be stored (" in said
    assert "<samp>done" in (project / "site" / "walk" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("changed", ["table.csv", "helper.py"])
def test_a_file_that_a_notebook_used_makes_it_run_again(project: Path, changed: str) -> None:
    used = """
    # %%
    import sys

    sys.dont_write_bytecode = True
    sys.path.append("data")
    import helper

    print(helper.text, open("data/table.csv").read())
    """
    cells = COUNTS + dedent(used)
    folder = project / "data"
    folder.mkdir()
    (folder / "table.csv").write_text("table 1")
    (folder / "helper.py").write_text("text = 'helper 1'\n")
    (folder / "other.csv").write_text("1")
    assert build(project, cells)[0] == 0
    (folder / "other.csv").write_text("2")
    assert build(project, cells)[0] == 0
    assert (project.parent / "runs.txt").read_text() == "run "
    (folder / changed).write_text((folder / changed).read_text().replace("1", "2"))
    status, said = build(project, cells)
    assert status == 0, said
    assert (project.parent / "runs.txt").read_text() == "run run "
    page = (project / "site" / "walk" / "index.html").read_text(encoding="utf-8")
    assert f"{changed.partition('.')[0]} 2" in page


@pytest.mark.parametrize("package", ["torch", "matplotlib"])
def test_another_version_of_a_package_makes_the_notebook_run_again(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    before = execution.key_of([b"code"])
    assert execution.key_of([b"code"]) == before
    monkeypatch.setattr(
        "literate.snippet.source.installed",
        lambda name: "0.1" if name == package else installed(name),
    )
    surroundings.cache_clear()
    assert execution.key_of([b"code"]) != before
    surroundings.cache_clear()


def test_what_the_page_holds(project: Path) -> None:
    cells = """
    # %% alt="A line."
    import matplotlib.pyplot as plt
    import torch
    from IPython.display import Markdown, display

    plt.plot(torch.arange(2))
    display(Markdown("| a | b |\\n|---|---|\\n| 1 | 2 |"))
    plt.show()

    # %% [markdown]
    # A formula, $x^2$, and [home](index.md).
    """
    status, said = build(project, dedent(cells))
    assert status == 0, said
    folder = project / "site" / "walk"
    page = (folder / "index.html").read_text(encoding="utf-8")
    for wanted in ('aria-label="A line."', "var(--figure-1", "<math", "<td>2</td>", 'id="way"'):
        assert wanted in page
    assert "class='jp-" not in page
    assert 'class="jp-' not in page
    assert not re.search(r"(?:src|href)=.https?://(?!example\.org|github|squidfunk)", page)
    download = json.loads((folder / "walk.ipynb").read_text(encoding="utf-8"))
    assert any("image/svg+xml" in str(cell) for cell in download["cells"])
    assert "| 1 | 2 |" in (folder / "index.md").read_text(encoding="utf-8")


WITH_SNIPPET = """
# %% [markdown]
# /// snippet | {}.py
# ///
"""


def test_a_snippet_on_a_notebook_s_page_has_its_downloads(project: Path) -> None:
    (project / "snippets" / "steps.py").write_text("print(72)\n")
    status, said = build(project, WITH_SNIPPET.format("steps"))
    assert status == 0, said
    folder = project / "site" / "walk"
    assert 'href="steps.py"' in (folder / "index.html").read_text(encoding="utf-8")
    assert (folder / "steps.py").read_text() == "print(72)\n"
    assert "72" in (folder / "steps.ipynb").read_text()


APART = """
# %% [markdown]
# See [the start][b].

# %% [markdown]
# [b]: index.md
"""


def test_a_link_and_its_address_may_stand_in_two_cells(project: Path) -> None:
    status, said = build(project, APART)
    assert status == 0, said
    folder = project / "site" / "walk"
    cells = json.loads((folder / "walk.ipynb").read_text(encoding="utf-8"))["cells"]
    defined = "[b]: <https://example.org/test/>"
    assert f"See [the start][b].\n\n{defined}" in [cell["source"] for cell in cells]
    markdown = (folder / "index.md").read_text(encoding="utf-8")
    assert "[b]: https://example.org/test/" in markdown


def test_a_snippet_that_has_the_name_of_the_notebook_is_refused(project: Path) -> None:
    (project / "snippets" / "walk.py").write_text("print(72)\n")
    status, said = build(project, WITH_SNIPPET.format("walk"))
    assert status != 0
    assert "walk.py:1: beside this page would stand two files walk.ipynb" in said
    assert "Traceback" not in said


def test_a_preview_does_not_wait_for_a_notebook(project: Path) -> None:
    cells = """
    # %%
    import time
    from pathlib import Path

    while not Path("../go").exists():
        time.sleep(0.01)
    print("gone")
    """
    (project / "docs" / "walk.py").write_text(HEAD.lstrip() + dedent(cells), encoding="utf-8")
    (project / "docs" / "index.md").write_text("# Home\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", address]
    with (project / "log").open("w") as log:
        run = subprocess.Popen(command, cwd=project, stderr=log, stdout=log)
        try:
            first = fetched(f"http://{address}/test/walk/", "</html>")
            assert "runs: what its cells show will stand below them" in first
            assert "It goes." in first and "gone</samp>" not in first.replace("\n", "")
            (project.parent / "go").touch()
            last = fetched(f"http://{address}/test/walk/", "<samp>gone")
            assert "runs: what its cells show" not in last
        finally:
            run.terminate()
            run.wait(300)


def fetched(address: str, text: str) -> str:
    """What is served at an address as soon as it holds the text."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(address) as reply:
            said = reply.read().decode()
            if text in said:
                return said
        time.sleep(0.1)
    raise AssertionError(f"{address} never showed {text}")


def test_a_kernel_that_there_is_none_of_is_told(tmp_path: Path) -> None:
    options = {"execute": True, "kernel_name": "nobody"}
    with pytest.raises(DeadKernelError, match="NoSuchKernel: No such kernel named nobody"):
        execution.execute(SOURCES["en"], options, tmp_path, PROJECT, "literate")


def test_a_kernel_does_not_speak_after_its_last_cell(project: Path) -> None:
    cells = """
    # %%
    import atexit
    import sys

    _ = atexit.register(print, "last words", file=sys.__stderr__, flush=True)
    """
    status, said = build(project, dedent(cells))
    assert status == 0, said
    assert "last words" not in said


FAULTS = {
    "error": ("\n# %%\nx = 1\n\n# %%\ny = 2\nprint(x / 0)\n", 7, "ZeroDivisionError: division by"),
    "exit": ("\n# %%\nx = 1\n\n# %%\nimport sys\nsys.exit(3)\n", 7, "SystemExit: 3"),
    "magic": ("\n# %%\nx = 1\n\n# %%\n# %nosuchmagic\n", 6, "nosuchmagic"),
    "warning": ("\n# %%\nimport warnings\nwarnings.warn('old')\n", 3, "UserWarning: old"),
    "value": ("\n# %%\nobject()\n", 3, "should not show (execute_result)"),
    "formula": ("\n# %% [markdown]\n# $\\frac{1}$\n", 3, "is wrong"),
    "link": ("\n# %% [markdown]\n# [lost](nowhere.md)\n", 3, "nowhere.md"),
    "figure": (
        "\n# %%\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n",
        3,
        "needs an alternative text",
    ),
}
"""Cells that fail, below a good beginning; the line among them, from nought, and what is said."""
BEGINNINGS = {
    "nothing": ("", 1, "begins with its front matter"),
    "one_cell": ("# %%\nprint(1)\n", 2, "begins with its front matter"),
    "code": ("# %%\nprint(1)\n\n# %%\nprint(2)\n", 2, "begins with its front matter"),
    "nothing_more": ("# ---\n# title: A\n# ---\n", 1, "whose first line is the title"),
    "no_title": (
        "# ---\n# title: A\n# ---\n\n# %%\nprint(1)\n",
        6,
        "whose first line is the title",
    ),
    "killed": (
        f"{HEAD.lstrip()}\n# %%\nimport os\n\nos.kill(os.getppid(), 9)\n",
        1,
        "did not run to its end: its process ended with status -9",
    ),
    "no_yaml": ("# ---\n# title: A: b\n# ---\n\n# %% [markdown]\n# # A\n", 1, "cannot be read"),
    "no_date": (
        "# ---\n# date: 2026-13-45\n# ---\n\n# %% [markdown]\n# # A\n",
        1,
        "cannot be read",
    ),
}
"""Notebooks that do not begin as a page does, or do not end; the line and what is said of it."""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of nothing but faults, built once; what was said is in its file `said.txt`."""
    project = tmp_path_factory.mktemp("refused")
    for folder in ("docs", "snippets", "site"):
        (project / folder).mkdir()
    (project / "mkdocs.yml").write_text(CONFIG.replace("walk.py", '"*.py"'))
    (project / "docs" / "index.md").write_text("# Home\n")
    (project / "site" / "last.html").write_text("good")
    for name, (cells, _, _) in FAULTS.items():
        (project / "docs" / f"{name}.py").write_text(HEAD.lstrip() + cells)
    for name, (source, _, _) in BEGINNINGS.items():
        (project / "docs" / f"{name}.py").write_text(source)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    (project / "said.txt").write_text(run.stderr)
    return project


def test_after_a_fault_the_last_site_stands_and_no_traceback_is_shown(refused: Path) -> None:
    assert "Traceback" not in (refused / "said.txt").read_text()
    assert [path.name for path in (refused / "site").iterdir()] == ["last.html"]


@pytest.mark.parametrize("name", [*FAULTS, *BEGINNINGS])
def test_what_fails_fails_with_file_and_line(refused: Path, name: str) -> None:
    _, line, sentence = FAULTS.get(name) or BEGINNINGS[name]
    line += START - 1 if name in FAULTS else 0
    rows = (refused / "said.txt").read_text().splitlines()
    (said,) = [row for row in rows if f"docs/{name}.py:{line}: " in row]
    assert sentence in said
