"""Laws of families: which faces cover a text is the same whether they are asked one by one or all at once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from glyphmill.catalogue import families as module
from glyphmill.catalogue.code_points import join_ranges
from glyphmill.catalogue.families import Families
from glyphmill.catalogue.fonts import FontRecord
from tests.catalogue.test_fonts import record

COVERAGES = st.sets(st.integers(0x20, 0x2A) | st.just(0x10FFFF))


def family(number: int, coverages: list[set[int]]) -> tuple[FontRecord, ...]:
    return tuple(
        replace(record(f"{number}-{face}.ttf"), ranges=join_ranges(sorted(points)))
        for face, points in enumerate(coverages)
    )


@given(
    st.lists(st.lists(COVERAGES, min_size=1, max_size=4), max_size=12),
    st.lists(COVERAGES | st.just({0x30}), min_size=1, max_size=4),
)
def test_covering_is_what_asking_each_face_gives(coverages: list[list[set[int]]], needs: list[set[int]]) -> None:
    everyone = [family(number, faces) for number, faces in enumerate(coverages)]
    families = Families(everyone)
    assert list(families) == everyone
    for need in map(frozenset, needs):
        expected = [kept for one in everyone if (kept := tuple(face for face in one if need <= face.coverage))]
        found = families.covering(need)
        assert list(found) == expected
        assert len(found) == len(expected)
        assert list(found[1:]) == expected[1:]


def test_what_is_kept_of_characters_is_bounded() -> None:
    """However many characters are asked for, the memory stays the same."""
    families = Families([family(0, [{0x41}])])
    for point in range(3 * module._MOST_POINTS):
        families.covering(frozenset({point}))
    assert len(families._having) <= module._MOST_POINTS
