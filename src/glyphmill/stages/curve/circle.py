"""Curve stage; lines around a circle, starting anywhere on it. Labels follow: they are placed by the same curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from pydantic import Field

from glyphmill.config.fields import Distribution, Number
from glyphmill.core.unit import Unit
from glyphmill.stages.curve.baseline import Turn, along
from glyphmill.stages.curve.lines import Block, CurvedLines
from glyphmill.stages.curve.settings import CurveParams, CurveSettings

#: Space between the end of a line and its beginning, in line heights: about that between words.
_GAP = 0.3


class Config(CurveSettings):
    """Settings of a circle."""

    radius: Distribution = Number(
        0.0,
        lo=0,
        hi=1_000_000,
        unit="px",
        kind="exponential",
        about="of the baseline, of several lines that of their middle; 0 is as small as the text needs to go round; "
        "grows where the text needs more, and the plan records the radius used",
    )
    start: Distribution = Number(
        (0, 360),
        lo=-360,
        hi=360,
        unit="degrees",
        about="where the left end of the lines lies (the end with the least u in vertical text), counter-clockwise; 0 "
        "is where the circle runs as straight text does: at its top, or at its bottom if inside",
    )
    inside: bool = Field(False, description="letters stand inside of the circle, with their tops towards its center")


@dataclass(frozen=True, kw_only=True)
class Params(CurveParams):
    """Drawn values: px and degrees."""

    radius: float
    start: float
    inside: bool


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "radius": config.radius.draw(rng),
        "start": config.start.draw(rng),
        "inside": config.inside,
        "bend": config.bend,
    }


def apply(params: Params, block: Block) -> CurvedLines:
    """The lines of a block around a circle; their least u lies at ``start``."""
    side = 1.0 if params.inside else -1.0
    reach = block.reach_up if params.inside else block.reach_down
    round_trip = block.extents[:, 1] - block.left + _GAP * block.height
    needed = np.max(round_trip / (2 * math.pi) + side * block.offsets + reach)
    radius = max(params.radius, block.tightest, float(needed))
    used = {} if radius == params.radius else {"radius": radius}
    return along(block, Turn(side / radius, math.radians(params.start)), block.left, used)


UNIT = Unit(
    id="circle",
    stage="curve",
    summary="Lines around a whole circle, outside or inside of it, starting anywhere. Labels follow the letters.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
