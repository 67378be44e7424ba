"""Degrade stage; keeps only a few levels; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Settings, Whole
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_posterize


class Config(Settings):
    """Settings of a lack of levels."""

    levels: Distribution = Whole((4, 16), lo=2, hi=256, about="how many of each channel")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    levels: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image in few levels."""
    return apply_posterize(image, params.levels)


UNIT = Unit(
    id="posterize",
    stage="degrade",
    summary="Few levels: a short palette, steps where tones were smooth. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"levels": 256},
)
