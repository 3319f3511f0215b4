"""The block becomes a figure, values become numbers, and neither touches code."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from markdown import Markdown

from literate.failure import Failure, gathering
from literate.runner import Runner

Write = Callable[[str, str], Path]


@pytest.fixture
def convert(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Markdown to HTML with the extension over the test's own snippets."""
    monkeypatch.setattr("literate.extension.runner", lambda: runner)
    extensions = ["literate", "literate.formula", "tables", "toc", "pymdownx.superfences"]

    def html(text: str, language: str = "en") -> str:
        md = Markdown(extensions=extensions, extension_configs={"literate": {"language": language}})
        return md.convert(dedent(text).strip())

    return html


def test_a_block_shows_code_output_figure_caption_and_downloads(
    convert: Callable[..., str], write: Write
) -> None:
    write("sgd/a.py", '"""Claim."""\n\nprint("<one>")\n# %%\n' "import matplotlib.pyplot as plt\n"
          "plt.plot([1, 2])\n")  # fmt: skip
    html = convert(
        """
        # Title

        /// snippet | sgd/a.py
            alt: A line.

        It prints *one*.
        ///
        """
    )
    assert '<figure class="snippet" id="sgd-a">' in html
    assert '<span class="filename">sgd/a.py</span>' in html
    assert "<samp>&lt;one&gt;\n</samp></pre>" in html
    assert "<summary>Plotting code: A line.</summary>" in html
    assert 'data-before="# %%\n"' in html
    assert '<svg aria-label="A line." role="img"' in html
    assert "<figcaption>\n<p>It prints <em>one</em>.</p>\n</figcaption>" in html
    assert '<a href="a.py" download' in html
    assert '<a href="a.ipynb" download' in html
    assert '<a href="sgd.ipynb" download>notebook</a>' in html


def test_the_words_around_a_snippet_are_the_pages(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "import torch\ntorch.manual_seed(7)\nprint(1)\n")
    html = convert("# 标题\n\n/// snippet | a.py\n///", "zh")
    assert "，不到10秒 · 随机种子7</span>" in html
    assert "<figcaption>" not in html


def test_a_sweep_has_a_slider_that_a_keyboard_and_a_reader_can_use(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "import matplotlib.pyplot as plt\nfor k in (0.1, 0.2):\n"
          "    plt.figure(f'{k}')\n    plt.plot([0, k])\n")  # fmt: skip
    html = convert("# T\n\n/// snippet | a.py\n    knob: rate\n///")
    assert '<label>rate <input type="range" min="0" max="1" value="0" step="1"' in html
    assert 'data-labels="[&quot;0.1&quot;, &quot;0.2&quot;]" aria-valuetext="0.1"' in html
    assert html.count("<svg ") == 1
    assert html.count('data-frame="') == 2
    assert html.count('display="none"') == 1


def test_a_printed_table_is_a_table_in_the_pages_language(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "print('| name | 含义 |')\nprint('|---|---|')\nprint('| `lr` | $\\\\eta$ |')\n")
    html = convert("# T\n\n/// snippet | a.py\n    columns: {含义: 意思}\n///", "zh")
    assert "<th>意思</th>" in html
    assert "<th>name</th>" not in html
    assert "<math" in html
    assert "<summary>生成此表的代码</summary>" in html


def test_values_stand_in_headings_tables_captions_and_links(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "steps = 72\nrate = 1e-3\nprint(1)\n")
    html = convert(
        """
        # After {{ a.py: steps }} steps

        | rate |
        |---|
        | {{a.py:rate:.0e}} |

        [{{ a.py: steps }} steps](b.md) $x_{{i}}$

        /// snippet | a.py
        {{ a.py: steps:04d }}
        ///
        """
    )
    assert html.count('<data class="value" value="72"') == 2
    assert 'value="1e-03" title="a.py: rate">1×10<sup>−3</sup></data>' in html
    assert 'value="0072"' in html
    assert '<h1 id="after-72-steps">' in html


def test_code_is_left_as_it_is(convert: Callable[..., str]) -> None:
    html = convert(
        """
        `{{ a.py: steps }}` and

        ````markdown
        /// snippet | a.py
        ///
        {{ a.py: steps }}
        ````
        """
    )
    assert "<code>{{ a.py: steps }}</code>" in html
    assert "/// snippet | a.py" in html
    assert "<figure" not in html


def test_a_fault_raises_where_nobody_gathers(convert: Callable[..., str]) -> None:
    with pytest.raises(Failure, match=r"page.md:3: there is no snippets/a.py"):
        convert("# T\n\n/// snippet | a.py\n///")


def test_a_preview_shows_the_fault_where_the_snippet_would_be(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "1 / 0\n")
    with gathering() as failures:
        html = convert("# T\n\n/// snippet | a.py\n///\n\n{{ a.py: x }}")
    assert len(failures) == 1
    assert 'class="snippet__failure"' in html
    assert "a.py:1: ZeroDivisionError" in html
