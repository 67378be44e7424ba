"""Maps compose, invert, and say when they fold."""

import numpy as np
import pytest

from glyphmill.core.warpmap import ByForward, ByInverse, Composed, Homography, compose, least_stretch
from glyphmill.warpmaps.projective import perspective_map

RNG = np.random.default_rng(0)
POINTS = RNG.uniform(-50, 650, (400, 2))


def turned(angle, shift=(3.0, -8.0)):
    c, s = np.cos(angle), np.sin(angle)
    return Homography.affine(np.array([[c, s], [-s, c]]), shift)


def wavy(points):
    x, y = points.T
    return np.stack([x + 9 * np.sin(y / 40), y + 7 * np.cos(x / 50)], axis=1)


TILT = Homography(np.array([[1.0, 0.1, 5], [0.02, 0.9, 3], [1e-4, -2e-4, 1]]))
MAPS = {
    "affine": turned(0.3),
    "projective": TILT,
    "by inverse": ByInverse(wavy),
    "by forward": ByForward(wavy),
    "composed": compose([turned(0.2), ByInverse(wavy), TILT, turned(-0.1), ByForward(wavy)]),
}


@pytest.mark.parametrize("name", MAPS)
def test_there_and_back(name):
    """forward(inverse(p)) = p = inverse(forward(p)) within 0.01 px."""
    warp = MAPS[name]
    assert np.abs(warp.forward(warp.inverse(POINTS)) - POINTS).max() < 0.01
    assert np.abs(warp.inverse(warp.forward(POINTS)) - POINTS).max() < 0.01


def test_order_of_composition():
    """The first map is applied first, and projective neighbours become one."""
    one, two = turned(0.4), TILT
    joined = compose([one, two])
    assert isinstance(joined, Homography)
    assert np.allclose(joined.forward(POINTS), two.forward(one.forward(POINTS)))
    mixed = compose([one, ByInverse(wavy), two])
    assert isinstance(mixed, Composed)
    assert len(mixed.maps) == 3


def test_affine_maps_are_taken_in_by_a_perspective_beside_them():
    """A perspective between affine maps is one map, and takes points where the three take them, there and back."""
    view = perspective_map((600, 200), magnitude=0.3, yaw=12, rng=np.random.default_rng(1))
    three = [turned(0.2), view, turned(-0.5, (40.0, 9.0))]
    one = compose([three[0], compose(three[1:])])
    assert isinstance(one, type(view))
    expected = POINTS
    for each in three:
        expected = each.forward(expected)
    assert np.allclose(one.forward(POINTS), expected, atol=1e-9)
    assert np.allclose(one.inverse(expected), POINTS, atol=1e-6)


def test_a_page_before_the_horizon_comes_back_by_one_matrix():
    """Where a map is projective all over the page it says how it comes back, and elsewhere that it is not."""
    view = perspective_map((600, 200), magnitude=0.3, yaw=12, rng=np.random.default_rng(1))
    seen = np.random.default_rng(2).uniform(0, 1, (50, 2)) * (600, 200)
    for warp in (turned(0.3), TILT, view):
        plain = warp.plain_inverse(600, 200)
        assert plain is not None
        assert np.allclose(plain.forward(seen), warp.inverse(seen), atol=1e-6)
    assert view.plain_inverse(60_000, 20_000) is None
    assert Homography(np.array([[1.0, 0, 0], [0, 1, 0], [1e-2, 0, 1]])).plain_inverse(600, 200) is None


def test_a_perspective_stays_as_it_is_beside_what_is_not_affine():
    view = perspective_map((600, 200), magnitude=0.3, rng=np.random.default_rng(1))
    assert len(compose([TILT, view, TILT]).maps) == 3


def test_folds_are_seen():
    """A wave steeper than its length folds over; a flat one does not."""

    def steep(points):
        x, y = points.T
        return np.stack([x + 60 * np.sin(x / 20), y], axis=1)

    assert least_stretch(ByInverse(steep), 300, 100) < 0
    assert least_stretch(ByInverse(wavy), 300, 100) > 0
