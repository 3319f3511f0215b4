"""A page and what is exported of it agree on what is a value, a block, a box, and what is code."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown import Markdown

from literate.export.markdown import page_markdown, pieces
from literate.export.notebook import page_notebook
from literate.page.extension import BOOK, LiterateExtension
from literate.page.location import Place
from literate.run.runner import Runner

V = "{{ a.py: steps }}"
BLOCK = "/// snippet | a.py\n    alt: A.\n\nIt takes {{ a.py: steps }}.\n///"
CONSTRUCTS = {
    # values beside code
    "a paragraph": f"It takes {V} steps.",
    "broken into lines": "It takes {{ a.py:\nsteps }} steps.",
    "a code span": f"`{V}` and {V}",
    "backticks of two kinds": f"`` ` {V} `` and {V} and `x`",
    "backticks that do not match": f"`` {V} ` and {V}",
    "backticks over paragraphs": f"a ` b {V}\n\nc ` d {V}",
    "an escaped backtick": f"\\` {V} \\` {V}",
    "a code span over lines": f"`a {V}\nb {V}` {V}",
    "three backticks in a line": f"```not a fence``` {V}",
    "indented code": f"x\n\n    {V}\n\n{V}",
    "indented after a heading": f"# T\n    {V}\n\n{V}",
    "indented after a heading and a blank": f"## T\n\n    {V}\n\n{V}",
    "indented after a rule": f"x\n\n***\n    {V}\n\n{V}",
    "indented after a rule and a blank": f"x\n\n***\n\n    {V}\n\n{V}",
    "indented in a paragraph": f"x\n    {V}",
    "indented by a tab": f"x\n\n\t{V}\n\n{V}",
    "a fence": f"```\n{V}\n```\n\n{V}",
    "an indented fence at the beginning": f"  ```text\n  {V}\n  ```\n\n{V}",
    "a fence that shows an indented one": f"```text\n1. x\n\n    ```\n    {V}\n    ```\n```\n\n{V}",
    "an attribute without a value": f"## T {{ data-search-exclude }}\n\n[x](b.md){{ hidden }} {V}",
    "question marks alone in a line": f"???\n{V}",
    "a tag over lines in a list": f"* x\n\n    <b title=\"t\"\n    class=\"c\">{V}</b>",
    "a fence of tildes": f"~~~text\n{V}\n```\n~~~\n\n{V}",
    "a nested fence": f"````markdown\n```python\n{V}\n```\n````\n\n{V}",
    "a fence indented by tabs": f"* x\n\n\t```text\n\ta\n\n\t\t{V}\n\t```\n\n\t{V}",
    "a fence that is not closed": f"```\n{V}\n\n{V}",
    "a fence after text": f"x\n```\n{V}\n```\n{V}",
    "text fences with boxes": f"```text\n=== Epoch 1\n!!! warning\n/// snippet | a.py\n```\n\n{V}",
    # values in Markdown
    "a heading": f"## After {V} steps {{ #id }}\n\nx",
    "a heading that a value ends": f"## After {V}\n\nx",
    "a heading with a mark": f"## After {V} {{ #id .basic }}\n\nx",
    "an underlined heading": f"After {V}\n=====\n\n{V}",
    "emphasis": f"**{V}** _{V}_ *x{V}*",
    "a table": f"| a | b |\n|---|---|\n| {V} | `{V}` |",
    "a list": f"* {V}\n* `{V}`\n\n    {V}\n\n        {V}",
    "a numbered list": f"1. {V}\n\n    x {V}\n\n2. y\n\n        {V}",
    "a nested list": f"* a\n    * {V}\n\n        {V}\n\n            {V}",
    "a definition list": f"term {V}\n:   text {V}\n\n        {V}",
    "a quotation": f"> It takes {V}\n>\n>     {V}\n>\n> `{V}`",
    "paragraphs of a quotation": f"> {V}\n>\n> {V}",
    "a quoted list of paragraphs": f"> 1. {V}\n>\n>     {V}",
    "a quoted fence with a blank line": f"> ```text\n> {V}\n>\n> {V}\n> ```\n>\n> {V}",
    "a prompt alone in a fence": f"```text\n>>>\n>\n{V}\n```\n\n{V}",
    "a value over quoted lines": "> It takes {{ a.py:\n> steps }} steps.",
    "a footnote": f"x[^1] {V}\n\n[^1]: Note {V}.\n\n    More {V}.\n\n        {V}",
    "an abbreviation": f"HTML {V}\n\n*[HTML]: Hyper {V}",
    "a link and its title": f'[{V}](b.md "After {V}") and [x][r]\n\n[r]: c.md "T {V}"',
    "an image": f'![After {V}](b.png "After {V}")',
    "braces and formulas": rf"$x_{{{{i}}}}$ {V} $\frac{{{{a}}}}{{b}}$ and $$y_{{{{j}}}}$$",
    "a line break": f"{V}  \n{V}\\\nx",
    # HTML
    "a comment": f"x <!-- {V} --> {V}\n\n<!--\n{V}\n\n/// snippet | a.py\n///\n-->\n\n{V}",
    "inline HTML": f"<b>{V}</b> <code>{V}</code> <kbd>{V}</kbd>",
    "a block of code in HTML": f"<pre>\n{V}\n</pre>\n\n{V}",
    "a script": f"<script>\nlet x = '{V}';\n</script>\n\n{V}",
    "Markdown in HTML": f'<div markdown="1">\n\n{V} `{V}`\n\n</div>\n\n{V}',
    # boxes
    "a box": f'!!! note "After {V}"\n    {V}\n\n        {V}\n\n{V}',
    "a box without a title": f"!!! note\n    {V}\n\n{V}",
    "a folded box": f'??? success "Answer"\n\n    {V}\n\n    ```text\n    {V}\n    ```\n\n{V}',
    "a box in a box": f'!!! note\n    ??? curious "C {V}"\n        {V}\n\n{" " * 12}{V}\n\n    {V}',
    "tabs": f'=== "A {V}"\n    {V}\n\n=== "B"\n    ```\n    {V}\n    ```\n\n{V}',
    "a box in a list": f'* x\n\n    !!! note "N {V}"\n        {V}\n\n    {V}\n\n* y',
    "a box that begins an item": f'* !!! note "N"\n    {V}\n\n    {V}\n\n        {V}\n\n* y',
    "a box in a quotation": f'> !!! note "N"\n>     {V}\n>\n>     y\n>\n> {V}',
    "a box that begins a definition": f'term\n:   !!! note "N"\n        {V}\n\n    {V}\n\ny',
    "tabs in a list": f'* x\n\n    === "A"\n        {V}\n\n    === "B"\n        {V}\n\n    y',
    "blank lines in code": f"x\n\n    a\n\n\n    {V}\n\n<pre>\na\n\n\nb\n</pre>\n\n{V}",
    "a box after a paragraph": f"x\n!!! note\n    {V}\n\ny",
    "no box": f"x !!! note\n\n`=== \"A\"`\n\n{V}",
}  # fmt: skip
BLOCKS = {
    "a block": BLOCK,
    "directly after a heading": f"## T\n{BLOCK}",
    "directly after a paragraph": f"x\n{BLOCK}\ny",
    "in a quotation": "> " + BLOCK.replace("\n", "\n> "),
    "in a list": "* x\n\n" + "    " + BLOCK.replace("\n", "\n    "),
    "in a definition list": "term\n:   " + BLOCK.replace("\n", "\n    "),
    "in a box": '!!! note "T"\n    ' + BLOCK.replace("\n", "\n    "),
    "in a folded box in a box": "!!! note\n    ??? curious\n        "
    + BLOCK.replace("\n", "\n        "),
    "in a tab": '=== "T"\n    ' + BLOCK.replace("\n", "\n    "),
    "with a fence in its caption": BLOCK.replace("It", "```\n///\n```\n\nIt"),
    "with a box in its caption": BLOCK.replace("It", '!!! note "N"\n    x\n\nIt'),
    "with slashes in its indented code": BLOCK.replace("It", "x\n\n    ///\n\nIt"),
    "with more slashes": BLOCK.replace("///", "/////"),
    "two of them": f"{BLOCK}\n\n{BLOCK}",
    "shown as code": f"```markdown\n{BLOCK}\n```\n\n{V}",
    "shown as indented code": "x\n\n    " + BLOCK.replace("\n", "\n    "),
    "commented out": f"<!--\n{BLOCK}\n-->\n\n{V}",
}


STRUCTURE = {"blockquote", "dd", "dl", "dt", "li", "ol", "pre", "table", "ul"}


class Text(HTMLParser):
    """The words that a reader sees, and the lists, quotations, tables and code they stand in.

    Those of a snippet's figure do not count.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.structure: list[str] = []
        self.hidden = 0
        self.figures = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.figures += given.get("class") == "snippet"
        if tag == "figure" or "page-facts" in (given.get("class") or ""):
            self.hidden += 1
        if not self.hidden:
            self.words += [given.get(name) or "" for name in ("alt", "title") if tag != "data"]
            self.structure += [tag] if tag in STRUCTURE else []

    def handle_endtag(self, tag: str) -> None:
        if tag in STRUCTURE and not self.hidden:
            self.structure.append(f"/{tag}")
        if tag == "figure" or (tag == "p" and self.hidden):
            self.hidden = max(0, self.hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)

    @property
    def seen(self) -> str:
        return "".join("".join(self.words).split()).replace("Basic", "")


