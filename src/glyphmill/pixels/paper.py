"""What becomes of a printed sheet: print of the other side, fading, folds and the shadow of a spine."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.fields import Pixels, Plane, smooth_noise
from glyphmill.pixels.planes import as_bytes, attenuate, brightness, lay_over, paper_of, spread

DIRECTIONS = ("horizontal", "vertical", "cross")
SIDES = ("left", "right", "top", "bottom")

_GRAIN_LEVELS = 12  # below this depth, a mark is the grain of the paper
_PAPER_UNEVEN_PX = 60.0  # how fast paper lets more or less through


def bleed_through(color: Image, strength: float, blur_px: float, shift: tuple[float, float], rng: Generator) -> Image:
    """The image's own dark marks, mirrored, moved by shares of the image, blurred and faint; they only darken."""
    height, width = color.shape[:2]
    gray = brightness(color)
    marks = cv2.subtract(cv2.subtract(paper_of(gray), gray), _GRAIN_LEVELS)
    behind = np.roll(cv2.flip(marks, 1), (round(shift[1] * height), round(shift[0] * width)), (0, 1))
    behind = gaussian(np.ascontiguousarray(behind), blur_px)
    uneven = as_bytes(smooth_noise(rng, (width, height), _PAPER_UNEVEN_PX), 55, 200)
    return attenuate(color, cv2.bitwise_not(cv2.multiply(behind, uneven, scale=strength / 255)))


_PATCH_EM_PX = (28.0, 110.0)  # cells of fading by hand and by light
_ROW_PX = 9.0


def thermal_fade(color: Image, strength: float, dead: float, rng: Generator) -> Image:
    """Print of a thermal head that fades in patches and rows; ``dead`` is the share of columns that print nothing."""
    height, width = color.shape[:2]
    size = (width, height)
    patches = smooth_noise(rng, size, _PATCH_EM_PX[1])
    cv2.scaleAdd(smooth_noise(rng, size, _PATCH_EM_PX[0]), 0.45, patches, dst=patches)
    rows = smooth_noise(rng, (1, height), _ROW_PX)
    cv2.scaleAdd(cv2.repeat(rows, 1, width), 0.5, patches, dst=patches)
    # Fading is nowhere nil: heat and age reach all of the roll.
    fade = as_bytes(patches, 150 * strength, 120 * strength)
    fade = cv2.max(fade, cv2.repeat(_dead_columns(width, dead, strength, rng), height, 1))
    lost = cv2.subtract(paper_of(color), color)
    # Grain of the paper is no print, and stays.
    lost = cv2.subtract(lost, cv2.min(lost, (_GRAIN_LEVELS,) * 4))
    return np.asarray(cv2.add(color, cv2.multiply(lost, spread(fade, color), scale=1 / 255)), np.uint8)


def _dead_columns(width: int, share: float, strength: float, rng: Generator) -> Pixels:
    """How much of the print is missing at each column, uint8 (1, w): elements of the head are about a pixel wide."""
    columns = np.zeros((1, width), np.uint8)
    worst = 255 * min(1.0, 2 * strength)
    where = np.flatnonzero(rng.random(width) < share)
    columns[0, where] = np.rint(rng.uniform(0.5 * worst, worst, len(where)))
    return columns


_CREASE_STEPS = 8  # positions across a crease per pixel
_CREASE_REACH_PX = 26


def creases(color: Image, strength: float, count: int, direction: str, angle_deg: float, rng: Generator) -> Image:
    """Folds: one flank lit, the other in shade, and along the ridge print that has come off."""
    for number in range(count if strength > 0 else 0):
        upright = direction == "vertical" or (direction == "cross" and number % 2 == 1)
        page = np.asarray(cv2.transpose(color), np.uint8) if upright else color
        slope = math.tan(math.radians(angle_deg + rng.normal(0, 0.4))) * (1 if upright else -1)
        page = _level_crease(page, strength, slope, rng.uniform(0.08, 0.92), rng)
        color = np.asarray(cv2.transpose(page), np.uint8) if upright else page
    return color.copy() if count == 0 or strength == 0 else color


