"""What MkDocs knows of the pages: which are built, where they go, what stands in their files."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from test_plugin import CONFIG, ENGLISH, PAGE, SNIPPET, build, files

FAULTY = {
    "docs/zh/twice.md": ("# A\n\n{{ steps.py: stepz }}\n", 3, "leaves no value stepz"),
    "docs/en/twice.md": ("# A\n\n{{ steps.py: stepz }}\n", 3, "leaves no value stepz"),
    "docs/zh/bytes.md": (b"# A\n\n\xff\n", 3, "the page is not UTF-8 at byte 5"),
    "docs/zh/yaml.md": ("---\ntitle: A\nx: a: b\n---\n\n# A\n", 3, "the front matter is not YAML"),
    "docs/zh/date.md": ("---\ndate: 2026-13-01\n---\n\n# A\n", 1, "not YAML: month must be in"),
    "docs/en/matter.md": (
        "---\ntitle: A\ndescription: 'After {{ steps.py: steps }}'\n---\n\n# A\n",
        3, "the description takes no value",
    ),
    "docs/zh/raw.md": (
        "---\ntitle: A\n---\n\n`{{ steps.py: steps }}`\n\n<p>{{ steps.py: steps }}</p>\n",
        7, "this would stay on the page as it is",
    ),
    "docs/zh/link.md": ("`[a](b.md)`\n\n[a](b.md#c)\n\n[a](b.md)\n", 5, "a link 'b.md'"),
    "docs/zh/overflow.md": ("# A\n\n{{ huge.py: n:.2e }}\n", 3, "the format of n:.2e does not fit"),
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project in two languages."""
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "en.yml").write_text(ENGLISH)
    for language in ("zh", "en"):
        put(tmp_path, f"docs/{language}/index.md", PAGE)
    put(tmp_path, "snippets/steps.py", SNIPPET)
    return tmp_path


def put(project: Path, name: str, content: str | bytes) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def test_what_is_wrong_before_and_beside_the_markdown_is_told(project: Path) -> None:
    assert build(project, "--strict").returncode == 0
    before = files(project / "site")
    put(project, "snippets/huge.py", "n = 10**400\nprint(1)\n")
    for name, (content, _, _) in FAULTY.items():
        put(project, name, content)
    run = build(project)
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    for name, (_, line, sentence) in FAULTY.items():
        (said,) = [row for row in run.stderr.splitlines() if f" {name}:{line}: " in row]
        assert sentence in said
    assert files(project / "site") == before


def test_downloads_go_where_the_pages_go_and_nothing_else_is_published(project: Path) -> None:
    put(project, "docs/zh/.draft/secret.md", "# Secret\n")
    put(project, "docs/zh/sub/README.md", "# A\n\n/// snippet | steps.py\n///\n")
    put(project, "docs/zh/empty.md", "---\ntitle:\ndescription:\n---\n\n# Something\n")
    put(project, "snippets/第 一/my 步骤.py", SNIPPET)
    put(
        project,
        "docs/zh/my 页.md",
        "# A\n\n{{ 第 一/my 步骤.py: steps }}\n\n/// snippet | 第 一/my 步骤.py\n///\n",
    )
    (project / "docs" / "zh" / ".#index.md").symlink_to("somebody@somewhere.1234")
    run = build(project, "--strict")
    assert run.returncode == 0, run.stderr
    site = files(project / "site")
    assert not [name for name in site if "draft" in name]
    assert {name for name in site if name.startswith("sub/")} == {
        "sub/card.png", "sub/index.html", "sub/index.md", "sub/page.ipynb",
        "sub/steps.ipynb", "sub/steps.py",
    }  # fmt: skip
    assert site["empty/index.md"] == b"# Something\n"
    assert "<title>Something" in site["empty/index.html"].decode()
    page = site["my 页/index.html"].decode()
    links = [unquote(link) for link in re.findall(r'href="([^"]*)" download', page)]
    assert links == ["第 一.ipynb", "my 步骤.py", "my 步骤.ipynb"]
    assert {f"my 页/{link}" for link in [*links, "index.md"]} <= site.keys()
    assert site["my 页/index.md"].startswith(b"# A\n\n72\n\n```python\n")


def test_a_page_that_could_offer_only_one_of_two_files_fails(project: Path) -> None:
    for name in ("a/x.py", "b/x.py"):
        put(project, f"snippets/{name}", f"print({name!r})\n")
    put(project, "docs/en/p.md", "# A\n\n/// snippet | a/x.py\n///\n\n/// snippet | b/x.py\n///\n")
    run = build(project)
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert "docs/en/p.md:6: beside this page would stand two files x.py; rename" in run.stderr
    assert not (project / "site").exists()
