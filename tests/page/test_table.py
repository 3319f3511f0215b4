"""Printed Markdown tables become tables, with the columns a page asks for."""

import pytest

from literate.page.table import chunks, columns_of

TABLE = ["| name | 含义 | meaning |", "|---|---|---|", "| `lr` | 学习率 | a \\| b |"]


def test_text_and_tables_are_told_apart() -> None:
    printed = "before\n\n" + "\n".join(TABLE) + "\n\nafter\n"
    assert chunks(printed) == ["before\n", TABLE, "after\n"]


def test_bars_alone_are_no_table() -> None:
    assert chunks("| a |\n| b |\n| c |\n") == ["| a |\n| b |\n| c |\n"]


def test_columns_are_picked_ordered_and_named() -> None:
    assert columns_of(TABLE, {"meaning": "Meaning", "name": "Name"}) == [
        "| Meaning | Name |",
        "| --- | --- |",
        "| a \\| b | `lr` |",
    ]


def test_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(ValueError, match="no column nome; it has name, 含义, meaning"):
        columns_of(TABLE, {"nome": "x"})


def test_a_row_that_is_too_short_is_said() -> None:
    with pytest.raises(ValueError, match=r"has 3 columns, but not in the row \| `lr` \|$"):
        columns_of([*TABLE, "| `lr` |"], {"meaning": "Meaning"})
