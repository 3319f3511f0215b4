"""Printed Markdown tables become tables, with the columns a page asks for."""

import pytest

from literate.page.table import Table, chunks

LINES = [
    "| name | 含义 | loss |",
    "|---|:-:|---|",
    "| `lr` | 学习率 | -1.5e-03 |",
    "| a \\| b | | 2 % |",
]
TABLE = Table(
    ["name", "含义", "loss"],
    [["`lr`", "学习率", "-1.5e-03"], ["a | b", "", "2 %"]],
    ["", "center", "right"],
)


def test_text_and_tables_are_told_apart_and_numbers_stand_to_the_right() -> None:
    printed = "before\n\n\nstill\n\n" + "\n".join(LINES) + "\n\nafter\n"
    assert chunks(printed) == ["before\n\n\nstill\n", TABLE, "after\n"]


def test_bars_alone_are_no_table() -> None:
    assert chunks("| a |\n| b |\n| c |\n") == ["| a |\n| b |\n| c |\n"]


def test_columns_are_picked_ordered_and_named_and_words_translated() -> None:
    words = {"`lr`": "率", "a | b": "甲"}
    picked = TABLE.picked({"loss": "Loss", "name": "Name"}, lambda text: words.get(text, text))
    assert picked == Table(["Loss", "Name"], [["-1.5e-03", "率"], ["2 %", "甲"]], ["right", ""])


def test_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(ValueError, match="no column nome; it has name, 含义, loss"):
        TABLE.picked({"nome": "x"}, str)


def test_a_row_that_is_too_short_is_said() -> None:
    with pytest.raises(ValueError, match=r"has 3 columns, but not in the row \| `lr` \|$"):
        chunks("\n".join([*LINES, "| `lr` |"]))
