"""What an engine gets to see: each line upright and whole, whichever way it runs in the image."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from glyphmill.core.errors import GlyphmillError
from glyphmill.evaluate.crop import picture_of
from glyphmill.evaluate.engine import Manner
from glyphmill.evaluate.pieces import Facts, Piece

FACTS = Facts("s", (), {}, "a.ttf", "Latn", "left_to_right", "en", 4)
#: A line of 120 x 40 px: red at the start, green at the top, blue elsewhere.
WIDTH, HEIGHT = 120, 40


def line() -> np.ndarray:
    made = np.full((HEIGHT, WIDTH, 3), (0, 0, 200), np.uint8)
    made[:10] = (0, 200, 0)
    made[:, :20] = (200, 0, 0)
    return made


def piece(quad: np.ndarray, lines: int = 2) -> Piece:
    return Piece(0, 0, "line", "text", quad, lines, False, FACTS)


@pytest.mark.parametrize("angle", [0, 17, 90, 135, 180, 270])
def test_a_turned_line_is_turned_back(angle: float) -> None:
    """Its start is at the left and its top at the top, at its own size."""
    page = np.full((300, 300, 3), 255, np.uint8)
    page[130 : 130 + HEIGHT, 90 : 90 + WIDTH] = line()
    quad = np.array([[90, 130], [210, 130], [210, 170], [90, 170]], float)
    matrix = cv2.getRotationMatrix2D((149.5, 149.5), angle, 1.0)
    turned = cv2.warpAffine(page, matrix, (300, 300), borderValue=(255, 255, 255))
    corners = (quad - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5
    made = picture_of(turned, piece(corners), "line")
    height, width = made.shape[:2]
    assert abs(height - HEIGHT) <= 1
    assert abs(width - WIDTH - 0.2 * HEIGHT) <= 2
    inner = made[:, round(0.1 * HEIGHT) :][:HEIGHT, :WIDTH].astype(float)
    assert np.abs(inner[4:-4, 4:-4] - line()[4 : height - 4, 4 : inner.shape[1] - 4][: inner[4:-4].shape[0]]).mean() < 8


def test_a_straight_line_is_copied() -> None:
    """Pixel for pixel; a line of several keeps off its neighbours, one alone has a margin all around."""
    page = np.random.default_rng(0).integers(0, 256, (100, 200, 3)).astype(np.uint8)
    quad = np.array([[50, 30], [150, 30], [150, 70], [50, 70]], float)
    assert np.array_equal(picture_of(page, piece(quad), "line"), page[30:70, 46:154])
    assert np.array_equal(picture_of(page, piece(quad, lines=1), "line"), page[26:74, 46:154])


@pytest.mark.parametrize("manner", ["line", "column"])
def test_a_column_stands_or_is_turned(manner: Manner) -> None:
    """Its quad begins at the top right and runs down; turned, the text runs from left to right."""
    page = np.full((300, 100, 3), 255, np.uint8)
    page[20:280, 30:70] = 100
    page[20:40, 30:70] = 0
    quad = np.array([[70, 20], [70, 280], [30, 280], [30, 20]], float)
    made = picture_of(page, piece(quad), manner)
    height, width = made.shape[:2]
    if manner == "column":
        assert (height, width) == (268, 40)
        assert made[14].max() == 0
    else:
        assert (height, width) == (40, 268)
        assert made[:, 14].max() == 0


def test_what_lies_outside_of_the_image_is_left_out() -> None:
    """Of a straight line; and there is always something to look at."""
    page = np.zeros((50, 50, 3), np.uint8)
    for x, y in ((-30, -30), (40, 40), (200, 200), (-200, 10)):
        quad = np.array([[x, y], [x + 40, y], [x + 40, y + 20], [x, y + 20]], float)
        made = picture_of(page, piece(quad), "line")
        assert min(made.shape[:2]) >= 1
        assert max(made.shape[:2]) <= 50


def test_a_whole_image_stays_as_it_is() -> None:
    page = np.zeros((50, 50, 3), np.uint8)
    assert picture_of(page, replace(piece(np.zeros((4, 2))), quad=None), "page") is page


def test_a_label_that_would_take_all_memory_is_refused() -> None:
    quad = np.array([[0, 0], [1e7, 1e3], [1e7, 1e6], [0, 1e6]], float)
    with pytest.raises(GlyphmillError, match="px"):
        picture_of(np.zeros((5, 5, 3), np.uint8), piece(quad), "line")
