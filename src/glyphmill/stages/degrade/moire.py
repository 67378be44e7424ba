"""Degrade stage; lays the fringes of two lattices over the image; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_moire


class Config(Settings):
    """Settings of moire."""

    strength: Distribution = Number((0.03, 0.3), lo=0, hi=1, about="how dark the fringes are")
    period: Distribution = Number((5, 25), lo=2, unit="px", about="from fringe to fringe")
    angle: Distribution = Number((0, 180), unit="degrees", about="direction across the fringes")
    color: Distribution = Number((0.05, 0.4), lo=0, hi=1, about="how far the fringes of red, green and blue are apart")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    period: float
    angle: float
    color: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image with its fringes."""
    return apply_moire(
        image, params.strength, params.period, params.angle, field_stream(params.seed), color=params.color
    )


UNIT = Unit(
    id="moire",
    stage="degrade",
    summary="Moire: colored fringes, as of a display that was photographed. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
