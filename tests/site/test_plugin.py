"""A build is right or the last good site stays, and every fault of it is told at once."""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from literate.run.watch import PAUSE
from literate.site.publication import named_in
from literate.site.swap import clear_up, refill

KILLS = int(os.environ.get("KILLS", "10"))
CONFIG = """
site_name: Test
site_url: https://example.org/test/
theme: {name: material, font: false}
plugins:
  literate: {translations: {en: docs/en.yml}, cards: true, policy: true}
docs_dir: docs/zh
markdown_extensions:
  tables: {}
  attr_list: {}
  pymdownx.superfences: {}
  literate: {language: zh}
  literate.page.formula: {}
validation: {anchors: warn, unrecognized_links: warn}
"""
ENGLISH = """
INHERIT: ../mkdocs.yml
docs_dir: en
markdown_extensions: {literate: {language: en}}
"""
PAGE = """---
title: Steps
---

# Steps

It takes {{ steps.py: steps }} steps, $x^2$.

/// snippet | steps.py
It prints.
///
"""
SNIPPET = '"""It counts."""\n\nsteps = 72\nprint(steps)\n'


def test_a_navigation_names_its_files_in_order() -> None:
    nav = ["index.md", {"Part": ["a/one.md", {"Two": "two.py"}]}, {"Last": "last.md"}]
    assert list(named_in(nav)) == ["index.md", "a/one.md", "two.py", "last.md"]
    assert list(named_in(None)) == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project in two languages, as an author would have it."""
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "steps.py").write_text(SNIPPET)
    for language in ("zh", "en"):
        (tmp_path / "docs" / language).mkdir(parents=True)
        (tmp_path / "docs" / language / "index.md").write_text(PAGE)
    (tmp_path / "docs" / "en.yml").write_text(ENGLISH)
    return tmp_path


def build(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", *options]
    return subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=300, check=False
    )


def files(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_one_strict_build_gives_the_whole_site(project: Path) -> None:
    run = build(project, "--strict")
    assert run.returncode == 0, run.stderr
    site = files(project / "site")
    for page in ("index.html", "en/index.html"):
        assert ' value="72">72</data>' in site[page].decode()
        assert "<math" in site[page].decode()
    assert site["steps.py"].decode() == SNIPPET
    assert {"steps.ipynb", "index.md", "en/steps.py", "en/steps.ipynb"} <= site.keys()
    assert "snippets: 1 ran, 0 reused, 0 failed, " in run.stderr
    assert re.search(r"\[1/1\] steps\.py \d+\.\d s\n", run.stderr)
    assert {path.name for path in project.iterdir()} == {
        ".cache", "docs", "mkdocs.yml", "site", "snippets"
    }  # fmt: skip


def test_a_stored_build_reuses_and_imports_neither_torch_nor_matplotlib(project: Path) -> None:
    build(project)
    program = (
        "import sys; from mkdocs.__main__ import cli; cli(['build', '--strict'], "
        "standalone_mode=False); print({'torch', 'matplotlib', 'numpy'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True
    )
    assert "snippets: 0 ran, 1 reused, 0 failed, " in run.stderr
    assert run.stdout.strip() == "set()"


FAULTS = {
    "snippets/raises.py": ("print(1)\n# %%\n1 / 0\n", 3, "ZeroDivisionError: division by zero"),
    "snippets/leaves.py": ("import os\nos._exit(3)\n", 1, "ends its process with status 3"),
    "snippets/silent.py": ("x = 1\n", 1, "neither prints nor draws anything"),
    "docs/zh/missing.md": ("# A\n\n/// snippet | stepz.py\n///\n", 3, "did you mean steps.py?"),
    "docs/zh/outside.md": ("# A\n\n/// snippet | ../a.py\n///\n", 3, "lies outside snippets/"),
    "docs/zh/value.md": ("# A\n\n{{ steps.py: stepz:.1f }}\n", 3, "leaves no value stepz"),
    "docs/zh/format.md": ("# A\n\nx\n\n{{ steps.py: steps:s }}\n", 5, "does not fit 72"),
    "docs/zh/formula.md": ("---\ntitle: A\n---\n\n# A\n\n$\\frac{1$\n", 7, "formula"),
    "docs/zh/options.md": (
        "# A\n\n/// snippet | steps.py\n    alt: a: b\n///\n", 3, "this block cannot be read"
    ),
    "docs/en/no_value.md": ("# A\n\n{{ steps }}\n", 3, "this is no value"),
}  # fmt: skip


def test_all_faults_are_told_in_one_go_and_the_last_site_stays(project: Path) -> None:
    assert build(project, "--strict").returncode == 0
    before = files(project / "site")
    shown = "".join(
        f"\n/// snippet | {Path(name).name}\n///\n" for name in FAULTS if "snippets" in name
    )
    for name, (text, _, _) in FAULTS.items():
        (project / name).write_text(text)
    (project / "docs" / "zh" / "index.md").write_text(PAGE + shown + "\n[x](nowhere.md)\n")
    (project / "docs" / "en" / "index.md").write_text(PAGE + "\n[x](index.md#nowhere)\n")
    run = build(project, "--strict")
    assert run.returncode != 0
    for name, (_, line, sentence) in FAULTS.items():
        (said,) = [row for row in run.stderr.splitlines() if f" {name}:{line}: " in row]
        assert sentence in said
    assert "docs/zh/index.md:22: contains a link 'nowhere.md'" in run.stderr
    assert "docs/en/index.md:13: contains a link 'index.md#nowhere'" in run.stderr
    assert "site/ is left as it was" in run.stdout
    assert files(project / "site") == before
    assert not list(project.glob(".site.*"))


def test_a_failed_snippet_fails_a_build_that_is_not_strict(project: Path) -> None:
    (project / "snippets" / "steps.py").write_text("steps = 1 / 0\n")
    run = build(project)
    assert run.returncode != 0
    assert "snippets/steps.py:1: ZeroDivisionError" in run.stderr
    assert not (project / "site").exists()


def test_a_killed_build_leaves_nothing_and_the_next_is_right(project: Path) -> None:
    (project / "snippets" / "steps.py").write_text(f"import time\ntime.sleep(1)\n{SNIPPET}")
    moments = random.Random(0)
    for delay in [moments.uniform(0.1, 4) for _ in range(KILLS)]:
        command = [sys.executable, "-m", "mkdocs", "build"]
        run = subprocess.Popen(command, cwd=project, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGKILL)
        run.wait()
        _, alive = psutil.wait_procs(children, timeout=30)
        assert alive == []
    assert build(project, "--strict").returncode == 0
    assert not list(project.glob(".site.*"))


def test_ctrl_c_ends_a_build_at_once(project: Path) -> None:
    running = "import subprocess\nsubprocess.run(['sleep', '600'])\nprint(1)\n"
    (project / "snippets" / "steps.py").write_text(running)
    command = [sys.executable, "-m", "mkdocs", "build"]
    run = subprocess.Popen(command, cwd=project, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not any(map(sleeps, psutil.Process(run.pid).children(recursive=True))):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    children = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGINT)
    assert run.wait(300) != 0
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def sleeps(process: psutil.Process) -> bool:
    try:
        return process.name() == "sleep"
    except psutil.NoSuchProcess:
        return False


SWAPS = {"in one step": "", "in two steps": "swap.exchanged = lambda *_: False\n"}
KILLED = """
import os
from pathlib import Path
from literate.site import swap
from mkdocs.__main__ import cli

