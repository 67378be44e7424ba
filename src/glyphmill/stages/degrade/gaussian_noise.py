"""Degrade stage; adds normal noise to every pixel; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_gaussian_noise


class Config(Settings):
    """Settings of Gaussian noise."""

    sigma: Distribution = Number((1, 36), lo=0, hi=128, unit="levels", about="standard deviation")
    mode: Choices = Pick(
        ("luminance", "color"), default=("luminance", "color"), about="all channels alike, or each on its own"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    sigma: float
    mode: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image with its noise."""
    return add_gaussian_noise(image, params.sigma, field_stream(params.seed), color=params.mode == "color")


UNIT = Unit(
    id="gaussian_noise",
    stage="degrade",
    summary="Gaussian noise: grain of film, of an amplifier, of a cheap scanner. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"sigma": 0},
)
