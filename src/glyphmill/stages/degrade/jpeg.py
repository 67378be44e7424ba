"""Degrade stage; saves as JPEG and loads again; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Pick, Settings, Whole
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_jpeg


class Config(Settings):
    """Settings of JPEG."""

    quality: Distribution = Whole((12, 85), lo=1, hi=100, about="100 is best")
    saves: Distribution = Whole((1, 2), lo=1, hi=20, about="how often it is saved, cropped by a few pixels in between")
    chroma: Choices = Pick(
        ("half", "half_width", "full"),
        default=("half", "half_width", "full"),
        about="how color is stored: 4:2:0, 4:2:2 or 4:4:4",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    quality: int
    saves: int
    chroma: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image as it comes back."""
    return apply_jpeg(image, params.quality, saves=params.saves, chroma=params.chroma)


UNIT = Unit(
    id="jpeg",
    stage="degrade",
    summary="JPEG: blocks, rims and smeared color, saved once or several times. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
