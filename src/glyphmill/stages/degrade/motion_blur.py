"""Degrade stage; blurs along the path of a moving camera; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_motion_blur


class Config(Settings):
    """Settings of a motion blur."""

    length: Distribution = Number((0, 6.5), lo=0, hi=1000, unit="px", about="length of the path")
    angle: Distribution = Number((0, 180), unit="degrees", about="direction of the path, counter-clockwise")
    bend: Distribution = Number(
        (-0.2, 0.2),
        lo=-1,
        hi=1,
        kind="normal",
        about="how far its middle is off the straight line, as a share of its length",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    length: float
    angle: float
    bend: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The blurred image."""
    return apply_motion_blur(image, params.length, params.angle, params.bend)


UNIT = Unit(
    id="motion_blur",
    stage="degrade",
    summary="Motion blur: a camera or page that moved. The path may be bent, as of an unsteady hand. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"length": 0},
)
