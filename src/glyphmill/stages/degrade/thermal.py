"""Degrade stage; print of a receipt that fades in patches and rows; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_thermal_fading


class Config(Settings):
    """Settings of fading thermal print."""

    strength: Distribution = Number(
        (0.1, 0.5), lo=0, hi=1, about="share of the darkness lost where it is worst, or more"
    )
    dead: Distribution = Number(
        (0, 0.015), lo=0, hi=1, unit="share of the columns", about="at which elements of the print head fail"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    dead: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The faded image."""
    return apply_thermal_fading(image, params.strength, field_stream(params.seed), dead=params.dead)


UNIT = Unit(
    id="thermal",
    stage="degrade",
    summary="Thermal print that fades in patches and rows, with columns that the print head misses. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