@pytest.fixture
def known(runner: Runner) -> Runner:
    (runner.root / "a.py").write_text('"""Claim."""\n\nsteps = 72\nprint("printed")\n')
    return runner


def rendered(text: str, runner: Runner) -> tuple[str, Place]:
    place = Place(folder=Path(), matter={}, known_runner=runner)
    md = Markdown(extensions=[*BOOK, LiterateExtension(page=place)], extension_configs=BOOK)
    return md.convert(text), place


def plainly(text: str) -> str:
    """Markdown rendered without the engine's extension."""
    return Markdown(extensions=list(BOOK), extension_configs=BOOK).convert(text)


@pytest.mark.parametrize("text", CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_the_markdown_version_says_what_the_page_says(text: str, known: Runner) -> None:
    html, place = rendered(text, known)
    exported = page_markdown(pieces(place.reading))
    read, written = Text(plainly(exported)), Text(html)
    assert (read.seen, read.structure) == (written.seen, written.structure)
    assert "72" in exported


@pytest.mark.parametrize("text", CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_the_notebook_says_what_the_page_says(text: str, known: Runner) -> None:
    html, place = rendered(text, known)
    cells = json.loads(page_notebook(place.reading, str))["cells"]
    read, written = Text(plainly("\n\n".join(cell["source"] for cell in cells))), Text(html)
    in_order = sorted if "tabbed" in html else str  # the labels of tabs stand side by side
    assert in_order(read.seen) == in_order(written.seen)
    assert read.structure == written.structure


@pytest.mark.parametrize("text", [*CONSTRUCTS.values(), *BLOCKS.values()])
def test_the_notebook_fills_in_what_the_page_fills_in(text: str, known: Runner) -> None:
    _, place = rendered(text, known)
    exported = page_markdown(pieces(place.reading)).replace("steps = 72", "")
    cells = json.loads(page_notebook(place.reading, str))["cells"]
    prose = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    in_comments = sum(item.kind == "comment" and item.is_real for item in place.reading.candidates)
    assert prose.count("72") == exported.count("72")
    if not in_comments:
        assert prose.count(V) == exported.count(V)


@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS)
def test_the_exports_have_the_snippets_that_the_page_has(text: str, known: Runner) -> None:
    html, place = rendered(text, known)
    count = Text(html).figures
    exported = page_markdown(pieces(place.reading))
    assert exported.count('print("printed")') == count
    assert Text(plainly(exported)).seen.count('print("printed")') == count
    cells = json.loads(page_notebook(place.reading, str))["cells"]
    assert sum(cell["cell_type"] == "code" for cell in cells) == count


BOXES = 'x\n\n```text\n=== Epoch 1\n!!! warning "W"\n```\n\n    !!! note "N"\n\n`??? x`\n\n'


def test_a_notebook_opens_boxes_and_no_other_lines(known: Runner) -> None:
    text = f'{BOXES}??? success "Answer"\n\n    !!! note "Inner"\n        y\n\n    z\n\nend'
    _, place = rendered(text, known)
    (cell,) = json.loads(page_notebook(place.reading, str))["cells"]
    assert cell["source"] == f"{BOXES}**Answer**\n\n**Inner**\n\ny\n\nz\n\nend"
