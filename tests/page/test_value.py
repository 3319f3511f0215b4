"""Values in the prose are replacement fields over what a run left."""

import re
from xml.etree.ElementTree import tostring

import pytest

from literate.page.value import VALUE, element, formatted

VALUES = {
    "steps": 72,
    "losses": {"0.1": 0.51234, "a b": [1.5, {"mean": 2.0}]},
    "name": "Adam",
    "list": [1, 2],
    "huge": 10**400,
}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("steps", "72"),
        ("steps:,", "72"),
        ("steps:.1f", "72.0"),
        ("losses[0.1]:.2f", "0.51"),
        ("losses[0.1]:.1%", "51.2%"),
        ("losses[a b][0]", "1.5"),
        ("losses[a b][1].mean:.0f", "2"),
        ("list[-1]", "2"),
        ("name", "Adam"),
    ],
)
def test_a_field_names_and_formats(field: str, text: str) -> None:
    assert formatted(VALUES, field) == text


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("stepz", "leaves no value stepz; it leaves huge, list, losses, name, steps"),
        ("losses[0.2]", "leaves no value losses[0.2]; it leaves"),
        ("list[7]", "leaves no value list[7]; it leaves"),
        ("list", "list is a list, not one number or text"),
        ("name:.2f", "the format of name:.2f does not fit 'Adam'"),
        ("huge:.2e", "the format of huge:.2e does not fit 10000"),
        ("steps.__class__", "leaves no value steps.__class__"),
        ("len(list)", "len(list) is not a name, keys in brackets, a colon and a format"),
    ],
)
def test_what_does_not_fit_is_said(field: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        formatted(VALUES, field)


def test_a_value_is_found_beside_formulas_and_in_tables() -> None:
    text = r"| $\frac{{a}}{b}$ | {{ sgd/a.py: x[0.1]:.2e }} |"
    assert [match.groups() for match in VALUE.finditer(text)] == [("sgd/a.py", "x[0.1]:.2e")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-1.5", "−1.5"),
        ("2.6e-15", "2.6×10<sup>−15</sup>"),
        ("1e+03", "1×10<sup>3</sup>"),
        ("12,800", "12,800"),
        ("x-ray", "x-ray"),
        ("<b>", "&lt;b&gt;"),
        ("-1.5%", "−1.5%"),
        ("a\x02\x00", "a␂␀"),
    ],
)
def test_a_number_is_typeset_and_kept_for_machines(text: str, shown: str) -> None:
    html = tostring(element(text, "a.py: x"), encoding="unicode")
    assert f">{shown}</data>" in html
    assert 'class="value"' in html