{swap}
def killing(act):
    def wrapped(path, *others, **options):
        if str(path).endswith(f"{moment}"):
            os.kill(os.getpid(), 9)
        return act(path, *others, **options)
    return wrapped

Path.rename = killing(Path.rename)
swap.shutil.rmtree = killing(swap.shutil.rmtree)
cli(["build"])
"""
NEW, LAST = "/.site.{os.getpid()}", "/.site.{os.getpid()}.last"


@pytest.mark.parametrize(
    ("swap", "moment"), [("in one step", NEW), ("in two steps", NEW), ("in two steps", LAST)]
)
def test_a_build_killed_while_the_sites_change_over_loses_none(
    project: Path, swap: str, moment: str
) -> None:
    assert build(project, "--strict").returncode == 0
    before = files(project / "site")
    program = KILLED.format(swap=SWAPS[swap], moment=moment)
    run = subprocess.run([sys.executable, "-c", program], cwd=project, check=False)
    assert run.returncode == -signal.SIGKILL
    (project / "snippets" / "steps.py").write_text("1 / 0\n")
    assert build(project).returncode == 1
    assert files(project / "site") == before
    assert not list(project.glob(".site.*"))


CHANGES = """
import os
import sys
from pathlib import Path
from literate.site import swap

{swap}
folder = Path(sys.argv[1])
for number in range(50):
    built = swap.staging(folder / "site", os.getpid())
    built.mkdir()
    for name in "abc":
        (built / name).write_text(f"{{os.getpid()}} {{number}}")
    sys.stdin.readline()
    swap.change_over(built, folder / "site")
    print("done", flush=True)
