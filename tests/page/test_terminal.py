"""Printed text looks as in a terminal."""

import pytest

from literate.page.terminal import Run, markup, plain, shows


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
        ("\tx" * 20 + "\r.\n", "." + "       x" + "       x" * 19 + "\n"),
        ("样\t" * 20 + "末\r样\n", ("样" + " " * 6) * 20 + "末\n"),
        ("a\fb\vc\x1bDd\x1bEe\r\n", "a\n b\n  c\n   d\ne\n"),
        ("a\n\x1bcb\nc\n", "b\nc\n"),
        ("".join(f"\x1b[H\x1b[Jstep {step}\nloss\n\n" for step in range(50)), "step 49\nloss\n\n"),
        ("\n50%\x1b[A\r" * 9 + "done\n", "done\n50%"),
        ("first\n" + "\x1b[78Gabcdef\n" * 3, "first\n" + (" " * 77 + "abc\ndef\n") * 3),
        ("\x1b[4:3mwavy\x1b[4:0m\n", "wavy\n"),
        ("a\x1b[sb\x1b[uc\n", "ac\n"),
        ("a\x1b7" + "".join(f"{left}\x1b8" for left in (30, 20, 10)) + "\n", "a10\n"),
        ("\x1b[>4;1ma\x1b[!pb\x1bPq...\x1b\\c\x1b[?1rd\x1b[1;2;3Ae\n", "abcde\n"),
        ("late\r⚠\ufe0f loss a\u200bb\n", "⚠ loss ab\n"),
    ],
)
def test_what_is_overwritten_is_not_seen(printed: str, seen: str) -> None:
    assert plain(shows(printed)) == seen


@pytest.mark.parametrize(
    "code", ["38;2;1;2;3", "38:2:1:2:3", "38:2::1:2:3", "38:2::1:2:3:::", "4:3;38:2::1:2:3"]
)
def test_a_colour_is_the_same_however_it_is_written(code: str) -> None:
    assert shows(f"\x1b[{code}many\n")[0] == [Run("any", "010203")]
    assert shows("\x1b[38:5:1many\n")[0] == shows("\x1b[38;5;1many\n")[0]


def test_colours_are_the_pages_and_text_stays_text() -> None:
    html = markup(shows("\x1b[31mred <b>\x1b[0m plain \x1b[1;38;2;1;2;3many\x1b[0m\n"))
    assert html == (
        '<span class="ansi--red">red &lt;b&gt;</span> plain '
        '<span class="ansi--bold ansi--any" style="--ansi: #010203">any</span>\n'
    )
