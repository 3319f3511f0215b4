"""The block becomes a figure, values become numbers, and neither touches code."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent

import pytest
from markdown import Markdown

from literate.failure import Failure, gathering
from literate.run.runner import Runner

Write = Callable[[str, str], Path]


@pytest.fixture
def convert(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Markdown to HTML with the extension over the test's own snippets."""
    monkeypatch.setattr("literate.run.project.runner", lambda: runner)
    extensions = [
        "literate",
        "literate.page.formula",
        "abbr",
        "tables",
        "toc",
        "pymdownx.superfences",
    ]

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
    parts = (
        "<samp>&lt;one&gt;\n</samp></pre>",
        '<svg aria-label="A line." role="img"',
        "<figcaption>\n<p>It prints <em>one</em>.</p>\n</figcaption>",
        "<details><summary>Code: a.py</summary>",
        "# %%\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n</code></pre>",
        '<a href="a.py" download',
        '<a href="a.ipynb" download',
    )
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    assert '<a href="sgd.ipynb" download>notebook</a>' in html


def test_folded_code_says_what_it_does_and_its_colours_cost_no_element(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "import torch  # 𝄞\nprint('<one>')\n")
    html = convert("# T\n\n/// snippet | a.py\n    does: Prints <one>.\n///")
    assert "<summary>Prints &lt;one&gt;.</summary>" in html
    code = html[html.index("<code data-before") : html.index("</code>")]
    source = "import torch  # 𝄞\nprint(&#x27;&lt;one&gt;&#x27;)\n"
    colours = "6-kn 1- 5-nn 2- 4-c1 1- 5-nb 1- 7-s1 2-"
    assert code == f'<code data-before="" data-colours="{colours}">{source}'


def test_open_code_stands_above_its_output_and_is_coloured(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "print(1)\n\n# %%\nprint(2)\n")
    html = convert("# T\n\n/// snippet | a.py\n    code: open\n///")
    assert '<span class="filename">a.py</span>' in html
    assert 'data-before="\n# %%\n"><span class="nb">print</span>(' in html
    places = [html.index(part) for part in (">a.py<", "<samp>1", '<span class="mi">2', "<samp>2")]
    assert places == sorted(places)


class Copied(HTMLParser):
    """What the copy button puts together."""

    text, inside = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code":
            self.inside = True
            self.text += dict(attrs)["data-before"] or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "code"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


@pytest.mark.parametrize("option", ["", "    code: open\n"])
def test_copying_gives_the_file_however_it_is_shown(
    convert: Callable[..., str], write: Write, option: str
) -> None:
    source = '"""A\tclaim & <more>."""\n\nx = "\\x02"\nprint(x)\n\n\n# %%\nprint("`2`")\n'
    write("a.py", source)
    copied = Copied()
    copied.feed(convert(f"# T\n\n/// snippet | a.py\n{option}///"))
    assert copied.text == source


def test_the_words_around_a_snippet_are_the_pages(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "import torch\ntorch.manual_seed(7)\nprint(1)\n")
    html = convert("# 标题\n\n/// snippet | a.py\n///", "zh")
    assert "，不到10秒 · 随机种子7</span>" in html
    assert "<summary>代码：a.py</summary>" in html
    assert "约1分钟读完" in html
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
    shown, hidden = html.count('data-frame="0">'), html.count('data-frame="1" display="none">')
    assert shown == hidden > 0


def test_a_printed_table_is_a_table_in_the_pages_language(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "print('| name | 含义 |')\nprint('|---|---|')\nprint('| `lr` | $\\\\eta$ |')\n")
    block = "# T\n\n/// snippet | a.py\n    columns: {含义: 意思}\n"
    html = convert(f"{block}    cells: markdown\n///", "zh")
    assert "<th>意思</th>" in html
    assert "<th>name</th>" not in html
    assert "<math" in html
    assert "<td>$\\eta$</td>" in convert(f"{block}///", "zh")


def test_printed_cells_are_text_and_numbers_align(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "print('| a | b |\\n|---|---|\\n| <pad> __init__ {{ x }} | -1.5 |')\n")
    html = convert("# T\n\n/// snippet | a.py\n///")
    assert "<td>&lt;pad&gt; __init__ {{ x }}</td>" in html
    assert '<td style="text-align: right;">-1.5</td>' in html


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
    assert html.count('<data class="value" title="a.py: steps" value="72"') == 2
    assert 'title="a.py: rate" value="1e-03">1×10<sup>−3</sup></data>' in html
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


