"""Blur of a camera or page that moves while the picture is taken."""

from __future__ import annotations

import math

import cv2
import numpy as np

from glyphmill.pixels.arrays import Image

Offset = tuple[int, int]

_LEAST_TAPS = 8
_TAPS_A_PX = 2


def motion(image: Image, length_px: float, angle_deg: float, bend: float = 0) -> Image:
    """Mean of uint8 (h, w) or (h, w, 3) over a path that it takes.

    Args:
        length_px: length of the path's chord.
        angle_deg: direction of the chord, counter-clockwise from the x axis.
        bend: how far the path's middle is off its chord, as a share of the length.
    """
    path = _path(length_px, angle_deg, bend)
    reach = max(max(abs(x), abs(y)) for x, y in path)
    if reach == 0:
        return image.copy()
    height, width = image.shape[:2]
    wide = np.asarray(cv2.copyMakeBorder(image, reach, reach, reach, reach, cv2.BORDER_REPLICATE), np.uint8)
    left, top = _least(path)
    mean = _mean(wide, path, {})
    x, y = reach + left, reach + top
    return np.ascontiguousarray(mean[y : y + height, x : x + width])


def _path(length_px: float, angle_deg: float, bend: float) -> tuple[Offset, ...]:
    """Whole pixels along an arc, evenly spaced in time: a power of two of them, around (0, 0)."""
    count = 1 << math.ceil(math.log2(max(_LEAST_TAPS, _TAPS_A_PX * length_px)))
    along = (np.arange(count) + 0.5) / count - 0.5
    aside = bend * (1 / 12 - along**2) * 4
    angle = math.radians(angle_deg)
    cos, sin = math.cos(angle) * length_px, math.sin(angle) * length_px
    x, y = np.rint(along * cos + aside * sin), np.rint(aside * cos - along * sin)
    return tuple(zip(x.astype(int).tolist(), y.astype(int).tolist(), strict=True))


def _least(path: tuple[Offset, ...]) -> Offset:
    return min(x for x, _ in path), min(y for _, y in path)


def _mean(image: Image, path: tuple[Offset, ...], known: dict[tuple[Offset, ...], Image]) -> Image:
    """Mean of the image over a path that begins at its least x and least y.

    It is that of the means of the halves of the path. Halves of one shape share theirs, so that a straight path takes
    about as many steps as the logarithm of its length, not as its length.
    """
    left, top = _least(path)
    path = tuple((x - left, y - top) for x, y in path)
    if not any(x or y for x, y in path):
        return image
    found = known.get(path)
    if found is None:
        height, width = image.shape[:2]
        height, width = height - max(y for _, y in path), width - max(x for x, _ in path)
        half = len(path) // 2
        one, other = (
            _mean(image, part, known)[y : y + height, x : x + width]
            for part in (path[:half], path[half:])
            for x, y in (_least(part),)
        )
        found = known[path] = np.asarray(cv2.addWeighted(one, 0.5, other, 0.5, 0), np.uint8)
    return found
