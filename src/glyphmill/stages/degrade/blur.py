"""Degrade stage; Gaussian blur; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_blur


class Config(Settings):
    """Settings of a Gaussian blur."""

    radius: Distribution = Number((0.4, 2), lo=0, unit="px", about="standard deviation")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    radius: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The blurred image."""
    return apply_blur(image, params.radius)


UNIT = Unit(
    id="blur",
    stage="degrade",
    summary="Gaussian blur, as of a lens that is slightly off. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"radius": 0},
)
