"""Tables line up, and nothing in them can steer a terminal."""

from __future__ import annotations

from glyphmill.cli.console import table


def test_columns_line_up_and_numbers_stand_to_the_right() -> None:
    text = table(("file", "glyphs", "remark"), [("a.ttf", 9, ""), ("long-name.ttf", 1200, "fine")])
    assert text.splitlines() == [
        "file           glyphs  remark",
        "a.ttf               9",
        "long-name.ttf    1200  fine",
    ]


def test_a_table_without_rows_is_its_header() -> None:
    assert table(("a", "b"), []) == "a  b"


def test_control_characters_are_not_passed_on() -> None:
    assert "\x1b" not in table(("file",), [("\x1b[2Jevil.ttf",), ("line\nbreak.ttf",)])
