"""A sheet of paper: tone, mottle, fibers and grain. What plain, ruled and grid paper share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.config.fields import Color, ColorRange, Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.pixels.fields import Pixels, Plane, Size, bell, random_bytes, smooth_noise
from glyphmill.stages.background._texture import own_tone, tint

_TONE_PX = (90.0, 420.0)  # cells of the uneven tone, by the size of the canvas
_MOTTLE_PX = (17.0, 6.0)
_FIBERS_PER_PIXEL = 1 / 900
_FIBER_POINTS = 5
_SUBPIXEL_BITS = 4
_PLAIN = 128  # what stands for a sheet without fibers
_PULP = np.array([[0.3, 0.3], [0.3, 0.9]], np.float32)  # smears a part of the grain over the neighbors


class SheetSettings(Settings):
    """Settings of the paper itself; amounts are gray levels of 255."""

    color: ColorRange = Color(((238, 233, 220), (250, 247, 240)), about="color of the paper")
    unevenness: Distribution = Number((1, 5), lo=0, hi=60, unit="levels", about="slow change of tone over the sheet")
    mottle: Distribution = Number((0.8, 2.5), lo=0, hi=30, unit="levels", about="cloudiness of the pulp")
    fibers: Distribution = Number((2, 7), lo=0, hi=60, unit="levels", about="how far single fibers stand out")
    grain: Distribution = Number((0.8, 2.2), lo=0, hi=30, unit="levels", about="roughness of the surface")


@dataclass(frozen=True, kw_only=True)
class SheetParams:
    """Drawn values of a sheet; names and units as in ``SheetSettings``."""

    color: tuple[int, ...]
    unevenness: float
    mottle: float
    fibers: float
    grain: float
    seed: int


def draw_sheet(config: SheetSettings, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``SheetParams``."""
    return {
        "color": own_tone(config, context, rng),
        "unevenness": config.unevenness.draw(rng),
        "mottle": config.mottle.draw(rng),
        "fibers": config.fibers.draw(rng),
        "grain": config.grain.draw(rng),
        "seed": field_seed(rng),
    }


def make_sheet(params: SheetParams, size: Size) -> Pixels:
    """The sheet: uint8 (H, W, 3), RGB."""
    rng = field_stream(params.seed)
    levels = _tones(rng, params, size)
    if params.fibers > 0:
        cv2.accumulate(_fibers(rng, size, params.fibers), levels)
        levels -= _PLAIN
    rough = cv2.LUT(random_bytes(rng, size), params.grain * bell())
    levels += cv2.filter2D(rough, -1, _PULP)
    return tint(levels, params.color)


def _tones(rng: Generator, params: SheetParams, size: Size) -> Plane:
    """What changes slowly over a sheet, levels, float32 (H, W): made of a quarter of its pixels."""
    width, height = size
    half = (width + 1) // 2, (height + 1) // 2
    tone_px = min(max(max(size) / 2.5, _TONE_PX[0]), _TONE_PX[1])
    levels = smooth_noise(rng, half, tone_px / 2) * np.float32(params.unevenness)
    for cell, share in zip(_MOTTLE_PX, (1.0, 0.7), strict=True):
        cv2.scaleAdd(smooth_noise(rng, half, cell / 2), params.mottle * share, levels, dst=levels)
    return np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _fibers(rng: Generator, size: Size, amount: float) -> Pixels:
    """Short curved strands, lighter and darker than the sheet, which is ``_PLAIN``: uint8 (H, W)."""
    width, height = size
    count = max(4, round(width * height * _FIBERS_PER_PIXEL))
    length, start, bend, x, y = rng.random((5, count, 1))
    along = np.linspace(-0.5, 0.5, _FIBER_POINTS)
    heading = np.pi * start + along * (3.2 * bend - 1.6)
    along = along * (6 + 20 * length)
    strands = np.stack([x * width + along * np.cos(heading), y * height + along * np.sin(heading)], -1)
    strands = np.rint(strands * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    plate = np.full((height, width), _PLAIN, np.uint8)
    for part, level in ((strands[: count // 2], -1.0), (strands[count // 2 :], 0.7)):
        cv2.polylines(plate, list(part), False, _PLAIN + level * amount, 1, cv2.LINE_AA, _SUBPIXEL_BITS)
    return plate
