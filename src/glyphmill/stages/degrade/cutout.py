"""Degrade stage; erases one rectangle; labels keep their geometry, ``visible`` is lowered.

Source: DeVries & Taylor, "Improved regularization of convolutional neural networks with cutout", 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Pick, Settings, Whole
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_cutout, cutout_cover


class Config(Settings):
    """Settings of an erased rectangle."""

    width: Distribution = Whole((8, 60), lo=0, unit="px", about="of the rectangle; 0 erases nothing")
    height: Distribution = Whole((6, 28), lo=0, unit="px", about="of the rectangle; 0 erases nothing")
    fill: Choices = Pick(
        ("mean", "black", "white", "noise"),
        default=("mean", "black", "white", "noise"),
        about="what is put there: the mean color of the image, black, white or noise",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``; ``x``, ``y`` are shares of the room that the rectangle has."""

    width: int
    height: int
    fill: str
    x: float
    y: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "x": float(rng.random()), "y": float(rng.random()), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image without the rectangle."""
    return apply_cutout(
        image, params.width, params.height, field_stream(params.seed), x=params.x, y=params.y, fill=params.fill
    )


def hides(params: Params, size: tuple[int, int]) -> Image:
    """The rectangle: uint8 (h, w), 255 or 0."""
    return cutout_cover(size, params.width, params.height, x=params.x, y=params.y)


UNIT = Unit(
    id="cutout",
    stage="degrade",
    summary="One rectangle erased; visible says what is left of each cluster.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"width": 0},
    hides=hides,
)
