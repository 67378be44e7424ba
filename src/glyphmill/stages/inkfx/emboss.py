"""Effects stage; letters stand out of the surface, lit from one side; labels unchanged."""

from __future__ import annotations

import math
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_drop_shadow, apply_emboss
from glyphmill.pixels.coverage import scaled
from glyphmill.stages.ink.inked import Inked, Layer
from glyphmill.stages.inkfx._relief import BLACK, FINISHES, ReliefConfig, ReliefParams, lit

#: How dense the shadow of raised letters is, and how far it falls, as a share of their depth.
_SHADOW, _FALL = 0.45, 0.9


class Config(ReliefConfig):
    """Settings of raised letters."""


class Params(ReliefParams):
    """Drawn values; names and units as in ``Config``."""


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with light and shade upon it and a short shadow beneath."""
    if params.strength == 0:
        return inked
    finish = FINISHES[params.finish]
    light, shade = apply_emboss(inked.mask, params.depth * finish.width, params.angle, finish.gloss)
    away, fall = math.radians(params.angle + 180), _FALL * params.depth
    shadow = apply_drop_shadow(inked.mask, fall * math.cos(away), -fall * math.sin(away), params.depth / 2)
    raised = lit(params, inked, light, shade)
    return raised.beneath(Layer(scaled(shadow, params.strength * _SHADOW), BLACK))


UNIT = Unit(
    id="emboss",
    stage="effects",
    summary="Raised letters in light from one side, on paper, plastic or metal. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
