"""Noise drawn out in one direction: brushed metal, the grain of wood, stains that have run down."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.fields import Plane, Size, grain, smooth_noise


def streaks(rng: Generator, size: Size, cell_px: float, stretch: float, *, upright: bool = False) -> Plane:
    """Smooth noise with features ``stretch`` times as long as they are wide: float32 (H, W), mostly within -1..1."""
    width, height = size
    low = (width, max(1, round(height / stretch))) if upright else (max(1, round(width / stretch)), height)
    return np.asarray(cv2.resize(smooth_noise(rng, low, cell_px), size, interpolation=cv2.INTER_LINEAR), np.float32)


def hairlines(rng: Generator, size: Size, stretch: float) -> Plane:
    """Fine lines from side to side, each pixel row on its own: float32 (H, W), standard deviation below 1."""
    low = max(2, round(size[0] / stretch)), size[1]
    return np.asarray(cv2.resize(grain(rng, low), size, interpolation=cv2.INTER_LINEAR), np.float32)
