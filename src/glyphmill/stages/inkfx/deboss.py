"""Effects stage; letters are pressed or cut into the surface, lit from one side; labels unchanged."""

from __future__ import annotations

from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_deboss
from glyphmill.stages.ink.inked import Inked
from glyphmill.stages.inkfx._relief import FINISHES, ReliefConfig, ReliefParams, lit


class Config(ReliefConfig):
    """Settings of sunken letters."""


class Params(ReliefParams):
    """Drawn values; names and units as in ``Config``."""


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with the shade of its rims upon it, a darker floor, and light on the far rims."""
    if params.strength == 0:
        return inked
    finish = FINISHES[params.finish]
    light, shade = apply_deboss(inked.mask, params.depth * finish.width, params.angle, finish.gloss)
    return lit(params, inked, light, shade)


UNIT = Unit(
    id="deboss",
    stage="effects",
    summary="Letters pressed or engraved into paper, plastic or metal, in light from one side. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
