"""A page as plain Markdown and as a notebook, both of which run."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from pytest_codeblocks.main import extract_from_buffer
from traitlets.config import Config

from literate.downloads import write_downloads
from literate.notebook import page_notebook
from literate.plain import page_markdown, pieces
from literate.runner import Runner

Write = Callable[[str, str], Path]

PAGE = """# Title { #title }

Text with {{ a.py: steps }} steps, `{{ a.py: steps }}`, [a link](other.md#there), `[b](b.md)`.

/// snippet | a.py
    alt: A line.

It takes {{ a.py: steps }}.
///

```python
x = 1
assert x == 1
```

??? success "Answer"

    First line.

    <!--pytest-codeblocks:cont-->

    ```python
    assert x + 1 == 2
    ```

After.
"""
SNIPPET = '''"""Claim."""

import matplotlib.pyplot as plt

steps = 72
print(f"```{steps}")

# %%
print("second")
plt.plot([1, 2])
'''


@pytest.fixture
def page(write: Write) -> str:
    write("a.py", SNIPPET)
    return PAGE


def test_a_snippet_becomes_fences_that_run_as_one(runner: Runner, page: str) -> None:
    text = page_markdown(pieces(page, runner))
    assert "Text with 72 steps, `{{ a.py: steps }}`" in text
    snippet, fence = extract_from_buffer(io.StringIO(text))
    assert fence.code == "x = 1\nassert x == 1\nassert x + 1 == 2\n"
    assert snippet.code == SNIPPET.replace("\n# %%\n", "")
    assert snippet.expected_output == "```72\nsecond\n"
    assert "*A line.*\n\nIt takes 72." in text


def test_a_page_is_a_notebook_that_runs_from_top_to_bottom(
    runner: Runner, page: str, tmp_path: Path
) -> None:
    text = page_notebook(page, runner, "https://example.org/")
    notebook = nbformat.reads(text, 4)
    nbformat.validate(notebook)
    kinds = [cell.cell_type[0] for cell in notebook.cells]
    assert "".join(kinds) == "mccmcmcm"  # text, two cells, caption, fence, box, its fence, text
    assert notebook.cells[0].source.startswith("# Title\n\nText with 72 steps")
    assert "[a link](https://example.org/other/#there)" in notebook.cells[0].source
    assert notebook.cells[1].outputs[0].text == "```72\n"
    assert "image/svg+xml" in notebook.cells[2].outputs[1].data
    assert notebook.cells[5].source == "**Answer**\n\nFirst line."
    sockets = Config(KernelManager={"transport": "ipc", "ip": f"{tmp_path}/kernel"})
    ran = NotebookClient(notebook, timeout=120, config=sockets).execute()
    assert ran.cells[1].outputs[0].text == "```72\n"


def test_downloads_stand_beside_the_page(runner: Runner, page: str, tmp_path: Path) -> None:
    docs, site = tmp_path / "docs", tmp_path / "site"
    docs.mkdir()
    (docs / "sgd.md").write_text("---\ntitle: T\n---\n" + page)
    (docs / "index.md").write_text("---\ntitle: T\ndescription: D\n---\n# Home\n")
    write_downloads(docs, site, "https://example.org/", runner)
    assert (site / "sgd" / "a.py").read_text() == SNIPPET
    cells = json.loads((site / "sgd" / "a.ipynb").read_text())["cells"]
    assert [cell["outputs"][0]["text"] for cell in cells] == ["```72\n", "second\n"]
    text = (site / "sgd" / "index.md").read_text()
    assert text.count("72") > 2
    assert "[a link](https://example.org/other/#there), `[b](b.md)`" in text
    assert (site / "index.md").read_text() == "---\ntitle: T\ndescription: D\n---\n\n# Home\n"


def test_two_snippets_of_one_name_cannot_both_be_offered(
    runner: Runner, write: Write, tmp_path: Path
) -> None:
    write("a/x.py", "print(1)\n")
    write("b/x.py", "print(2)\n")
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "p.md").write_text("# T\n\n/// snippet | a/x.py\n///\n\n/// snippet | b/x.py\n///\n")
    with pytest.raises(ValueError, match=r"p/ would hold two files x.py; rename a snippet"):
        write_downloads(docs, tmp_path / "site", "", runner)
