"""Degrade stage; corners that are darker, as behind any lens; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_vignette


class Config(Settings):
    """Settings of a vignette."""

    amount: Distribution = Number(
        (0, 0.7), lo=0, hi=1, about="how much of the light is missing in the corner that is furthest from the middle"
    )
    center_x: Distribution = Number((0.3, 0.7), lo=-1, hi=2, kind="normal", unit="share of the width", about="middle")
    center_y: Distribution = Number((0.3, 0.7), lo=-1, hi=2, kind="normal", unit="share of the height", about="middle")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    center_x: float
    center_y: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image in that light."""
    return apply_vignette(image, params.amount, field_stream(params.seed), center=(params.center_x, params.center_y))


UNIT = Unit(
    id="vignette",
    stage="degrade",
    summary="Corners darker than the middle, by the cosine-fourth law. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
