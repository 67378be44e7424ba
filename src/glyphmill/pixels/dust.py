"""Small things on glass, film or paper: specks, hairs and scratches, as many as their area holds."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.fields import Pixels, Size
from glyphmill.pixels.planes import lay_color

_SUBPIXEL_BITS = 4
_ONE = 1 << _SUBPIXEL_BITS

#: How many of each there are on a megapixel at amount 1.
_SPECKS, _HAIRS, _SCRATCHES = 1100.0, 26.0, 34.0
_DARK, _LIGHT = (52, 48, 44), (250, 249, 245)
_HAIR_POINTS = 14


def dust_and_scratches(color: Image, amount: float, dark: float, rng: Generator) -> Image:
    """Specks and hairs, a share of them dark and the rest light, and light scratches."""
    height, width = color.shape[:2]
    size = (width, height)
    area = amount * width * height / 1e6
    made = color
    for rgb, share in ((_DARK, dark), (_LIGHT, 1 - dark)):
        cover = specks(size, _count(_SPECKS * area * share, rng), rng)
        _hairs(cover, _count(_HAIRS * area * share, rng), rng)
        if rgb is _LIGHT:
            _scratches(cover, _count(_SCRATCHES * area, rng), rng)
        if cover.any():
            made = lay_color(made, rgb, gaussian(cover, 0.45))
    return made.copy() if made is color else made


def _count(expected: float, rng: Generator) -> int:
    """The number below or above what is expected, so that it is right on average and never falls with it."""
    return math.floor(expected + rng.random())


def specks(size: Size, count: int, rng: Generator) -> Pixels:
    """Coverage of grains of many sizes, most of them about a pixel: uint8 (h, w)."""
    width, height = size
    plane = np.zeros((height, width), np.uint8)
    at = np.rint((rng.random((count, 2)) * (width, height) - 0.5) * _ONE).astype(np.int64)
    radius = np.minimum(rng.lognormal(-0.7, 0.65, count), 4.0)
    stretch = rng.uniform(0.4, 1.0, count)
    angle = rng.uniform(0, 180, count)
    depth = rng.uniform(90, 255, count)
    for center, long, short, turn, level in zip(
        at.tolist(), radius.tolist(), (radius * stretch).tolist(), angle.tolist(), depth.tolist(), strict=True
    ):
        points = cv2.ellipse2Poly((0, 0), (round(long * _ONE), round(short * _ONE)), round(turn), 0, 360, 45)
        cv2.fillConvexPoly(plane, points + np.array(center, np.int32), level, cv2.LINE_AA, _SUBPIXEL_BITS)
    return plane


def _hairs(plane: Pixels, count: int, rng: Generator) -> None:
    """Add curled hairs and lint of constant thickness."""
    height, width = plane.shape
    for _ in range(count):
        length = rng.uniform(14, 70)
        bend = np.cumsum(rng.normal(rng.normal(0, 0.16), 0.22, _HAIR_POINTS))
        heading = rng.uniform(0, 2 * np.pi) + bend
        path = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1) * length / _HAIR_POINTS, axis=0)
        _line(plane, path + rng.random(2) * (width, height), rng.uniform(110, 220))


def _scratches(plane: Pixels, count: int, rng: Generator) -> None:
    """Add long, nearly straight, faint lines, some of them in bundles."""
    height, width = plane.shape
    heading = rng.uniform(0, np.pi)
    while count > 0:
        middle, turn = rng.random(2) * (width, height), heading + rng.normal(0, 0.35)
        length, bow = rng.lognormal(4.2, 0.7), rng.normal(0, 0.03)
        bundle = min(count, int(rng.integers(1, 4)))
        along = np.linspace(-0.5, 0.5, 5)[:, None] * length
        for number in range(bundle):
            way, normal = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
            offset = number * rng.uniform(2, 5) + along**2 * bow / max(length, 1)
            _line(plane, middle + along * way + offset * normal, rng.uniform(45, 150))
        count -= bundle


def _line(plane: Pixels, path: NDArray[np.float64], level: float) -> None:
    fixed = np.rint((path - 0.5) * _ONE).astype(np.int32)
    cv2.polylines(plane, [fixed], isClosed=False, color=level, thickness=1, lineType=cv2.LINE_AA, shift=_SUBPIXEL_BITS)
