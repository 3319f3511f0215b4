"""A stored result is right or it is not used."""

import errno
import hashlib
import logging
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from literate.run.runner import Runner
from literate.snippet.inputs import Uses, edited, libraries

Write = Callable[[str, str], Path]

ONCE = "import uuid\nprint(uuid.uuid4())\n"


def again(runner: Runner) -> Runner:
    """What the next build has: the same folders, nothing in memory."""
    return Runner(runner.root, runner.store, runner.executor)


def printed(runner: Runner, name: str = "a.py") -> str:
    return runner.result(name).outputs[0].printed


def entry(runner: Runner) -> Path:
    (path,) = runner.store.folder.iterdir()
    return path


def whole(content: bytes) -> bytes:
    """A file as the store writes it, whatever it holds."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def test_a_result_is_kept_until_the_source_changes(runner: Runner, write: Write) -> None:
    path = write("a.py", ONCE)
    first = printed(runner)
    path.touch()
    assert printed(again(runner)) == first
    path.write_text(ONCE + "# only a comment\n")
    assert printed(again(runner)) != first
    path.write_text(ONCE)
    assert printed(again(runner)) == first


def test_a_file_dated_ahead_is_believed_to_be_what_it_was(runner: Runner, write: Write) -> None:
    ahead = time.time() + 86400
    os.utime(write("_helper.py", "x = 1\n"), (ahead, ahead))
    write("a.py", "import _helper\n" + ONCE)
    assert printed(again(runner)) == printed(again(runner))


@pytest.mark.parametrize("changed", ["_helper.py", "_deeper.py", "table.csv"])
def test_a_file_that_the_run_used_makes_it_run_again(
    runner: Runner, write: Write, changed: str
) -> None:
    write("_deeper.py", "x = 1\n")
    helper = "import pathlib\nimport _deeper\n"
    write("_helper.py", helper + "text = pathlib.Path(__file__).with_name('table.csv').open()\n")
    write("table.csv", "1\n")
    write("other.csv", "1\n")
    write("a.py", "import _helper\n" + ONCE)
    first = printed(runner)
    write("other.csv", "2\n")
    assert printed(again(runner)) == first
    path = runner.root / changed
    path.write_text(path.read_text() + "\n")
    assert printed(again(runner)) != first


SEEKS = {
    "that a file is there": (
        "import os\nprint(os.path.exists(os.path.dirname(__file__) + '/late.csv'))\n",
        "late.csv",
    ),
    "the size of a file": (
        "import os\nprint(os.path.getsize(os.path.dirname(__file__) + '/data/old.csv'))\n",
        "data/old.csv",
    ),
    "a hidden folder": (
        "from pathlib import Path\nprint(Path(__file__).with_name('.data').glob('*').__next__())\n",
        ".data/new.csv",
    ),
    "a file read by a forked process": (
        "import multiprocessing\nfrom pathlib import Path\n"
        "def read():\n    Path(__file__).with_name('data').joinpath('old.csv').read_text()\n"
        "child = multiprocessing.get_context('fork').Process(target=read)\n"
        "child.start()\nchild.join()\n",
        "data/old.csv",
    ),
    "a new name in a folder": (
        "from pathlib import Path\nprint(sorted(Path(__file__).parent.glob('data/*')))\n",
        "data/new.csv",
    ),
    "a file that was not there": (
        "from pathlib import Path\nimport contextlib\nwith contextlib.suppress(OSError):\n"
        "    Path(__file__).with_name('late.csv').read_text()\n",
        "late.csv",
    ),
    "a module that was not there": (
        "try:\n    import _late\nexcept ImportError:\n    pass\n",
        "_late.py",
    ),
    "a file of the project": (
        "from pathlib import Path\nprint((Path(__file__).parents[1] / 't.csv').read_text())\n",
        "../t.csv",
    ),
}


@pytest.mark.parametrize(("source", "changed"), SEEKS.values(), ids=SEEKS)
def test_what_the_run_looked_for_makes_it_run_again(
    runner: Runner, write: Write, source: str, changed: str
) -> None:
    write("data/old.csv", "1\n")
    write(".data/old.csv", "1\n")
    write("../t.csv", "1\n")
    imports = "import importlib.metadata, markdown\nimportlib.metadata.version('numpy')\n"
    write("a.py", source + imports + ONCE)
    first = printed(runner)
    write("b.py", "print(1)\n")
    write("../other.csv", "2\n")
    assert printed(again(runner)) == first
    write(changed, "22\n")
    assert printed(again(runner)) != first


LINKS = {
    "resolve": "print((here / 'link').resolve().name)",
    "resolve, and read": "print((here / 'link').resolve().name, (here / 'link').read_text())",
    "resolve below": "print((here / 'linked' / 'old.csv').resolve().parent.name)",
    "realpath": "print(os.path.realpath(here / 'link'))",
    "readlink": "print(os.readlink(here / 'link'))",
    "readlink in a folder": "print(os.readlink('link', dir_fd=os.open(here, os.O_RDONLY)))",
    "is_symlink": "print((here / 'link').is_symlink())",
    "islink": "print(os.path.islink(here / 'link'))",
    "samefile": "print((here / 'link').samefile(here / 'data' / 'old.csv'))",
    "to nothing": "print(os.path.islink(here / 'nothing'), (here / 'nothing').exists())",
}


@pytest.mark.parametrize("asks", LINKS.values(), ids=LINKS)
def test_a_link_that_leads_elsewhere_makes_it_run_again(
    runner: Runner, write: Write, asks: str
) -> None:
    write("data/old.csv", "1\n")
    write("other/old.csv", "1\n")
    links = {"link": "data/old.csv", "linked": "data", "nothing": "data/nothing"}
    for name, target in links.items():
        (runner.root / name).symlink_to(target)
    write(
        "a.py", f"import os\nfrom pathlib import Path\nhere = Path(__file__).parent\n{asks}\n{ONCE}"
    )
    first = printed(runner)
    assert printed(again(runner)) == first
    for name, target in links.items():
        (runner.root / name).unlink()
        (runner.root / name).symlink_to(target.replace("data", "other"))
    assert printed(again(runner)) != first


def test_a_link_is_what_the_run_has_seen_of_it(runner: Runner, write: Write) -> None:
    write("data.csv", "1\n")
    (runner.root / "link").symlink_to("data.csv")
    (runner.root / "loop").symlink_to("loop")
    write(
        "a.py",
        """
        from pathlib import Path
        here = Path(__file__).parent
        print((here / "link").read_text(), (here / "loop").is_symlink())
        print([path.is_dir() for path in here.iterdir()])
        try:
            (here / "loop").read_text()
        except OSError as error:
            print(error.strerror)
        """,
    )
    inputs = runner.result("a.py").inputs
    assert not edited(inputs, runner.project)
    write("data.csv", "2\n")
    assert edited(inputs, runner.project) == {"snippets/link"}


FOLDERS = {
    "fwalk": "print(list(os.fwalk(here / 'data'))[1][2])",
    "fwalk from a descriptor": "print(list(os.fwalk('data', dir_fd=top))[1][2])",
    "a descriptor listed": "print(os.listdir(os.open(here / 'data' / 'below', os.O_RDONLY)))",
    "a file opened in a folder": "print(os.fstat(os.open('data/below/old.csv', 0, dir_fd=top)))",
    "a file sought in a folder": "print(os.stat('data/below/old.csv', dir_fd=top).st_size)",
    "the kinds in a folder": "print([e.is_dir() for e in os.scandir(here / 'data/below')])",
    "the kinds in a tree": "print(list(os.walk(here / 'data')))",
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of descriptors")
@pytest.mark.parametrize("asks", FOLDERS.values(), ids=FOLDERS)
def test_what_the_run_found_by_way_of_a_folder_makes_it_run_again(
    runner: Runner, write: Write, asks: str
) -> None:
    path = write("data/below/old.csv", "1\n")
    head = "import os\nfrom pathlib import Path\nhere = Path(__file__).parent\n"
    write("a.py", f"{head}top = os.open(here, os.O_RDONLY)\n{asks}\n{ONCE}")
    first = printed(runner)
    assert printed(again(runner)) == first
    path.unlink()
    write("data/below/old.csv/deeper.csv", "1\n")
    assert printed(again(runner)) != first


PLACED = {
    "in a folder of the path before": ("lib/hlp.py", "import hlp", "hlp.py"),
    "as a package": ("hlp.py", "import hlp", "hlp/__init__.py"),
    "as a package in a folder before": ("lib/hlp.py", "import hlp", "hlp/__init__.py"),
    "as a package in a package": ("pkg/hlp.py", "import pkg.hlp", "pkg/hlp/__init__.py"),
    "as a package in place of a folder": ("pkg/hlp.py", "import pkg", "lib/pkg/__init__.py"),
    "as a package in place of a package": ("lib/pkg/__init__.py", "import pkg", "pkg/__init__.py"),
    "in place of a package that is installed": ("x.py", "import markdown", "markdown.py"),
}


@pytest.mark.parametrize(("helper", "imports", "placed"), PLACED.values(), ids=PLACED)
def test_a_module_placed_before_the_one_imported_makes_it_run_again(
    runner: Runner, write: Write, helper: str, imports: str, placed: str
) -> None:
    write(helper, "x = 1\n")
    adds = "sys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))"
    write("a.py", f"import os, sys\n{adds}\n{imports}\n{ONCE}")
    first = printed(runner)
    write("hlq.py", "x = 1\n")
    assert printed(again(runner)) == first
    write(placed, "x = 2\n")
    assert printed(again(runner)) != first


def test_a_helper_in_an_archive_is_an_input_as_a_whole(runner: Runner, write: Write) -> None:
    path = runner.root / "helpers.zip"

    def pack(number: int) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hlp.py", "x = 1\n")
            archive.writestr("pkg/__init__.py", f"x = {number}\n")

    pack(1)
    adds = "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'helpers.zip'))"
    write("a.py", f"import os, sys\n{adds}\nimport hlp, pkg\n{ONCE}")
    first = printed(runner)
    assert not edited(runner.result("a.py").inputs, runner.project)
    assert printed(again(runner)) == first
    pack(2)
    assert printed(again(runner)) != first


def test_a_variable_that_the_snippet_reads_makes_it_run_again(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        "a.py",
        "import os\nos.environ['SET'] = '1'\nx = os.getenv('SET'), os.getenv('RATE')\n" + ONCE,
    )
    first = printed(runner)
    monkeypatch.setenv("OTHER", "1")
    assert printed(again(runner)) == first
    monkeypatch.setenv("RATE", "1")
    assert printed(again(runner)) != first


@pytest.mark.parametrize(
    "reads",
    [
        "os.environb.get(b'RATE')",
        "'RATE' in list(os.environ)",
        """eval("os.environ.get('RATE')")""",
        """exec("os.environ.get('RATE')")""",
        "Given()",
        "os.path.expandvars('$RATE')",
    ],
)
def test_a_variable_that_was_not_there_is_missed_however_it_is_read(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch, reads: str
) -> None:
    given = """
