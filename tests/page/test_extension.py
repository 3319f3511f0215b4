"""The block becomes a figure, values become numbers, and neither touches code."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from markdown import Markdown

from literate.failure import Failure, gathering
from literate.page.extension import LiterateExtension
from literate.page.heading import title_of
from literate.page.location import Place
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
        given = {"language": language, "downloads": True}
        md = Markdown(extensions=extensions, extension_configs={"literate": given})
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
        '<svg aria-label="A line." role="img"',
        "<samp>&lt;one&gt;\n</samp></pre>",
        "<figcaption>It prints <em>one</em>.</figcaption>",
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


def test_braces_that_are_no_value_are_written_as_their_fault_says(
    convert: Callable[..., str],
) -> None:
    with gathering() as failures:
        convert("Vue says {{ msg }}.")
    (failure,) = failures.values()
    assert failure.sentence.endswith(r"literal braces \{\{ … }}")
    assert "<p>Vue says {{ msg }}.</p>" in convert(r"Vue says \{\{ msg }}.")


def test_a_value_in_an_attribute_is_plain_text(convert: Callable[..., str], write: Write) -> None:
    write("a.py", "steps = 72\nprint(1)\n")
    html = convert('![{{ a.py: steps }} and {{ a.py: steps }}](b.png "After {{ a.py: steps }}")')
    assert 'alt="72 and 72"' in html
    assert 'title="After 72"' in html
    assert '<abbr title="72">' in convert("The HTML.\n\n*[HTML]: {{ a.py: steps }}")
    write("b.py", "text = '&amp; <b> \"&'\nprint(1)\n")
    html = convert('![{{ b.py: text }}](b.png "{{ b.py: text }}")')
    said = "&amp;amp; &lt;b&gt; &quot;&amp;"
    assert f'alt="{said}"' in html
    assert f'title="{said}"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<div>{{ a.py: steps }}</div>",
        '<div title="{{ a.py: steps }}"></div>',
        "<div>&lt;{{ a.py:\nsteps }}</div>",
        "So {{ a.py:\n\nsteps }} says.",
        "/// snippet | a.py\n    alt: 'After {{ a.py: steps }}.'\n///",
        "[a](<https://example.org/{{ a.py: steps }}>)",
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


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("start: 1", "start finds nothing: this snippet draws no sweep"),
        ("knob: rate", "knob finds nothing: this snippet draws no sweep: no cell leaves several"),
        ("columns: {b: B}", "columns finds nothing: this snippet prints no table"),
        ("cells: markdown", "cells finds nothing: this snippet prints no table"),
        ("palette: literal", "palette finds nothing: this snippet draws no figure"),
    ],
)
def test_an_option_that_finds_nothing_is_said(
    convert: Callable[..., str], write: Write, option: str, said: str
) -> None:
    write("a.py", "print(1)\n")
    with pytest.raises(Failure, match=f"page.md:1: the option {said}"):
        convert(f"/// snippet | a.py\n    {option}\n///")


@pytest.mark.parametrize("before", ["", "> ", "> > "])
def test_an_option_that_there_is_none_of_is_named_in_a_quotation_too(
    convert: Callable[..., str], write: Write, before: str
) -> None:
    write("a.py", "print(1)\n")
    lines = ("/// snippet | a.py", "    colour: red", "///")
    with pytest.raises(Failure, match=r"page.md:1: .*there is no option colour"):
        convert("\n".join(before + line for line in lines))


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


@pytest.mark.parametrize(
    ("text", "line", "slashes"),
    [
        ("# T\n\n/// snippet | a.py\n\nThe caption.\n\nThe rest {{ a.py: steps }}.", 3, "///"),
        ("# T\n\n* x\n\n    //// snippet | a.py\n    ///\n\nThe rest.", 5, "////"),
        ("/// snippet | a.py\n\n/// guess | a.py: steps\n    answers: {72: a, 3: b}\n\nQ?\n///",
         1, "///"),
    ],
)  # fmt: skip
def test_a_block_that_is_not_closed_is_said_with_its_line(
    convert: Callable[..., str], write: Write, text: str, line: int, slashes: str
) -> None:
    write("a.py", "steps = 72\nprint(1)\n")
    with gathering() as failures:
        convert(text)
    (failure,) = failures.values()
    assert failure.line == line
    assert failure.sentence == f"this block is not closed: a line {slashes} has to end it"


@pytest.mark.parametrize("language", ["de", "pt-BR", "zh-Hant", "en"])
def test_any_language_works(convert: Callable[..., str], write: Write, language: str) -> None:
    write("a.py", "print(1)\n")
    html = convert("# T\n\n/// snippet | a.py\n///", language)
    code = {"zh-Hant": "代码：a.py"}.get(language, "Code: a.py")
    assert f"<summary>{code}</summary>" in html


def test_words_of_a_language_can_be_given(runner: Runner, write: Write) -> None:
    write("a.py", "print(1)\n")
    place = Place(folder=Path(), matter={}, known_runner=runner)
    given = {"language": "de", "labels": {"code": "Quelltext"}, "page": place}
    html = Markdown(extensions=[LiterateExtension(**given)]).convert("/// snippet | a.py\n///")
    assert "<summary>Quelltext: a.py</summary>" in html


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ({"quote": "Quelltext"}, "there is no label quote"),
        ({"copied": True}, "the label copied is True, not a text"),
        ({"minutes": "{m} min"}, "the label minutes asks for m; it is given minutes"),
        ({"ran": "{"}, "the label ran cannot be filled in"),
        ({"minutes": "{minutes:s}"}, "the label minutes cannot be filled in"),
        ({"minutes": "{}"}, "the label minutes asks for {}; it is given minutes"),
    ],
)
def test_a_label_that_is_none_is_said(label: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Markdown(extensions=[LiterateExtension(labels=label)])


def test_the_words_of_tables_are_the_pages_and_a_missing_one_fails_with_its_line(
    convert: Callable[..., str], write: Write, runner: Runner
) -> None:
    write(
        "a.py",
        """
        print("| comparison | runs |")
        print("|---|---|")
        print("| Adam against SGD | 60 |")
        print("| `x y` against 0.5 to 1e-05 | $x$ |")
        print("| Adam better | nan |")
    """,
    )
    words = runner.root.parent / "docs" / "words" / "zh.yml"
    words.parent.mkdir(parents=True)
    listed = '"{} against {}": "{}对{}"\n"{} to {}": "{}至{}"\nruns: 次数\nAdam:\nSGD:\n'
    words.write_text(listed + "comparison: 比较\n")
    page = "# T\n\n/// snippet | a.py\n///"
    with gathering() as failures:
        html = convert(page, "zh")
    for cell in ("<th>比较</th>", "次数</th>", "<td>Adam对SGD</td>", "<td>`x y`对0.5至1e-05</td>"):
        assert cell in html
    (failure,) = failures.values()
    assert failure.line == 3
    assert failure.sentence == 'words/zh.yml has no translation of "Adam better", which a.py says'
    words.write_text(listed + 'comparison: 比较\n"{} better": "{}更好"\n')
    assert "<td>Adam更好</td>" in convert(page, "zh")
    assert "<td>Adam better</td>" in convert(page, "en")


def test_a_guess_asks_before_it_tells(convert: Callable[..., str], write: Write) -> None:
    write("a.py", "share = 0.35\nverdict = 'no difference'\nprint(1)\n")
    html = convert(
        """
        /// guess | a.py: share:.0%
            from: 0
            to: 1
            step: 0.05

        How many, in $x$?

        Because.
        ///

        /// guess | a.py: verdict
            answers: {better: Better, no difference: None}

        And?
        ///
        """
    )
    labels = "".join(f"&quot;{place}%&quot;, " for place in range(0, 101, 5)).removesuffix(", ")
    assert f'data-labels="[{labels}]" aria-valuetext="50%"' in html
    question = html[html.index("guess__question") : html.index("guess__form")]
    assert "How many, in" in question
    assert "<math" in question
    answer = html[html.index("<details") : html.index("</details>")]
    assert 'title="a.py: share" value="0.35"' not in answer
    assert 'title="a.py: share" value="35%">35%</data></strong>' in answer
    assert "<p>Because.</p>" in answer
    assert re.search(r'role="group" aria-labelledby="guess-\w+-2"', html)
    assert 'value="no difference">None</data>' in html


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            "{from: 0, to: 0.2, step: 0.05}",
            "the run says 0.35, which the slider from 0 to 0.2 lacks",
        ),
        ("{from: 0, to: 1}", "a guess needs answers, or all of from, to and step"),
        ("{answers: {a: A, b: B}}", "the run says 0.35, which is none of the answers: a, b"),
        ("{from: 1, to: 0, step: 1}", "the slider of a guess goes up"),
        ("{from: 0, to: 1, step: 0.0001}", "the slider has 10001 places; it may have 1000"),
        ("{from: 0, to: 1, step: 0.6}", "steps of 0.6 do not lead from 0 to 1"),
        ("{from: 0, to: .inf, step: 1}", "steps of 1 do not lead from 0 to inf"),
        ("{answers: {a: true, b: false}}", "True is no text: in quotation marks it is"),
    ],
)
def test_a_guess_that_does_not_fit_its_value_is_said(
    convert: Callable[..., str], write: Write, options: str, sentence: str
) -> None:
    write("a.py", "share = 0.35\nprint(1)\n")
    listed = "".join(
        f"    {line}\n" for line in yaml.safe_dump(yaml.safe_load(options)).split("\n")
    )
    with gathering() as failures:
        convert(f"x\n\n/// guess | a.py: share\n{listed.rstrip()}\n\nQ?\n///")
    (failure,) = failures.values()
    assert failure.line == 3
    assert sentence in failure.sentence


INNER = "guess | a.py: share\n    from: 0\n    to: 1\n    step: 0.05"


@pytest.mark.parametrize("within", ["snippet | a.py", INNER])
def test_what_stands_in_a_guess_would_be_lost_in_the_exports_and_is_refused(
    convert: Callable[..., str], write: Write, within: str
) -> None:
    write("a.py", "share = 0.35\nprint(1)\n")
    options = "    from: 0\n    to: 1\n    step: 0.05\n"
    with gathering() as failures:
        convert(f"x\n\n//// guess | a.py: share\n{options}\nQ?\n\n/// {within}\n\nq?\n///\n////")
    (failure,) = failures.values()
    assert failure.line == 3
    assert failure.sentence == "a guess holds no snippet and no other guess: put it below"


def test_marks_stand_in_the_heading_and_advanced_in_the_contents(runner: Runner) -> None:
    place = Place(folder=Path(), matter={}, known_runner=runner)
    extension = LiterateExtension(language="zh", page=place)
    md = Markdown(extensions=["attr_list", "toc", extension])
    html = md.convert("# T\n\n## 动量 { #momentum .basic }\n\n### X { #x .advanced }\n\nx")
    mark = '<span class="mark mark--basic" data-search-exclude="">基础</span>'
    assert f'<h2 class="basic" id="momentum">动量{mark}</h2>' in html
    (title,) = md.toc_tokens
    (basic,) = title["children"]
    assert basic["name"] == "动量"
    assert basic["children"][0]["name"] == 'X <span class="mark mark--advanced">进阶</span>'


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("a.md", "T is it"),
        ("a.md#bar", "Bar"),
        ("a.md#under", "Under"),
        ("empty.md", "E"),
    ],
)
def test_a_prerequisite_is_called_as_its_page_shows_it(
    tmp_path: Path, address: str, title: str
) -> None:
    (tmp_path / "a.md").write_text(
        "```not a fence``` x\n\n````python\n# no\n## Foo {#bar}\n```\n# no\n````\n\n"
        "T *is* it { .x }\n====\n\n## Bar {#bar}\n\nUnder { #under }\n---\n\n* a\n"
    )
    (tmp_path / "empty.md").write_text("---\ntitle:\n---\n~~~\n# no\n~~~\n# E\n")
    assert title_of(tmp_path, address) == title


def test_a_page_says_how_long_it_takes_and_what_to_read_first(
    runner: Runner, tmp_path: Path
) -> None:
    (tmp_path / "sgd.md").write_text("---\ntitle: SGD\n---\n# S\n\n## `Mini` { #mini .basic }\n")
    matter = {"prerequisites": ["sgd.md#mini", "sgd.md", "sgd.md#no"]}
    path = tmp_path / "page.md"
    text = "# T\n\n" + "字" * 800 + " word" * 220 + "\n\n```\n" + "code " * 2000 + "\n```\n"
    path.write_text("---\nprerequisites:\n- sgd.md#no\n---\n\n" + text)
    place = Place(path, tmp_path, matter, known_runner=runner)
    md = Markdown(extensions=["pymdownx.superfences", LiterateExtension(language="zh", page=place)])
    with gathering() as failures:
        html = md.convert(text)
    assert "<span>约3分钟读完</span>" in html
    assert '先读：<a href="sgd.md#mini">Mini</a>、<a href="sgd.md">SGD</a>、' in html
    (failure,) = failures.values()
    assert (failure.line, failure.sentence) == (
        3,
        "the prerequisite sgd.md#no is no section of sgd.md",
    )
