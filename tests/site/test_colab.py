"""The links that open a page's notebook in Colab lead to where CI has put it."""

import re
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from test_plugin import CONFIG, ENGLISH, PAGE, SNIPPET, build, files

from literate.site.plugin import colab_of

BRANCH = "https://colab.research.google.com/github/who/what/blob/notebooks/"
THEME = """{% extends "base.html" %}
{% block content %}
{{ page.content }}
{% if page.meta.notebook %}<a href="{{ config.extra.colab }}{{ page.url }}{{ page.meta.notebook }}">
{%- endif %}
{% endblock %}
"""


@pytest.mark.parametrize(
    ("repository", "site", "address"),
    [
        ("https://github.com/who/what", "https://who.github.io/what/", BRANCH),
        ("https://github.com/who/what.git", "https://who.github.io/what/en/", f"{BRANCH}en/"),
        ("https://gitlab.com/who/what", "https://who.gitlab.io/what/", ""),
        ("https://example.org/github.com/what", "https://example.org/what/", ""),
        ("", "https://who.github.io/what/", ""),
    ],
)
def test_only_a_project_on_github_has_links_to_colab(
    repository: str, site: str, address: str
) -> None:
    config = MkDocsConfig()
    config.load_dict({"repo_url": repository, "site_url": site})
    assert colab_of(config, "/what/") == address


def test_each_page_with_snippets_links_to_its_own_notebook(tmp_path: Path) -> None:
    theme = "theme: {name: material, font: false, custom_dir: %s}\n"
    for name, content in {
        "mkdocs.yml": CONFIG.replace(
            "theme: {name: material, font: false}\n",
            f"{theme % 'theme'}repo_url: https://github.com/who/what\n",
        ),
        "docs/en.yml": ENGLISH + theme % "../theme",
        "theme/main.html": THEME,
        "snippets/a/steps.py": SNIPPET,
        "docs/zh/index.md": "# Start\n",
        "docs/en/index.md": "# Start\n",
        "docs/zh/a.md": PAGE.replace("steps.py", "a/steps.py"),
        "docs/en/a.md": PAGE.replace("steps.py", "a/steps.py"),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    run = build(tmp_path)
    assert run.returncode == 0, run.stderr
    site = files(tmp_path / "site")
    for page, notebook in (("a/index.html", "a/a.ipynb"), ("en/a/index.html", "en/a/a.ipynb")):
        (link,) = re.findall(rf'href="{re.escape(BRANCH)}([^"]*)"', site[page].decode())
        assert link == notebook
        assert link in site
    assert BRANCH not in site["index.html"].decode()
