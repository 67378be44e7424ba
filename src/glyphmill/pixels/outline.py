"""Edges moved outwards and inwards by parts of a pixel: wider strokes, narrower ones, and strokes around strokes."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.pixels.coverage import Coverage

Kernel = NDArray[np.uint8]

#: Growth in one step, px; more is done in several, since discs add up to discs.
_STEP_PX = 3.0


def grown(cover: Coverage, width_px: float) -> Coverage:
    """Coverage, uint8 (h, w), whose every edge lies ``width_px`` further out: a new array."""
    if width_px <= 0:
        return cover.copy()
    steps = math.ceil(width_px / _STEP_PX)
    for _ in range(steps):
        cover = _grown(cover, width_px / steps)
    return cover


def outline(cover: Coverage, width_px: float) -> Coverage:
    """The stroke of ``width_px`` that lies around coverage, uint8 (h, w), without what it lies around."""
    return np.asarray(cv2.multiply(grown(cover, width_px), cv2.bitwise_not(cover), scale=1 / 255), np.uint8)


def _grown(cover: Coverage, radius: float) -> Coverage:
    whole, rings = _soft_disc(round(radius, 4))
    reached = np.asarray(cv2.dilate(cover, whole), np.uint8)
    grown_so_far = [reached]
    for _, ring in rings:
        reached = np.maximum(reached, cv2.dilate(cover, ring))
        grown_so_far.append(reached)
    # each distance counts by how much of the edge reaches that far, from the furthest inwards
    made, shares = grown_so_far.pop(), [share for share, _ in rings]
    for nearer, (before, share) in zip(reversed(grown_so_far), reversed([*pairwise([1.0, *shares])]), strict=True):
        made = np.asarray(cv2.addWeighted(nearer, 1 - share / before, made, share / before, 0), np.uint8)
    return made


@lru_cache(maxsize=256)
def _soft_disc(radius: float) -> tuple[Kernel, tuple[tuple[float, Kernel], ...]]:
    """A disc with a soft edge: what it covers whole, and by their shares the rings that it covers in part.

    Ink that ends at the edge of a pixel reaches ``radius`` further: a pixel whose middle is at a distance d from that
    of the ink's last one is covered by 1 + radius - d, between 0 and 1.
    """
    reach = math.ceil(radius)
    away = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    share = np.clip(np.round(radius + 1 - away, 6), 0, 1)
    rings = [float(level) for level in np.unique(share)[::-1] if 1 / 64 < level < 1]
    return (share == 1).astype(np.uint8), tuple((level, (share == level).astype(np.uint8)) for level in rings)
