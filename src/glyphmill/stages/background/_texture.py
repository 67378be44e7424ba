"""Random fields and tints that backgrounds are made of: coarse noise enlarged, grain from bytes, color by table."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import ColorRange

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Size = tuple[int, int]

_STRAY = 0.1  # of a channel from the common way, as a share of its range
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
def _bell() -> Plane:
    """Normal deviates of the 256 byte values."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((byte + 0.5) / 256) for byte in range(256)], np.float32)


def grain(rng: Generator, size: Size, out: Plane | None = None) -> Plane:
    """White noise: float32 (H, W), mean 0, standard deviation 1, each pixel on its own."""
    return np.asarray(cv2.LUT(_random_bytes(rng, size), _bell(), dst=out), np.float32)


def dither(rng: Generator, size: Size) -> Plane:
    """What is added before rounding to hide the steps: float32 (H, W), uniform over -0.5..0.5."""
    return np.asarray(cv2.LUT(_random_bytes(rng, size), (np.arange(256, dtype=np.float32) - 127.5) / 256), np.float32)


def _random_bytes(rng: Generator, size: Size) -> Pixels:
    width, height = size
    return np.frombuffer(rng.bytes(width * height), np.uint8).reshape(height, width)


def tone(colors: ColorRange, rng: Generator) -> tuple[int, ...]:
    """A color on the way from the first to the second of a range, straying a little, never out of the range.

    Channels drawn each for itself, as ``ColorRange.draw`` does, would turn paper pink or green.
    """
    share, *strays = rng.random(1 + len(colors.lo)).tolist()
    return tuple(
        round(low + (high - low) * min(max(share + (2 * stray - 1) * _STRAY, 0.0), 1.0))
        for low, high, stray in zip(colors.lo, colors.hi, strays, strict=True)
    )


def tint(levels: Plane, color: tuple[int, ...], *, depth: float = 1.0) -> Pixels:
    """Color a field of gray-level differences: uint8 (H, W, 3).

    Args:
        levels: difference from ``color`` in gray levels, -128..127.
        color: RGB where ``levels`` is 0.
        depth: 1 scales each channel with its own brightness, as light does; 0 adds the same to each.
    """
    gray = cv2.convertScaleAbs(levels, beta=128)
    difference = np.arange(256, dtype=np.float32)[:, None] - 128
    base = np.array(color, np.float32)
    gain = 1 + depth * (base / max(float(base.max()), 1.0) - 1)
    return recolor(gray, base + difference * gain)


def recolor(gray: Pixels, table: NDArray[Any]) -> Pixels:
    """Look each gray level up in a table of (256, 3) RGB values: uint8 (H, W, 3)."""
    colors = np.clip(np.rint(table), 0, 255).astype(np.uint8).reshape(256, 1, 3)
    return np.asarray(cv2.applyColorMap(gray, colors), np.uint8)


def print_ink(page: Pixels, ink: Pixels, color: tuple[int, ...]) -> Pixels:
    """Lay transparent ink on a page: uint8 (H, W, 3). ``ink`` is its coverage, uint8 (H, W)."""
    coverage = np.arange(256, dtype=np.float32)[:, None] / 255
    return np.asarray(
        cv2.multiply(page, recolor(ink, 255 - coverage * (255 - np.array(color))), scale=1 / 255), np.uint8
    )
