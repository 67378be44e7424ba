"""A page under warps: it grows to what is on it, keeps its size if asked, and forgets nothing."""

from __future__ import annotations

import math

import numpy as np

from glyphmill.core.page import Page
from glyphmill.core.warpmap import ByForward, Homography

CORNERS = np.array([[0, 0], [100, 0], [100, 40], [0, 40.0]])


def turned(degrees: float) -> Homography:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return Homography.affine(np.array([[c, s], [-s, c]]), (500.0, -70.0))


def test_a_page_without_warps_is_as_it_was_made() -> None:
    page = Page.of(100, 40)
    assert page.map is None
    assert page.forward(CORNERS) is CORNERS
    assert (page.width, page.height, page.source_width, page.source_height) == (100, 40, 100, 40)


def test_a_page_grows_to_the_box_around_its_border() -> None:
    """Wherever a warp takes it, a page lies at its origin again, and holds all of its corners and no more."""
    page = Page.of(100, 40).warped(turned(30))
    moved = page.forward(CORNERS)
    assert np.allclose(moved.min(axis=0), 0, atol=1e-9)
    assert np.all(moved.max(axis=0) <= (page.width, page.height))
    assert np.all(moved.max(axis=0) > np.array([page.width, page.height]) - 1)
    assert (page.source_width, page.source_height) == (100, 40)


def test_rounding_does_not_grow_a_page() -> None:
    """A turn there and back leaves the size as it was."""
    page = Page.of(100, 40).warped(turned(90)).warped(turned(-90))
    assert (page.width, page.height) == (100, 40)
    assert np.allclose(page.forward(CORNERS), CORNERS)


def test_a_curved_border_counts() -> None:
    """A border that bulges between its corners is inside."""

    def bulge(points):  # type: ignore[no-untyped-def]
        x, y = points.T
        return np.stack([x, y - 15 * np.sin(math.pi * x / 100)], axis=1)

    page = Page.of(100, 40).warped(ByForward(bulge))
    assert page.height == 55
    assert page.forward(np.array([[50.0, 0.0]]))[0, 1] >= -1e-9


def test_a_kept_page_keeps_its_size_and_place() -> None:
    page = Page.of(100, 40).warped(turned(30), grow=False)
    assert (page.width, page.height) == (100, 40)
    assert np.allclose(page.forward(CORNERS), turned(30).forward(CORNERS))


def test_warps_add_up_in_order() -> None:
    """The map of a page is that of its warps, one after the other; the page before is left as it was."""
    first = Page.of(100, 40).warped(turned(30))
    second = first.warped(turned(-70))
    assert len(first.maps) == 1
    assert len(second.maps) == 2
    assert second.map is not None
    step = second.maps[1].forward(first.forward(CORNERS))
    assert np.allclose(second.forward(CORNERS), step)
    assert np.allclose(second.map.inverse(step), CORNERS)


def test_a_page_never_vanishes() -> None:
    page = Page.of(100, 40).warped(Homography.affine(np.diag([1e-3, 1e-3])))
    assert (page.width, page.height) == (1, 1)


def test_points_that_are_carried_arrive_where_they_are_sent() -> None:
    """Through warps that grow the page and that keep it, and through a cut; they do not count for its size."""
    outside = np.array([[-300.0, 20.0], [50.0, 900.0]])
    points = np.concatenate([CORNERS, outside])
    page = Page.of(100, 40, points)
    assert np.array_equal(page.carried, points)
    for warped in (page.warped(turned(30)), page.warped(turned(30)).warped(turned(-50), grow=False).cut(5, 3, 2, 1)):
        assert np.allclose(warped.carried, warped.forward(points), atol=1e-9)
    alone, carrying = (each.warped(turned(30)) for each in (Page.of(100, 40), page))
    assert (carrying.width, carrying.height) == (alone.width, alone.height)
    assert len(alone.carried) == 0
