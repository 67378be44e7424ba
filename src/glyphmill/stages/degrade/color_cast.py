"""Degrade stage; tints by the color of the light; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_color_cast


class Config(Settings):
    """Settings of a color cast."""

    temperature: Distribution = Number(
        (4200, 9500), lo=1000, hi=15000, unit="kelvin", about="color temperature of the light; 6500 is neutral"
    )
    tint: Distribution = Number(
        (-0.01, 0.01), lo=-0.1, hi=0.1, kind="normal", unit="Duv", about="greenish above 0, magenta below it"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    temperature: float
    tint: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The tinted image."""
    return apply_color_cast(image, params.temperature, params.tint)


UNIT = Unit(
    id="color_cast",
    stage="degrade",
    summary="Color cast: white balance that is off, from lamp light to blue sky, green to magenta. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"temperature": 6500, "tint": 0},
)
