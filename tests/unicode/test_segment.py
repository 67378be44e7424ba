from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.core.errors import Reject
from glyphmill.unicode import segment

Conformance = Callable[[str], Iterator[str]]
#: Letters, marks that join, a prepended mark, joiners, flags, emoji, jamo and spaces.
JOINING = (
    "ab \u00a0\u3000é日本かन\u0301\u0308\u3099क\u094dषि\u0600\u200d\u200cกำ\U0001f1e6\U0001f1fa👩💻🏽\u1100\u1161가각"
)

joining_text = st.text(alphabet=JOINING, max_size=40)


def pieces(line: str) -> list[str]:
    """The pieces of a line such as ``÷ 0061 × 0308 ÷ 0062 ÷``."""
    marked = [piece for piece in line.split("÷") if piece.strip(" ×")]
    return ["".join(chr(int(point, 16)) for point in piece.replace("×", " ").split()) for piece in marked]


def cut(text: str, ends: list[int]) -> list[str]:
    return [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def test_grapheme_conformance(conformance: Conformance) -> None:
    """GraphemeBreakTest.txt of Unicode 15 holds but for one case: the engine takes U+2701 for no pictograph."""
    cases = [pieces(line) for line in conformance("GraphemeBreakTest.txt")]
    wrong = [case for case in cases if cut("".join(case), segment.graphemes("".join(case))[1:]) != case]
    assert len(cases) == 602
    assert wrong == [["\u2701\u200d\u2701"]]


def test_line_break_conformance(conformance: Conformance) -> None:
    """LineBreakTest.txt of Unicode 15 holds in all but 59 of 7,654 cases.

    They concern U+2329 after letters, prices and numbers beside punctuation (``$(``, ``.35``) and U+1F02C before an
    emoji modifier. Breaks between a space and a mark on it are not offered: clusters stay whole.
    """
    cases = [pieces(line) for line in conformance("LineBreakTest.txt")]
    wrong = 0
    for case in cases:
        text = "".join(case)
        whole = set(segment.graphemes(text))
        ends = [end for end in accumulated(case) if end in whole]
        wrong += segment.line_breaks(text) != ends
    assert len(cases) == 7_654
    assert wrong <= 59


def accumulated(case: list[str]) -> list[int]:
    ends, end = [], 0
    for piece in case:
        end += len(piece)
        ends.append(end)
    return ends


@given(joining_text)
def test_boundaries_cover_the_text(text: str) -> None:
    """Boundaries rise from 0 to the length, and clusters are counted alike everywhere."""
    ends = segment.graphemes(text)
    assert ends[0] == 0
    assert ends[-1] == len(text)
    assert ends == sorted(set(ends))
    assert segment.count_graphemes(text) == len(ends) - 1


@given(joining_text, st.integers(0, 50), st.integers(1, 8))
def test_a_cut_keeps_whole_clusters(text: str, n: int, times: int) -> None:
    """The first n clusters of a text, however long it is."""
    text *= times
    assert segment.cut_graphemes(text, n) == text[: segment.graphemes(text)[: n + 1][-1]]


@given(joining_text)
def test_words_are_what_space_delimits(text: str) -> None:
    """Words are whole clusters, in order, without overlap, and hold every character that is not white space."""
    whole = set(segment.graphemes(text))
    found = segment.words(text)
    ends = [offset for word in found for offset in word]
    assert ends == sorted(ends)
    assert whole.issuperset(ends)
    held = {i for start, end in found for i in range(start, end)}
    assert held.issuperset(i for i, char in enumerate(text) if not char.isspace())


@given(st.text(alphabet="ab é日\n\t\u00a0", max_size=40))
def test_words_without_marks_are_those_of_split(text: str) -> None:
    assert [text[start:end] for start, end in segment.words(text)] == text.split()


@given(joining_text)
def test_lines_never_end_inside_a_cluster(text: str) -> None:
    """Either mode ends with the text; words may break at some of the places where characters may."""
    by_word, by_character = segment.break_offsets(text, "word"), segment.break_offsets(text, "character")
    assert set(by_word) <= set(by_character)
    assert by_word[-1:] == by_character[-1:] == ([len(text)] if text else [])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a quick test", ["a ", "quick ", "test"]),
        ("日本語です。次", ["日", "本", "語", "で", "す。", "次"]),
        ("co-operate 3.14 €", ["co-", "operate ", "3.14 ", "€"]),
        ("ภาษาไทย สวยงาม", ["ภาษาไทย ", "สวยงาม"]),
        ("a\nb", ["a\n", "b"]),
    ],
)
def test_lines_break_between_words(text: str, lines: list[str]) -> None:
    """Spaces end a line, ideographs break anywhere but before closing marks, Thai only at spaces."""
    assert cut(text, segment.line_breaks(text)) == lines


def test_size_limits_name_what_is_too_big() -> None:
    segment.check_size("e\u0301" * 50, max_characters=100)
    with pytest.raises(Reject, match=r"too_many_characters.*101 of at most 100"):
        segment.check_size("x" * 101, max_characters=100)
    with pytest.raises(Reject, match=r"long_cluster.*33 code points"):
        segment.check_size("ab" + "\u0301" * 32, max_characters=100)
