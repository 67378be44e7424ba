"""The kernels on a user's own pictures: image and boxes in, image and boxes out."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from glyphmill import augmentations
from glyphmill.augmentations import apply_elastic_distortion, apply_optical_distortion, apply_rotation
from glyphmill.core.page import Page
from tests.warp.cases import units

WHITE = (255, 255, 255)
KERNELS = sorted(name for name in vars(augmentations) if name.startswith("apply_"))


def marked(boxes: np.ndarray) -> np.ndarray:
    """A white picture with black rectangles."""
    image = np.full((160, 320, 3), 255, np.uint8)
    for x0, y0, x1, y1 in boxes.astype(int):
        image[y0:y1, x0:x1] = 0
    return image


def test_every_warp_has_its_kernel() -> None:
    """Each unit of the stage calls one kernel that is defined here."""
    used = [unit.apply.__globals__ for unit in units()]
    found = sorted({name for space in used for name in space if name.startswith("apply_")})
    assert found == KERNELS
    assert all(inspect.getsourcefile(getattr(augmentations, name)) == augmentations.__file__ for name in KERNELS)


@pytest.mark.parametrize("box", [(40, 30, 90, 70), (200, 90, 300, 130), (10, 10, 12, 140)])
def test_boxes_are_tight_around_what_they_mark(box: tuple[int, ...]) -> None:
    boxes = np.array([box], np.float64)
    for make in (
        lambda image: apply_elastic_distortion(
            image, boxes, alpha=200, sigma=12, rng=np.random.default_rng(2), border=WHITE
        ),
        lambda image: apply_rotation(image, boxes, angle=17, border=WHITE),
        lambda image: apply_optical_distortion(image, boxes, limit=0.3, fit="keep", border=WHITE),
    ):
        image, moved = make(marked(boxes))
        dark = image[..., 0] < 128
        rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
        seen = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
        assert np.abs(moved[0] - seen).max() <= 1.1


def test_points_are_moved_as_they_are() -> None:
    quads = np.array([[[0, 0], [10, 0], [10, 5], [0, 5]]], np.float64)
    _, moved = apply_rotation(np.zeros((40, 100), np.uint8), quads, angle=90)
    assert np.allclose(moved, [[[0, 100], [0, 90], [5, 90], [5, 100]]])


def test_no_boxes_are_no_boxes() -> None:
    image = np.zeros((40, 100), np.uint8)
    assert apply_rotation(image, angle=3)[1].shape == (0, 4)
    assert apply_rotation(image, [], angle=3)[1].shape == (0, 4)
    assert apply_rotation(image, np.zeros((0, 4, 2)), angle=3)[1].shape == (0, 4, 2)


def test_boxes_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"got boxes of shape \(1, 3\); expected \(n, 4\) boxes or \(n, k, 2\) points"):
        apply_rotation(np.zeros((40, 100), np.uint8), [[1, 2, 3]], angle=3)


def test_without_strength_the_picture_stays() -> None:
    image = marked(np.array([[40, 30, 90, 70]]))
    shown, boxes = apply_rotation(image, [[40, 30, 90, 70]], angle=0)
    assert np.array_equal(shown, image)
    assert boxes.tolist() == [[40, 30, 90, 70]]


def test_a_page_stays_a_page() -> None:
    page = apply_rotation(Page.of(100, 40), angle=10)
    assert isinstance(page, Page)
    assert len(page.maps) == 1
