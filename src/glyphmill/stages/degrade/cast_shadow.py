"""Degrade stage; the soft, bluish shadow of something between the light and the page; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_cast_shadow
from glyphmill.pixels.light import SHADOWS


class Config(Settings):
    """Settings of a shadow."""

    amount: Distribution = Number((0.15, 0.65), lo=0, hi=1, about="how much of the light the shadow takes")
    kind: Choices = Pick(
        tuple(SHADOWS),
        default=tuple(SHADOWS),
        about="of something large, of poles or wires, of leaves, or of a hand, head or phone",
    )
    softness: Distribution = Number(
        (0.06, 0.5), lo=0, hi=4, unit="share of the shorter side", about="width of its edge"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    kind: str
    softness: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image in that light."""
    return apply_cast_shadow(
        image, params.amount, field_stream(params.seed), kind=params.kind, softness=params.softness
    )


UNIT = Unit(
    id="cast_shadow",
    stage="degrade",
    summary="The shadow of something that stands in the light. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
