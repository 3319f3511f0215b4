"""The dates of pages: git's, or none."""

import subprocess
from pathlib import Path

from literate.site.history import last_change, last_changes

WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def commit(project: Path, name: str, date: str) -> None:
    (project / name).write_text(date)
    environment = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "PATH": "/usr/bin:/bin"}
    for command in (("add", "-A"), (*WHO, "commit", "-qm", name)):
        subprocess.run(["git", *command], cwd=project, env=environment, check=True)


def test_a_page_has_the_date_of_its_last_commit_whatever_it_is_called(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    commit(tmp_path, "中文.md", "2020-01-02T12:00:00Z")
    commit(tmp_path, "about.md", "2021-01-02T12:00:00Z")
    dates = last_changes(tmp_path)
    assert last_change(dates, ["中文.md"]) == "2020-01-02"
    assert last_change(dates, ["about.md"]) == "2021-01-02"
    assert last_change(dates, ["中文.md", "about.md", "none.py"]) == "2021-01-02"
    assert last_change(dates, ["none.py"]) == ""


def test_a_shallow_clone_knows_no_date(tmp_path: Path) -> None:
    """Its oldest commit seems to have written every file."""
    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    subprocess.run(["git", "init", "-q", whole], check=True)
    commit(whole, "old.md", "2020-01-02T12:00:00Z")
    commit(whole, "new.md", "2021-01-02T12:00:00Z")
    subprocess.run(["git", "clone", "-q", "--depth=1", whole.as_uri(), shallow], check=True)
    assert last_changes(shallow) == {}


def test_without_git_there_is_no_date(tmp_path: Path) -> None:
    assert last_changes(tmp_path) == {}
