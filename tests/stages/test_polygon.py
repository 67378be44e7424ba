"""Edges are cut where they cross the borders of pixels, and nothing of them is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.stages.ink.polygon import cut_at_pixels, fill

places = st.one_of(st.integers(-6, 30).map(float), st.floats(-6, 30, allow_subnormal=False))
edges_st = st.lists(st.tuples(places, places, places, places), max_size=12)


@given(edges_st)
def test_each_piece_lies_in_one_pixel_and_all_make_the_edge(edges: list[tuple[float, ...]]) -> None:
    """Pieces of an edge follow each other from its start to its end; what stands below goes along."""
    whole = np.array(edges, np.float64).reshape(-1, 4).T
    pieces = cut_at_pixels(np.concatenate([whole, np.arange(whole.shape[1], dtype=np.float64)[None]]))
    low, high = np.minimum(pieces[:2], pieces[2:4]), np.maximum(pieces[:2], pieces[2:4])
    assert (high <= np.floor(low + 1e-9) + 1 + 1e-9).all()
    for number, edge in enumerate(whole.T):
        own = pieces[:4, pieces[4] == number]
        assert own[:2, 0] == pytest.approx(edge[:2], abs=1e-9)
        assert own[2:, -1] == pytest.approx(edge[2:], abs=1e-9)
        assert own[2:, :-1] == pytest.approx(own[:2, 1:], abs=1e-9)


def test_a_cut_within_rounding_of_the_last_end_is_one_of_the_last_edge() -> None:
    """However many edges come before it, whose numbers take the last digits of its place."""
    edges = np.zeros((4, 5000))
    edges[:, -1] = 0.5, 0.5, np.nextafter(3.0, 4.0), 0.5
    pieces = cut_at_pixels(edges)
    assert pieces[2, -1] == edges[2, -1]
    assert np.isfinite(pieces).all()


@given(st.floats(-4, 24), st.floats(-4, 14), st.floats(0.1, 12), st.floats(0.1, 12))
def test_a_box_covers_its_area_within_the_image(x: float, y: float, wide: float, high: float) -> None:
    """To half a level in each pixel, also where it leaves the image on any side."""
    width, height = 20, 10
    corners = np.array([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)])
    along = np.clip(np.minimum(np.arange(width) + 1, x + wide) - np.maximum(np.arange(width), x), 0, 1)
    down = np.clip(np.minimum(np.arange(height) + 1, y + high) - np.maximum(np.arange(height), y), 0, 1)
    made = fill(corners, np.zeros(1, np.int64), width, height)
    assert np.abs(made - 255 * np.outer(down, along)).max() <= 0.5 + 1e-6