def test_names_with_spaces_and_chinese_have_addresses(
    convert: Callable[..., str], write: Write
) -> None:
    write("第 一/my 步骤.py", "steps = 72\nprint(steps)\n")
    html = convert("# T\n\n{{ 第 一/my 步骤.py: steps }}\n\n/// snippet | 第 一/my 步骤.py\n///")
    assert '<data class="value" title="第 一/my 步骤.py: steps" value="72">72</data>' in html
    assert '<figure class="snippet" id="第-一-my-步骤">' in html
    assert '<a href="my%20%E6%AD%A5%E9%AA%A4.py" download' in html
    assert '<a href="my%20%E6%AD%A5%E9%AA%A4.ipynb" download' in html
    assert '<a href="%E7%AC%AC%20%E4%B8%80.ipynb" download' in html


def test_a_value_may_be_broken_into_lines(convert: Callable[..., str], write: Write) -> None:
    write("a.py", "steps = 72\nprint(1)\n")
    assert ">72</data>" in convert("# T\n\n> It takes {{ a.py:\n> steps }}.")


def test_a_value_in_an_attribute_is_plain_text(convert: Callable[..., str], write: Write) -> None:
    write("a.py", "steps = 72\nprint(1)\n")
    html = convert('![{{ a.py: steps }} and {{ a.py: steps }}](b.png "After {{ a.py: steps }}")')
    assert 'alt="72 and 72"' in html
    assert 'title="After 72"' in html
    assert '<abbr title="72">' in convert("The HTML.\n\n*[HTML]: {{ a.py: steps }}")


@pytest.mark.parametrize(
    "text",
    [
        "<div>{{ a.py: steps }}</div>",
        '<div title="{{ a.py: steps }}"></div>',
        "<div>&lt;{{ a.py:\nsteps }}</div>",
        "So {{ a.py:\n\nsteps }} says.",
        "/// snippet | a.py\n    alt: 'After {{ a.py: steps }}.'\n///",
    ],
)
def test_a_value_that_would_stay_as_it_is_fails(
    convert: Callable[..., str], write: Write, text: str
) -> None:
    write("a.py", "import matplotlib.pyplot as plt\nsteps = 72\nplt.plot([1, 2])\n")
    sample = "```\n{{ a.py: steps }}\n```\n\n$x_{{i}}$ <!-- {{ a.py: steps }} -->\n\n"
    sample += "It takes {{ a.py: steps:.1f }}.\n\n"
    line = 9 + text.partition("{{")[0].count("\n")
    with gathering() as failures:
        convert(f"{sample}{text}\n\n{{{{ a.py: steps }}}}")
    (said,) = failures
    assert said.startswith(f"page.md:{line}: this would stay on the page as it is")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("```\n{{ a.py: x }}\n```\n\n{{ a.py: x }}\n\ny {{ a.py: x }}", [5, 7]),
        ("/// snippet | a.py\n///\n\n/// snippet |  a\n///\n\n/// snippet | a\n///", [4, 7]),
        ("`/// snippet | b.py`\n\n> ///  snippet|b.py\n> ///", [3]),
        ("x\n\n/// snippet\n///\n\n/// guess | a.py: steps\n\nQ?\n///", [3, 6]),
        ("/// snippet | a.py\n    colour: red\n///", [1]),
        ("> x {{ a.py:\n> x }}", [1]),
    ],
)
def test_each_fault_is_said_with_its_own_line(
    convert: Callable[..., str], write: Write, text: str, lines: list[int]
) -> None:
    write("a.py", "steps = 72\nprint(1)\n")
    with gathering() as failures:
        convert(text)
    assert [failure.line for failure in failures.values()] == lines


def test_what_is_commented_out_is_not_asked_for(convert: Callable[..., str]) -> None:
    html = convert("# T\n\n<!--\n/// snippet | a.py\n///\n{{ a.py: x }}\n-->\n\ny")
    assert "download" not in html


def test_a_table_that_cannot_be_cut_fails_at_its_block(
    convert: Callable[..., str], write: Write
) -> None:
    write("a.py", "print('| a | b |\\n|---|---|\\n| 1 |')\n")
    with pytest.raises(Failure, match=r"page.md:3: the table has 2 columns, but not in the row"):
        convert("# T\n\n/// snippet | a.py\n    columns: {b: B}\n///")


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
