"""Pictures of a display: its pixels, and what they and those of the camera make together.

Images are uint8 (h, w) or (h, w, 3). Patterns are told by phases, in 256ths of a turn: bytes, which wrap by themselves.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image

Turns = NDArray[np.float64]

_ONE = 128  # the byte that stands for a gain of 1
_DISPLAY_GAMMA = 2.2
_TURN: Turns = np.arange(256) / 256
_CROSSED = 0.5  # strength of the second set of fringes, as a share of the first
_GAP = 0.3  # of the height of a display's pixel, dark between it and the next


def moire(image: Image, strength: float, period_px: float, angle_deg: float, rng: Generator, *, color: float) -> Image:
    """Fringes where the lattice of a display beats with that of a sensor.

    Of the two gratings only the difference of their frequencies is seen. It has a set of fringes for the columns of
    the lattice, whose red, green and blue stripes are ``color`` thirds of a turn apart, and a weaker one without color
    for its rows. The lens bends both.

    Args:
        period_px: distance of fringes in the middle of the image.
        angle_deg: direction across the fringes of the columns.
    """
    height, width = image.shape[:2]
    phases, bends = rng.random(2), rng.uniform(-0.5, 0.5, (2, 2))
    for number, share in enumerate((1.0, _CROSSED)):
        depth = strength * share
        period = period_px * (1 + 0.3 * number)
        across = math.radians(angle_deg + 90 * number)
        x, y = (np.arange(size) - size / 2 for size in (width, height))
        # Frequency changes by up to half of itself from the middle to where the image ends.
        bend = bends[number] / max(width, height)
        turns_x = (x + bend[0] * x * x) * math.cos(across) / period + phases[number]
        turns_y = (y + bend[1] * y * y) * -math.sin(across) / period
        apart = color / 3 if number == 0 else 0
        gains = 1 - depth * (0.5 - 0.5 * np.cos(2 * np.pi * (_TURN[:, None] + apart * np.array([-1, 0, 1]))))
        image = _lit(image, turns_x, turns_y, gains)
    return image


def display_pixels(image: Image, strength: float, pitch_px: float, angle_deg: float, rng: Generator) -> Image:
    """The red, green and blue stripes of a display's pixels and the dark between its rows.

    The display's light stays what it was on the mean over a pixel, as far as white allows: what passes it is cut off.
    """
    height, width = image.shape[:2]
    cos, sin = math.cos(math.radians(angle_deg)) / pitch_px, math.sin(math.radians(angle_deg)) / pitch_px
    x, y = np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64)
    phases = rng.random(2)
    stripes = 1 + np.cos(2 * np.pi * (_TURN[:, None] - np.array([0, 1, 2]) / 3))
    lit = np.clip((np.abs(_TURN - 0.5) * 2 - _GAP / 2) * 6, 0, 1)
    rows = np.repeat((lit / lit.mean())[:, None], 3, axis=1)
    image = _lit(image, x * cos + phases[0], y * -sin, _shown(1 - strength + strength * stripes))
    return _lit(image, x * sin + phases[1], y * cos, _shown(1 - strength + strength * rows))


def _shown(light: Turns) -> Turns:
    """Gains on levels that are these gains on light: a power law keeps products products."""
    return light ** (1 / _DISPLAY_GAMMA)


def _lit(image: Image, turns_x: Turns, turns_y: Turns, gains: Turns) -> Image:
    """The image times a pattern: ``gains``, (256, 3), by the sum of the turns of the column and the row."""
    phase = np.add.outer(_wrapped(turns_y), _wrapped(turns_x))
    table = np.clip(np.rint(gains * _ONE), 0, 255).astype(np.uint8)
    pattern = cv2.LUT(phase, table[:, 1]) if image.ndim == 2 else cv2.applyColorMap(phase, table.reshape(256, 1, 3))
    return np.asarray(cv2.multiply(image, pattern, dst=pattern, scale=1 / _ONE), np.uint8)


def _wrapped(turns: Turns) -> Image:
    return np.asarray(np.floor(turns % 1 * 256), np.int64).astype(np.uint8)
