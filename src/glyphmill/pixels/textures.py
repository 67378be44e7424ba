"""What ink may be filled with: planes of bytes that are lighter and darker than what they lie on."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.coverage import Coverage, toned
from glyphmill.pixels.fields import Pixels, Plane, Size, smooth_noise
from glyphmill.pixels.ink import grains, window_of
from glyphmill.pixels.streaks import streaks

_LEVELS = np.arange(256, dtype=np.float64)


def texture(cover: Coverage, kind: str, strength: float, rng: Generator, em_px: float) -> tuple[Coverage, Coverage]:
    """Coverage of the white and of the black on ink. See ``effects.apply_ink_texture``."""
    light, dark = np.zeros_like(cover), np.zeros_like(cover)
    window = window_of(cover)
    if strength <= 0 or window is None:
        return light, dark
    ink = np.ascontiguousarray(cover[window])
    plane = TEXTURES[kind](rng, (ink.shape[1], ink.shape[0]), em_px)
    # as much white as black on the ink, so that its mean stays
    middle = cv2.mean(plane, ink)[0]
    above = (_LEVELS - middle) / 128 * strength * 255
    for made, levels in ((light, above), (dark, -above)):
        made[window] = cv2.multiply(toned(plane, np.minimum(levels, 255 * strength)), ink, scale=1 / 255)
    return light, dark


def _fibers(rng: Generator, size: Size, em_px: float) -> Pixels:
    """Felt or rough paper under a dry brush: fibres that cross."""
    first = rng.uniform(0, 180)
    thin = max(1.2, em_px / 22)
    one = streaks(rng, size, em_px / 2, thin, first)
    other = streaks(rng, size, em_px / 2, thin, first + rng.uniform(50, 130))
    return np.asarray(cv2.addWeighted(one, 0.9, other, 0.9, -102), np.uint8)


def _speckle(rng: Generator, size: Size, em_px: float) -> Pixels:
    """Granite, or paint that was sprayed: grains of about a thirtieth of the em."""
    return toned(grains(rng, size, em_px / 30), 128 + 150 * ((_LEVELS - 127.5) / 127.5) ** 3)


def _brushed(rng: Generator, size: Size, em_px: float) -> Pixels:
    """Brushed metal: long scratches and a sheen across them."""
    angle = rng.uniform(-8, 8)
    scratches = streaks(rng, size, 5 * em_px, max(1.0, em_px / 40), angle)
    sheen = _ramp(size, angle + 90, rng.uniform(1.2, 3) * em_px, rng.uniform(0, 1))
    return np.asarray(cv2.addWeighted(scratches, 0.65, _wave(sheen, 80), 0.75, -51), np.uint8)


def _wood(rng: Generator, size: Size, em_px: float) -> Pixels:
    """Year rings of a plank, cut nearly along them, and its pores."""
    angle = rng.uniform(-6, 6)
    rings = _ramp(size, angle + 90, rng.uniform(0.16, 0.3) * em_px, rng.uniform(0, 1))
    bend = cv2.resize(smooth_noise(rng, (size[0] // 3 + 1, size[1]), 0.9 * em_px), size)
    rings += 1.6 * bend
    # each ring grows from pale early wood to dark late wood and starts anew
    rings -= np.floor(rings)
    late = _bytes(215 - 190 * rings * rings)
    pores = streaks(rng, size, 1.2 * em_px, max(1.0, em_px / 36), angle)
    return np.asarray(cv2.addWeighted(late, 0.75, pores, 0.55, -34), np.uint8)


def _marble(rng: Generator, size: Size, em_px: float) -> Pixels:
    """Marble: thin veins where noise of several scales goes through zero."""
    veins = smooth_noise(rng, size, 1.4 * em_px)
    veins += 0.5 * smooth_noise(rng, size, 0.6 * em_px)
    veins += 0.25 * smooth_noise(rng, size, 0.25 * em_px)
    clouds = _bytes(128 + 110 * smooth_noise(rng, size, 2 * em_px))
    np.abs(veins, out=veins)
    lines = toned(_bytes(veins * 255), 255 * np.exp(-((_LEVELS / 40) ** 1.2)))
    return np.asarray(cv2.addWeighted(lines, 0.8, clouds, 0.6, -10), np.uint8)


def _gradient(rng: Generator, size: Size, em_px: float) -> Pixels:
    """Light on one side, dark on the other: from top to bottom or aslant, over the whole of the ink."""
    angle = -90 + rng.normal(0, 35)
    turn = math.radians(angle)
    whole = abs(size[0] * math.cos(turn)) + abs(size[1] * math.sin(turn))
    plane = _ramp(size, angle, max(1.0, whole), 0.0)
    low, high, _, _ = cv2.minMaxLoc(plane)
    return _bytes((plane - low) * (255 / max(high - low, 1e-6)))


#: What ink may be filled with: from a stream, a size and the em to levels, uint8 (h, w).
TEXTURES: dict[str, Callable[[Generator, Size, float], Pixels]] = {
    "fibers": _fibers,
    "speckle": _speckle,
    "brushed": _brushed,
    "wood": _wood,
    "marble": _marble,
    "gradient": _gradient,
}


def _ramp(size: Size, angle: float, period_px: float, start: float) -> Plane:
    """A slope that rises by 1 in each ``period_px`` towards ``angle``, float32 (H, W)."""
    turn = math.radians(angle)
    across = np.arange(size[0], dtype=np.float32) * np.float32(math.cos(turn) / period_px)
    down = np.arange(size[1], dtype=np.float32) * np.float32(-math.sin(turn) / period_px)
    return np.asarray(np.add.outer(down + np.float32(start), across))


def _wave(ramp: Plane, reach: float) -> Pixels:
    """A slope as waves of light and dark, a wave for each 1 that it rises."""
    phase = ((ramp - np.floor(ramp)) * 256).astype(np.uint8)
    return toned(phase, 128 + reach * np.sin(_LEVELS / 128 * np.pi))


def _bytes(plane: Plane) -> Pixels:
    return np.clip(plane, 0, 255, out=plane).astype(np.uint8)
