"""Coverage, uint8 (h, w), moved, scaled and toned: new arrays, the one given is never written to."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.uint8]


def scaled(mask: Coverage, share: float) -> Coverage:
    """Coverage times a factor, at most 255."""
    return np.asarray(cv2.convertScaleAbs(mask, alpha=share), np.uint8)


def toned(mask: Coverage, curve: NDArray[np.float64]) -> Coverage:
    """Coverage by a curve over 0..255, (256,), clipped and rounded."""
    return np.asarray(cv2.LUT(mask, np.rint(np.clip(curve, 0, 255)).astype(np.uint8)), np.uint8)


def shifted(mask: Coverage, dx: float, dy: float, pad: int = 0) -> Coverage:
    """Coverage moved by (dx, dy) px, linear in between pixels, on a canvas that is ``pad`` px larger on each side.

    Not an affine warp of OpenCV's: that one ends at 32767 px.
    """
    width, height = mask.shape[1] + 2 * pad, mask.shape[0] + 2 * pad
    if not (abs(dx) < width and abs(dy) < height):
        return np.zeros((height, width), np.uint8)
    right, down = math.floor(dx), math.floor(dy)
    # one pixel more to the left and above, from which a part of a pixel moves in
    made = placed(mask, (width + 1, height + 1), pad + 1 + right, pad + 1 + down)
    across = _between(made[:, 1:], made[:, :-1], dx - right)
    return _between(across[1:], across[:-1], dy - down)


def placed(mask: Coverage, size: tuple[int, int], x: int, y: int) -> Coverage:
    """Coverage whose corner is at (x, y) of a canvas of this width and height; what leaves it is lost."""
    (height, width), made = mask.shape, np.zeros(size[::-1], np.uint8)
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, size[0]), min(y + height, size[1])
    if right > left and bottom > top:
        made[top:bottom, left:right] = mask[top - y : bottom - y, left - x : right - x]
    return made


def _between(one: Coverage, other: Coverage, share: float) -> Coverage:
    """Coverage that has gone this share of the way from one to another."""
    return np.asarray(cv2.addWeighted(one, 1 - share, other, share, 0), np.uint8) if share else one
