"""Background stage; a rough wall such as plaster or concrete, lit from one side; labels unchanged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Color, ColorRange, Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Plane, Size, grain, smooth_noise
from glyphmill.stages.background._texture import own_tone, tint

_OCTAVE = 2.6  # each layer of noise is finer than the one before by this
_FINEST_PX = 5.0
_STEEPEST_PX = 12.0  # layers with larger cells are as high as those with cells of this
_PITS_PER_PIXEL = 1 / 2500


class Config(Settings):
    """Settings of a wall; amounts are gray levels of 255."""

    color: ColorRange = Color(((182, 180, 174), (224, 220, 212)), about="color of the wall")
    scale: Distribution = Number((40, 130), lo=4, unit="px", about="size of its largest stains")
    stains: Distribution = Number((3, 12), lo=0, hi=100, unit="levels", about="how far stains differ from the wall")
    relief: Distribution = Number((2, 9), lo=0, hi=100, unit="levels", about="light and shade of bumps")
    pits: Distribution = Number((0, 1), lo=0, hi=10, about="small holes; 1 is one in 50 x 50 px")
    grain: Distribution = Number((1, 3.5), lo=0, hi=60, unit="levels", about="sand in the surface")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; ``light`` is the direction that the light comes from, degrees counter-clockwise."""

    color: tuple[int, ...]
    scale: float
    stains: float
    relief: float
    pits: float
    grain: float
    light: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "color": own_tone(config, context, rng),
        "scale": config.scale.draw(rng),
        "stains": config.stains.draw(rng),
        "relief": config.relief.draw(rng),
        "pits": config.pits.draw(rng),
        "grain": config.grain.draw(rng),
        "light": 20 + 140 * rng.random(),
        "seed": field_seed(rng),
    }


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The wall: uint8 (H, W, 3), RGB, of size (width, height)."""
    rng = field_stream(params.seed)
    stains, heights = _layers(rng, (size[0] + 1, size[1] + 1), params.scale)
    levels = stains[1:, 1:]
    levels *= np.float32(params.stains)
    _light(levels, heights, params.light, params.relief)
    cv2.scaleAdd(grain(rng, size), params.grain, levels, dst=levels)
    if params.pits > 0:
        _dig(rng, levels, params)
    return tint(levels, params.color)


def _layers(rng: Generator, size: Size, scale_px: float) -> tuple[Plane, Plane]:
    """Stains (coarse layers weigh most) and heights (slopes of all layers alike): float32 (H, W) each."""
    stains = np.zeros((size[1], size[0]), np.float32)
    heights, spare = np.zeros_like(stains), np.empty_like(stains)
    cell, share = scale_px, 1.0
    while cell >= _FINEST_PX:
        layer = smooth_noise(rng, size, cell, spare)
        cv2.scaleAdd(layer, share, stains, dst=stains)
        cv2.scaleAdd(layer, min(cell, _STEEPEST_PX) * 0.5, heights, dst=heights)
        cell, share = cell / _OCTAVE, share * 0.5
    # Sand, smeared: unlike the layers it follows no grid.
    cv2.scaleAdd(cv2.blur(grain(rng, size, spare), (3, 3)), 2.2, heights, dst=heights)
    return stains, heights


def _light(levels: Plane, heights: Plane, light_deg: float, amount: float) -> None:
    """Add the brightness of slopes towards the light; ``heights`` has one row and column more than ``levels``."""
    across, down = math.cos(math.radians(light_deg)), -math.sin(math.radians(light_deg))
    here = heights[1:, 1:]
    for beside, part in ((heights[1:, :-1], across), (heights[:-1, 1:], down)):
        cv2.scaleAdd(cv2.subtract(beside, here), amount * part, levels, dst=levels)


def _dig(rng: Generator, levels: Plane, params: Params) -> None:
    """Dark holes with a lit rim on the side away from the light."""
    height, width = levels.shape
    count = round(width * height * _PITS_PER_PIXEL * params.pits)
    depth = 8 + 2.5 * params.relief
    shift = 1.2 * math.cos(math.radians(params.light)), -1.2 * math.sin(math.radians(params.light))
    for x, y, radius in rng.random((count, 3)):
        center = x * width, y * height
        size_px = 0.6 + 2.2 * radius**4
        rim = round((center[0] - shift[0]) * 16), round((center[1] - shift[1]) * 16)
        cv2.circle(levels, rim, round(size_px * 16), depth * 0.4, -1, cv2.LINE_8, 4)
        cv2.circle(
            levels, (round(center[0] * 16), round(center[1] * 16)), round(size_px * 16), -depth, -1, cv2.LINE_8, 4
        )


UNIT = Unit(
    id="noise",
    stage="background",
    summary="A rough wall such as plaster or concrete. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
