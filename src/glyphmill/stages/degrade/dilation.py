"""Degrade stage; dark ink is grown from every side, light ink is thinned; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_dilation


class Config(Settings):
    """Settings of dilation."""

    thickness: Distribution = Number(
        (0.2, 1.2),
        lo=0,
        hi=50,
        unit="px",
        about="how much of dark ink on every side; light ink on a dark ground is thinned",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    thickness: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image with its dark ink grown."""
    return apply_dilation(image, params.thickness)


UNIT = Unit(
    id="dilation",
    stage="degrade",
    summary="Dark ink grown from every side, as of a copy too dark; light ink is thinned. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"thickness": 0},
)