"""


@pytest.mark.parametrize("swap", SWAPS)
def test_builds_of_one_site_change_over_one_after_the_other(tmp_path: Path, swap: str) -> None:
    command = [sys.executable, "-c", CHANGES.format(swap=SWAPS[swap]), str(tmp_path)]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    with started[0], started[1]:
        change_over_in_turns(started, tmp_path)
    assert [run.returncode for run in started] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def change_over_in_turns(runs: list[subprocess.Popen[str]], tmp_path: Path) -> None:
    """Have two builds take the same place again and again, which now and then is empty."""
    for number in range(50):
        if number % 2:
            shutil.rmtree(tmp_path / "site")
        for run in runs:
            run.stdin.write("\n")
            run.stdin.flush()
        assert [run.stdout.readline() for run in runs] == ["done\n", "done\n"]
        texts = {path.read_text() for path in (tmp_path / "site").iterdir()}
        assert len(texts) == 1
        assert texts.pop().endswith(f" {number}")


def test_a_site_that_cannot_be_moved_is_filled_anew(tmp_path: Path) -> None:
    """What was a file may be a folder now, and the other way round."""
    built, target = tmp_path / "built", tmp_path / "site"
    for folder, names in (
        (built, ("a/b.html", "c", "same")),
        (target, ("a", "c/d/e", "same", "x/y")),
    ):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(folder.name)
    (target / "a.link").symlink_to("same")
    refill(built, target)
    assert files(target) == {"a/b.html": b"built", "c": b"built", "same": b"built"}
    assert {path.name for path in target.iterdir()} == {"a", "c", "same"}


def test_what_killed_builds_left_is_removed_and_what_lives_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    kept = [".site", ".site.d", ".site.en.1", f".site.{os.getppid()}", "site"]
    for name in (*kept, f".site.{ended.pid}", f".site.{ended.pid}.last", f".site.{os.getpid()}"):
        (tmp_path / name).mkdir()
    clear_up(tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_a_site_can_be_deployed_by_mkdocs(project: Path) -> None:
    remote = project.parent / f"{project.name}.git"
    for command in (
        ["init", "--quiet", "--bare", str(remote)],
        ["init", "--quiet"],
        ["remote", "add", "origin", str(remote)],
        ["config", "user.name", "a"],
        ["config", "user.email", "a@example.org"],
        ["commit", "--quiet", "--allow-empty", "--message", "x"],
    ):
        subprocess.run(["git", *command], cwd=project, check=True)
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "gh-deploy"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    listing = ["git", "ls-tree", "-r", "--name-only", "gh-pages"]
    deployed = subprocess.run(listing, cwd=remote, capture_output=True, text=True, check=True)
    assert set(files(project / "site")) <= set(deployed.stdout.split())


def test_two_builds_at_once_both_succeed(project: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "-d"]
    runs = [
        subprocess.Popen([*command, str(project / name)], cwd=project, stderr=subprocess.DEVNULL)
        for name in ("one", "two")
    ]
    assert [run.wait(300) for run in runs] == [0, 0]
    assert files(project / "one") == files(project / "two")


def test_builds_in_other_places_and_other_times_are_the_same_bytes(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sites = []
    for number, (zone, locale) in enumerate(
        [("UTC", "C"), ("Asia/Shanghai", "C.UTF-8"), ("America/New_York", "POSIX")]
    ):
        copy = tmp_path_factory.mktemp(f"copy-{number}") / f"project {number}"
        shutil.copytree(project, copy)
        figure = "import matplotlib.pyplot as plt\n\nplt.plot([1, 2, 3])\n"
        (copy / "snippets" / "steps.py").write_text(SNIPPET + figure)
        environment = os.environ | {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": str(number)}
        command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
        sites.append(files(copy / "site"))
    for site in sites[1:]:
        assert site.keys() == sites[0].keys()
        assert [name for name in site if site[name] != sites[0][name]] == []


def test_zensical_builds_the_same_pages(project: Path) -> None:
    assert build(project, "--strict").returncode == 0
    ours = main_text(project / "site" / "index.html")
    shutil.rmtree(project / "site")
    run = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "-s"],
        cwd=project, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    page = project / "site" / "index.html"
    assert main_text(page) == re.sub(r" <a [^>]* download [^>]*>[^<]*</a>", "", ours)
    assert "download" not in main_text(page)  # nobody writes the files


def main_text(page: Path) -> str:
    """The page's own part; Zensical takes the marks of its search out of it."""
    text = page.read_text().replace(' data-search-exclude=""', "")
    text = text.replace(" data-search-exclude", "")
    return text[text.index("<p>It takes") : text.index("</figure>")]


