"""Effects stage; a stroke around letters, or letters of a stroke alone; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_outline
from glyphmill.stages.ink.inked import Inked, Layer

#: Hollow letters with a thinner stroke could not be read.
_LEAST_PX = 0.75


class Config(Settings):
    """Settings of a stroke around letters."""

    width: Distribution = Number(
        (0.8, 1.8),
        lo=0,
        hi=100,
        unit="px",
        about="of the stroke, which lies outside of the letters and of their labels",
    )
    color: ColorRange = Color(default=((90, 90, 90), (255, 255, 255)), about="of a stroke around letters")
    mode: Choices = Pick(
        ("around", "hollow"),
        default=("around", "hollow"),
        about="around: letters lie on a stroke of this color, and have a color that can be read on it; "
        "hollow: only the stroke is left, and has the color of the ink",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    width: float
    color: tuple[int, ...]
    mode: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink on its stroke, or the stroke as the ink."""
    if params.width == 0:
        return inked
    if params.mode == "hollow":
        return inked.with_mask(apply_outline(inked.mask, max(params.width, _LEAST_PX), hollow=True))
    return inked.on_ground(Layer(apply_outline(inked.mask, params.width), np.array(params.color, np.uint8)))


UNIT = Unit(
    id="outline",
    stage="effects",
    summary="A stroke around letters in a color of its own, or hollow letters. Labels stay those of the letters.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"width": 0},
)
