"""A sheet of paper: tone, mottle, fibers and grain. What plain, ruled and grid paper share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.config.fields import Color, ColorRange, Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.pixels.fields import Pixels, Plane, Size, grain, smooth_noise
from glyphmill.stages.background._texture import own_tone, tint

_TONE_PX = (90.0, 420.0)  # cells of the uneven tone, by the size of the canvas
_MOTTLE_PX = (17.0, 6.0)
_FIBERS_PER_PIXEL = 1 / 900
_FIBER_POINTS = 5
_SUBPIXEL_BITS = 4


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
    levels = smooth_noise(rng, size, min(max(max(size) / 2.5, _TONE_PX[0]), _TONE_PX[1]))
    levels *= np.float32(params.unevenness)
    spare = np.empty_like(levels)
    for cell, share in zip(_MOTTLE_PX, (1.0, 0.7), strict=True):
        cv2.scaleAdd(smooth_noise(rng, size, cell, spare), params.mottle * share, levels, dst=levels)
    if params.fibers > 0:
        _add_fibers(rng, levels, params.fibers)
    # Pulp smears a part of its grain over the neighbors.
    rough = grain(rng, size, spare)
    cv2.scaleAdd(rough, 0.6 * params.grain, levels, dst=levels)
    cv2.scaleAdd(cv2.blur(rough, (2, 2)), 1.2 * params.grain, levels, dst=levels)
    return tint(levels, params.color)


def _add_fibers(rng: Generator, levels: Plane, amount: float) -> None:
    """Add short curved strands, lighter and darker than the sheet, to ``levels``."""
    height, width = levels.shape
    count = max(4, round(width * height * _FIBERS_PER_PIXEL))
    length = rng.uniform(6, 26, (count, 1))
    along = np.linspace(-0.5, 0.5, _FIBER_POINTS)[None, :] * length
    heading = rng.uniform(0, np.pi, (count, 1)) + along / length * rng.uniform(-1.6, 1.6, (count, 1))
    x = rng.uniform(0, width, (count, 1)) + along * np.cos(heading)
    y = rng.uniform(0, height, (count, 1)) + along * np.sin(heading)
    strands = list(np.rint(np.stack([x, y], -1) * (1 << _SUBPIXEL_BITS)).astype(np.int32))
    plate = np.full((height, width), 128, np.uint8)
    for part, level in ((strands[: count // 2], -1.0), (strands[count // 2 :], 0.7)):
        cv2.polylines(plate, part, False, 128 + level * 100, 1, cv2.LINE_AA, _SUBPIXEL_BITS)
    relief = (np.arange(256, dtype=np.float32) - 128) * np.float32(amount / 100)
    cv2.add(levels, cv2.LUT(plate, relief), dst=levels)