def test_a_preview_shows_an_edit_after_running_only_that_snippet(project: Path) -> None:
    (project / "data.txt").write_text("other")
    reads = "print(Path(__file__).parents[1].joinpath('data.txt').read_text())\n"
    (project / "snippets" / "other.py").write_text(f"from pathlib import Path\n\n{reads}")
    page = project / "docs" / "zh" / "index.md"
    page.write_text(PAGE + "\n/// snippet | other.py\n///\n")
    with preview(project):
        wait_for(project / "log", "Serving on")
        wait_for(project / "log", r"snippets: (0 ran, 2|2 ran, 0) reused")  # all places are filled
        (project / "snippets" / "steps.py").write_text(SNIPPET.replace("72", "73"))
        wait_for(project / "log", "snippets: 1 ran, 1 reused, 0 failed")
        assert build(project, "--strict").returncode == 0  # beside the preview
        assert ">73</data>" in (project / "site" / "index.html").read_text()
        (project / "data.txt").write_text("another")  # watched, as a run has read it
        wait_for(project / "log", "snippets: 1 ran, 1 reused, 0 failed", times=2)
        (project / "snippets" / "steps.py").write_text("1 / 0\n")
        wait_for(project / "log", "snippets/steps.py:1: ZeroDivisionError: division by zero")


