"""Tints that backgrounds are made of: tones of a range of colors, fields colored by table, transparent ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import ColorRange, Settings
from glyphmill.pixels.fields import Pixels, Plane

_STRAY = 0.1  # of a channel from the common way, as a share of its range


def tone(colors: ColorRange, rng: Generator) -> tuple[int, ...]:
    """A color on the way from the first to the second of a range, straying a little, never out of the range.

    Channels drawn each for itself, as ``ColorRange.draw`` does, would turn paper pink or green.
    """
    share, *strays = rng.random(1 + len(colors.lo)).tolist()
    return tuple(
        round(low + (high - low) * min(max(share + (2 * stray - 1) * _STRAY, 0.0), 1.0))
        for low, high, stray in zip(colors.lo, colors.hi, strays, strict=True)
    )


def own_tone(config: Settings, context: Any, rng: Generator, name: str = "color") -> tuple[int, ...]:
    """The color of a background: that of the ink's family if there is one and the setting is left as it is."""
    ground = getattr(context, "ground", None)
    if ground is not None and is_default(config, name):
        return tuple(ground)
    return tone(getattr(config, name), rng)


def is_default(config: Settings, name: str) -> bool:
    """Whether a setting has the value that it has by default, written out or not."""
    return bool(getattr(config, name) == type(config).model_fields[name].default)


def tint(levels: Plane, color: tuple[int, ...], *, depth: float = 1.0) -> Pixels:
    """Color a field of gray-level differences: uint8 (H, W, 3).

    Args:
        levels: difference from ``color`` in gray levels.
        color: RGB where ``levels`` is 0.
        depth: 1 scales each channel with its own brightness, as light does; 0 adds the same to each.
    """
    brightest, lowest = max(*color, 1), cv2.minMaxLoc(levels)[0]
    planes = []
    for base in color:
        gain = 1 + depth * (base / brightest - 1)
        # what would be below black would come back as its absolute value
        above = levels if base + gain * lowest >= 0 else cv2.max(levels, -base / gain)
        planes.append(cv2.convertScaleAbs(above, alpha=gain, beta=base))
    return np.asarray(cv2.merge(planes), np.uint8)


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
