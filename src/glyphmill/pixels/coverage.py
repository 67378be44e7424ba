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
    height, width = mask.shape
    made = np.zeros((height + 2 * pad, width + 2 * pad), np.uint8)
    if not (abs(dx) < width + 2 * pad and abs(dy) < height + 2 * pad):
        return made
    right, down = math.floor(dx), math.floor(dy)
    x, y = pad + right, pad + down
    left, top = max(x, 0), max(y, 0)
    end, bottom = min(x + width, made.shape[1]), min(y + height, made.shape[0])
    if end > left and bottom > top:
        made[top:bottom, left:end] = mask[top - y : bottom - y, left - x : end - x]
    if dx == right and dy == down:
        return made
    taps = [np.array([part, 1 - part], np.float32) for part in (dx - right, dy - down)]
    return np.asarray(
        cv2.sepFilter2D(made, -1, taps[0], taps[1], anchor=(1, 1), borderType=cv2.BORDER_CONSTANT), np.uint8
    )
