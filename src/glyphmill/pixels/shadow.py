"""What ink throws: shadows, bodies in depth, and light. All from coverage, uint8 (h, w), to coverage of that shape."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.coverage import Coverage, placed, scaled, shifted, toned
from glyphmill.pixels.rules import FINE, painted

#: Standard deviations beyond which a shadow is nothing.
_REACH = 3
#: Standard deviation, px, from which a shadow is too soft to show the steps of edges that are drawn without shades.
_HIDES_STEPS_PX = 1.0
#: Makes up for what soft edges lose of their light.
_SIDE_GAIN = 1.2
#: Halos of neon: width as a share of the radius, and how much of the light is in each.
_HALOS = ((0.22, 1.8), (0.5, 1.8), (1.0, 2.4))
#: Width of the soft edge of a neon tube's core, as a share of the radius, and its least, px.
_CORE, _LEAST_CORE_PX = 0.07, 0.6


def drop(mask: Coverage, dx: float, dy: float, sigma_px: float) -> Coverage:
    """The mask moved and softened; what leaves the canvas is lost, what lies beyond its border throws nothing."""
    x, y, width, height = cv2.boundingRect(mask)
    sigma_px, pad = _bounded(mask, sigma_px)
    if not (abs(dx) < mask.shape[1] + pad and abs(dy) < mask.shape[0] + pad):
        return np.zeros_like(mask)
    right, down = math.floor(dx), math.floor(dy)
    moved = shifted(mask[y : y + height, x : x + width], dx - right, dy - down, pad)
    return placed(gaussian(moved, sigma_px), mask.shape[::-1], x + right - pad, y + down - pad)


def block(
    mask: Coverage, dx: float, dy: float, sigma_px: float, polygons: Sequence[NDArray[np.float64]] | None = None
) -> Coverage:
    """The shadow of filled polygons, (n, 2) each, px; of the box around all ink if there are none given."""
    if polygons is None:
        x, y, width, height = cv2.boundingRect(mask)
        polygons = [np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float64)]
    if not polygons:
        return np.zeros_like(mask)
    sigma_px, pad = _bounded(mask, sigma_px)
    moved = [polygon + np.array([dx, dy]) for polygon in polygons]
    # what lies further from the canvas throws nothing on it
    corners, most = np.concatenate(moved), np.array(mask.shape[::-1]) + pad
    left, top = np.clip(np.floor(corners.min(axis=0)), -pad, most).astype(int).tolist()
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), -pad, most).astype(int).tolist()
    left, top = left - pad, top - pad
    plate = np.zeros((bottom + pad - top, right + pad - left), np.uint8)
    for polygon in moved:
        painted(plate, [polygon - np.array([left, top])], [255], FINE if sigma_px < _HIDES_STEPS_PX else 1)
    return placed(gaussian(plate, sigma_px), mask.shape[::-1], left, top)


def extrude(mask: Coverage, depth_px: float, angle_deg: float) -> tuple[Coverage, Coverage]:
    """All places of the mask on its way over a depth, and those of them on sides that catch the light.

    Sides run straight back from the edges of the mask that look that way. They are lit by the cosine to a light half
    way between where the bodies go and the upper one of the two directions across that.
    """
    turn = math.radians(angle_deg)
    back = np.array([math.cos(turn), -math.sin(turn)])
    dx, dy = (depth_px * back).tolist()
    body = swept(mask, dx, dy)
    if depth_px == 0:
        return body, np.zeros_like(body)
    aside = np.array([-back[1], back[0]])
    light = (back + (aside if aside @ np.array([-0.5, -1.0]) > 0 else -aside)) / math.sqrt(2)
    seen = _falling(mask, back, 4.0)
    lit = np.minimum(_falling(mask, light, _SIDE_GAIN), seen)
    return body, swept(lit, dx, dy)


def swept(mask: Coverage, dx: float, dy: float) -> Coverage:
    """The greatest coverage over all places from 0 to (dx, dy) away, in steps of at most a pixel.

    Each round doubles the length that is covered, so that the rounds grow with its logarithm.
    """
    height, width = mask.shape
    end = shifted(mask, dx, dy)
    steps = max(1, math.ceil(max(abs(dx), abs(dy))))
    done = 0
    while done < steps:
        more = min(done + 1, steps - done)
        by = more * dx / steps, more * dy / steps
        if abs(by[0]) >= width or abs(by[1]) >= height:
            break
        mask = np.maximum(mask, shifted(mask, *by))
        done += more
    # parts of a pixel, moved by several times, soften what lies far; its end is as sharp as its beginning
    return np.maximum(mask, end)


def glow(mask: Coverage, radius_px: float) -> tuple[Coverage, Coverage]:
    """The light around a mask, falling off from it, and the core of the mask, where a tube is brightest."""
    height, width = mask.shape
    total = np.zeros((height, width), np.uint8)
    for share, weight in _HALOS:
        total = cv2.add(total, scaled(drop(mask, 0, 0, share * radius_px), weight / len(_HALOS)))
    # light adds up where strokes are near, and saturates as it does in an eye or a camera
    halo = toned(total, 255 * (1 - np.exp(-np.arange(256) / 110)))
    soft = drop(mask, 0, 0, max(_CORE * radius_px, _LEAST_CORE_PX))
    return halo, toned(np.minimum(soft, mask), (np.arange(256) - 130) * 255 / 100)


def _falling(mask: Coverage, direction: NDArray[np.float64], gain: float) -> Coverage:
    """How steeply coverage falls along a direction: the full value at an upright edge across it, times the gain."""
    across = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32) / 4
    kernel = (direction[0] * across + direction[1] * across.T) * gain
    return np.asarray(cv2.filter2D(mask, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _bounded(mask: Coverage, sigma_px: float) -> tuple[float, int]:
    """A softness beyond the size of the canvas is as good as that size; and the room to give it and a shift."""
    sigma_px = min(sigma_px, float(max(mask.shape)))
    return sigma_px, math.ceil(_REACH * sigma_px) + 1
