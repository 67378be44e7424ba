"""What paper, printer and pen do to ink: it spreads, fades and breaks. Coverage in, coverage out, uint8 (h, w)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.coverage import Coverage, scaled, toned
from glyphmill.pixels.fields import Plane, Size, random_bytes, smooth_noise
from glyphmill.pixels.streaks import streaks

Window = tuple[slice, slice]

_LEVELS = np.arange(256, dtype=np.float64)

# ink that spreads
_LEAST_PX = 0.33  # up to this radius what is taken up, faint as it is, is nowhere more than the ink that is there
_WICK = 0.8  # standard deviation of the spread by its radius
_FIBRE_PX, _FIBRE_LENGTHS = 1.3, 5.0  # width of a fibre, and its length by the radius
_FULL_PX = 1.2  # from this radius on the paper takes all that it can
#: Coverage by what reaches a place along the fibres: a faint fringe, then nearly all that the paper can take.
_TAKEN_UP = (0, 24, 56, 80, 110, 160, 220, 255), (0, 0, 45, 110, 200, 235, 255, 255)

# ink that is worn off
_EDGE = 6.0  # how steeply a worn edge falls, levels per level
_FORCE = 1.4  # of the strongest blow: 1 breaks the widest stroke
_LEFT = 205  # of 255, the most that pale ink loses: what is left can still be seen


def checked(cover: Any) -> Coverage:
    """Coverage as kernels work on it: C-contiguous. Raises: TypeError, ValueError if it is none."""
    if not isinstance(cover, np.ndarray) or cover.dtype != np.uint8:
        given = f"{cover.dtype} array" if isinstance(cover, np.ndarray) else type(cover).__name__
        raise TypeError(f"got a {given}; expected coverage as a uint8 array")
    if cover.ndim != 2 or cover.size == 0:
        raise ValueError(f"got coverage of shape {cover.shape}; expected (h, w), not empty")
    return np.ascontiguousarray(cover)


def window_of(cover: Coverage, margin: float = 0) -> Window | None:
    """The part of the canvas with ink and ``margin`` px around it; None if there is no ink."""
    x, y, w, h = cv2.boundingRect(cover)
    if w == 0:
        return None
    more = int(np.ceil(margin))
    return slice(max(0, y - more), y + h + more), slice(max(0, x - more), x + w + more)


def bleed(cover: Coverage, radius_px: float, rng: Generator) -> Coverage:
    """Ink drawn into the fibres of the paper. See ``effects.apply_ink_bleed``."""
    made = cover.copy()
    window = window_of(cover, 2.5 * radius_px + 1) if radius_px > _LEAST_PX else None
    if window is None:
        return made
    ink = np.ascontiguousarray(cover[window])
    size = ink.shape[1], ink.shape[0]
    wet = gaussian(ink, _WICK * radius_px)
    grain = rng.uniform(0, 180)  # sheets have a direction, and some fibres that cross it
    length = max(3.0, _FIBRE_LENGTHS * radius_px)
    along = streaks(rng, size, length, _FIBRE_PX, grain)
    across = streaks(rng, size, length, _FIBRE_PX, grain + rng.uniform(50, 130))
    fibres = np.maximum(along, across)
    thirst = np.clip(100 + 45 * smooth_noise(rng, size, max(24.0, 8 * radius_px)), 0, 255).astype(np.uint8)
    drawn = cv2.addWeighted(fibres, 1.0, thirst, 0.6, -65)
    reached = toned(np.asarray(cv2.multiply(wet, drawn, scale=1 / 128), np.uint8), np.interp(_LEVELS, *_TAKEN_UP))
    share = min(1.0, radius_px / _FULL_PX)
    made[window] = np.maximum(ink, scaled(reached, share))
    return made


def fade(cover: Coverage, amount: float, rng: Generator, mode: str, em_px: float) -> Coverage:
    """Ink that ran low. See ``effects.apply_fade``."""
    made = cover.copy()
    window = window_of(cover, em_px / 6)
    if amount <= 0 or window is None:
        return made
    ink = np.ascontiguousarray(cover[window])
    lost = FADES[mode](ink, rng, em_px)
    made[window] = cv2.multiply(ink, toned(lost, 255 - amount * _LEVELS), scale=1 / 255)
    return made


def wear(cover: Coverage, amount: float, rng: Generator, size_px: float, hold_px: float) -> Coverage:
    """Strokes that break where they are thin. See ``effects.apply_broken_strokes``."""
    made = cover.copy()
    window = window_of(cover, 4 * hold_px)  # paper around the ink, which holds nothing
    if amount <= 0 or window is None:
        return made
    ink = np.ascontiguousarray(cover[window])
    size = ink.shape[1], ink.shape[0]
    # What little ink is near a place holds it: hairlines and ends go first, the middle of a stem last.
    holds = gaussian(ink, hold_px)
    blows = smooth_noise(rng, size, size_px)
    blows += 0.35 * smooth_noise(rng, size, 14 * size_px)
    struck = cv2.addWeighted(_to_bytes(blows, 128, 90), 1, grains(rng, size, size_px / 3), 0.32, -41)
    force = toned(struck, 255 * (_LEVELS / 255) ** 1.6)
    kept = cv2.addWeighted(holds, _EDGE, force, -_EDGE * _FORCE * math.sqrt(amount), 255)
    made[window] = np.minimum(ink, kept)
    return made


def _toner(ink: Coverage, rng: Generator, em_px: float) -> Coverage:
    """A cartridge that is nearly empty: pale patches and bands along the paper's way, and toner in grains."""
    size = ink.shape[1], ink.shape[0]
    pale = _to_bytes(smooth_noise(rng, size, 2.5 * em_px), 120, 130)
    bands = streaks(rng, size, 30 * em_px, 0.4 * em_px, 90 + rng.uniform(-1, 1))
    pale = np.minimum(cv2.addWeighted(pale, 1, bands, 0.6, -77), np.uint8(_LEFT))
    return np.asarray(
        cv2.multiply(pale, toned(grains(rng, size, em_px / 32), 40 + 0.9 * _LEVELS), scale=1 / 128), np.uint8
    )


