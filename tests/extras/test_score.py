"""Score maps: Gaussians in quads, checked against OpenCV's warps and against what is written by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from glyphmill.stages.extra import windows as windows_module
from glyphmill.stages.extra.quads import mapped, sound, square_to_quad
from glyphmill.stages.extra.score import REACH, SIGMA, affinity_boxes, gaussians

SLANTED = np.array([[20.0, 12.0], [70.0, 25.0], [62.0, 70.0], [12.0, 48.0]])


def rectangle(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def test_corners_go_to_corners() -> None:
    """The map of a quad takes the corners of the unit square to its own, for upright, mirrored and slanted quads."""
    quads = np.stack([rectangle(1, 2, 5, 9), rectangle(5, 2, 1, 9), SLANTED, SLANTED[[1, 2, 3, 0]]])
    corners = mapped(square_to_quad(quads)[:, None], np.array([0.0, 1, 1, 0]), np.array([0.0, 0, 1, 1]))
    assert np.abs(corners - quads).max() < 1e-9


def test_what_is_no_box_is_found() -> None:
    """Lines, points, bow ties and dents are not sound; convex quads are, either way round."""
    bow, dent = SLANTED[[0, 2, 1, 3]], rectangle(0, 0, 9, 9)
    dent[2] = (2, 2)
    quads = np.stack([SLANTED, SLANTED[::-1], bow, dent, rectangle(0, 0, 9, 0), rectangle(3, 3, 3, 3)])
    assert sound(quads).tolist() == [True, True, False, False, False, False]


def test_a_box_gets_a_gaussian_of_its_size() -> None:
    """255 in the middle, sigma 0.3 of each side, nothing beyond 0.75 of it."""
    scores = gaussians(rectangle(10, 20, 41, 71)[None], 60, 100)
    assert scores.dtype == np.uint8
    assert scores[45, 25] == 255
    x, y = np.meshgrid(np.arange(60) + 0.5, np.arange(100) + 0.5)
    square = ((x - 25.5) / 31) ** 2 + ((y - 45.5) / 51) ** 2
    expected = np.where(square <= REACH**2, 255 * np.exp(-square / (2 * SIGMA**2)), 0)
    assert np.abs(scores - expected).max() <= 0.51


def test_a_slanted_box_gets_what_opencv_warps_into_it() -> None:
    """A finely sampled Gaussian, warped by OpenCV from a square into the quad, differs by rounding only."""
    side = 600
    at = (np.arange(side) + 0.5) / side * 2 * REACH - REACH
    square = at[:, None] ** 2 + at**2
    template = np.where(square <= REACH**2, 255 * np.exp(-square / (2 * SIGMA**2)), 0).astype(np.float32)
    inner = (0.5 + (2 * rectangle(0, 0, 1, 1) - 1) * 0.5 / (2 * REACH)) * side
    matrix = cv2.getPerspectiveTransform((inner - 0.5).astype(np.float32), (SLANTED - 0.5).astype(np.float32))
    warped = cv2.warpPerspective(template, matrix, (95, 90), flags=cv2.INTER_LINEAR)
    scores = gaussians(SLANTED[None], 95, 90)
    rim = np.abs(warped - 11) < 11  # the edge of the disc is sharp in one and interpolated in the other
    assert np.abs(scores - warped)[~rim].max() <= 1.5
    assert scores.max() == 255


def test_where_boxes_meet_the_larger_value_stays() -> None:
    """Both maps are below the joint one, which is one of them everywhere."""
    quads = np.stack([rectangle(5, 5, 25, 35), rectangle(22, 8, 50, 30)])
    one, other = gaussians(quads[:1], 60, 40), gaussians(quads[1:], 60, 40)
    assert np.array_equal(gaussians(quads, 60, 40), np.maximum(one, other))


def test_batches_and_edges_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A map is a cut-out of a larger one, and the same in batches of any size."""
    quads = np.stack([SLANTED, SLANTED[::-1] + 9, rectangle(-8, -8, 12, 12), rectangle(200, 200, 220, 240)])
    whole = gaussians(quads + 50, 300, 300)
    monkeypatch.setattr(windows_module, "_BATCH_PIXELS", 100)
    assert np.array_equal(gaussians(quads, 80, 60), whole[50:110, 50:130])


def test_a_quad_near_the_horizon_stays_finite() -> None:
    """A sound quad whose opposite sides nearly meet within the reach of the Gaussian is drawn all the same."""
    steep = np.array([[40.0, 10.0], [42.0, 10.0], [80.0, 60.0], [2.0, 60.0]])
    scores = gaussians(steep[None], 90, 80)
    assert 0 < np.count_nonzero(scores) < scores.size / 2
    assert scores.max() >= 250


def test_no_boxes_make_an_empty_map() -> None:
    assert not gaussians(np.zeros((0, 4, 2)), 5, 4).any()


def test_affinity_is_between_the_centres_of_triangles() -> None:
    """By hand: a box of 12 x 24 beside one of 24 x 12."""
    found = affinity_boxes(rectangle(0, 0, 12, 24)[None], rectangle(12, 6, 36, 18)[None])
    assert found[0].tolist() == [[6, 4], [24, 8], [24, 16], [6, 20]]
