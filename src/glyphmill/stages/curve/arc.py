"""Curve stage; lines on a part of a circle, before any raster. Labels follow: they are placed by the same curve."""

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


class Config(CurveSettings):
    """Settings of an arc."""

    radius: Distribution = Number(
        (150, 600),
        lo=0,
        hi=1_000_000,
        unit="px",
        kind="exponential",
        about="of the baseline, of several lines that of their middle; 0 is straight; grows where the text would pass "
        "max_span or turn so tightly that letters collide, and the plan records the radius used",
    )
    concave: bool = Field(
        True,
        description="true: a bowl, the ends of a horizontal line are higher than its middle and the tops of the "
        "letters converge; false: an arch, the ends are lower and the bottoms converge",
    )
    max_span: Distribution = Number(
        180.0, lo=1, hi=330, unit="degrees", about="the most of a circle that a line takes; its radius grows to keep it"
    )


@dataclass(frozen=True, kw_only=True)
class Params(CurveParams):
    """Drawn values: px and degrees."""

    radius: float
    concave: bool
    max_span: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "radius": config.radius.draw(rng),
        "concave": config.concave,
        "max_span": config.max_span.draw(rng),
        "bend": config.bend,
    }


def apply(params: Params, block: Block) -> CurvedLines:
    """The lines of a block on an arc whose middle lies where the straight text has it."""
    if params.radius == 0:
        return CurvedLines.straight(block)
    side = 1.0 if params.concave else -1.0
    reach = block.reach_up if params.concave else block.reach_down
    needed = np.max(block.widths / math.radians(params.max_span) + side * block.offsets + reach)
    radius = max(params.radius, block.tightest, float(needed))
    used = {} if radius == params.radius else {"radius": radius}
    return along(block, Turn(side / radius), block.center, used)


UNIT = Unit(
    id="arc",
    stage="curve",
    summary="Lines on a part of a circle, concave or convex. Labels follow the letters.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