def test_the_first_view_of_a_preview_waits_for_no_other_language(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    go = tmp_path_factory.mktemp("outside") / "go"
    waits = f"while not Path({str(go)!r}).exists():\n    time.sleep(0.01)\n"
    source = f"{SNIPPET}import time\nfrom pathlib import Path\n\n{waits}"
    (project / "snippets" / "steps.py").write_text(source)
    with preview(project) as address:
        wait_for(project / "log", "Serving on")
        assert "the other languages follow" in (project / "log").read_text()
        assert "runs: what it shows will stand here" in page_at(address, "")
        with pytest.raises(urllib.error.HTTPError):
            page_at(address, "en/")
        go.touch()
        wait_for(project / "log", "snippets: 0 ran, 1 reused")
        wait_for(project / "log", "Reloading browsers")
        assert ">72</data>" in page_at(address, "en/")


def test_a_preview_that_begins_with_a_fault_tells_it_and_rests(project: Path) -> None:
    (project / "snippets" / "steps.py").write_text("import time\n\ntime.sleep(1)\n1 / 0\n")
    with preview(project):
        wait_for(project / "log", "snippets/steps.py:4: ZeroDivisionError: division by zero")
        built = (project / "log").read_text().count("snippets: ")
        time.sleep(2 * PAUSE)
        assert (project / "log").read_text().count("snippets: ") <= built + 1


@contextlib.contextmanager
def preview(project: Path) -> Iterator[str]:
    """A preview of the project, which writes to its file `log`: where it is served."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", address]
    with (project / "log").open("w") as log:
        run = subprocess.Popen(command, cwd=project, stderr=log, stdout=log)
        try:
            yield address
        finally:
            run.terminate()
            run.wait(60)


def page_at(address: str, path: str) -> str:
    with urllib.request.urlopen(f"http://{address}/test/{path}", timeout=60) as answer:
        return answer.read().decode()


def wait_for(log: Path, text: str, times: int = 1) -> None:
    deadline = time.monotonic() + 300
    while len(re.findall(text, log.read_text())) < times:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def test_a_translation_that_breaks_off_leaves_the_last_site(project: Path) -> None:
    """Whatever another plugin stops the build of one language for, none is published without it."""
    (project / "hook.py").write_text(
        "from mkdocs.exceptions import PluginError\n\n"
        "def on_page_markdown(*_, **__):\n    raise PluginError('badly wrong')\n"
    )
    with (project / "docs" / "en.yml").open("a") as config:
        config.write("hooks: [../hook.py]\n")
    (project / "site").mkdir()
    (project / "site" / "last.html").write_text("last")
    run = build(project)
    assert run.returncode != 0
    assert "badly wrong" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(files(project / "site")) == ["last.html"]


def test_a_folder_of_snippets_outside_the_project_is_refused(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What its snippets read of the project would be no input of theirs."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "snippets"
    (project / "snippets").rename(elsewhere)
    (project / "snippets").symlink_to(elsewhere)
    run = build(project)
    assert run.returncode != 0
    assert "leads out of the project" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_misprint_in_the_configuration_waits_for_no_run(project: Path) -> None:
    (project / "snippets" / "ends_never.py").write_text("while True:\n    pass\n")
    config = CONFIG.replace("{translations", "{words: docs/wrods, translations")
    (project / "mkdocs.yml").write_text(config)
    run = build(project)
    assert run.returncode != 0
    assert "literate: words: there is no folder 'docs/wrods'" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_setting_that_there_is_none_of_is_told(project: Path) -> None:
    config = CONFIG.replace("{translations", "{colour: red, translations")
    (project / "mkdocs.yml").write_text(config)
    run = build(project)
    assert "Unrecognised configuration name: colour" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.returncode == 0


@pytest.mark.parametrize("priority", [100, -100, -2000], ids=["before", "late", "after"])
def test_a_site_that_another_plugin_builds_again_is_refused(project: Path, priority: int) -> None:
    """As mkdocs-static-i18n does: its languages would stand in the folder of this one's build."""
    (project / "hook.py").write_text(
        "from mkdocs.commands.build import build\nfrom mkdocs.plugins import event_priority\n\n"
        f"@event_priority({priority})\ndef on_post_build(config):\n    build(config)\n"
    )
    (project / "mkdocs.yml").write_text(f"{CONFIG}hooks: [hook.py]\n")
    (project / "docs" / "en.yml").write_text(f"{ENGLISH}hooks: []\n")
    (project / "site").mkdir()
    (project / "site" / "last.html").write_text("last")
    run = build(project)
    assert run.returncode != 0
    assert (list(files(project / "site")) == ["last.html"]) == (priority > -1000)
    assert "another plugin builds this site again" in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(project.glob(".site*"))


def test_one_process_may_build_one_site_after_the_other(project: Path) -> None:
    program = (
        "from mkdocs.commands.build import build\nfrom mkdocs.config import load_config\n"
        "for _ in range(2):\n    build(load_config('mkdocs.yml', strict=True))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert (project / "site" / "en" / "index.html").exists()


def test_a_build_that_breaks_off_tells_what_had_failed_and_waits_for_no_run(
    project: Path,
) -> None:
    (project / "snippets" / "ends_never.py").write_text("while True:\n    pass\n")
    (project / "snippets" / "steps.py").write_text("1 / 0\n")
    (project / "hook.py").write_text(
        "def on_page_content(html, page, **_):\n    raise ValueError('badly wrong')\n"
    )
    (project / "mkdocs.yml").write_text(f"{CONFIG}hooks: [hook.py]\n")
    run = build(project)
    assert run.returncode != 0
    assert "badly wrong" in run.stderr
    assert "snippets/steps.py:1: ZeroDivisionError" in run.stderr


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("style: ggplot", "literate: style is one for all languages"),
        ("words: docs/wrods", "literate: words: there is no folder 'docs/wrods'"),
    ],
)
def test_what_a_translation_s_own_settings_cannot_do_is_said(
    project: Path, setting: str, sentence: str
) -> None:
    (project / "docs" / "en.yml").write_text(f"{ENGLISH}plugins: {{literate: {{{setting}}}}}\n")
    run = build(project)
    assert run.returncode != 0
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr


