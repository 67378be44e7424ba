"""Degrade stage; specks, hairs and fine scratches, as many as the area holds; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_dust_and_scratches


class Config(Settings):
    """Settings of dust and scratches."""

    amount: Distribution = Number(
        (0.3, 2.5), lo=0, hi=100, about="1 is 1,100 specks, 26 hairs and 34 scratches on a megapixel"
    )
    dark: Distribution = Number((0.2, 0.8), lo=0, hi=1, unit="share", about="how many specks and hairs are dark")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    dark: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image with dust on it."""
    return add_dust_and_scratches(image, params.amount, field_stream(params.seed), dark=params.dark)


UNIT = Unit(
    id="dust_and_scratches",
    stage="degrade",
    summary="Specks of dust, light and dark, hairs and fine scratches of glass or film. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
