"""Degrade stage; folds that were flattened, with worn print along them; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings, Whole
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_creases


class Config(Settings):
    """Settings of creases."""

    strength: Distribution = Number((0.25, 0.8), lo=0, hi=1, about="depth of the relief and wear of the print")
    count: Distribution = Whole((1, 3), lo=0, hi=100, about="how many folds")
    direction: Choices = Pick(
        ("horizontal", "vertical", "cross"),
        default=("horizontal", "vertical", "cross"),
        about="which way they run; cross is both in turn",
    )
    angle: Distribution = Number((-3, 3), lo=-45, hi=45, unit="degrees", about="how far they are turned from it")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    count: int
    direction: str
    angle: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The creased image."""
    return add_creases(
        image,
        params.strength,
        params.count,
        field_stream(params.seed),
        direction=params.direction,
        angle=params.angle,
    )


UNIT = Unit(
    id="crease",
    stage="degrade",
    summary="Fold lines of light and shade, along which the print has come off. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
