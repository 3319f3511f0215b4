"""The theme's templates, compiled once: the same pages, from whatever is kept."""

from pathlib import Path

import jinja2
import pytest

from literate.compiled import CompiledTemplates


def render(templates: Path, kept: Path, **settings: object) -> str:
    """The template `page.html` in an environment that keeps what it compiles."""
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), **settings)
    env = CompiledTemplates(kept).on_env(env, config=None, files=None)
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


def test_another_environment_has_its_own(templates: Path, tmp_path: Path) -> None:
    render(templates, tmp_path / "kept")
    render(templates, tmp_path / "kept", extensions=["jinja2.ext.do"])
    assert len(list((tmp_path / "kept").iterdir())) == 2


@pytest.mark.parametrize("damage", [lambda kept: kept[:-9], lambda kept: b"", lambda kept: b"\n\0"])
def test_a_damaged_one_is_compiled_again(templates: Path, tmp_path: Path, damage: object) -> None:
    render(templates, tmp_path / "kept")
    [kept] = (tmp_path / "kept").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert render(templates, tmp_path / "kept") == "Hello torch"
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_only_time(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder would be")
    assert render(templates, tmp_path / "kept") == "Hello torch"
