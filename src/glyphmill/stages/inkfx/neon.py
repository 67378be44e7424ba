"""Effects stage; letters become glowing tubes in the dark; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_neon_glow
from glyphmill.pixels.coverage import scaled
from glyphmill.stages.ink.inked import Inked, Layer

#: Colors of tubes: neon itself is red; the others are other gases and phosphors.
_TUBES = {
    "red": (255, 64, 44),
    "orange": (255, 140, 40),
    "pink": (255, 80, 190),
    "violet": (176, 100, 255),
    "blue": (64, 140, 255),
    "green": (70, 255, 120),
    "white": (255, 236, 210),
}
_NIGHT = (9, 10, 22)
#: What is left of a tube's own color in its core, and how dense glow and core are at full strength.
_TINT, _GLOW, _CORE = 0.18, 0.62, 0.95
#: From this strength on, night and tube are all there.
_LIT = 0.4


class Config(Settings):
    """Settings of neon letters."""

    strength: Distribution = Number((0.5, 1), lo=0, hi=1, about="brightness of the light")
    radius: Distribution = Number((4, 12), lo=0, hi=1000, unit="px", about="reach of the glow, a standard deviation")
    night: Distribution = Number((0.7, 0.95), lo=0, hi=1, about="how much of the background the dark takes")
    light: Choices = Pick(
        (*_TUBES, "ink"), default=tuple(_TUBES), about="color of the tubes; ink: whatever color the ink has"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    radius: float
    night: float
    light: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink as tubes with a bright core, their glow beneath, and the background in the dark."""
    if params.strength == 0:
        return inked
    on = min(1.0, params.strength / _LIT)
    halo, core = apply_neon_glow(inked.mask, params.radius)
    dark = np.full(inked.mask.shape, round(255 * params.night * on), np.uint8)
    tube = None if params.light == "ink" else np.array(_TUBES[params.light], np.uint8)
    made = inked.on_ground(Layer(dark, np.array(_NIGHT, np.uint8)))
    made = made.beneath(Layer(scaled(halo, params.strength * _GLOW), tube))
    hottest = np.full(3, 255.0) if tube is None else 255 - (255.0 - tube) * _TINT
    if tube is not None:
        made = made.above(Layer(scaled(np.ascontiguousarray(inked.mask), on), tube))
    return made.above(Layer(scaled(core, params.strength * _CORE), np.rint(hottest).astype(np.uint8)))


UNIT = Unit(
    id="neon",
    stage="effects",
    summary="Glowing tubes in the dark: a bright core and a glow around the letters. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
