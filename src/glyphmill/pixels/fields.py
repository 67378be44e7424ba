"""Random fields: coarse noise enlarged, grain from bytes. All float32 or uint8 planes of size (width, height)."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Size = tuple[int, int]

_CELL_STEPS = 4  # samples per cell of coarse noise before it is enlarged linearly


def smooth_noise(rng: Generator, size: Size, cell_px: float, out: Plane | None = None) -> Plane:
    """Smooth noise with features of about ``cell_px``: float32 (H, W), mean 0, mostly within -1..1.

    A random grid, enlarged by cubic interpolation to a few samples a cell and linearly from there to pixels, so that
    large cells cost no more than small ones. ``out`` may hold the result: fresh memory costs more than the noise.
    """
    width, height = size
    step = max(1, int(cell_px) // _CELL_STEPS)
    low = -(-width // step), -(-height // step)
    cell = max(cell_px / step, 1.0)
    columns, rows = math.ceil(low[0] / cell) + 1, math.ceil(low[1] / cell) + 1
    grid = rng.random((rows, columns), np.float32) * 2 - 1
    if step == 1:
        return _resize(grid, size, cv2.INTER_CUBIC, out)
    coarse = _resize(grid, (round(columns * cell), round(rows * cell)), cv2.INTER_CUBIC)
    # From the middle of a cell: at the border the interpolation has nothing beyond to lean on.
    x, y = (coarse.shape[1] - low[0]) // 2, (coarse.shape[0] - low[1]) // 2
    return _resize(coarse[y : y + low[1], x : x + low[0]], size, cv2.INTER_LINEAR, out)


def _resize(source: Plane, size: Size, interpolation: int, out: Plane | None = None) -> Plane:
    return np.asarray(cv2.resize(source, size, dst=out, interpolation=interpolation), np.float32)


@lru_cache(maxsize=1)
def bell() -> Plane:
    """Normal deviates of the 256 byte values."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((byte + 0.5) / 256) for byte in range(256)], np.float32)


def grain(rng: Generator, size: Size, out: Plane | None = None) -> Plane:
    """White noise: float32 (H, W), mean 0, standard deviation 1, each pixel on its own."""
    return np.asarray(cv2.LUT(random_bytes(rng, size), bell(), dst=out), np.float32)


def dither(rng: Generator, size: Size) -> Plane:
    """What is added before rounding to hide the steps: float32 (H, W), uniform over -0.5..0.5."""
    return np.asarray(cv2.LUT(random_bytes(rng, size), (np.arange(256, dtype=np.float32) - 127.5) / 256), np.float32)


def random_bytes(rng: Generator, size: Size) -> Pixels:
    """Bytes of white noise: uint8 (H, W)."""
    width, height = size
    count = width * height
    # whole words at once: ``bytes`` of NumPy's takes halves of them one by one, which is twice as long
    words = rng.integers(0, 1 << 64, -(-count // 8), np.uint64).astype("<u8", copy=False)
    return words.view(np.uint8)[:count].reshape(height, width)