def test_a_translation_has_its_own_labels(project: Path) -> None:
    own = "plugins: {literate: {labels: {copied: It is yours}}}\n"
    (project / "docs" / "en.yml").write_text(ENGLISH + own)
    run = build(project, "--strict")
    assert run.returncode == 0, run.stderr
    site = files(project / "site")
    assert b"It is yours" in site["en/index.html"]
    assert b"It is yours" not in site["index.html"]


def test_fonts_that_the_policy_blocks_are_told(project: Path) -> None:
    (project / "mkdocs.yml").write_text(CONFIG.replace(", font: false", ""))
    run = build(project, "--strict")
    assert run.returncode != 0
    assert "set `font: false` under `theme`" in run.stderr


def test_the_posts_of_a_blog_have_their_downloads(project: Path) -> None:
    (project / "mkdocs.yml").write_text(
        CONFIG.replace("plugins:", "plugins:\n  blog: {post_url_format: '{slug}'}").replace(
            "translations: {en: docs/en.yml}, ", ""
        )
    )
    posts = project / "docs" / "zh" / "blog" / "posts"
    posts.mkdir(parents=True)
    (posts.parent / "index.md").write_text("# Blog\n")
    (posts / "first.md").write_text(PAGE.replace("title: Steps", "date: 2026-01-01"))
    run = build(project, "--strict")
    assert run.returncode == 0, run.stderr
    beside = {path.name for path in (project / "site" / "blog" / "steps").iterdir()}
    assert {"index.html", "index.md", "steps.py", "steps.ipynb"} <= beside


BLOG = CONFIG.replace("translations: {en: docs/en.yml}, ", "").replace(
    "plugins:", "plugins:\n  blog: {post_url_format: '{slug}'}"
)
POST = """---
date: 2026-01-0{day}
---

# Post {day}

{{{{ steps.py: steps }}}} steps, then [the figure](#snippet-steps).

/// snippet | steps.py
    alt: A line.

It prints.
///

/// guess | steps.py: steps
    from: 70
    to: 75
    step: 1

How many?

So many.
///
"""
DRAWN = f"{SNIPPET}# %%\nimport matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.ylim(1.2, 1.5)\n"


@pytest.fixture
def blog(project: Path) -> Path:
    """A project with two posts that show the same snippet."""
    (project / "mkdocs.yml").write_text(BLOG)
    (project / "snippets" / "steps.py").write_text(DRAWN)
    posts = project / "docs" / "zh" / "blog" / "posts"
    posts.mkdir(parents=True)
    (posts.parent / "index.md").write_text("# Blog\n")
    for day in (1, 2):
        (posts / f"post-{day}.md").write_text(POST.format(day=day))
    return project


def test_what_several_posts_show_on_one_page_has_ids_of_its_own(blog: Path) -> None:
    run = build(blog, "--strict")
    assert run.returncode == 0, run.stderr
    for page in ("blog/index.html", "blog/archive/2026/index.html"):
        html = (blog / "site" / page).read_text()
        ids = re.findall(r' id="([^"]*)"', html[html.index("<article") :])
        own = [name for name in ids if name.startswith(("drawing-", "guess-"))]
        assert len(own) == 4
        assert len(ids) == len(set(ids))
    assert 'id="snippet-steps"' in (blog / "site" / "blog" / "post-1" / "index.html").read_text()


