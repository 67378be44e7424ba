"""Degrade stage; bends the curve of levels; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_gamma


class Config(Settings):
    """Settings of gamma."""

    factor: Distribution = Number(
        (0.6, 1.6), lo=0.05, hi=20, about="exponent of levels as parts of white; below 1 mid-tones are lighter"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    factor: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image with other mid-tones."""
    return apply_gamma(image, params.factor)


UNIT = Unit(
    id="gamma",
    stage="degrade",
    summary="Gamma: mid-tones lighter or darker, black and white as they are. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"factor": 1},
)
