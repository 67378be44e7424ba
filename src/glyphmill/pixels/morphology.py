"""Dark ink grown or thinned by pixel values: of light text on a dark ground it is the ground that grows or thins."""

from __future__ import annotations

import math

import cv2
import numpy as np

from glyphmill.pixels.arrays import Image

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
_SQUARE = np.ones((3, 3), np.uint8)


def box(image: Image, side: int, *, grow: bool) -> Image:
    """Dark ink grown or thinned by a square of that odd side, px; uint8 (h, w) or (h, w, 3)."""
    side = min(side, 2 * max(image.shape[:2]) + 1)  # one that reaches across the image does all that a larger one does
    square = np.ones((side, side), np.uint8)
    return np.asarray(cv2.erode(image, square) if grow else cv2.dilate(image, square), np.uint8)


def round_(image: Image, thickness_px: float, *, grow: bool) -> Image:
    """Dark ink grown or thinned by ``thickness_px`` on every side; a fraction is a blend of the steps around it.

    The disk is an octagon made of crosses and squares in turn, so that its cost grows with its radius, not its area.
    """
    change = cv2.erode if grow else cv2.dilate
    whole = math.floor(thickness_px)
    for step in range(whole):
        image = np.asarray(change(image, _CROSS if step % 2 == 0 else _SQUARE), np.uint8)
    part = thickness_px - whole
    if part == 0:
        return image if whole else image.copy()
    further = change(image, _CROSS if whole % 2 == 0 else _SQUARE)
    return np.asarray(cv2.addWeighted(further, part, image, 1 - part, 0), np.uint8)
