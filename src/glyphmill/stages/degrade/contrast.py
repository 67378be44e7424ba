"""Degrade stage; spreads levels about their mean; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_brightness_contrast


class Config(Settings):
    """Settings of contrast."""

    factor: Distribution = Number((0.5, 1.5), lo=0, kind="normal", about="multiplier; below 1 is flatter")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    factor: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The flatter or harder image."""
    return apply_brightness_contrast(image, contrast=params.factor)


UNIT = Unit(
    id="contrast",
    stage="degrade",
    summary="Contrast: distances from the mean luma multiplied. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"factor": 1},
)
