"""Printed text looks as in a terminal."""

import pytest

from literate.page.terminal import markup, plain, shows


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("a\n\n\nb\n", "a\n\n\nb\n"),
        ("".join(f"\repoch {epoch}/5" for epoch in range(1, 6)) + "\n", "epoch 5/5\n"),
        ("abc\rX\n", "Xbc\n"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("ab\b\bc\n", "cb\n"),
        ("first\nsecond\x1b[1A\rFIRST\x1b[1B\n", "FIRST\nsecond\n"),
        ("50%\x1b[2K\r100%", "100%"),
        ("样本\r学\n", "学本\n"),
        ("x" * 200 + "\r" + "y" * 150, "y" * 150 + "x" * 50),
        ("\x1b[32m✔\ufe0f done\x1b[0m\n", "✔ done\n"),
        ("late\r⚠\ufe0f loss a\u200bb\n", "⚠ loss ab\n"),
    ],
)
def test_what_is_overwritten_is_not_seen(printed: str, seen: str) -> None:
    assert plain(shows(printed)) == seen


def test_colours_are_the_pages_and_text_stays_text() -> None:
    html = markup(shows("\x1b[31mred <b>\x1b[0m plain \x1b[1;38;2;1;2;3many\x1b[0m\n"))
    assert html == (
        '<span class="ansi--red">red &lt;b&gt;</span> plain '
        '<span class="ansi--bold ansi--any" style="--ansi: #010203">any</span>\n'
    )
