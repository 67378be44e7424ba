"""The first lattice over a page: where its nodes are, and what is followed back with them."""

from __future__ import annotations

import numpy as np
import pytest

from glyphmill.augmentations import apply_elastic_distortion, apply_rotation, apply_wave
from glyphmill.core.lattice import AROUND, first_lattice
from glyphmill.core.page import WHOLE_PX, Page


def waved(width: int, height: int) -> Page:
    return apply_wave(Page.of(width, height), amplitude=3, length=60, fit="keep")


@pytest.mark.parametrize("size", [(300, 90), (1, 1), (17, 400)])
def test_a_lattice_covers_its_region(size: tuple[int, int]) -> None:
    """Nodes lie a step apart from two before the region to two after it, and strewn points are centres of pixels."""
    warp = waved(*size).map
    assert warp is not None
    lattice = first_lattice(warp, (40, 7), *size)
    nodes, strewn = lattice.parted(lattice.points())
    assert nodes.shape == (2, *lattice.shape)
    assert np.all(np.diff(nodes[0], axis=1) == lattice.step)
    assert np.all(np.diff(nodes[1], axis=0) == lattice.step)
    assert nodes[:, AROUND, AROUND].tolist() == [40, 7]
    assert np.all(nodes[:, -1 - AROUND, -1 - AROUND] >= (40 + size[0], 7 + size[1]))
    column, row = lattice.pixels()
    assert np.array_equal(strewn, [column + 40.5, row + 7.5])
    assert max(column) < size[0]
    assert max(row) < size[1]


def test_lattices_are_finer_where_a_map_is_known_to_be_uneven() -> None:
    steps = []
    for alpha in (1, 80):
        warp = apply_elastic_distortion(Page.of(300, 90), alpha=alpha, sigma=5, rng=np.random.default_rng(0)).map
        assert warp is not None
        steps.append(first_lattice(warp, (0, 0), 300, 90).step)
    assert steps == [16, 4]


def test_a_look_is_the_map_followed_back() -> None:
    """At the points of the lattice as elsewhere; where a page is plain or large there is no lattice."""
    page = waved(300, 90)
    look = page.look
    assert page.map is not None
    assert look.lattice is not None
    assert look.found is not None
    assert np.array_equal(look.found, page.map.inverse(look.lattice.points()))
    assert apply_rotation(Page.of(300, 90), angle=5).look.lattice is None
    assert waved(2 * WHOLE_PX // 1000, 1000).look.lattice is None
    with pytest.raises(ValueError, match="expected one to look back through"):
        _ = Page.of(300, 90).look
