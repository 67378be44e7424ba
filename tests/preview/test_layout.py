"""Justified rows fill the sheet, keep every aspect and lose no image."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from glyphmill.preview.layout import Place, justify, row_height

SIZES = st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), min_size=1, max_size=40)
WIDTH, GAP, ABOVE, BELOW = 1544, 10, 24, 20


def laid_out(sizes: list[tuple[int, int]]) -> tuple[list[Place], int]:
    gaps = [GAP if position % 3 else 2 * GAP for position in range(len(sizes))]
    return justify(sizes, WIDTH, row_height(sizes), gaps, above=ABOVE, below=BELOW)


@given(SIZES)
def test_each_image_has_one_place_inside_the_sheet(sizes: list[tuple[int, int]]) -> None:
    places, height = laid_out(sizes)
    assert [place.position for place in places] == list(range(len(sizes)))
    for place in places:
        assert place.x >= 0
        assert place.width >= 1
        assert place.height >= 1
        assert place.y >= ABOVE
        assert place.y + place.height + BELOW <= height


@given(SIZES)
def test_places_never_overlap(sizes: list[tuple[int, int]]) -> None:
    places, _ = laid_out(sizes)
    for one, other in pairwise(places):
        beside = other.y == one.y and other.x >= one.x + one.width
        beneath = other.y >= one.y + one.height + BELOW + ABOVE
        assert beside or beneath


@given(st.lists(st.tuples(st.integers(20, 900), st.integers(20, 200)), min_size=1, max_size=40))
def test_rows_end_at_the_edge_or_are_the_last(sizes: list[tuple[int, int]]) -> None:
    places, _ = laid_out(sizes)
    last = places[-1].y
    edges = {place.y: place.x + place.width for place in places}
    assert all(abs(edge - WIDTH) <= 1 for y, edge in edges.items() if y != last)
    assert edges[last] <= WIDTH + 1


@given(st.lists(st.tuples(st.integers(100, 900), st.integers(50, 400)), min_size=1, max_size=40))
def test_thumbnails_keep_the_aspect_of_their_image(sizes: list[tuple[int, int]]) -> None:
    places, _ = laid_out(sizes)
    for place, (width, height) in zip(places, sizes, strict=True):
        # Both sides are rounded to whole pixels.
        assert abs(place.width - place.height * width / height) <= 1 + width / height


def test_tall_images_get_tall_rows() -> None:
    assert row_height([(60, 700)] * 3) > 3 * row_height([(700, 60)] * 3)
