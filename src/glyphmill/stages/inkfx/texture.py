"""Effects stage; ink with a texture or a gradient, lighter and darker about its color; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_ink_texture
from glyphmill.stages.ink.inked import Inked, Layer


class Config(Settings):
    """Settings of textured ink."""

    strength: Distribution = Number(
        (0.15, 0.6), lo=0, hi=1, about="how far it goes towards white and black where it is strongest"
    )
    kind: Choices = Pick(
        ("fibers", "speckle", "brushed", "wood", "marble", "gradient"),
        default=("fibers", "speckle", "brushed", "wood", "marble", "gradient"),
        about="what ink looks like: fibers of felt, grains, brushed metal, wood, marble, or light to dark",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    kind: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with white and black upon it; what breaks ink should come before, for the two lie where ink was."""
    rng = field_stream(params.seed)
    light, dark = apply_ink_texture(inked.mask, params.kind, params.strength, rng, em_px=inked.em_px)
    white, black = np.full(3, 255, np.uint8), np.zeros(3, np.uint8)
    return inked.above(Layer(light, white)).above(Layer(dark, black))


UNIT = Unit(
    id="texture",
    stage="effects",
    summary="Ink as of felt, stone, brushed metal, wood or marble, or from light to dark. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
