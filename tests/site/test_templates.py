"""The theme's templates and files: the same site as MkDocs would make by itself, with less work."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.theme import Theme

from literate.site.templates import keep_compiled, skip_hidden

PROJECT = Path(__file__).parents[2]


def render(templates: Path, kept: Path) -> str:
    """The template `page.html` in an environment that keeps what it compiles."""
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(templates))
    keep_compiled(env, kept)
    return env.get_template("page.html").render(name="torch")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("Hello {{ name }}")
    return tmp_path / "templates"


def test_a_kept_template_is_not_compiled_again(
    templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert render(templates, tmp_path / "kept") == "Hello torch"
    monkeypatch.setattr(jinja2.Environment, "compile", None)  # to compile would fail
    assert render(templates, tmp_path / "kept") == "Hello torch"


def test_a_changed_template_is(templates: Path, tmp_path: Path) -> None:
    render(templates, tmp_path / "kept")
    (templates / "page.html").write_text("Bye {{ name }}")
    assert render(templates, tmp_path / "kept") == "Bye torch"


@pytest.mark.parametrize("damage", [lambda kept: kept[:-9], lambda kept: b"", lambda kept: b"\n\0"])
def test_a_damaged_one_is_compiled_again(
    templates: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    render(templates, tmp_path / "kept")
    [kept] = (path for path in (tmp_path / "kept").rglob("*") if path.is_file())
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert render(templates, tmp_path / "kept") == "Hello torch"
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_only_time(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder would be")
    assert render(templates, tmp_path / "kept") == "Hello torch"


def test_a_theme_gives_the_same_files_without_a_look_at_the_hidden_ones() -> None:
    def files() -> list[tuple[str, str]]:
        found = Files([])
        config = MkDocsConfig()
        config.load_dict({"site_name": "Theme", "theme": theme})
        config.site_dir, config.use_directory_urls = "site", True
        found.add_files_from_theme(theme.get_env(), config)
        return [(file.src_uri, file.abs_src_path) for file in found]

    theme = Theme("material", custom_dir=str(Path(__file__).parents[2] / "docs" / "theme"))
    whole = theme.get_env().list_templates()
    expected = files()
    skip_hidden(theme)
    assert files() == expected
    assert len(expected) > 40
    assert len(theme.get_env().list_templates()) < len(whole) / 50
    assert theme.get_env().get_template(".icons/material/close.svg").render().startswith("<svg")


@pytest.mark.parametrize(("config", "site"), [("mkdocs.yml", "site"), ("docs/en.yml", "docs/site")])
def test_zensical_builds_this_book(tmp_path: Path, config: str, site: str) -> None:
    """Its templates are read by another engine, and know nothing of what the plugin tells."""
    for name in ("docs", "snippets"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("site"))
    shutil.copy(PROJECT / "mkdocs.yml", tmp_path)
    (tmp_path / ".cache").symlink_to((PROJECT / ".cache").resolve())
    command = [Path(sys.executable).with_name("zensical"), "build", "-s", "-f", config]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    page = (tmp_path / site / "losses" / "index.html").read_text("utf-8")
    assert page.count('id="material" type="late"') == 1
    assert 'class="page-end"' in page
    assert "{{" not in page


def test_a_template_that_cannot_be_kept_costs_only_time(
    templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert render(templates, tmp_path / "kept") == "Hello torch"


def refuse(*_: object, **__: object) -> None:
    raise PermissionError
