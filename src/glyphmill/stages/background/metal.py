"""Background stage; sheet metal: brushed, corrugated, or painted and rusty; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Size, grain, smooth_noise
from glyphmill.stages.background._streaks import hairlines
from glyphmill.stages.background._texture import own_tone, tint
from glyphmill.stages.background._wear import dirt, worn

_BRUSH = 40.0  # px, length of a scratch of the brush
_FINISHES = ("brushed", "corrugated", "painted")


class Config(Settings):
    """Settings of sheet metal; amounts are gray levels of 255."""

    color: ColorRange = Color(((168, 170, 174), (220, 222, 226)), about="of the metal, or of its paint")
    finish: Choices = Pick(_FINISHES, default=_FINISHES, about="brushed, corrugated as of shutters, or painted")
    shine: Distribution = Number((6, 30), lo=0, hi=120, unit="levels", about="of what is mirrored in it")
    brush: Distribution = Number((2, 7), lo=0, hi=60, unit="levels", about="of brushed lines")
    pitch: Distribution = Number((14, 60), lo=3, hi=2000, unit="px", about="from one corrugation to the next")
    wear: Distribution = Number((0, 0.6), lo=0, hi=1, kind="exponential", about="dirt, scratches and rust")
    grain: Distribution = Number((0.5, 2), lo=0, hi=60, unit="levels", about="roughness")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    color: tuple[int, ...]
    finish: str
    shine: float
    brush: float
    pitch: float
    wear: float
    grain: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "color": own_tone(config, context, rng), "seed": field_seed(rng)}


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The sheet: uint8 (H, W, 3), RGB, of size (width, height)."""
    rng = field_stream(params.seed)
    width, height = size
    # What a metal mirrors are bands across the brush.
    bands = smooth_noise(rng, (width, 1), max(12.0, max(size) / 4)) + 0.4 * smooth_noise(rng, (width, 1), 12.0)
    levels = np.repeat(bands * np.float32(params.shine * 0.7), height, axis=0)
    cv2.scaleAdd(smooth_noise(rng, size, max(20.0, max(size) / 3)), 0.4 * params.shine, levels, dst=levels)
    if params.finish == "brushed":
        cv2.scaleAdd(hairlines(rng, size, _BRUSH), params.brush, levels, dst=levels)
        cv2.scaleAdd(hairlines(rng, size, _BRUSH / 5), 0.5 * params.brush, levels, dst=levels)
    elif params.finish == "corrugated":
        at = (np.arange(height, dtype=np.float32) + 0.5) / params.pitch + rng.random()
        saw = at - np.floor(at)
        fold = np.sin(2 * np.pi * at) + 0.6 * np.exp(-((saw - 0.12) ** 2) / 0.004) - 0.8 * np.exp(-(saw**2) / 0.003)
        levels += (fold * np.float32(params.shine * 1.1))[:, None]
    else:
        cv2.scaleAdd(smooth_noise(rng, size, 5.0), 1.5, levels, dst=levels)
    if params.wear > 0:
        levels += dirt(rng, size, params.wear)
    cv2.scaleAdd(grain(rng, size), params.grain, levels, dst=levels)
    page = tint(levels, params.color, depth=0.8)
    return worn(rng, page, params.wear, rust=params.finish != "brushed") if params.wear > 0.02 else page


UNIT = Unit(
    id="metal",
    stage="background",
    summary="Sheet metal: brushed, corrugated, or painted and rusty. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
