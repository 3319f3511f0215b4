"""Formulas in chapters: which dollars are formulas, and what stands on the page for them."""

from textwrap import dedent

import markdown
import pytest

from literate.failure import gathering
from literate.page.formula import mathml

X = '<math alttext="x"><mi>x</mi></math>'
INLINE = X.replace("<math", '<math class="formula" data-search-exclude=""')
BLOCK = (
    '<div class="formula-block" data-search-exclude="" tabindex="0">'
    '<math alttext="x" display="block"><mi>x</mi></math></div>'
)
EXTENSIONS = ["literate.page.formula", "tables", "admonition", "attr_list", "toc", "fenced_code"]


def page(text: str) -> str:
    return markdown.markdown(dedent(text).strip(), extensions=EXTENSIONS)


@pytest.mark.parametrize("text", ["$x$", r"\(x\)"])
def test_inline(text: str) -> None:
    assert page(f"当{text}很大时") == f"<p>当{INLINE}很大时</p>"


@pytest.mark.parametrize("text", ["$$x$$", "$$\nx\n$$", r"\[x\]", "\\[\nx\n\\]"])
def test_block(text: str) -> None:
    assert page(f"before\n\n{text}\n\nafter") == f"<p>before</p>\n{BLOCK}\n<p>after</p>"


@pytest.mark.parametrize("first", [True, False])
def test_formulas_are_ours_where_arithmatex_is_in_use_too(first: bool) -> None:
    both = ["literate.page.formula", "pymdownx.arithmatex"]
    text = "$x$ and \\(x\\) so $$x$$\n\n$$\nx\n$$\n\n\\[x\\]\n\n`$x$`"
    html = markdown.markdown(text, extensions=both if first else both[::-1])
    assert html.count("<math ") == 5
    assert "<code>$x$</code>" in html
    assert "arithmatex" not in html


def test_display_inside_a_paragraph() -> None:
    html = page("so $$x$$ holds")
    assert html.startswith('<p>so <span class="formula-block" tabindex="0" data-search-exclude>')
    assert 'display="block"' in html


def test_places() -> None:
    html = page(
        """
        ## About $x$ { #about }

        | name | bound |
        |---|---|
        | $x$ | at most $x$ |

        * one $x$

            $$x$$

        !!! note "Of $x$"

            $$
            x
            $$
        """
    )
    assert f'<h2 id="about">About {INLINE}</h2>' in html
    assert f"<td>{INLINE}</td>\n<td>at most {INLINE}</td>" in html
    assert html.count(BLOCK) == 2
    assert f'<p class="admonition-title">Of {INLINE}</p>' in html


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5.",
        "between $5 and $10",
        "from $5 to $10, or $20",
        "价格从$5到$6不等",
        "6$和7$都行",
        "a $ b $ c",
        r"\$x\$",
        "$$",
    ],
)
def test_prices_survive(text: str) -> None:
    assert page(text) == f"<p>{text.replace(chr(92), '')}</p>"


def test_a_price_before_a_formula() -> None:
    assert page("It costs $5 and $x$.") == f"<p>It costs $5 and {INLINE}.</p>"


@pytest.mark.parametrize("text", ["`$x$`", "```\n$x$\n```", "    $x$", "    $$x$$"])
def test_code_is_left_alone(text: str) -> None:
    html = markdown.markdown(text, extensions=EXTENSIONS)
    assert "$x$" in html
    assert "<math" not in html


def test_markdown_inside_a_formula_is_none() -> None:
    html = page("$a_1 * b_2 * c_3$ and $a < b$ and $[x](y)$")
    assert "<em>" not in html
    assert "<a " not in html
    assert ' alttext="a &lt; b"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>' in html


def test_aligned_keeps_its_rows_and_columns() -> None:
    html = page(
        r"""
        $$
        \begin{aligned}
        a &= b \\
        c &= d
        \end{aligned}
        $$
        """
    )
    assert html.count("<mtr>") == 2
    assert html.count("<mtd") == 4


def test_overline_is_above_and_underline_below() -> None:
    html = page(r"$\overline{x}$ and $\underline{x}$")
    assert "\u203e</mo></mover>" in html
    assert "\u0332</mo></munder>" in html


def test_a_bar_in_a_table_cell() -> None:
    html = page("| norm |\n|---|\n| $\\|x\\|$ |")
    assert html.count("‖") == 2


@pytest.mark.parametrize("text", [r"so $\bad$.", "$$\n\\frac{a}\n$$", r"so $$\bad$$ holds"])
def test_a_bad_formula_is_reported_with_its_source(text: str) -> None:
    with gathering() as failures:
        page(text)
    (failure,) = failures.values()
    source = failure.sentence.removeprefix("The formula ").partition(" is wrong: ")[0]
    assert source in text
    assert len(source) > 5


@pytest.mark.parametrize("text", ["so $x = {}$.", r"so \(x = {}\).", "$$\nx = {}\n$$", "$5, {}$"])
def test_a_value_in_a_formula_is_refused(text: str) -> None:
    md = markdown.Markdown(extensions=["literate", "literate.page.formula"])
    with gathering() as failures:
        md.convert(text.format("{{ nowhere.py: n }}"))
    (failure,) = failures.values()
    assert failure.sentence == "a value cannot stand in a formula"
    assert failure.line == (2 if text.startswith("$$") else 1)


@pytest.mark.parametrize(("display", "height"), [(False, ".76em"), (True, ".68em")])
def test_a_root_is_as_tall_as_its_sign(display: bool, height: str) -> None:
    markup = mathml(r"\frac{1}{\sqrt{m}}", display)
    assert f'<msqrt><mspace height="{height}" depth=".26em" /><mi>m</mi></msqrt>' in markup


def test_a_formula_has_no_idle_elements() -> None:
    markup = mathml(r"\ln 2", False)
    assert "mspace" not in markup and "mrow" not in markup
