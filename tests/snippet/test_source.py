"""A file becomes cells, a claim and a key."""

import subprocess
import sys
from pathlib import Path

import pytest

from literate.snippet.source import LIBRARIES, WORKER_ROOMS, Snippet, snippet_files, surroundings


def snippet(source: str) -> Snippet:
    return Snippet(Path("/snippets"), "a.py", source)


def test_cells_keep_the_lines_of_the_file() -> None:
    cells = snippet('"""Claim."""\n\nx = 1\n# %% draw\n\n\ny = 2\n# %%\n').cells
    assert [(cell.source, cell.line, cell.before) for cell in cells] == [
        ('"""Claim."""\n\nx = 1\n', 1, ""),
        ("y = 2\n", 7, "# %% draw\n\n\n"),
    ]


@pytest.mark.parametrize("source", ["x = 1", "\n\nx = 1\n", "# %%\nx = 1\n\n\n# %% b\n\ny = 2\n\n"])
def test_the_cells_and_what_is_before_them_are_the_file(source: str) -> None:
    whole = "".join(cell.before + cell.source for cell in snippet(source).cells)
    assert whole.rstrip("\n") == source.rstrip("\n")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('x = """\n# %% a\n"""\n# %%\ny = 1\n', [1, 5]),
        ("x = '''\n\"\"\"\n# %% a\n'''\n\n# %%\ny = 1\n", [1, 7]),
        ('"""A."""\n# %%\ny = 1  # \'\'\'\n# %%\nz = 1\n', [1, 3, 5]),
        ('x = """\n# %% a\n', [1]),
        ('# uses """ below\nx = """\n# %% a\n"""\n# %%\ny = 1\n', [1, 6]),
    ],
    ids=[
        "in a string",
        "in the other quotes",
        "quotes in a comment",
        "a string without end",
        "as many quotes before it as if it were in none",
    ],
)
def test_a_mark_within_a_string_parts_no_cells(source: str, lines: list[int]) -> None:
    assert [cell.line for cell in snippet(source).cells] == lines


def test_the_key_depends_on_the_source_and_the_name() -> None:
    assert snippet("x = 1\n").key == snippet("x = 1\n").key
    assert snippet("x = 1\n").key != snippet("x = 1  # one\n").key
    assert snippet("x = 1\n").key != Snippet(Path("/snippets"), "b.py", "x = 1\n").key


@pytest.mark.parametrize("library", [*LIBRARIES, "interpreter", "worker"])
def test_the_key_depends_on_all_that_runs_it(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snippet("x = 1\n").key
    surroundings.cache_clear()
    if library == "interpreter":
        monkeypatch.setattr("sys.version", "3.99")
    elif library == "worker":
        monkeypatch.setattr("literate.snippet.source.WORKER_ROOMS", ("worker",))
    else:
        installed = "literate.snippet.source.installed"
        monkeypatch.setattr(installed, lambda name: "1")
        before = snippet("x = 1\n").key
        surroundings.cache_clear()
        monkeypatch.setattr(installed, lambda name: "2" if name == library else "1")
    assert snippet("x = 1\n").key != before
    surroundings.cache_clear()


def test_the_key_depends_on_every_room_that_a_run_imports() -> None:
    program = (
        "import sys, literate.worker.client, literate.worker.server, literate.worker.cells; "
        "print(*(name for name in sys.modules if name.startswith('literate.')))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    rooms = {name.split(".")[1] for name in run.stdout.decode().split()}
    assert rooms == set(WORKER_ROOMS)


def test_a_leading_underscore_means_imported_not_run(tmp_path: Path) -> None:
    for name in ("a.py", "_helper.py", "b/c.py", "_private/d.py", ".hidden/e.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = [path.relative_to(tmp_path).as_posix() for path in snippet_files(tmp_path)]
    assert found == ["a.py", "b/c.py"]


def test_a_name_must_be_a_file_below_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "snippets"
    (root / "sgd").mkdir(parents=True)
    (root / "sgd" / "noise.py").write_text("x = 1\n")
    (tmp_path / "secret.py").write_text("x = 1\n")
    (root / "UP.PY").write_text("x = 1\n")
    for name, target in {
        "way_out.py": tmp_path / "secret.py",
        "link.py": root / "sgd" / "noise.py",
        "loop.py": root / "loop.py",
        "folder": root / "sgd",
    }.items():
        (root / name).symlink_to(target)
    (root / "a_folder.py").mkdir()
    assert Snippet.read(root, "sgd/noise.py").source == "x = 1\n"
    for name, sentence in {
        "../secret.py": "lies outside snippets/",
        f"{tmp_path}/secret.py": "lies outside snippets/",
        "way_out.py": "lies outside snippets/",
        "sgd/nose.py": "there is no snippets/sgd/nose.py; did you mean sgd/noise.py?",
        "sgd/Noise.py": "there is no snippets/sgd/Noise.py; did you mean sgd/noise.py?",
        "sgd": "there is no snippets/sgd",
        "a_folder.py": "there is no snippets/a_folder.py",
        "UP.PY": "snippets/UP.PY is no snippet: its name has to end in .py",
        "a" * 300: "there is no snippets/aaa",
        "link.py": "snippets/link.py is a symbolic link, to sgd/noise.py: not followed",
        "folder/noise.py": "snippets/folder/noise.py is a symbolic link, to sgd/noise.py",
        "loop.py": "snippets/loop.py is a symbolic link, to nothing",
    }.items():
        with pytest.raises(ValueError, match="snippets") as error:
            Snippet.read(root, name)
        assert sentence in str(error.value)
        assert f"did you mean {name}?" not in str(error.value)


def test_names_may_hold_spaces_and_chinese(tmp_path: Path) -> None:
    (tmp_path / "十份 拷贝.py").write_text("x = 1\n")
    assert Snippet.read(tmp_path, "十份 拷贝.py").source == "x = 1\n"


def test_a_byte_order_mark_is_no_part_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbf# %%\nx = 1\n")
    (cell,) = Snippet.read(tmp_path, "a.py").cells
    assert (cell.source, cell.line, cell.before) == ("x = 1\n", 2, "# %%\n")


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = '\xff'\n")
    with pytest.raises(ValueError, match="not UTF-8 at byte 5"):
        Snippet.read(tmp_path, "a.py")
