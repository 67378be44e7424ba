"""Degrade stage; blurs by a disc; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_defocus


class Config(Settings):
    """Settings of a lens out of focus."""

    radius: Distribution = Number((0.5, 2.8), lo=0, hi=200, unit="px", about="radius of the image of a point")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    radius: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The blurred image."""
    return apply_defocus(image, params.radius)


UNIT = Unit(
    id="defocus",
    stage="degrade",
    summary="Lens out of focus: every point becomes a disc. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"radius": 0},
)
