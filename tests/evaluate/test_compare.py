"""Readings are compared as the field does: edits over code points after NFC, nothing forgiven that can be seen."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.evaluate.compare import edits, open_distance, plain
from glyphmill.evaluate.engine import EngineError

DISTANCE = open_distance()


@pytest.mark.parametrize(
    ("expected", "found", "wanted"),
    [
        ("abcd", "abcd", (4, 0, 1, 0)),
        ("abcd", "", (4, 4, 1, 1)),
        ("abcd", "abxcd", (4, 1, 1, 1)),
        ("kitten", "sitting", (6, 3, 1, 1)),
        ("a b c", "a c", (5, 2, 3, 1)),
        ("a b", "ab", (3, 1, 2, 2)),
        ("a", "a b c d", (1, 6, 1, 3)),
    ],
)
def test_edits_are_counted(expected: str, found: str, wanted: tuple[int, ...]) -> None:
    """Of characters and of words; there may be more than there is to read."""
    made = edits(expected, found, "Latn", DISTANCE)
    assert (made.characters, made.character_edits, made.words, made.word_edits) == wanted
    assert made.exact is (expected == found)


@given(st.text(max_size=30), st.text(max_size=30))
def test_edits_are_a_distance(a: str, b: str) -> None:
    """None between equal texts, the same both ways, at least the difference in length, at most the longer text."""
    made = edits(a, b, "Latn", DISTANCE)
    assert (made.character_edits == 0) is (a == b)
    assert made.character_edits == edits(b, a, "Latn", DISTANCE).character_edits
    assert abs(len(a) - len(b)) <= made.character_edits <= max(len(a), len(b))


def test_scripts_without_spaces_have_no_words() -> None:
    """Where a reader puts spaces in Japanese or Thai says nothing."""
    assert edits("東京都", "東京", "Jpan", DISTANCE).words == 0
    assert plain("東 京\n都", "Jpan") == "東京都"
    assert plain("ภาษา ไทย", "Thai") == "ภาษาไทย"
    assert plain("한국 어", "Hang") == "한국 어"


@given(st.text(max_size=30), st.sampled_from(["Latn", "Arab", "Thai"]), st.sampled_from(["nfc", "nfkc"]))
def test_plain_text_is_plain(text: str, script: str, form: Any) -> None:
    """Once plain, always plain; no white space at the ends or twice."""
    made = plain(text, script, form)
    assert plain(made, script, form) == made
    assert made == (" " if script != "Thai" else "").join(made.split())


def test_only_what_cannot_be_seen_is_forgiven() -> None:
    """Composition, joiners, marks of direction, kinds of white space; not case or punctuation, width only in KC."""
    assert plain("e\u0301\u200d \u200fa\u00a0\n b\u00ad", "Latn") == "\u00e9 a b"
    assert plain("，Ａ", "Latn") == "，Ａ"
    assert plain("，Ａ", "Latn", "nfkc") == ",A"
    assert plain("A—b", "Latn") != plain("a--b", "Latn")


def test_the_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read."""
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("rapidfuzz"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineError, match=r"rapidfuzz.*pip install"):
        open_distance()
