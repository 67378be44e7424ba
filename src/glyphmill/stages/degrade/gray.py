"""Degrade stage; takes the color away; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, to_gray


class Config(Settings):
    """Settings of a gray scan."""

    seen: Choices = Pick(
        ("luma", "red", "green", "blue"),
        default="luma",
        about="what becomes gray: luma, or the light of one lamp, which makes ink of its color vanish",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    seen: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The gray image, with as many channels as before."""
    return to_gray(image, params.seen)


UNIT = Unit(
    id="gray",
    stage="degrade",
    summary="Gray: no color, as of a gray scan. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
