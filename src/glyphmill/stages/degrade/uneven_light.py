"""Degrade stage; light that is brighter in places, as under a lamp; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_uneven_light


class Config(Settings):
    """Settings of uneven light."""

    amount: Distribution = Number((0, 0.6), lo=0, hi=1, about="how much of the light is missing where it is darkest")
    pattern: Choices = Pick(
        ("slope", "lamp", "patches"),
        default=("slope", "lamp", "patches"),
        about="from side to side, around a lamp, or here and there",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    pattern: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image in that light."""
    return apply_uneven_light(image, params.amount, field_stream(params.seed), pattern=params.pattern)


UNIT = Unit(
    id="uneven_light",
    stage="degrade",
    summary="Light that is not the same everywhere: a lamp, a window, a spread of pages. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
