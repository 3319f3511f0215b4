"""A page has no more elements than it needs, and its tables stand in frames of their own."""

from markdown import Markdown

from literate.page.extension import BOOK, LiterateExtension

TABLE = "| a |\n|---|\n| 1 |\n"


def converted(text: str) -> str:
    extensions = [*BOOK, "tables", LiterateExtension()]
    html = Markdown(extensions=extensions, extension_configs=BOOK).convert(text)
    return "".join(html.split())


def test_a_table_has_a_frame() -> None:
    html = converted(f"Before.\n\n{TABLE}\nAfter.\n")
    assert "<p>Before.</p><div><table>" in html
    assert "</table></div><p>After.</p>" in html


def test_a_table_in_a_box_has_one_and_a_table_in_a_fold_has_none() -> None:
    within = "".join(f"    {line}\n" for line in TABLE.splitlines())
    assert "<div><table>" in converted(f"!!! note\n{within}")
    assert "<div><table>" not in converted(f"??? note\n{within}")


def test_a_fence_begins_with_its_code() -> None:
    html = converted("```python\nimport math\n```\n")
    assert "<pre><code>" in html
