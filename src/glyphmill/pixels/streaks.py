"""Noise that is drawn out in one direction: fibres of paper, brush marks, the grain of wood, streaks of a drum."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.fields import Pixels, Size, random_bytes

_SAMPLES = 4  # along the length of a streak, so that streaks begin anywhere and not all in a row
_SPREAD = 52.0  # standard deviation of the result, levels
_MOST_PX = 16384  # on a side; OpenCV's affine warps end at twice that
#: Samples for a pixel, where there are more than the least: aslant over a narrow strip most of a grid is not seen.
_MOST_GRID, _LEAST_GRID = 4, 1 << 16
_BYTE_SPREAD = 73.9  # of bytes that are all equally likely
#: Streaks of twice this width and more, px, are made with fewer pixels, and enlarged.
_ENOUGH_PX = 3.0


def streaks(rng: Generator, size: Size, length_px: float, width_px: float, angle: float) -> Pixels:
    """Streaks of about ``length_px`` by ``width_px``: uint8 (H, W), mean 128, standard deviation about 50.

    Args:
        size: width and height, px.
        angle: direction of the streaks, degrees counter-clockwise, 0 is to the right.
    """
    width, height = size
    shrink = int(min(width_px / _ENOUGH_PX, *size))
    if shrink > 1:
        small = streaks(rng, (-(-width // shrink), -(-height // shrink)), length_px / shrink, width_px / shrink, angle)
        return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    step = max(length_px / _SAMPLES, 1.0)
    across = max(width_px, 1.0)
    cos, sin = math.cos(math.radians(angle)), -math.sin(math.radians(angle))
    # rows of the grid lie along the streaks: one row for the width of a streak, a few samples for its length
    to_grid = np.array([[cos / step, sin / step, 0.0], [-sin / across, cos / across, 0.0]])
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ to_grid.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    to_grid[:, 2] = 1 - low
    columns, rows = (int(side) + 3 for side in np.ceil(high - low).tolist())
    if max(size) > _MOST_PX or columns * rows > max(_LEAST_GRID, _MOST_GRID * width * height):
        return _halves(rng, size, length_px, width_px, angle)
    taps = min(_SAMPLES, max(1, round(length_px / step)))
    grid = cv2.blur(random_bytes(rng, (columns, rows)), (taps, 1), borderType=cv2.BORDER_REFLECT_101)
    gain = _SPREAD / _BYTE_SPREAD * math.sqrt(taps)
    grid = cv2.LUT(grid, np.clip((np.arange(256) - 127.5) * gain + 128, 0, 255).astype(np.uint8))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(grid, to_grid, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _halves(rng: Generator, size: Size, length_px: float, width_px: float, angle: float) -> Pixels:
    """Two fields side by side; where they meet, streaks end and others begin."""
    width, height = size
    if width >= height:
        parts, axis = [(width // 2, height), (width - width // 2, height)], 1
    else:
        parts, axis = [(width, height // 2), (width, height - height // 2)], 0
    return np.concatenate([streaks(rng, part, length_px, width_px, angle) for part in parts], axis)
