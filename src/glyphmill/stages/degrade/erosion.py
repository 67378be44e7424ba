"""Degrade stage; dark ink is thinned from every side, light ink grows; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_erosion


class Config(Settings):
    """Settings of erosion."""

    thickness: Distribution = Number(
        (0.2, 0.8), lo=0, hi=50, unit="px", about="how much of dark ink on every side; light ink on a dark ground grows"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    thickness: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image with its dark ink thinned."""
    return apply_erosion(image, params.thickness)


UNIT = Unit(
    id="erosion",
    stage="degrade",
    summary="Dark ink thinned from every side, as of worn type, a copy too light; light ink grows. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"thickness": 0},
)
