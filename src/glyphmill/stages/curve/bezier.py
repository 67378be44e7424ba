"""Curve stage; lines on a random smooth curve, before any raster. Labels follow: they are placed by the same curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.fields import Distribution, Number, Whole
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.curve.baseline import Graph, along
from glyphmill.stages.curve.lines import FLAT_PX, Block, CurvedLines, Floats
from glyphmill.stages.curve.settings import CurveParams, CurveSettings


class Config(CurveSettings):
    """Settings of a random curve."""

    amplitude: Distribution = Number(
        (0.03, 0.2),
        lo=0,
        hi=0.5,
        unit="share of the text's length",
        kind="exponential",
        about="how far control points lie off the straight line at most; 0 is straight; shrinks where the curve would "
        "turn so tightly that letters collide, and the plan records the amplitude used",
    )
    points: Distribution = Whole((3, 6), lo=3, hi=100, unit="", about="control points, evenly along the text")


@dataclass(frozen=True, kw_only=True)
class Params(CurveParams):
    """Drawn values: share of the length, number of control points, seed of their heights."""

    amplitude: float
    points: int
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "amplitude": config.amplitude.draw(rng),
        "points": config.points.draw(rng),
        "seed": field_seed(rng),
        "bend": config.bend,
    }


def apply(params: Params, block: Block) -> CurvedLines:
    """The lines of a block on cubic Bezier segments that join with equal tangents and curvatures."""
    length = block.right - block.left
    shape = Spline(field_stream(params.seed).uniform(-1.0, 1.0, params.points), length)
    amplitude = params.amplitude
    if shape.most_bent > 0:
        # the curvature of a graph is at most its second derivative
        amplitude = min(amplitude, 1.0 / (block.tightest * shape.most_bent * length))
    if amplitude * length < FLAT_PX:
        amplitude = 0.0
    used = {} if amplitude == params.amplitude else {"amplitude": amplitude}
    if amplitude == 0:
        return CurvedLines.straight(block, used=used)
    scale = amplitude * length

    def heights(t: Floats) -> tuple[Floats, Floats, Floats]:
        height, slope, second = shape(t + length / 2)
        return height * scale, slope * scale, second * scale

    curve = Graph(heights, steepest=shape.steepest * scale, tightest=block.tightest)
    return along(block, curve, block.center, used)


class Spline:
    """Uniform cubic B-spline over [0, length] by its control heights; beyond the ends it goes straight on.

    Its segments are Bezier curves. It begins and ends on its first and last control height, without curvature there.

    Attributes:
        steepest: bound of the slopes.
        most_bent: the greatest second derivative, as an absolute value.
    """

    def __init__(self, controls: Floats, length: float) -> None:
        """Make it from m >= 2 control heights (m,)."""
        self._length = length
        self._gap = length / (len(controls) - 1)
        self._controls = np.concatenate([[2 * controls[0] - controls[1]], controls, [2 * controls[-1] - controls[-2]]])
        self.steepest = float(np.abs(np.diff(controls)).max()) / self._gap
        self.most_bent = float(np.abs(np.diff(self._controls, n=2)).max()) / self._gap**2

    def __call__(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Heights, slopes and second derivatives at x (n,)."""
        within = np.clip(x, 0.0, self._length)
        at = within / self._gap
        segment = np.minimum(at.astype(np.int64), len(self._controls) - 4)
        t = at - segment
        p0, p1, p2, p3 = (self._controls[segment + k] for k in range(4))
        a, b, c = (p3 - p0) / 6 + (p1 - p2) / 2, (p0 + p2) / 2 - p1, (p2 - p0) / 2
        slope = ((3 * a * t + 2 * b) * t + c) / self._gap
        beyond = x - within
        height = ((a * t + b) * t + c) * t + (p0 + 4 * p1 + p2) / 6 + slope * beyond
        second = np.where(beyond == 0, (6 * a * t + 2 * b) / self._gap**2, 0.0)
        return height, slope, second


UNIT = Unit(
    id="bezier",
    stage="curve",
    summary="Lines on a random smooth curve. Labels follow the letters.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
