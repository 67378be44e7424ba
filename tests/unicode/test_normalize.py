from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from glyphmill.core.errors import Reject
from glyphmill.unicode.normalize import clean_text, needs_ink, required

#: Every kind of character that is treated on its own, and some that are not.
TRICKY = "ab é日\t\n\r\v\f\x1c\x1f\x85\u2028\u2029\x00\x07\x7f\x9f\u00a0\u3000\u2003\ufeff\u200d\u200c\ufe0f\u202e"
tricky_text = st.text(alphabet=TRICKY, max_size=30)


def clean_or_empty(text: str, *, keep: bool) -> str:
    try:
        return clean_text(text, keep_newlines=keep)
    except Reject:
        assert not required(text)  # nothing but text without ink is refused
        return ""


@given(tricky_text | st.text(max_size=30), st.booleans())
def test_clean_text_is_stable_and_keeps_ink(text: str, keep: bool) -> None:
    """Cleaning twice is cleaning once; nothing that needs ink is lost, and no control is left."""
    clean = clean_or_empty(text, keep=keep)
    assume(clean)
    assert clean_text(clean, keep_newlines=keep) == clean
    assert [char for char in clean if needs_ink(ord(char))] == [char for char in text if needs_ink(ord(char))]
    assert all(char == "\n" and keep for char in clean if unicodedata.category(char) in {"Cc", "Zl", "Zp"})
    assert clean.split() == [word for word in clean.replace("\n", " ").replace("\u00a0", " ").split() if word]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a  b", "a b"),
        (" a\tb\r\n", "a b"),
        ("a\x00b\x9fc", "abc"),
        ("a \x00 b", "a b"),
        ("a\u2028b\u0085c", "a b c"),
        ("東\u3000京\u00a0!", "東\u3000京\u00a0!"),
        ("東\u3000\u3000京\u00a0 !", "東\u3000京 !"),
        ("\ufeffa", "a"),
    ],
)
def test_white_space_is_folded_and_controls_go(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_hard_line_breaks_are_kept_on_request() -> None:
    assert clean_text("a \r\n\r\n b\tc\n", keep_newlines=True) == "a\nb c"


def test_clean_text_is_returned_as_it_is() -> None:
    text = "Nothing to do here: été, 日本語, नमस्ते"
    assert clean_text(text) is text


def test_ink_is_needed_for_all_that_shows() -> None:
    """White space, controls and default-ignorable characters need no glyph; letters and marks do."""
    assert required("e\u0301 ☺\ufe0f\u200d\u2067\t\u00ad\u3000") == {ord("e"), 0x301, 0x263A}
    assert required("") == frozenset()
