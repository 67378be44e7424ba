from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

import numpy as np
import pytest
from bidi import get_display
from fontTools.unicodedata.Mirrored import MIRRORED
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.unicode import bidi

Conformance = Callable[[str], Iterator[str]]
BASES = {"0": 0, "1": 1, "2": None}
FORMATTING = "\u202a\u202b\u202c\u202d\u202e\u200c\u200d"
ISOLATES = "\u2066\u2067\u2068\u2069"
#: Letters, digits, marks, brackets, spaces and controls of every bidirectional class but B.
MIXED = "ab1 2+-,.:%$()[]<>«»!\tאבג\u05b0ابج٠١\u064b\u0301日" + FORMATTING + ISOLATES

mixed_text = st.text(alphabet=MIXED, max_size=40)
any_base = st.sampled_from([0, 1, None])


def visual_order(runs: list[bidi.Run], skipped: Collection[int] = ()) -> list[int]:
    """Indices of the characters of a line from left to right."""
    order: list[int] = []
    for start, end, level in runs:
        order += range(end - 1, start - 1, -1) if level & 1 else range(start, end)
    return [i for i in order if i not in skipped]


def disagreement(found: np.ndarray, levels: str, order: str) -> str:
    """What differs from the levels and the order that a conformance file asks for; "" if nothing does."""
    wanted = levels.split()
    removed = {i for i, level in enumerate(wanted) if level == "x"}
    if len(found) != len(wanted) or any(w not in ("x", str(f)) for f, w in zip(found, wanted, strict=True)):
        return f"levels {found.tolist()}, not {levels}"
    reordered = visual_order(bidi.visual_runs(bidi.runs(found)), removed)
    return "" if reordered == [int(i) for i in order.split()] else f"order {reordered}, not {order}"


def test_character_conformance(conformance: Conformance) -> None:
    """Every case of BidiCharacterTest.txt has the paragraph level, levels and visual order that it asks for."""
    failures, cases = [], 0
    for line in conformance("BidiCharacterTest.txt"):
        points, direction, paragraph, levels, order = line.split(";")
        text = "".join(chr(int(point, 16)) for point in points.split())
        base = BASES[direction]
        wrong = disagreement(bidi.levels(text, base), levels, order)
        if base is None and bidi.base_level(text) != int(paragraph):
            wrong += f" paragraph level, not {paragraph}"
        if wrong:
            failures.append(f"{line}: {wrong}")
        cases += 1
    assert cases == 91_707
    assert not failures, failures[:5]


def test_class_conformance(conformance: Conformance) -> None:
    """Each case kept of BidiTest.txt (1 line in 20; all of its 770,241 cases hold) has the levels and order given."""
    failures, cases, levels, order = [], 0, "", ""
    for line in conformance("BidiTest.txt"):
        if line.startswith("@"):
            key, _, value = line.partition(":")
            levels, order = (value, order) if key == "@Levels" else (levels, value)
            continue
        names, _, bits = line.partition(";")
        classes = "".join(bidi.LETTERS[name] for name in names.split())
        for bit, base in ((1, None), (2, 0), (4, 1)):
            if int(bits, 16) & bit:
                wrong = disagreement(bidi.levels_of_classes(classes, "a" * len(classes), base), levels, order)
                if wrong:
                    failures.append(f"{line} at {base}: {wrong}")
                cases += 1
    assert cases == 38_526
    assert not failures, failures[:5]


@given(mixed_text.filter(lambda text: "\t" not in text), st.sampled_from([0, 1]))
def test_second_opinion(text: str, base: int) -> None:
    """The visual string is that of python-bidi, apart from formatting characters and which way brackets face.

    The text ends in a letter, and has no tab: before the end and before tabs, python-bidi leaves spaces and isolates
    at the level of an embedding, against L1.
    """
    text += "x"
    runs = bidi.visual_runs(bidi.runs(bidi.levels(text, base)))
    ours = "".join(text[i] for i in visual_order(runs))
    assert unmirrored(ours) == unmirrored(get_display(text, base_dir="LR"[base]))


def unmirrored(text: str) -> str:
    """A text with one of each pair of mirrored characters, without formatting characters."""
    return "".join(chr(min(ord(char), MIRRORED.get(ord(char), ord(char)))) for char in text if char not in FORMATTING)


@given(mixed_text, any_base)
def test_runs_partition_the_text(text: str, base: int | None) -> None:
    """Logical runs cover every character once, in order; visual runs are the same runs in another order."""
    logical = bidi.runs(bidi.levels(text, base))
    assert [i for run in logical for i in range(run.start, run.end)] == list(range(len(text)))
    assert all(a.level != b.level for a, b in pairwise(logical))
    assert sorted(bidi.visual_runs(logical)) == logical


@given(mixed_text, any_base)
def test_paragraphs_are_apart(text: str, base: int | None) -> None:
    """A paragraph separator keeps what is before it from what is after it (P1)."""
    pair = bidi.levels(text + "\n" + text, base)
    assert pair[: len(text) + 1].tolist() == bidi.levels(text + "\n", base).tolist()
    assert pair[len(text) + 1 :].tolist() == bidi.levels(text, base).tolist()


@given(mixed_text, st.sampled_from([0, 1]), st.data())
def test_a_line_is_reordered_alone(text: str, base: int, data: st.DataObject) -> None:
    """A line's runs cover it once, and its trailing space stands at the paragraph's end of the line (L1)."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    runs = bidi.line_runs(bidi.levels(text, base), text, start, end, base)
    assert sorted(visual_order(runs)) == list(range(start, end))
    if text[start:end].endswith(" ") and runs:
        outer = runs[-1] if base == 0 else runs[0]
        assert outer.level == base
        assert outer.end == end


@given(st.text(alphabet="abcxyz 日本éß12", max_size=60))
def test_left_to_right_is_level_zero(text: str) -> None:
    """Text without anything that runs right to left stays at level 0."""
    assert not bidi.levels(text, None).any()
    assert bidi.base_level(text) == 0


@pytest.mark.parametrize(
    ("text", "level"),
    [("", 0), ("12 ", 0), ("(abc", 0), ("12 אב", 1), ("\u2067אב\u2069 abc", 0), ("\u2067אב", 0), ("\u2069اب", 1)],
)
def test_base_level_is_that_of_the_first_strong_letter(text: str, level: int) -> None:
    assert bidi.base_level(text) == level
    assert bidi.base_level("12", default=1) == 1


def test_numbers_in_arabic_run_left_to_right() -> None:
    """In visual order the line reads: last word, number with its digits as typed, first word."""
    text = "سعر 25 درهم"
    order = visual_order(bidi.line_runs(bidi.levels(text, None), text, 0, len(text), 1))
    assert "".join(text[i] for i in order) == "مهرد 25 رعس"


def test_joiners_stay_in_their_word() -> None:
    """A zero-width non-joiner inside a Persian word does not split its run."""
    assert bidi.runs(bidi.levels("می\u200cخواهد")) == [(0, 8, 1)]


def test_unassigned_code_points_have_the_class_of_their_block() -> None:
    """U+05FF would be Hebrew, U+FDD0 is removed, U+0378 is taken for a left-to-right letter."""
    assert bidi.levels("\u05ff", 0).tolist() == [1]
    assert bidi.levels("א\ufdd0", 0).tolist() == [1, 0]
    assert bidi.levels("\u0378", 1).tolist() == [2]
