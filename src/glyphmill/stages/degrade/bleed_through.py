"""Degrade stage; the print of the other side shows through; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_bleed_through


class Config(Settings):
    """Settings of print that shows through."""

    strength: Distribution = Number(
        (0.08, 0.3), lo=0, hi=1, unit="share of the darkness", about="how much of the other side is seen"
    )
    blur: Distribution = Number((0.8, 2.5), lo=0, hi=200, unit="px", about="standard deviation of its blur")
    shift_x: Distribution = Number((0, 1), lo=-1, hi=1, unit="share of the width", about="where the other side lies")
    shift_y: Distribution = Number((0, 1), lo=-1, hi=1, unit="share of the height", about="where the other side lies")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    blur: float
    shift_x: float
    shift_y: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image with its own dark marks, mirrored, behind it."""
    return apply_bleed_through(
        image,
        params.strength,
        params.blur,
        field_stream(params.seed),
        shift_x=params.shift_x,
        shift_y=params.shift_y,
    )


UNIT = Unit(
    id="bleed_through",
    stage="degrade",
    summary="Print of the other side of thin paper: the own marks, mirrored, faint, blurred. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
