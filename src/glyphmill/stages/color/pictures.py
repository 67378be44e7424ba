"""Palettes of a picture: the three main colors of it and of each of its parts, by k-means in Lab."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.images import ImageCache, ImageError
from glyphmill.core.errors import Reject
from glyphmill.pixels.lab import Colors, from_lab, rounded, to_lab
from glyphmill.stages.color.families import Family, Palette

_SIDE = 48  # px of the picture that is looked at; colors of words are large
_PARTS = 3  # along each side, besides the whole
_STEPS = 8
_QUANTILES = 12
_LEAST_APART = 8.0  # of L*, between ink and ground; pictures without are gray all over


@lru_cache(maxsize=512)
def family_of(path: str, digest: str, max_pixels: int) -> Family:
    """The palettes of a picture, each as likely, ink on ground and ground on ink.

    Raises: Reject if the file is gone, unreadable, broken or changed.
    """
    try:
        picture = ImageCache(0).get(path, digest, max_pixels)
    except ImageError as error:
        raise Reject("color", "background_unreadable", f"{path}: {error}", ("backgrounds", digest)) from error
    palettes = palettes_of(picture)
    return Family.of(palettes, [1.0] * len(palettes))


def palettes_of(picture: NDArray[np.uint8]) -> list[Palette]:
    """Ink, ground and accent of a picture, uint8 (h, w, 3), and of each of its parts."""
    height, width = picture.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = to_lab(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    parts = [part for band in np.array_split(small, _PARTS) for part in np.array_split(band, _PARTS, axis=1)]
    return [_palette(part.reshape(-1, 3)) for part in (small, *parts) if part.size]


def _palette(pixels: Colors) -> Palette:
    """The main colors of pixels (n, 3): ground is the most common one, ink the one that is furthest from it."""
    means, counts = three_means(pixels)
    ground = int(counts.argmax())
    others = [index for index in range(3) if index != ground]
    ink, accent = sorted(others, key=lambda index: -abs(means[index, 0] - means[ground, 0]))
    gap = means[ink, 0] - means[ground, 0]
    if abs(gap) < _LEAST_APART:
        means[ink, 0] = means[ground, 0] + (60 if means[ground, 0] < 50 else -60)
    one, two, three = from_lab(means[[ink, ground, accent]])
    return rounded(one), rounded(two), rounded(three)


def three_means(pixels: Colors) -> tuple[Colors, NDArray[np.int64]]:
    """Means (3, 3) of three clusters of Lab pixels (n, 3), and how many each has, (3,).

    Begins at three of some quantiles of lightness that are far from each other, and so takes nothing at random.
    Source: Lloyd, "Least squares quantization in PCM", 1982.
    """
    order = pixels[np.argsort(pixels[:, 0], kind="stable")]
    some = order[[(2 * part + 1) * len(order) // (2 * _QUANTILES) for part in range(_QUANTILES)]]
    chosen = [0]
    for _ in range(2):
        chosen.append(int(((some[:, None] - some[chosen]) ** 2).sum(axis=2).min(axis=1).argmax()))
    means = some[chosen].copy()
    counts = np.zeros(3, np.int64)
    for _ in range(_STEPS):
        nearest = ((pixels[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
        counts = np.bincount(nearest, minlength=3)
        for index in np.flatnonzero(counts).tolist():
            means[index] = pixels[nearest == index].mean(axis=0)
    return means, counts
