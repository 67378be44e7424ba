"""What lossy codecs leave of an image: encoded and decoded again, in memory. Images are uint8 (h, w) or (h, w, 3)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from glyphmill.pixels.arrays import Image

#: Word -> how JPEG stores color: at full size, at half the width, at half the width and height.
CHROMA = {
    "full": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    "half_width": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "half": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
}
#: The greatest sides that the codecs take, px, in whole blocks of 16, so that pieces keep to one grid.
_JPEG_MOST_PX, _WEBP_MOST_PX = 65_488, 16_368
_BLOCK_PX = 8


def jpeg(image: Image, quality: int, *, saves: int = 1, chroma: str = "half") -> Image:
    """Save as JPEG and load again, ``saves`` times.

    Each save after the first finds the blocks of the last one elsewhere, as after a crop: on the same grid, the same
    quality would change nothing more.
    """
    settings = (cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, CHROMA[chroma])
    for number in range(saves):
        left, top = 3 * number % _BLOCK_PX, 5 * number % _BLOCK_PX
        moved = cv2.copyMakeBorder(image, top, 0, left, 0, cv2.BORDER_REPLICATE) if number else image
        made = _coded(np.asarray(moved, np.uint8), ".jpg", settings, _JPEG_MOST_PX)
        image = np.ascontiguousarray(made[top:, left:])
    return image


def webp(image: Image, quality: int) -> Image:
    """Save as lossy WebP and load again."""
    return _coded(image, ".webp", (cv2.IMWRITE_WEBP_QUALITY, quality), _WEBP_MOST_PX)


def _coded(image: Image, suffix: str, settings: Sequence[int], most_px: int) -> Image:
    """Through a codec, in pieces if a side is too long for the format."""
    height, width = image.shape[:2]
    if height <= most_px and width <= most_px:
        return _piece(image, suffix, settings)
    made = np.empty_like(image)
    for top in range(0, height, most_px):
        for left in range(0, width, most_px):
            where = slice(top, top + most_px), slice(left, left + most_px)
            made[where] = _piece(np.ascontiguousarray(image[where]), suffix, settings)
    return made


def _piece(image: Image, suffix: str, settings: Sequence[int]) -> Image:
    if image.ndim == 2:
        return np.asarray(cv2.imdecode(cv2.imencode(suffix, image, settings)[1], cv2.IMREAD_GRAYSCALE), np.uint8)
    # The codec's own luma and chroma are those of the true red and blue.
    coded = cv2.imencode(suffix, cv2.cvtColor(image, cv2.COLOR_RGB2BGR), settings)[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB), np.uint8)
