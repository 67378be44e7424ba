"""Laws of sets of code points: they are sets like any other, and their text holds exactly what they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue.code_points import CodePoints, join_ranges

POINTS = st.sets(st.integers(0, 0x10FFFF) | st.integers(0x20, 0x40))


@given(POINTS)
def test_ranges_hold_exactly_the_points(points: set[int]) -> None:
    held = CodePoints(join_ranges(sorted(points)))
    assert list(held) == sorted(points)
    assert len(held) == len(points)
    assert held == points


@given(POINTS, POINTS)
def test_they_compare_with_sets_as_sets_do(points: set[int], others: set[int]) -> None:
    held = CodePoints(join_ranges(sorted(points)))
    assert (others <= held) == (others <= points)
    assert frozenset(others) - held == others - points
    assert frozenset(others) & held == others & points
    assert {point for point in others if point in held} == others & points


def test_neighbors_share_a_range() -> None:
    assert join_ranges([0x20, 0x21, 0x22, 0xA0, 0x10FFFF]) == "20-22,a0,10ffff"


def test_what_is_no_range_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        CodePoints("20-7e,x")
