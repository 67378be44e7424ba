"""Degrade stage; lets ink differ between the passes of a print head; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_banding


class Config(Settings):
    """Settings of the passes of a print head."""

    strength: Distribution = Number((0.1, 0.8), lo=0, hi=1, about="how uneven it is")
    height: Distribution = Number((10, 40), lo=1, unit="px", about="of one pass")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    height: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image in bands."""
    return apply_banding(image, params.strength, params.height, field_stream(params.seed))


UNIT = Unit(
    id="banding",
    stage="degrade",
    summary="Bands of an inkjet: uneven passes, gaps between them, blocked nozzles. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
