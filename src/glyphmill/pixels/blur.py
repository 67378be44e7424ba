"""Sharpness lost and overdone. Images are uint8 (h, w) or (h, w, 3)."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.coarse import coarsely

#: Word -> how a reduced image is enlarged again.
ENLARGE = {"nearest": cv2.INTER_NEAREST, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}

#: Below this standard deviation, px, not even the nearest pixel gets half a level of 255.
_LEAST_PX = 0.3
#: From this standard deviation on, px, half as many pixels a side say the same, to within a fiftieth of an edge.
_COARSE_PX = 2.6
#: A disc of a greater radius, px, is applied to a reduced image: it costs as the square of the radius.
_DISC_PX = 3.5
_FINE = 16  # parts of a pixel in which the area of a disc is found


def gaussian(image: Image, sigma_px: float) -> Image:
    """Gaussian blur; a wide one is made of fewer pixels. One wider than the image is as good as one of its size."""
    if sigma_px < _LEAST_PX:
        return image.copy()
    height, width = image.shape[:2]
    sigma_px, shrink = min(sigma_px, float(max(height, width))), 1
    while sigma_px / shrink >= _COARSE_PX and shrink < min(height, width):
        shrink *= 2
    if shrink == 1:
        return _blurred(image, sigma_px)
    # means of squares and lines between them blur as well: by boxes and triangles of this many pixels
    rest = math.sqrt(sigma_px**2 - (shrink**2 - 1) / 12 - shrink**2 / 6) / shrink
    return coarsely(image, shrink, lambda small: _blurred(small, rest))


def _blurred(image: Image, sigma_px: float) -> Image:
    side = 2 * math.ceil(3 * sigma_px) + 1
    return np.asarray(cv2.GaussianBlur(image, (side, side), sigma_px, borderType=cv2.BORDER_REPLICATE), np.uint8)


def defocus(image: Image, radius_px: float) -> Image:
    """Blur by a disc: the image of a point that is out of focus."""
    shrink = max(1, math.ceil(radius_px / _DISC_PX))
    disc = _disc(radius_px / shrink)
    if len(disc) == 1:
        return image.copy()
    soft = partial(cv2.filter2D, ddepth=-1, kernel=disc, borderType=cv2.BORDER_REPLICATE)
    return coarsely(image, shrink, soft) if shrink > 1 else np.asarray(soft(image), np.uint8)


@lru_cache(maxsize=64)
def _disc(radius_px: float) -> NDArray[np.float32]:
    """What share of a disc lies in each pixel: float32, square, sum 1; of a disc within one pixel, a single 1."""
    half = max(0, math.ceil(radius_px - 0.5))
    side = 2 * half + 1
    at = (np.arange(side * _FINE) + 0.5) / _FINE - side / 2
    inside = at[:, None] ** 2 + at[None, :] ** 2 <= radius_px**2
    area = inside.reshape(side, _FINE, side, _FINE).sum((1, 3)).astype(np.float32)
    return area / area.sum() if half else np.ones((1, 1), np.float32)


def resampled(image: Image, factor: float, enlarge: str) -> Image:
    """Reduce by ``factor``, 1 or more, each pixel the mean of what it replaces, and enlarge to the same size again."""
    height, width = image.shape[:2]
    return _enlarged(reduced(image, factor), (width, height), ENLARGE[enlarge])


def reduced(image: Image, factor: float) -> Image:
    """The image ``factor`` times smaller, at least one pixel, by the mean over areas; itself if that is no change."""
    height, width = image.shape[:2]
    size = max(1, round(width / factor)), max(1, round(height / factor))
    return image if size == (width, height) else _like(image, cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _enlarged(image: Image, size: tuple[int, int], interpolation: int) -> Image:
    if image.shape[1::-1] == size:
        return image.copy()
    return _like(image, cv2.resize(image, size, interpolation=interpolation))


def _like(image: Image, made: object) -> Image:
    """What OpenCV made, as an array with the axes of ``image``."""
    resized = np.asarray(made, np.uint8)
    return resized if resized.ndim == image.ndim else resized.reshape(*resized.shape[:2], *image.shape[2:])


def sharpen(image: Image, amount: float, radius_px: float) -> Image:
    """Unsharp masking: add ``amount`` times what a Gaussian blur of ``radius_px`` takes away."""
    return np.asarray(cv2.addWeighted(image, 1 + amount, gaussian(image, radius_px), -amount, 0), np.uint8)