from dataclasses import field, make_dataclass
from functools import partial
rate = field(default_factory=partial(os.environ.get, "RATE"))
Given = make_dataclass("Given", [("rate", str, rate)])
"""
    write("a.py", f"import os\n{given}\nx = {reads}\n{ONCE}")
    first = printed(runner)
    assert printed(again(runner)) == first
    monkeypatch.setenv("RATE", "1")
    assert printed(again(runner)) != first


def test_a_project_below_the_interpreters_folder_has_files_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    libraries.cache_clear()
    uses = Uses.__new__(Uses)
    uses.project = tmp_path / "project"
    assert uses.counts(tmp_path / "project" / "table.csv")
    libraries.cache_clear()


def test_a_helper_that_changes_during_the_run_makes_it_run_again(
    runner: Runner, write: Write
) -> None:
    write("_helper.py", "x = 1\n")
    write(
        "a.py",
        """
        import pathlib, time
        import _helper
        began, go = time.time_ns(), pathlib.Path(__file__).parents[2] / "go"
        while pathlib.Path(_helper.__file__).stat().st_mtime_ns < began and not go.exists():
            time.sleep(0.05)
        print(_helper.x)
        """,
    )
    runner.start()
    (run,) = runner.runs.values()
    count = 1
    while not run.done():
        count += 1
        write("_helper.py", f"x = {count}\n")
        time.sleep(0.1)
    (runner.root.parents[1] / "go").touch()
    assert printed(again(runner)) == f"{count}\n"


def test_a_helper_that_was_compiled_before_is_an_input(runner: Runner, write: Write) -> None:
    """Python then reads only what it has compiled, which is kept for no one's sake."""
    write("_helper.py", "x = 1\n")
    write(
        "a.py",
        """
        import importlib.util
        from pathlib import Path
        spec = importlib.util.spec_from_file_location("h", Path(__file__).with_name("_helper.py"))
        helper = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(helper)
        print(helper.x)
        """,
    )
    environment = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    script = [sys.executable, runner.root / "a.py"]
    subprocess.run(script, check=True, env=environment, stdout=subprocess.DEVNULL)
    assert list((runner.root / "__pycache__").iterdir())
    assert printed(runner) == "1\n"
    write("_helper.py", "x = 22\n")
    assert printed(again(runner)) == "22\n"


