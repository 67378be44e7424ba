"""Degrade stage; sets single pixels to black or white; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_noise


class Config(Settings):
    """Settings of salt-and-pepper noise."""

    amount: Distribution = Number(
        (0.005, 0.06), lo=0, hi=1, unit="share of the pixels", about="how many pixels are lost"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image with its noise."""
    return add_noise(image, params.amount, field_stream(params.seed))


UNIT = Unit(
    id="noise",
    stage="degrade",
    summary="Salt-and-pepper noise: lost pixels of a sensor or a bad line. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
