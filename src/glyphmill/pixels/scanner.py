"""What copiers and flatbed scanners add: hard contrast, toner where none belongs, dark borders."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.dust import specks
from glyphmill.pixels.fields import Pixels, Size, random_bytes, smooth_noise
from glyphmill.pixels.planes import as_bytes, brightness, lay_color, percentiles, spread

_TONER, _WHITE = 26.0, 250.0
_ENDS = (0.01, 0.97)  # shares of the pixels beyond ink and paper
_LEAST_RANGE = 60.0  # levels: what differs by less is paper, and is not pulled apart
_MIDDLE = 0.55  # of the way from ink to paper: where a copier puts its threshold
_SOLID_PX = 9.0  # a drum loses toner further than this from an edge
_SPECKS = 900.0  # on a megapixel, at full strength
_STREAKS = 0.006  # for each pixel of width, at full strength
_EDGE_SOFT_PX = 2.2


def photocopy(
    color: Image, strength: float, specks_amount: float, streaks: float, edge_px: float, rng: Generator
) -> Image:
    """A copy of a copy, gray: hard contrast with ragged edges, specks, streaks along the feed and black edge bands."""
    if strength == 0:
        return color.copy()
    height, width = color.shape[:2]
    size = (width, height)
    gray = gaussian(brightness(color), 0.35 + 0.4 * strength)
    # Toner sticks to the charge and to its neighbors: noise before the threshold makes edges ragged, not gray.
    rough = cv2.blur(random_bytes(rng, size), (2, 2))
    gray = cv2.addWeighted(gray, 1, rough, 0.3 * strength, -0.3 * strength * 127.5)
    copied = np.asarray(cv2.LUT(gray, _curve(gray, strength)), np.uint8)
    copied = _washed_out(copied, strength, rng)
    copied = _streaked(copied, strength * streaks, rng)
    dots = specks(size, math.floor(_SPECKS * strength * specks_amount * width * height / 1e6 + rng.random()), rng)
    dark = cv2.max(dots, _bands(size, edge_px * strength, rng))
    return np.ascontiguousarray(spread(lay_color(copied, (_TONER,) * 3, dark), color))


def _curve(gray: Pixels, strength: float) -> Pixels:
    """Levels through a copier: steeper about a threshold between ink and paper."""
    ink, paper = percentiles(gray, _ENDS)
    middle = ink + _MIDDLE * (paper - ink)
    if paper - ink < _LEAST_RANGE:
        middle = min(float(ink), 128.0)
    width = max(paper - ink, _LEAST_RANGE) * (0.32 - 0.24 * strength)
    level = np.arange(256)
    hard = _TONER + (_WHITE - _TONER) / (1 + np.exp(np.clip((middle - level) / width, -60, 60) * 1.7))
    mixed = np.rint(level + (hard - level) * min(1.0, 1.5 * strength))
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def _washed_out(copied: Pixels, strength: float, rng: Generator) -> Pixels:
    """Black areas with toner missing in their middle, in clouds."""
    height, width = copied.shape
    inside = cv2.blur(cv2.dilate(copied, np.ones((5, 5), np.uint8)), (round(2 * _SOLID_PX) + 1,) * 2)
    solid = np.asarray(cv2.addWeighted(inside, -2, inside, 0, 300), np.uint8)
    if not solid.any():
        return copied
    clouds = as_bytes(smooth_noise(rng, (width, height), 14.0), 70 * strength, 60 * strength)
    return np.asarray(cv2.add(copied, cv2.multiply(solid, clouds, scale=1 / 255)), np.uint8)


def _streaked(copied: Pixels, amount: float, rng: Generator) -> Pixels:
    """Lines along the feed, from top to bottom: toner from a scratched drum, and gaps of a dirty wire."""
    height, width = copied.shape
    count = math.floor(_STREAKS * width * amount + rng.random() * min(1.0, amount))
    if count == 0:
        return copied
    dark, light = np.zeros((2, 1, width), np.float32)
    x = np.arange(width) + 0.5
    for center, is_light in zip((rng.random(count) * width).tolist(), (rng.random(count) < 0.35).tolist(), strict=True):
        wide = rng.uniform(1.5, 5.0) if is_light else rng.uniform(0.5, 1.3)
        line = np.exp(-(((x - center) / wide) ** 2)) * rng.uniform(0.25, 0.8)
        plane = light if is_light else dark
        plane[0] += line.astype(np.float32)
    # A streak comes and goes over the length of the page.
    along = np.clip(0.55 + 0.6 * smooth_noise(rng, (1, height), 50.0), 0, 1).astype(np.float32)
    for plane, level in ((dark, 0), (light, 255)):
        cover = np.rint(np.clip(along * np.clip(plane, 0, 0.9), 0, 1) * 255).astype(np.uint8)
        copied = lay_color(copied, (level,) * 3, cover)
    return copied


def _bands(size: Size, edge_px: float, rng: Generator) -> Pixels:
    """Coverage of the dark bands where the lid or the page did not lie flat, at one or two sides: uint8 (h, w)."""
    width, height = size
    cover = np.zeros((height, width), np.uint8)
    sides = rng.permutation(4)[: int(rng.integers(1, 3))]
    if edge_px <= 0:
        return cover
    for side in sides.tolist():
        along, across = (height, width) if side < 2 else (width, height)
        reach = min(across, math.ceil(3 * edge_px) + 4)
        border = edge_px * (1 + rng.normal(0, 0.35) * np.linspace(-1, 1, along))
        border += smooth_noise(rng, (along, 1), 7.0)[0] * 0.12 * edge_px + rng.normal(0, 0.35, along)
        depth = np.arange(reach)[None, :] + 0.5
        band = np.rint(255 * _soft((border[:, None] - depth) / _EDGE_SOFT_PX)).astype(np.uint8)
        if side in (1, 3):
            band = np.ascontiguousarray(band[:, ::-1])
        if side >= 2:
            band = np.ascontiguousarray(band.T)
        part = _side(cover, side, reach)
        np.maximum(part, band, out=part)
    return cover


def _side(plane: Pixels, side: int, reach: int) -> Pixels:
    """The view of a plane along its left, right, top or bottom side."""
    return (plane[:, :reach], plane[:, -reach:], plane[:reach], plane[-reach:])[side]


def _soft(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(4 * x, -60, 60))), np.float64)