def _level_crease(color: Image, strength: float, slope: float, at: float, rng: Generator) -> Image:
    height, width = color.shape[:2]
    x = np.arange(width) + 0.5 - width / 2
    wander = smooth_noise(rng, (width, 1), 34.0)[0] * 0.9 + smooth_noise(rng, (width, 1), 8.0)[0] * 0.25
    line = at * height + slope * x + wander
    facing = 1 if rng.random() < 0.5 else -1
    top = max(0, math.floor(line.min()) - _CREASE_REACH_PX)
    bottom = min(height, math.ceil(line.max()) + _CREASE_REACH_PX)
    made = color.copy()
    if bottom <= top:
        return made
    band = np.ascontiguousarray(color[top:bottom])
    y = np.arange(top, bottom) + 0.5
    # Each pixel's distance to the line in steps, beyond the reach as at the reach.
    start = np.rint(y * _CREASE_STEPS).astype(np.int32)
    steps = np.subtract.outer(start, np.rint(line * _CREASE_STEPS).astype(np.int32))
    most = _CREASE_REACH_PX * _CREASE_STEPS
    index = np.clip(steps + most, 0, 2 * most)
    distance = (np.arange(2 * most + 1) - most) / _CREASE_STEPS
    worn = np.take(_worn(distance, strength), index)
    flakes = as_bytes(smooth_noise(rng, (width, bottom - top), 2.6), 340, 120)
    band = lay_over(band, _bare(band), np.asarray(cv2.multiply(worn, flakes, scale=1 / 255), np.uint8))
    made[top:bottom] = attenuate(band, np.take(_relief(distance * facing, strength), index), _LIT)
    return made


_LIT = 200  # gain that changes nothing; above it lies light


def _relief(distance_px: NDArray[np.float64], strength: float) -> Pixels:
    """Gains across a fold: a wide slope in half shade, a fine light ridge beside a fine dark one."""
    fall = np.clip(1 - np.abs(distance_px) / _CREASE_REACH_PX, 0, 1) ** 2
    wide = np.where(distance_px > 0, -0.16, 0.05) * fall * np.exp(-np.abs(distance_px) / 9)
    ridge = 0.14 * np.exp(-(((distance_px + 1.0) / 0.9) ** 2)) - 0.42 * np.exp(-(((distance_px - 0.8) / 1.0) ** 2))
    return np.asarray(np.clip(np.rint(_LIT * (1 + strength * (wide + ridge))), 0, 255), np.uint8)


def _worn(distance_px: NDArray[np.float64], strength: float) -> Pixels:
    """How much of the print has come off, at most."""
    return np.rint(255 * min(1.0, 1.3 * strength) * np.exp(-((distance_px / 1.7) ** 2))).astype(np.uint8)


def _bare(band: Image) -> Image:
    """The band without its print."""
    light = paper_of(band)
    return np.asarray(cv2.max(light, band), np.uint8)


_SPINE_ROW_PX = 16
_SPINE_UNEVEN_PX = 140.0


def book_binding(color: Image, strength: float, reach: float, side: str, gloss: float, rng: Generator) -> Image:
    """The page bends into the spine at a side: ever darker towards it, with a sheen where it turns to the light.

    Args:
        reach: how far the bend goes, as a share of the image.
        gloss: how much brighter the sheen is, as a share.
    """
    upright = side in ("left", "right")
    height, width = color.shape[:2]
    across, along = (width, height) if upright else (height, width)
    gain = _spine(across, along, strength, reach, gloss, rng)
    if side in ("right", "bottom"):
        gain = cv2.flip(gain, 1)
    if not upright:
        gain = cv2.transpose(gain)
    return attenuate(color, gain, _LIT)


def _spine(across: int, along: int, strength: float, reach: float, gloss: float, rng: Generator) -> Pixels:
    """Gains of a page whose spine is at the left: uint8 (along, across); the bend is nowhere quite the same."""
    rows = max(1, along // _SPINE_ROW_PX)
    bend: Plane = 1 + 0.12 * smooth_noise(rng, (1, rows), _SPINE_UNEVEN_PX / _SPINE_ROW_PX)
    away = ((np.arange(across, dtype=np.float32) + 0.5) / max(reach * across, 1e-6))[None, :] / bend
    shade = 0.62 * np.exp(-5.5 * away) + 0.38 * (1 - _smooth_step(away))
    gutter = 0.75 * np.exp(-((away / 0.035) ** 2))
    sheen = gloss * min(1.0, 2 * strength) * np.exp(-(((away - 0.62) / 0.2) ** 2))
    gain = _LIT * (1 - strength * shade) * (1 - min(1.0, 1.2 * strength) * gutter) * (1 + sheen)
    fine = cv2.resize(gain.astype(np.float32), (across, along), interpolation=cv2.INTER_LINEAR)
    return as_bytes(np.asarray(fine, np.float32), 1, 0)


def _smooth_step(x: Plane) -> Plane:
    clipped = np.clip(x, 0, 1)
    return np.asarray(clipped * clipped * (3 - 2 * clipped), np.float32)
