"""Degrade stage; shows the pixels of a display; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_screen_pixels


class Config(Settings):
    """Settings of a display."""

    strength: Distribution = Number((0.1, 0.6), lo=0, hi=1, about="how much is seen of them")
    pitch: Distribution = Number((2.5, 5), lo=1, hi=200, unit="px", about="size of one pixel of the display")
    angle: Distribution = Number((-4, 4), kind="normal", unit="degrees", about="by which the display is turned")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    pitch: float
    angle: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image as a display shows it."""
    return apply_screen_pixels(image, params.strength, params.pitch, field_stream(params.seed), angle=params.angle)


UNIT = Unit(
    id="screen_pixels",
    stage="degrade",
    summary="Pixels of a display: red, green and blue stripes, dark between rows. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
