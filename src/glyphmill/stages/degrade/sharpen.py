"""Degrade stage; sharpens too much; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_sharpen


class Config(Settings):
    """Settings of sharpening."""

    amount: Distribution = Number((0.3, 1.6), lo=0, hi=20, about="share of what a blur takes away that is added")
    radius: Distribution = Number((0.7, 2.2), lo=0, hi=100, unit="px", about="width of the rims")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    radius: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The sharpened image."""
    return apply_sharpen(image, params.amount, params.radius)


UNIT = Unit(
    id="sharpen",
    stage="degrade",
    summary="Oversharpening: bright and dark rims along edges, as of phones and scanners. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
