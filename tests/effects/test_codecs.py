"""Laws of lossy codecs."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from glyphmill.effects import apply_jpeg, apply_webp


def page(height: int = 64, width: int = 96) -> np.ndarray:
    """Red and dark letters on cream."""
    image = np.full((height, width, 3), (244, 240, 225), np.uint8)
    cv2.putText(image, "Rg8", (4, height - 24), cv2.FONT_HERSHEY_DUPLEX, 1, (180, 20, 30), 2, cv2.LINE_AA)
    cv2.putText(image, "amen", (10, height - 6), cv2.FONT_HERSHEY_DUPLEX, 0.6, (20, 20, 60), 1, cv2.LINE_AA)
    return image


def error(one: np.ndarray, other: np.ndarray) -> float:
    return float(((one.astype(float) - other) ** 2).mean() ** 0.5)


@pytest.mark.parametrize("codec", [apply_jpeg, apply_webp])
def test_less_quality_is_less_of_the_picture(codec: Callable[[np.ndarray, int], np.ndarray]) -> None:
    """The error grows as quality falls, and colors stay what they are."""
    errors = [error(codec(page(), quality), page()) for quality in (100, 70, 30, 5)]
    assert errors == sorted(errors)
    assert errors[0] < errors[-1] / 2
    plain = np.full((32, 32, 3), (200, 40, 90), np.uint8)
    assert np.abs(codec(plain, 90).astype(int) - plain).max() <= 6


def test_best_jpeg_is_nearly_the_picture() -> None:
    """At quality 100 with all its color nothing is off by more than rounding."""
    assert np.abs(apply_jpeg(page(), 100, chroma="full").astype(int) - page()).max() <= 4


def test_jpeg_with_less_color() -> None:
    """Storing less color costs color, in the order of how much is dropped."""
    errors = [error(apply_jpeg(page(), 95, chroma=chroma), page()) for chroma in ("full", "half_width", "half")]
    assert errors == sorted(errors)


def test_saving_again_costs_more() -> None:
    """Each save, on blocks that lie elsewhere, takes a little more."""
    once, thrice = (apply_jpeg(page(), 40, saves=saves) for saves in (1, 3))
    assert error(thrice, page()) > error(once, page())


@pytest.mark.parametrize("codec", [apply_jpeg, apply_webp])
@pytest.mark.parametrize("shape", [(2, 66_000), (66_000, 2)])
def test_images_too_long_for_the_format(codec: Callable[[np.ndarray, int], np.ndarray], shape: tuple[int, int]) -> None:
    """A long line of text is longer than the formats can say; it is coded in pieces."""
    image = np.zeros(shape, np.uint8)
    image.reshape(-1)[::2000] = 255
    assert codec(image, 90).shape == shape
    assert codec(image, 90).max() > 0


@pytest.mark.parametrize("codec", [apply_jpeg, apply_webp])
def test_gray_stays_gray(codec: Callable[[np.ndarray, int], np.ndarray]) -> None:
    """An image of one channel comes back as one, near what it was."""
    gray = np.ascontiguousarray(page()[..., 1])
    assert error(codec(gray, 95), gray) < 4
