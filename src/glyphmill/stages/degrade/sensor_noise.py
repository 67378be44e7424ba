"""Degrade stage; adds the noise of a camera, which grows with the light; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_sensor_noise


class Config(Settings):
    """Settings of sensor noise."""

    sigma: Distribution = Number((2, 32), lo=0, hi=128, unit="levels", about="standard deviation at white")
    read: Distribution = Number((0.2, 0.7), lo=0, hi=1, about="share of sigma that is there in the dark as well")
    chroma: Distribution = Number((0, 0.4), lo=0, hi=1, about="deviation of blotches of color, as a share of sigma")
    rows: Distribution = Number((0, 0.2), lo=0, hi=1, about="deviation of whole rows, as a share of sigma")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    sigma: float
    read: float
    chroma: float
    rows: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image with its noise."""
    return add_sensor_noise(
        image,
        params.sigma,
        field_stream(params.seed),
        read=params.read,
        chroma=params.chroma,
        rows=params.rows,
    )


UNIT = Unit(
    id="sensor_noise",
    stage="degrade",
    summary="Sensor noise: photons and their reading, as of a camera in bad light. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"sigma": 0},
)
