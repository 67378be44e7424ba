"""Degrade stage; reduces and enlarges again; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_downscale


class Config(Settings):
    """Settings of a lack of resolution."""

    factor: Distribution = Number((1, 2.2), lo=1, hi=100, about="how many times smaller each side gets in between")
    enlarge: Choices = Pick(
        ("nearest", "linear", "cubic"), default=("nearest", "linear", "cubic"), about="how it is enlarged"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    factor: float
    enlarge: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The coarse image."""
    return apply_downscale(image, params.factor, params.enlarge)


UNIT = Unit(
    id="downscale",
    stage="degrade",
    summary="Too few pixels: reduced by areas, then enlarged to the same size. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"factor": 1},
)