@pytest.mark.parametrize("folders", [True, False])
def test_what_an_excerpt_offers_is_there_and_its_page_s_facts_are_left_out(
    blog: Path, folders: bool
) -> None:
    (blog / "mkdocs.yml").write_text(f"{BLOG}use_directory_urls: {folders}\n")
    run = build(blog, "--strict")
    assert run.returncode == 0, run.stderr
    views = ("blog/", "blog/archive/2026/") if folders else ("blog/", "blog/archive/2026.html")
    for view in views:
        path = blog / "site" / view
        html = (path / "index.html" if folders or path.is_dir() else path).read_text()
        links = re.findall(r'<a href="([^"]*)" download', html)
        assert len(links) == 4
        for link in links:
            assert (path if view.endswith("/") else path.parent).joinpath(link).is_file()
        assert "page-facts" not in html
    post = blog / "site" / "blog" / ("post-1/index.html" if folders else "post-1.html")
    assert "page-facts" in post.read_text()


def test_what_is_wrong_in_an_excerpt_is_told_once(blog: Path) -> None:
    post = blog / "docs" / "zh" / "blog" / "posts" / "post-1.md"
    page = POST.format(day=1).replace("---\n\n# Post 1\n", "title: One\n---\n", 1)
    post.write_text(page.replace("steps }} steps", "stepz }} steps"))
    run = build(blog)
    assert run.returncode != 0
    assert run.stderr.count("leaves no value stepz") == 1
    assert "posts/post-1.md:6: " in run.stderr


def test_the_book_has_what_the_navigation_does_not_name_but_no_lists_of_posts(blog: Path) -> None:
    config = BLOG.replace("policy: true", "epub: true")
    for nav in ("nav: [index.md, blog/index.md]", "nav: [index.md]"):
        (blog / "mkdocs.yml").write_text(f"{config}{nav}\n")
        run = build(blog, "--strict")
        assert run.returncode == 0, run.stderr
        with zipfile.ZipFile(blog / "site" / "test.epub") as book:
            contents = book.read("EPUB/nav.xhtml").decode()
            titles = re.findall(r'<a href="page-\d+.xhtml">([^<]*)</a>', contents)
            assert titles == ["Steps", "Blog", "Post 1", "Post 2"]
            assert "Archive" not in contents


def test_what_plugins_fill_in_later_is_in_no_download(blog: Path) -> None:
    (blog / "mkdocs.yml").write_text(BLOG.replace("plugins:", "plugins:\n  tags: {}"))
    (blog / "docs" / "zh" / "tags.md").write_text("# Tags\n\n<!-- material/tags -->\n")
    tagged = PAGE.replace("---\n\n", "tags: [counted]\n---\n\n", 1)
    (blog / "docs" / "zh" / "index.md").write_text(tagged)
    run = build(blog, "--strict")
    assert run.returncode == 0, run.stderr
    site = files(blog / "site")
    assert b"counted" in site["tags/index.html"]
    assert site["tags/index.md"] == b"# Tags\n\n<!-- material/tags -->\n"
    assert "blog/archive/2026/index.html" in site
    assert "blog/archive/2026/index.md" not in site


def test_what_snippets_in_a_folder_further_down_read_is_their_input(project: Path) -> None:
    (project / "code").mkdir()
    (project / "snippets").rename(project / "code" / "snippets")
    config = CONFIG.replace("{translations", "{snippets: code/snippets, translations")
    (project / "mkdocs.yml").write_text(config)
    source = "from pathlib import Path\n\n"
    source += "steps = int(Path(__file__).parents[2].joinpath('steps.txt').read_text())\n"
    (project / "code" / "snippets" / "steps.py").write_text(f"{source}print(steps)\n")
    for steps in ("111", "222"):
        (project / "steps.txt").write_text(steps)
        run = build(project, "--strict")
        assert run.returncode == 0, run.stderr
        assert f' value="{steps}">' in (project / "site" / "index.html").read_text()


def test_what_is_asked_of_a_section_that_is_not_there_is_told(project: Path) -> None:
    page = PAGE.replace("title: Steps", "title: Steps\nasked:\n  lost: [where is it]")
    (project / "docs" / "en" / "index.md").write_text(page)
    run = build(project, "--strict")
    assert run.returncode != 0
    assert "docs/en/index.md:4: `lost`, under `asked`, asks for a section" in run.stderr