def _pen(ink: Coverage, rng: Generator, em_px: float) -> Coverage:
    """A pen that runs dry: for some way its strokes are streaks, with less ink in their middle than at their sides."""
    size = ink.shape[1], ink.shape[0]
    dry = _to_bytes(smooth_noise(rng, size, 1.5 * em_px), 135, 170)
    middle = toned(gaussian(ink, max(0.6, em_px / 26)), 110 + _LEVELS * 145 / 255)
    scratches = streaks(rng, size, 0.7 * em_px, max(1.0, em_px / 30), rng.uniform(45, 80))
    scratches = toned(scratches, (_LEVELS - 80) * 2.4)
    tooth = toned(random_bytes(rng, size), 128 + _LEVELS / 2)
    lost = cv2.multiply(cv2.multiply(dry, middle, scale=1 / 255), scratches, scale=1 / 160)
    return np.asarray(cv2.multiply(lost, tooth, scale=1 / 192), np.uint8)


def _pressure(ink: Coverage, rng: Generator, em_px: float) -> Coverage:
    """Type or a hand that presses unevenly: letters and sides of letters are paler than others."""
    size = ink.shape[1], ink.shape[0]
    uneven = smooth_noise(rng, size, em_px)
    uneven += smooth_noise(rng, size, 5 * em_px)
    return np.minimum(_to_bytes(uneven, 95, 125), np.uint8(_LEFT))


def _nozzle(ink: Coverage, rng: Generator, em_px: float) -> Coverage:
    """An ink jet with clogged nozzles: pale lines across the page, always the same ones of each pass of the head."""
    height, width = ink.shape
    pitch = max(1.0, em_px / rng.uniform(20, 34))
    nozzles = rng.random(int(rng.integers(9, 17)))
    clogged = np.where(nozzles < 0.3, 255 - 150 * nozzles / 0.3, 0)
    clogged[0] = 255.0
    rows = clogged[(np.arange(height * 4) / (4 * pitch)).astype(np.int64) % len(nozzles)]
    lines = np.rint(rows.reshape(height, 4).mean(axis=1)).astype(np.uint8)
    along = _to_bytes(smooth_noise(rng, (width, height), 4 * em_px), 200, 90)
    return np.asarray(cv2.multiply(np.repeat(lines[:, None], width, axis=1), along, scale=1 / 255), np.uint8)


#: How ink fades: from the ink, a stream and the em to what is lost at most, uint8 (h, w).
FADES: dict[str, Callable[[Coverage, Generator, float], Coverage]] = {
    "toner": _toner,
    "pen": _pen,
    "pressure": _pressure,
    "nozzle": _nozzle,
}


def grains(rng: Generator, size: Size, grain_px: float) -> Coverage:
    """Bytes that differ from grain to grain: uint8 (H, W), mean 128."""
    one = max(1.0, grain_px)
    coarse = max(1, round(size[0] / one)), max(1, round(size[1] / one))
    return np.asarray(cv2.resize(random_bytes(rng, coarse), size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _to_bytes(noise: Plane, middle: float, reach: float) -> Coverage:
    """Noise as bytes around ``middle``, for -1..1 as far as ``reach`` from it; cut at both ends."""
    noise *= reach
    noise += middle + 0.5
    return np.clip(noise, 0, 255, out=noise).astype(np.uint8)
