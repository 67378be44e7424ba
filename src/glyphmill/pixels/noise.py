"""Noise: lost pixels, grain, and what a sensor adds. Images are uint8 (h, w) or (h, w, 3)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.fields import bell, random_bytes

_GRAY = 128  # what stands for no change in a plane of bytes
_BLOTCH_PX = 4  # size of the blotches that a camera's noise reduction leaves of the noise in its colors
#: Fixed point of noise that depends on the light: deviates, and their size, in these parts of one.
_DEVIATE_PARTS, _SIZE_PARTS = 64, 32


def salt_and_pepper(image: Image, count: int, rng: Generator) -> Image:
    """Set ``count`` different pixels to black or white, either equally likely."""
    height, width = image.shape[:2]
    made = image.copy()
    flat = made.reshape(height * width, -1)
    where = rng.choice(height * width, count, replace=False, shuffle=False)
    white = np.frombuffer(rng.bytes(count), np.uint8) & 1
    flat[where] = (white * np.uint8(255))[:, None]
    return made


def gaussian(image: Image, sigma: float, rng: Generator, *, color: bool) -> Image:
    """Add normal noise of standard deviation ``sigma``, levels; ``color``: each channel has its own."""
    height, width = image.shape[:2]
    # Bytes hold deviations of up to 127 levels; greater ones are held by their share.
    share = max(1.0, 3 * sigma / 127)
    table = _bytes(bell() * (sigma / share))
    if color or image.ndim == 2:
        values = random_bytes(rng, (image[0].size, height)).reshape(image.shape)
        grain = np.asarray(cv2.LUT(values, table))
    else:
        grain = np.asarray(cv2.cvtColor(cv2.LUT(random_bytes(rng, (width, height)), table), cv2.COLOR_GRAY2RGB))
    return _shifted(image, grain, share)


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """What the noise of a sensor is made of.

    Attributes:
        sigma: standard deviation of the noise of single pixels at white, levels.
        read: share of ``sigma`` that is there in the dark as well.
        chroma: standard deviation of blotches of color, as a share of ``sigma``.
        rows: standard deviation of what whole rows have in common, as a share of ``sigma``.
    """

    sigma: float
    read: float
    chroma: float
    rows: float


def sensor(image: Image, made: Sensor, rng: Generator) -> Image:
    """Add photon noise, whose variance grows with the light, read noise, rows that are off, and blotches of color.

    Source: EMVA Standard 1288 (a camera's variance is a line over its signal).
    """
    height, width = image.shape[:2]
    levels = np.arange(256) / 255
    sizes = made.sigma * np.sqrt(made.read**2 + (1 - made.read**2) * levels)
    grain = cv2.LUT(random_bytes(rng, (image[0].size, height)).reshape(image.shape), _short(bell(), _DEVIATE_PARTS))
    size = cv2.LUT(image, _short(sizes, _SIZE_PARTS))
    grain = cv2.multiply(grain, size, dst=grain, scale=1 / (_DEVIATE_PARTS * _SIZE_PARTS))
    noisy = np.asarray(cv2.add(image, grain, dtype=cv2.CV_8U), np.uint8)
    blotches = np.full(image.shape, _GRAY, np.uint8)
    if image.ndim == 3 and made.chroma > 0:
        blotches = _blotches(rng, (width, height), made.sigma * made.chroma)
    if made.rows > 0:
        offsets = np.clip(np.rint(rng.standard_normal(height) * (made.sigma * made.rows)), -63, 63)
        rows = blotches.reshape(height, -1)
        rows += offsets.astype(np.int8).view(np.uint8)[:, None]
    return _shifted(noisy, blotches)


def _blotches(rng: Generator, size: tuple[int, int], sigma: float) -> Image:
    """Smooth random offsets of the channels that sum to nothing, around ``_GRAY``: uint8 (h, w, 3)."""
    width, height = size
    low = -(-width // _BLOTCH_PX), -(-height // _BLOTCH_PX)
    values = bell()[random_bytes(rng, (2 * low[0], low[1]))].reshape(low[1], low[0], 2)
    # Enlarging averages neighbors, which takes a third off the deviation.
    red, blue = values[:, :, 0] * (1.5 * sigma), values[:, :, 1] * (1.5 * sigma)
    coarse = np.stack([red, (red + blue) * -0.5, blue], axis=2)
    coarse = np.rint(np.clip(coarse, -63, 63) + _GRAY).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR), np.uint8).reshape(height, width, 3)


def _shifted(image: Image, offsets: Image, share: float = 1) -> Image:
    """The image with bytes around ``_GRAY`` added, ``share`` times."""
    return np.asarray(cv2.addWeighted(image, 1, offsets, share, -_GRAY * share), np.uint8)


def _bytes(offsets: NDArray[np.float32]) -> Image:
    return np.clip(np.rint(offsets + _GRAY), 0, 255).astype(np.uint8)


def _short(values: NDArray[np.floating], parts: int) -> NDArray[np.int16]:
    return np.asarray(np.rint(values * parts), np.int16)
