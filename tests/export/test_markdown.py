"""A page as plain Markdown and as a notebook, both of which run."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import get_files
from nbclient import NotebookClient
from pytest_codeblocks.main import extract_from_buffer
from traitlets.config import Config

from literate.export.downloads import Downloads, place_of
from literate.export.markdown import page_markdown, pieces, with_front_matter
from literate.export.notebook import page_notebook
from literate.failure import gathering
from literate.page.extension import BOOK, read
from literate.page.front_matter import front_matter
from literate.page.location import Place
from literate.page.reading import Reading
from literate.run.runner import Runner

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


def reading(text: str, runner: Runner) -> Reading:
    """What a page with this text is read as."""
    return read(text, Place(folder=Path(), matter={}, known_runner=runner))


def write_downloads(docs: Path, site: Path, url: str, runner: Runner, flat: bool = False) -> None:
    """Write the downloads of the pages in the folder `docs`."""
    config = configuration(docs, url, flat)
    files = get_files(config)
    places = {}
    for file in files.documentation_pages():
        place = places[file.src_uri] = place_of(file)
        place.known_runner = runner
        read(front_matter(file.content_string)[1], place)
    Downloads(files, site, config, places).write()


def configuration(docs: Path, url: str, flat: bool) -> MkDocsConfig:
    """That of a site whose pages are in the folder `docs`."""
    config = MkDocsConfig()
    config.load_dict(
        {
            "site_name": "Test",
            "site_url": url,
            "docs_dir": str(docs),
            "site_dir": str(docs.parent / "site"),
            "use_directory_urls": not flat,
            "validation": {"absolute_links": "relative_to_docs"},
        }
    )
    assert config.validate() == ([], [])
    return config


@pytest.fixture
def page(write: Write) -> str:
    write("a.py", SNIPPET)
    return PAGE


def test_a_snippet_becomes_fences_that_run_as_one(runner: Runner, page: str) -> None:
    text = page_markdown(pieces(reading(page, runner)))
    assert "Text with 72 steps, `{{ a.py: steps }}`" in text
    snippet, fence = extract_from_buffer(io.StringIO(text))
    assert fence.code == "x = 1\nassert x == 1\nassert x + 1 == 2\n"
    assert snippet.code == SNIPPET.replace("\n# %%\n", "")
    assert snippet.expected_output == "```72\nsecond\n"
    assert "*A line.*\n\nIt takes 72." in text


def test_a_page_is_a_notebook_that_runs_from_top_to_bottom(
    runner: Runner, page: str, tmp_path: Path
) -> None:
    text = page_notebook(reading(page, runner), lambda target: f"https://example.org/{target}")
    notebook = nbformat.reads(text, 4)
    nbformat.validate(notebook)
    kinds = [cell.cell_type[0] for cell in notebook.cells]
    assert "".join(kinds) == "mccmcmcm"  # text, two cells, caption, fence, box, its fence, text
    assert notebook.cells[0].source.startswith("# Title\n\nText with 72 steps")
    assert "[a link](https://example.org/other.md#there)" in notebook.cells[0].source
    assert notebook.cells[1].outputs[0].text == "```72\n"
    assert "image/svg+xml" in notebook.cells[2].outputs[1].data
    assert notebook.cells[5].source == "**Answer**\n\nFirst line."
    sockets = Config(KernelManager={"transport": "ipc", "ip": f"{tmp_path}/kernel"})
    ran = NotebookClient(notebook, timeout=120, config=sockets).execute()
    assert ran.cells[1].outputs[0].text == "```72\n"


def test_a_notebook_has_no_comments_but_those_in_code(runner: Runner) -> None:
    kept = "`<!-- a -->`\n\n```html\n<!-- b -->\n```"
    text = page_notebook(reading(f"x\n\n<!-- c\nd -->\n\ny\n\n{kept}", runner), str)
    (cell,) = json.loads(text)["cells"]
    assert cell["source"] == f"x\n\ny\n\n{kept}"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("1. a\n\n    {}\n\n    b\n\n        code\n\n2. c", ["1. a", "b\n\n    code\n\n2. c"]),
        (
            "* a\n    * b\n\n        {}\n\n        b\n\n    a\n\n* c\n\n    * d",
            ["* a\n    * b", "b\n\na\n\n* c\n\n    * d"],
        ),
        ("> * a\n>\n>     {}\n>\n>     b\n>\n> c\n\nd", ["> * a", "> b\n>\n> c\n\nd"]),
        (">{}\n> a\n\nb", ["> a\n\nb"]),
        ("{}\n\n    code\n\nx", ["    code\n\nx"]),
        ("* a\n\n    !!! note\n\n        {}\n\n        b", ["* a\n\n    **Note**", "b"]),
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        "```python\nx = 1\n```",
        "/// snippet | a.py\n///",
    ],
)
def test_what_follows_a_cell_of_code_is_what_it_was(
    runner: Runner, write: Write, text: str, cells: list[str], code: str
) -> None:
    write("a.py", "print(1)\n")
    before = text.partition("{}")[0].rpartition("\n")[2]
    page = text.format(code.replace("\n", f"\n{before}"))
    notebook = json.loads(page_notebook(reading(page, runner), str))
    kinds = [(cell["cell_type"], cell["source"]) for cell in notebook["cells"]]
    assert [source for kind, source in kinds if kind == "markdown"] == cells
    assert sum(kind == "code" for kind, _ in kinds) == 1


def test_each_cell_has_the_addresses_of_its_links(runner: Runner) -> None:
    text = (
        "See [the docs][D] and [two\nwords].\n\n```python\nx = 1\n```\n\n"
        'No link.\n\n```python\nx = 2\n```\n\nAnd [d][].\n\n[d]: b.md "A title"\n'
        "[two words]: https://x.y"
    )
    notebook = json.loads(page_notebook(reading(text, runner), lambda to: f"https://o.org/{to}"))
    first, between, last = [
        cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    ]
    defined = '[d]: <https://o.org/b.md> "A title"\n[two words]: <https://x.y>'
    assert first == f"See [the docs][D] and [two\nwords].\n\n{defined}"
    assert between == "No link."
    assert last.count("[d]:") == last.count("[two words]:") == 1


def test_downloads_stand_beside_the_page(runner: Runner, page: str, tmp_path: Path) -> None:
    docs, site = tmp_path / "docs", tmp_path / "site"
    docs.mkdir()
    (docs / "sgd.md").write_text("---\ntitle: T\n---\n" + page)
    (docs / "other.md").write_text("# Other")
    (docs / "index.md").write_text("---\ntitle: T\ndescription: D\n---\n# Home\n")
    write_downloads(docs, site, "https://example.org/", runner)
    assert (site / "sgd" / "a.py").read_text() == SNIPPET
    cells = json.loads((site / "sgd" / "a.ipynb").read_text())["cells"]
    assert [cell["outputs"][0]["text"] for cell in cells] == ["```72\n", "second\n"]
    text = (site / "sgd" / "index.md").read_text()
    assert text.count("72") > 2
    assert "[a link](https://example.org/other/#there), `[b](b.md)`" in text
    assert (site / "index.md").read_text() == "---\ntitle: T\ndescription: D\n---\n\n# Home\n"


def test_an_entry_of_the_front_matter_that_says_nothing_is_none() -> None:
    for matter in ({"title": None, "description": ""}, {"title": ""}):
        assert with_front_matter(matter, "# T\n") == "# T\n"
    assert with_front_matter({"title": 0}, "# T\n") == "---\ntitle: '0'\n---\n\n# T\n"


def test_names_with_spaces_and_chinese_work_all_the_way(
    runner: Runner, write: Write, tmp_path: Path
) -> None:
    write("第 一/my 步骤.py", "steps = 72\nprint(steps)\n")
    docs, site = tmp_path / "docs", tmp_path / "site"
    docs.mkdir()
    (docs / "p.md").write_text(
        "# T\n\n{{ 第 一/my 步骤.py: steps }}\n\n/// snippet |  第 一/my 步骤.py\n///\n"
    )
    write_downloads(docs, site, "", runner)
    assert {path.name for path in (site / "p").iterdir()} == {
        "index.md", "my 步骤.py", "my 步骤.ipynb", "第 一.ipynb"
    }  # fmt: skip
    text = (site / "p" / "index.md").read_text()
    assert text.startswith("# T\n\n72\n\n```python\nsteps = 72\n")
    cells = json.loads((site / "p" / "第 一.ipynb").read_text())["cells"]
    assert [cell["source"] for cell in cells] == ["# T\n\n72", "steps = 72\nprint(steps)"]


@pytest.mark.parametrize(
    "left_alone",
    [
        "<!-- {{ nofile.py: x }}\n\n/// snippet | nofile.py\n///\n\n[a](b.md) -->",
        "x\n\n    {{ nofile.py: x }}\n\n    /// snippet | nofile.py",
        "* item\n\n    more\n\n        {{ nofile.py: x }}",
        "<pre>\n{{ nofile.py: x }}\n</pre>",
        "~~~~text\n~~~\n{{ nofile.py: x }}\n~~~~",
        "> ```text\n> {{ nofile.py: x }}\n> ```",
        "a `` ` {{ nofile.py:\nx }}`` b",
    ],
)
def test_code_and_comments_are_left_alone(runner: Runner, left_alone: str) -> None:
    assert page_markdown(pieces(reading(left_alone, runner))) == f"{left_alone}\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It takes {{ a.py:\nsteps }}.", "It takes 72."),
        ("> It takes {{ a.py:\n> steps }}.", "> It takes 72."),
        ("* item\n\n    {{ a.py: steps }}\n\n    {{ a.py: steps }}", "* item\n\n    72\n\n    72"),
        ("> {{ a.py: steps }}\n>\n> b", "> 72\n>\n> b"),
        ("> 1. {{ a.py: steps }}\n>\n>     b", "> 1. 72\n>\n>     b"),
        ("> ```text\n> a\n>\n> b\n> ```", "> ```text\n> a\n>\n> b\n> ```"),
        ("> ```python\n> a\n>\n> b\n> ```", "> ```python\n> a\n>\n> b\n> ```"),
        ("```text\n>>>\n>\n```", "```text\n>>>\n>\n```"),
        ("!!! note\n\n    {{ a.py: steps }}", "!!! note\n\n    72"),
        ("[^1]: A note.\n\n    {{ a.py: steps }}", "[^1]: A note.\n\n    72"),
        ("```not a fence``` {{ a.py: steps }}", "```not a fence``` 72"),
    ],
)
def test_prose_is_filled_in(runner: Runner, page: str, written: str, read: str) -> None:
    assert page_markdown(pieces(reading(written, runner))) == f"{read}\n"


def test_a_fence_indented_by_tabs_is_one_of_spaces(runner: Runner) -> None:
    page = reading('* a\n\n\t```python\n\tx = "\t"\n\n  \tif x:\n\t\ty = x\n\t```\n\n\tb', runner)
    code = 'x = "\t"\n\nif x:\n\ty = x'
    cells = json.loads(page_notebook(page, str))["cells"]
    assert [cell["source"] for cell in cells] == ["* a", code, "b"]
    indented = code.replace("\n", "\n    ").replace("    \n", "\n")
    assert page_markdown(pieces(page)) == (
        f"* a\n\n    ```python\n    {indented}\n    ```\n\n    b\n"
    )
    boxed = "!!! note\n\t```text\n\ta\n\t```\n\n```make\na:\n\tb\n```"
    (cell,) = json.loads(page_notebook(reading(boxed, runner), str))["cells"]
    assert cell["source"] == "**Note**\n\n```text\na\n```\n\n```make\na:\n\tb\n```"


@pytest.mark.parametrize(
    ("text", "exported"),
    [
        ("a|b", r"a\|b"),
        ("__init__", r"\_\_init\_\_"),
        ("[x](y) **z**", r"\[x\](y) \*\*z\*\*"),
        ("<b> `c`", r"&lt;b> \`c\`"),
        ("~$5~ \\", r"\~\$5\~ \\"),
        ("1.5e-3", "1.5e-3"),
        ("&lt; &", "&amp;lt; &amp;"),
    ],
)
def test_a_text_of_a_run_is_text_in_the_exports_too(
    runner: Runner, write: Write, text: str, exported: str
) -> None:
    write("b.py", f"text = {text!r}\nprint(1)\n")
    rows = "| a | b |\n|---|---|\n| {} | c |\n"
    written = rows.format("{{ b.py: text }}")
    assert page_markdown(pieces(reading(written, runner))) == rows.format(exported)


@pytest.mark.parametrize(
    ("text", "written", "exported"),
    [
        ("3", "{}. That is all.", "3\\. That is all."),
        ("# a", "{} b", "\\# a b"),
        ("- a", "> {}", "> \\- a"),
        ("-0.5", "{} is less.", "-0.5 is less."),
        ("3", "It is {}. That is all.", "It is 3. That is all."),
    ],
)
def test_a_text_that_begins_a_line_begins_nothing_else(
    runner: Runner, write: Write, text: str, written: str, exported: str
) -> None:
    write("b.py", f"text = {text!r}\nprint(1)\n")
    page = written.format("{{ b.py: text }}")
    assert page_markdown(pieces(reading(page, runner))) == f"{exported}\n"


def test_only_the_lines_after_the_name_are_options(runner: Runner, page: str) -> None:
    text = "/// snippet | a.py\n    alt: A.\n\n* item\n\n    note: a: b\n///"
    (_, shown, _) = pieces(reading(text, runner))
    assert (shown.alt, shown.caption) == ("A.", "* item\n\n    note: a: b")


def test_a_snippet_in_a_quotation_stays_in_it(runner: Runner, write: Write) -> None:
    write("b.py", "print(1)\n\nprint(2)\n")
    quoted = "> /// snippet | b.py\n>     alt: A.\n>\n> Hm.\n> ///"
    text = page_markdown(pieces(reading(quoted, runner)))
    assert text.startswith("> ```python\n> print(1)\n>\n> print(2)\n> ```\n")
    assert text.endswith("> Hm.\n")


@pytest.mark.parametrize(
    ("names", "line", "held_twice"),
    [
        (["a/x.py", "b/x.py"], 6, "x.py"),
        (["a/a.py"], 3, "a.ipynb"),
        (["c.py"], 3, "c.py"),
    ],
)
def test_two_files_of_one_name_cannot_both_be_offered(
    runner: Runner, write: Write, tmp_path: Path, names: list[str], line: int, held_twice: str
) -> None:
    docs = tmp_path / "docs"
    (docs / "p").mkdir(parents=True)
    (docs / "p" / "c.py").write_text("print(3)\n")
    for number, name in enumerate(names):
        write(name, f"print({number})\n")
    blocks = "\n".join(f"/// snippet | {name}\n///\n" for name in names)
    (docs / "p.md").write_text(f"# T\n\n{blocks}")
    with gathering() as failures:
        write_downloads(docs, tmp_path / "site", "", runner)
    (said,) = failures
    sentence = f"beside this page would stand two files {held_twice}; rename a snippet"
    assert said == f"{docs / 'p.md'}:{line}: {sentence}"


@pytest.mark.parametrize(
    ("flat", "addresses"),
    [
        (False, ["sub/b/", "", 'sub/b/ "t"', "sub/reindex/",
                 "sub/b/#x", "sub/b/?q=1#x", "sub/b/#s"]),
        (True, ["sub/b.html", "index.html", 'sub/b.html "t"', "sub/reindex.html",
                "sub/b.html#x", "sub/b.html?q=1#x", "sub/b.html#s"]),
    ],
)  # fmt: skip
def test_links_in_downloads_lead_to_the_site_from_any_folder(
    runner: Runner, write: Write, tmp_path: Path, flat: bool, addresses: list[str]
) -> None:
    write("a.py", "print(1)\n")
    docs, site = tmp_path / "docs", tmp_path / "site"
    (docs / "sub").mkdir(parents=True)
    for name in ("index.md", "sub/b.md", "sub/reindex.md"):
        (docs / name).write_text("# T\n")
    (docs / "sub" / "pic.png").write_bytes(b"")
    (docs / "sub" / "p.md").write_text(
        '[b](b.md) [h](../index.md) [t](b.md "t") [r](reindex.md) [a](b.md#x) [q](b.md?q=1#x)'
        " [c](/sub/b.md#s) ![i](pic.png) [o](https://o.org/b.md) `[c](b.md)` [s](#here) [d][d]"
        "\n\n[d]: <b.md>\n\n/// snippet | a.py\n///\n"
    )
    write_downloads(docs, site, "https://example.org/", runner, flat)
    name = "sub/p.md" if flat else "sub/p/index.md"
    here = "sub/p.html" if flat else "sub/p/"
    text = (site / name).read_text()
    links = "".join(
        f"[{label}](https://example.org/{address}) "
        for label, address in zip("bhtraqc", addresses, strict=True)
    )
    assert text.startswith(
        f"{links}![i](https://example.org/sub/pic.png) [o](https://o.org/b.md) `[c](b.md)` "
        f"[s](https://example.org/{here}#here) [d][d]\n\n[d]: <https://example.org/{addresses[0]}>"
    )
    notebook = (site / name).with_name("p-page.ipynb" if flat else "page.ipynb")
    assert json.loads(notebook.read_text())["cells"][0]["source"].startswith(links)


def test_a_flat_site_keeps_every_page_apart(runner: Runner, write: Write, tmp_path: Path) -> None:
    docs, site = tmp_path / "docs", tmp_path / "site"
    docs.mkdir()
    for name in ("index", "one", "two"):
        write(f"{name}.py", "print(1)\n")
        (docs / f"{name}.md").write_text(f"# {name}\n\n/// snippet | {name}.py\n///\n")
    write_downloads(docs, site, "", runner, flat=True)
    for name, notebook in (("index", "page"), ("one", "one-page"), ("two", "two-page")):
        assert (site / f"{name}.md").read_text().startswith(f"# {name}\n")
        assert name in json.loads((site / f"{notebook}.ipynb").read_text())["cells"][0]["source"]


def test_an_included_block_has_its_downloads_and_its_fault_the_page_s_line(
    runner: Runner, write: Write, tmp_path: Path
) -> None:
    write("a.py", "print(1)\n")
    (tmp_path / "shared.md").write_text(
        "It is shared.\n\n/// snippet | a.py\nC.\n///\n{{ a.py: x }}\n"
    )
    place = Place(folder=Path(), matter={}, known_runner=runner)
    with gathering() as failures:
        read(
            '# T\n\nx\n\n--8<-- "shared.md"\n\n{{ a.py: y }}\n',
            place,
            BOOK | {"pymdownx.snippets": {"base_path": [str(tmp_path)]}},
        )
    assert [failure.line for failure in failures.values()] == [5, 7]
    text = page_markdown(pieces(place.reading))
    assert "It is shared.\n\n```python\nprint(1)\n```" in text
    assert "--8<--" not in text


def test_a_guess_is_a_question_and_a_folded_answer(runner: Runner, page: str) -> None:
    text = (
        "/// guess | a.py: steps\n    answers:\n        72: many\n        3: few\n\n"
        "How many?\n\nIt takes {{ a.py: steps }}.\n///"
    )
    read_as = reading(text, runner)
    answer = (
        "How many?\n\n<details>\n<summary>See what the run says</summary>\n\n"
        "The run says: **many**\n\nIt takes 72.\n\n</details>"
    )
    assert page_markdown(pieces(read_as)) == f"{answer}\n"
    (cell,) = json.loads(page_notebook(read_as, str))["cells"]
    assert cell["source"] == answer


def test_marks_of_edits_are_html_in_the_exports(runner: Runner, write: Write) -> None:
    write("a.py", "steps = 72\nprint(steps)\n")
    place = Place(folder=Path(), matter={}, known_runner=runner)
    extensions = {**BOOK, "pymdownx.critic": {}}
    text = "Now {++ adds {{ a.py: steps }} ++}.\n\nA {>> note on\n{{ a.py: steps }} <<}."
    with gathering() as failures:
        exported = page_markdown(pieces(read(text, place, extensions)))
    assert '<ins class="critic"> adds 72 </ins>.' in exported
    assert "\x02" not in exported
    (failure,) = failures.values()
    assert "this would stay on the page as it is" in failure.sentence
    assert failure.line == 3


@pytest.mark.parametrize(
    ("text", "exported"),
    [
        ("Now {++ more ++}.", 'Now <ins class="critic"> more </ins>.'),
        (
            "{~~a~>b~~} `{++a < b++}`",
            '<del class="critic">a</del><ins class="critic">b</ins> `a < b`',
        ),
        ("x\n\n    {++a++}{>>why<<}\n\n{--y--}", 'x\n\n    awhy\n\n<del class="critic">y</del>'),
        ("> ```text\n> {++a++}\n> ```", "> ```text\n> a\n> ```"),
        ('```python\nx = "{++a++}"\n```', '```python\nx = "a"\n```'),
        ("<pre>\n{++a++}\n</pre>", '<pre>\n<ins class="critic">a</ins>\n</pre>'),
    ],
)
def test_marks_of_edits_say_in_code_what_they_say(runner: Runner, text: str, exported: str) -> None:
    place = Place(folder=Path(), matter={}, known_runner=runner)
    page = read(text, place, {**BOOK, "pymdownx.critic": {}})
    assert page_markdown(pieces(page)) == f"{exported}\n"
