from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from glyphmill.core.errors import Reject
from glyphmill.unicode import bidi, segment
from glyphmill.unicode.normalize import clean_text, required


@pytest.mark.parametrize("control", [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029"])
def test_f12_controls_are_normalised(control: str) -> None:
    """A control becomes a space if it is white space, and nothing otherwise; none reaches image or label."""
    expected = "ab cd ef" if control.isspace() else "abcd ef"
    assert clean_text(f"{control}ab{control}cd {control}ef{control}") == expected


@pytest.mark.parametrize("surrogate", ["\ud800", "\udc00", "\ud83d\ude00"])  # noqa: PT014
def test_f13_lone_surrogates_are_refused_by_index(surrogate: str) -> None:
    """The code point and its place are named; nothing downstream sees text that cannot be encoded."""
    with pytest.raises(Reject, match=rf"lone_surrogate.*U\+{ord(surrogate[0]):04X} at index 3"):
        clean_text(f"abc{surrogate}")


@pytest.mark.parametrize(
    "invisible", ["\u200d", "\u200c", "\ufe0e", "\ufe0f", "\U000e0100", "\u180b", "\u2060", "\u00ad"]
)
def test_f14_invisible_characters_stay_and_need_no_glyph(invisible: str) -> None:
    """Joiners and variation selectors are kept in the text and are not counted as missing glyphs."""
    text = f"क{invisible}ष"
    assert clean_text(text) == text
    assert required(text) == {ord("क"), ord("ष")}


@given(st.text(alphabet="aB1٢ (א)ا,\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f", max_size=60))
def test_f15_unbalanced_direction_controls_are_survived(text: str) -> None:
    """Any overrides and isolates, closed or not: every character keeps its place in logical order, once per line."""
    assume(required(text))
    clean = clean_text(text)
    assert clean.split(" ") == [word for word in text.split(" ") if word]
    for base in (0, 1):
        runs = bidi.line_runs(bidi.levels(clean, base), clean, 0, len(clean), base)
        assert sorted(i for run in runs for i in range(run.start, run.end)) == list(range(len(clean)))


@pytest.mark.parametrize("opening", ["\u202b", "\u202e", "\u2067", "\u2068", "("])
def test_f15_deep_nesting_is_bounded(opening: str) -> None:
    """Levels stop at 126 however deep controls are nested."""
    assert bidi.levels(opening * 1000 + "aא1", 0).max() <= 126


@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "日" * 1_000_000, "e\u0301" * 500_000, "\u2067(ا a" * 200_000, "  \t" * 333_333 + "a"],
    ids=["latin", "han", "marks", "nested", "spaces"],
)
def test_f16_a_million_characters_are_refused(text: str) -> None:
    """Too much text is refused by its length, before anything is shaped; what is wanted of it is cut quickly."""
    with pytest.raises(Reject, match="too_many_characters"):
        segment.check_size(text, max_characters=20_000)
    assert segment.count_graphemes(segment.cut_graphemes(clean_text(text), 100)) in {1, 100}


def test_f16_a_thousand_marks_on_a_base_are_refused() -> None:
    """A cluster beyond the stream-safe format is refused; one within it is not."""
    with pytest.raises(Reject, match="long_cluster"):
        segment.check_size("a" + "\u0301" * 1000, max_characters=20_000)
    segment.check_size("a" + "\u0301" * 30, max_characters=20_000)


@pytest.mark.parametrize(
    "text", ["", " ", "\t\r\n", "\u3000\u00a0", "\x00", "\u200b", "\u200d\ufe0f", "\u2067\u2069", "\u3164"]
)
def test_f17_text_without_ink_is_refused(text: str) -> None:
    """Empty, white-space-only and wholly invisible text makes no sample."""
    with pytest.raises(Reject, match="empty_text"):
        clean_text(text)