def test_a_variable_that_a_forked_process_reads_is_an_input(runner: Runner, write: Write) -> None:
    write(
        "a.py",
        """
        import os, sys
        if os.fork() == 0:
            print(os.environ.get("RATE"))
            sys.exit()
        os.wait()
        print("done")
        """,
    )
    assert runner.result("a.py").inputs.variables.keys() == {"RATE"}


def test_a_package_of_another_version_makes_it_run_again(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "sys.modules['odd'] = type('Odd', (), {'__path__': None})()"  # as torch.classes is odd
    write("a.py", f"import markdown, sys, yaml, scipy\n{odd}\n{ONCE}")
    result = runner.result("a.py")
    assert set(result.inputs.packages) == {"markdown", "PyYAML"}
    assert again(runner).result("a.py") == result
    monkeypatch.setattr("literate.snippet.inputs.installed", lambda name: "0")
    assert again(runner).result("a.py") != result


def test_the_key_has_every_library_that_all_runs_find_imported(
    runner: Runner, write: Write
) -> None:
    write(
        "a.py",
        """
        # As for a snippet that uses sklearn and optim.
        from importlib.metadata import packages_distributions
        from literate.snippet.inputs import LIBRARIES, PRELOADED
        known, modules = packages_distributions(), {name.split(".")[0] for name in PRELOADED}
        found = {name for module in modules for name in known.get(module, [])}
        left, some = sorted(found - set(LIBRARIES)), "scipy" in found
        print(1)
        """,
    )
    values = runner.result("a.py").values
    assert values["some"]
    assert values["left"] == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:40],
        lambda data: data[:-200],
        lambda data: b"",
        lambda data: data.replace(b"printed", b"primted"),
        lambda data: b"\x80" + data,
        lambda data: b'{"format": 0}',
        lambda data: whole(b'{"outputs": 3}'),
        lambda data: whole(b'{"outputs": '),
    ],
    ids=["head", "tail", "empty", "flipped", "binary", "older", "wrong shape", "no JSON"],
)
def test_a_damaged_result_is_noticed_and_run_again(
    runner: Runner,
    write: Write,
    damage: Callable[[bytes], bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    write("a.py", ONCE)
    first = printed(runner)
    path = entry(runner)
    path.write_bytes(damage(path.read_bytes()))
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        second = printed(again(runner))
    assert second != first
    assert "a.py: the stored result is damaged, made again" in caplog.text
    assert printed(again(runner)) == second


def test_an_unreadable_result_is_said_and_run_again(
    runner: Runner, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.py", ONCE)
    first = printed(runner)
    path = entry(runner)
    path.unlink()
    path.mkdir()
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        assert printed(again(runner)) != first
    assert "a.py: the stored result cannot be read" in caplog.text


def test_a_full_disk_leaves_no_half_written_result(
    runner: Runner, write: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    write("a.py", ONCE)
    monkeypatch.setattr(Path, "write_bytes", full)
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        assert printed(runner)
    assert "a.py: the result cannot be stored ([Errno 28]" in caplog.text
    assert list(runner.store.folder.iterdir()) == []


def test_a_store_that_cannot_be_written_is_said_and_harms_nothing(
    runner: Runner, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    write("a.py", ONCE)
    runner.store.folder.write_text("a file stands where the folder would")
    with caplog.at_level(logging.INFO, "mkdocs.literate"):
        first = printed(runner)
    assert "a.py: the result cannot be stored" in caplog.text
    assert printed(runner) == first


def test_text_that_no_file_can_hold_harms_no_page(runner: Runner, write: Write) -> None:
    write("a.py", "name = '\\ud800'\n" + ONCE)
    first = printed(runner)
    assert printed(again(runner)) == first
    assert "name" not in again(runner).result("a.py").values


def test_only_the_newest_results_of_a_snippet_stay(runner: Runner, write: Write) -> None:
    for number in range(6):
        write("a.py", f"print({number})\n")
        runner.result("a.py")
    write("a.b.py", "print()\nprint(1)\n")
    runner.result("a.b.py")
    names = [path.name for path in runner.store.folder.iterdir()]
    assert len([name for name in names if name.startswith("a.py.")]) == 4
    assert len(names) == 5
