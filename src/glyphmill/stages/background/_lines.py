"""Printed lines: families of parallel lines with sub-pixel positions, slightly turned, fading here and there."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.fields import Pixels, Size, smooth_noise

_FADE_PX = 70.0
_STEPS = 8  # positions of a line per pixel


def parallel_lines(
    size: Size, spacing_px: float, thickness_px: float, phase: float, angle_deg: float, *, upright: bool
) -> Pixels:
    """Coverage of lines repeated every ``spacing_px``: uint8 (H, W).

    Args:
        size: (width, height).
        spacing_px: from line to line; infinite for a single line at ``phase`` pixels.
        thickness_px: of each line; below 1 the line is fainter.
        phase: where the first line is, as a fraction of the spacing; in pixels for a single line.
        angle_deg: how far the lines are turned, counter-clockwise.
        upright: vertical lines in place of horizontal ones.
    """
    width, height = size
    across, along = (width, height) if upright else (height, width)
    # At every step of 1/8 px across, the coverage there; then each pixel's step is looked up.
    slope = math.tan(math.radians(-angle_deg if upright else angle_deg)) * _STEPS
    shift = np.rint((np.arange(along) + 0.5) * slope).astype(np.int32)
    first, last = int(shift.min()), int(shift.max())
    start = np.arange(across, dtype=np.int32) * _STEPS
    steps = np.arange(first, across * _STEPS + last)
    profile = _profile((steps + 0.5 * _STEPS) / _STEPS, spacing_px, thickness_px, phase)
    shift -= first
    where = np.add.outer(shift, start) if upright else np.add.outer(start, shift)
    return np.take(profile, where)


def _profile(at: NDArray[np.float64], spacing: float, thickness: float, phase: float) -> Pixels:
    """Coverage, 0..255, of pixels centered ``at``."""
    if math.isfinite(spacing):
        offset = at - phase * spacing
        distance = np.abs(offset - np.rint(offset / spacing) * spacing)
    else:
        distance = np.abs(at - phase)
    covered = np.clip(thickness / 2 + 0.5 - distance, 0, min(1.0, thickness))
    return np.rint(covered * 255).astype(np.uint8)


def fade(rng: Generator, lines: Pixels, opacity: float, amount: float) -> Pixels:
    """Coverage at ``opacity`` and, where the print is worn, down to ``1 - amount`` of that: uint8 (H, W)."""
    height, width = lines.shape
    if amount <= 0:
        return cv2.convertScaleAbs(lines, alpha=opacity)
    worn = smooth_noise(rng, (width, height), _FADE_PX)
    cv2.scaleAdd(smooth_noise(rng, (width, height), _FADE_PX / 8), 0.6, worn, dst=worn)
    kept = cv2.convertScaleAbs(worn, alpha=80 * amount, beta=255 - 128 * amount)
    return np.asarray(cv2.multiply(lines, kept, dst=kept, scale=opacity / 255), np.uint8)
