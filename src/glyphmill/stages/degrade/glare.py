"""Degrade stage; a soft highlight, as of a lamp in a glossy surface; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_glare
from glyphmill.pixels.light import GLARES


class Config(Settings):
    """Settings of glare."""

    amount: Distribution = Number(
        (0.1, 0.55), lo=0, hi=1, unit="share of white", about="its light where it is brightest"
    )
    kind: Choices = Pick(
        tuple(GLARES), default=tuple(GLARES), about="a lamp or flash, a tube or the edge of the sky, or a window"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    kind: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image in that light."""
    return apply_glare(image, params.amount, field_stream(params.seed), kind=params.kind)


UNIT = Unit(
    id="glare",
    stage="degrade",
    summary="A soft highlight on a glossy surface. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
