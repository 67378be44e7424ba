"""What plates have: screws, the cells of retro-reflective sheeting, a wall behind them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.fields import Pixels, Plane, Size, grain, smooth_noise
from glyphmill.stages.background._texture import tint
from glyphmill.stages.background._wear import mix

_CELLS = 6.0  # px, side of a cell of sheeting
_RIM = 0.6  # how dark the edge of a plate is

Box = tuple[float, float, float, float]
RGB = tuple[int, ...]


def cells(rng: Generator, size: Size) -> Plane:
    """Retro-reflective sheeting: a lattice of cells with bright grains in them, levels, float32 (H, W)."""
    x, y = (np.arange(side, dtype=np.float32) for side in size)
    turn = rng.uniform(0, np.pi / 3)
    waves = np.zeros((size[1], size[0]), np.float32)
    for k in range(3):
        at = turn + k * np.pi / 3
        waves += np.cos(np.add.outer(y * np.sin(at), x * np.cos(at)) * np.float32(2 * np.pi / _CELLS))
    return np.asarray(waves * 1.3 + cv2.blur(grain(rng, size), (2, 2)) * 3, np.float32)


def add_screws(rng: Generator, page: Pixels, box: Box, number: int, border_px: float, shorter: int) -> None:
    """Draw two screws on the left and right of a box, or four in its corners, inside of a border of that width."""
    x0, y0, x1, y1 = box
    size = shorter * rng.uniform(0.035, 0.06)
    away = max(size * 1.2, border_px + size * rng.uniform(0.8, 1.6))
    rows = (y0 + away, y1 - away) if number == 4 else ((y0 + y1) / 2,)
    steel = rng.uniform(120, 200)
    for row in rows:
        for column in (x0 + away, x1 - away):
            for reach, shift, level in ((1.35, 0.25, steel * 0.45), (1.0, 0.0, steel), (0.55, -0.25, steel * 1.22)):
                middle = round((column + shift * size - 0.5) * 16), round((row + shift * size - 0.5) * 16)
                gray = min(level, 250.0)
                cv2.circle(page, middle, max(8, round(size * reach * 16)), (gray, gray, gray), -1, cv2.LINE_AA, 4)


def on_wall(rng: Generator, page: Pixels, inside: Pixels, color: RGB, around: RGB) -> Pixels:
    """A plate of a color before what is behind it, with its shadow there and its edges darker.

    ``inside`` is the coverage of the plate, uint8 (H, W).
    """
    size = page.shape[1], page.shape[0]
    levels = 10 * smooth_noise(rng, size, max(8.0, max(size) / 6)) + 4 * grain(rng, size)
    wall = tint(np.asarray(levels, np.float32), around)
    deep = max(1, round(min(size) * 0.03))
    matrix = np.array([[1, 0, deep * 0.6], [0, 1, deep]], np.float64)
    shadow = cv2.blur(cv2.warpAffine(inside, matrix, size), (2 * deep + 1, 2 * deep + 1))
    wall = mix(wall, np.array(around) * 0.45, cv2.convertScaleAbs(shadow, alpha=0.6))
    rim = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    page = mix(page, np.array(color) * 0.8, cv2.convertScaleAbs(rim, alpha=_RIM))
    return mix(wall, page, inside)
