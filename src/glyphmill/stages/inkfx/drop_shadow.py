"""Effects stage; ink throws a soft shadow onto what lies behind it; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Color, ColorRange, Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_drop_shadow
from glyphmill.pixels.coverage import scaled
from glyphmill.stages.ink.inked import Inked, Layer


class Config(Settings):
    """Settings of the shadow of letters."""

    offset_x: Distribution = Number((-3, 4), unit="px", about="how far to the right it falls; none where both are 0")
    offset_y: Distribution = Number((1, 4), unit="px", about="how far down it falls")
    radius: Distribution = Number((0, 4), lo=0, unit="px", about="standard deviation of its softness")
    color: ColorRange = Color(
        ((0, 0, 0, 128), (0, 0, 0, 128)), about="its color and, as the fourth number, how dense it is"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    offset_x: float
    offset_y: float
    radius: float
    color: tuple[int, int, int, int]


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with its shadow beneath."""
    if params.offset_x == 0 and params.offset_y == 0:
        return inked
    shadow = apply_drop_shadow(inked.mask, params.offset_x, params.offset_y, params.radius)
    *rgb, alpha = params.color
    return inked.beneath(Layer(scaled(shadow, alpha / 255), np.array(rgb, np.uint8)))


UNIT = Unit(
    id="drop_shadow",
    stage="effects",
    summary="A soft shadow that the letters throw. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"offset_x": 0, "offset_y": 0},
)
