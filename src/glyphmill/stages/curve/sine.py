"""Curve stage; lines on a sine wave, before any raster. Labels follow: they are placed by the same curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.fields import Distribution, Number
from glyphmill.core.unit import Unit
from glyphmill.stages.curve.baseline import Graph, along
from glyphmill.stages.curve.lines import FLAT_PX, Block, CurvedLines, Floats
from glyphmill.stages.curve.settings import CurveParams, CurveSettings


class Config(CurveSettings):
    """Settings of a sine wave."""

    amplitude: Distribution = Number(
        (4, 24),
        lo=0,
        hi=10_000,
        unit="px",
        kind="exponential",
        about="height of the crests; 0 is straight; shrinks where the wave would turn so tightly that letters collide, "
        "and the plan records the amplitude used",
    )
    frequency: Distribution = Number((0.01, 0.04), lo=0, hi=100, unit="radians per px", about="0 is straight")
    phase: Distribution = Number((0, 6.2832), unit="radians", about="of the wave at the left end of the lines")


@dataclass(frozen=True, kw_only=True)
class Params(CurveParams):
    """Drawn values: px, radians per px, radians."""

    amplitude: float
    frequency: float
    phase: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "amplitude": config.amplitude.draw(rng),
        "frequency": config.frequency.draw(rng),
        "phase": config.phase.draw(rng),
        "bend": config.bend,
    }


def apply(params: Params, block: Block) -> CurvedLines:
    """The lines of a block on height = amplitude * sin(frequency * (u - left) + phase)."""
    frequency = params.frequency
    if frequency == 0:
        return CurvedLines.straight(block)
    # a sine turns tightest on its crests, with the radius 1 / (amplitude * frequency ** 2)
    limit = block.tightest * frequency * frequency
    amplitude = params.amplitude if params.amplitude * limit <= 1 else 1.0 / limit
    if amplitude < FLAT_PX:
        amplitude = 0.0
    used = {} if amplitude == params.amplitude else {"amplitude": amplitude}
    if amplitude == 0:
        return CurvedLines.straight(block, used=used)
    phase = params.phase + frequency * (block.center - block.left)

    def heights(t: Floats) -> tuple[Floats, Floats, Floats]:
        angle = frequency * t + phase
        height = amplitude * np.sin(angle)
        return height, (amplitude * frequency) * np.cos(angle), height * -(frequency * frequency)

    wave = Graph(heights, steepest=amplitude * frequency, tightest=block.tightest)
    return along(block, wave, block.center, used)


UNIT = Unit(
    id="sine",
    stage="curve",
    summary="Lines on a sine wave. Labels follow the letters.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
