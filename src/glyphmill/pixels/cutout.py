"""Pieces cut out of an image."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.fields import Size

FILLS = ("mean", "black", "white", "noise")


def window(size: Size, width: int, height: int, x: float, y: float) -> tuple[slice, slice]:
    """Rows and columns of a rectangle inside an image; ``x``, ``y`` say where, as shares of the room that it has."""
    wide, high = min(width, size[0]), min(height, size[1])
    if wide == 0 or high == 0:
        return slice(0, 0), slice(0, 0)
    left, top = round(x * (size[0] - wide)), round(y * (size[1] - high))
    return slice(top, top + high), slice(left, left + wide)


def cut_out(color: Image, window: tuple[slice, slice], fill: str, rng: Generator) -> Image:
    """An image with one rectangle replaced. Source: DeVries & Taylor, arXiv:1708.04552."""
    made = color.copy()
    hole = made[window]
    if fill == "noise":
        hole[...] = np.frombuffer(rng.bytes(hole.size), np.uint8).reshape(hole.shape)
    elif fill == "mean":
        hole[...] = np.rint(cv2.mean(color)[: 3 if color.ndim == 3 else 1])
    else:
        hole[...] = 255 if fill == "white" else 0
    return made
