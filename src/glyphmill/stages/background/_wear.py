"""Wear of painted plates: dirt that has run down, scratches, chipped paint and the rust below it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.fields import Pixels, Plane, Size, smooth_noise
from glyphmill.stages.background._streaks import streaks

_RUST = np.array([[96, 52, 30], [150, 84, 44]], np.float32)
_PRIMER = np.array([[150, 148, 142], [186, 184, 178]], np.float32)
_SCRATCHES = 26  # at full wear
_BITS = 4


def mix(page: Pixels, color: NDArray[Any], cover: Pixels) -> Pixels:
    """A page with paint on it: ``color`` is (3,) or of the page's shape, ``cover`` uint8 (H, W)."""
    cover3 = cv2.merge((cover, cover, cover))
    kept = cv2.multiply(page, cv2.bitwise_not(cover3), scale=1 / 255)
    if color.ndim == 3:
        return np.asarray(cv2.add(kept, cv2.multiply(color, cover3, scale=1 / 255)), np.uint8)
    red, green, blue = np.clip(color, 0, 255).tolist()
    return np.asarray(cv2.add(kept, cv2.multiply(cover3, (red, green, blue, 0.0), scale=1 / 255)), np.uint8)


def dirt(rng: Generator, size: Size, amount: float) -> Plane:
    """Levels that dirt takes away, float32 (H, W), 0 or below: clouds, and streaks that ran down."""
    unit = max(6.0, max(size) / 5)
    field = 0.6 * smooth_noise(rng, size, unit) + 0.5 * streaks(rng, size, 5.0, 6.0, upright=True)
    return np.asarray(np.minimum(field - 0.1, 0) * np.float32(60 * amount), np.float32)


def worn(rng: Generator, page: Pixels, amount: float, near: Plane | None = None, *, rust: bool = True) -> Pixels:
    """A painted plate with scratches and chips.

    Args:
        amount: 0 for a new one, 1 for one that is hard to read.
        near: float32 (H, W), 0 to 1, where paint chips first, such as along edges.
    """
    height, width = page.shape[:2]
    size = (width, height)
    shorter = min(size)
    marks = np.zeros((height, width), np.uint8)
    for _ in range(int(rng.poisson(_SCRATCHES * amount))):
        start = rng.random(2) * size
        way = rng.normal(0, 0.3 * max(shorter, 24), 2) * (1, 0.5)
        line = np.rint(np.stack([start, start + way]) * (1 << _BITS)).astype(np.int32)
        level = int(rng.uniform(40, 150))
        cv2.polylines(marks, [line], False, level, 1, cv2.LINE_AA, _BITS)
    if marks.any():
        page = mix(page, rng.uniform(_PRIMER[0], _PRIMER[1]), marks)
    cell = max(4.0, shorter * 0.14)
    chips = smooth_noise(rng, size, cell) + 0.5 * smooth_noise(rng, size, cell / 2.6)
    chips += 0.35 * smooth_noise(rng, size, max(2.0, cell / 7))
    if near is not None:
        chips += 0.8 * near
    share = 1.55 - 1.1 * amount
    open_ = np.clip((chips - share) * 6, 0, 1)
    if not open_.any():
        return page
    rim = np.clip((chips - share + 0.22) * 2.5, 0, 1) * 110
    if rust:
        page = mix(page, _RUST[1] * 1.1, rim.astype(np.uint8))
    low, high = _RUST if rust and rng.random() < 0.7 else _PRIMER
    color = rng.uniform(low, high)
    tone = np.clip(color + 22 * smooth_noise(rng, size, 3.0)[..., None], 0, 255).astype(np.uint8)
    return mix(page, tone, (open_ * 235).astype(np.uint8))
