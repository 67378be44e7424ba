"""Curve stage; every cluster a little off its place, turned and resized, before any raster. Labels follow.

Words of scripts whose letters join move as wholes, so that nothing is torn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Distribution, Number
from glyphmill.core.rng import field_seed
from glyphmill.core.unit import Unit
from glyphmill.stages.curve.lines import Block, CurvedLines, Jitter
from glyphmill.stages.curve.settings import Bend, CurveParams, CurveSettings

#: Offsets along the line as a share of those across it: letters that move along meet their neighbors.
_ALONG = 0.25


class Config(CurveSettings):
    """Settings of the jitter; each number is the most that a cluster may differ."""

    bend: Bend = Field(
        "auto",
        description="what moves: auto moves words of scripts whose letters join as wholes and other clusters alone, "
        "rigid moves each cluster alone, bend moves nothing",
    )

    offset: Distribution = Number(
        (0, 2), lo=0, hi=1000, unit="px", kind="exponential", about="off the line; a quarter of that along it"
    )
    rotation: Distribution = Number(
        (0, 6), lo=0, hi=90, unit="degrees", kind="exponential", about="turned to either side about the baseline"
    )
    scale: Distribution = Number(
        (0, 0.08), lo=0, hi=0.9, unit="share of the size", kind="exponential", about="smaller or larger"
    )


@dataclass(frozen=True, kw_only=True)
class Params(CurveParams):
    """Drawn values: px, degrees, share of the size, and the seed of what each cluster gets."""

    offset: float
    rotation: float
    scale: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "offset": config.offset.draw(rng),
        "rotation": config.rotation.draw(rng),
        "scale": config.scale.draw(rng),
        "seed": field_seed(rng),
        "bend": config.bend,
    }


def apply(params: Params, block: Block) -> CurvedLines:
    """Straight lines whose clusters, or words where letters join, are off their places."""
    if params.offset == params.rotation == params.scale == 0:
        return CurvedLines.straight(block)
    rotation = math.radians(params.rotation)
    jitter = Jitter(params.offset * _ALONG, params.offset, rotation, params.scale, params.seed)
    return CurvedLines.straight(block, jitter=jitter)


UNIT = Unit(
    id="jitter",
    stage="curve",
    summary="Every cluster, or word of a script that joins, a little off its place, turned, resized. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
