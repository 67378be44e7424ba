"""Curves that text can run along, and the laying of lines on them by arc length.

Arc length is measured where a line is tightest: at the tops of the letters where the curve turns towards them, at
their bottoms where it turns away. There clusters keep the distances of their advances; elsewhere they are farther
apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from glyphmill.stages.curve.lines import Block, CurvedLines, Floats, Plane

#: Steps per radius of the tightest turn: chords then lie within 0.003 px of the curve.
_STEPS_PER_RADIUS = 50
#: How much longer a curve is made each time that it proves too short.
_GROWTH = 1.4


class Samples(NamedTuple):
    """A curve at n places: where it is, unit tangents, px per unit of t, curvature; each (n,).

    Curvature is positive where the curve turns from u towards v: the center lies on the side of the tops.
    """

    place: Plane
    tangent: Plane
    speed: Floats
    curvature: Floats


class Baseline(Protocol):
    """A smooth curve by a parameter t in px; t = 0 is at the origin of its plane in u.

    Attributes:
        tightest: the least radius that it turns with, px.
        fastest: the greatest speed.
    """

    @property
    def tightest(self) -> float: ...

    @property
    def fastest(self) -> float: ...

    def at(self, t: Floats) -> Samples: ...


@dataclass(frozen=True)
class Turn:
    """A circle through the origin, by arc length.

    Attributes:
        curvature: 1 / radius, positive for a center on the side of the tops.
        heading: direction at the origin, radians from u towards v.
    """

    curvature: float
    heading: float = 0.0

    @property
    def tightest(self) -> float:
        """The radius."""
        return 1.0 / abs(self.curvature)

    @property
    def fastest(self) -> float:
        """One: t is arc length."""
        return 1.0

    def at(self, t: Floats) -> Samples:
        """The circle at arc lengths t (n,)."""
        half = t * (self.curvature / 2)
        start = np.exp(1j * self.heading)
        turned = np.exp(1j * half) * start
        # the chord by the sine of half the turn: exact for the flattest circle too
        place = turned * np.sin(half) * (2 / self.curvature)
        return Samples(place, turned * turned / start, np.ones_like(t), np.full_like(t, self.curvature))


@dataclass(frozen=True)
class Graph:
    """Heights over the straight line: t is the place along it.

    Attributes:
        heights: heights, slopes and second derivatives at t (n,).
        steepest: at least the greatest slope.
        tightest: at most the least radius.
    """

    heights: Callable[[Floats], tuple[Floats, Floats, Floats]]
    steepest: float
    tightest: float

    @property
    def fastest(self) -> float:
        """Arc length per unit of t where it is steepest."""
        return float(np.hypot(1.0, self.steepest))

    def at(self, t: Floats) -> Samples:
        """The graph at t (n,)."""
        height, slope, second = self.heights(t)
        speed = np.hypot(1.0, slope)
        return Samples(t + 1j * height, (1.0 + 1j * slope) / speed, speed, second / speed**3)


def along(block: Block, curve: Baseline, anchor: float, used: dict[str, Any] | None = None) -> CurvedLines:
    """The lines of a block on a curve: its baselines' middle runs on the curve, each line parallel to it.

    Args:
        curve: turns nowhere tighter than ``block.tightest``.
        anchor: the u that lies at t = 0 in every line.
        used: see ``CurvedLines``.
    """
    left, right = block.left, block.right
    step = min(1.0, curve.tightest / _STEPS_PER_RADIUS)
    t, lengths = _measured(block, curve, left - anchor, right - anchor, step / curve.fastest)
    count = int(np.ceil((right - left) / step)) + 1
    u: Floats = np.linspace(left - anchor, right - anchor, count, dtype=np.float64)
    places, tangents = [], []
    for offset, length in zip(block.offsets.tolist(), lengths, strict=True):
        found = curve.at(np.interp(u, length, t))
        places.append(found.place + found.tangent * (1j * offset))
        tangents.append(found.tangent)
    home = anchor - 1j * block.offsets[0]
    return CurvedLines(left, right, np.stack(places) + home, np.stack(tangents), used=used)


def _measured(block: Block, curve: Baseline, first: float, last: float, step: float) -> tuple[Floats, Floats]:
    """Places t (n,), and the measured length of each line from t = 0 to there, (k, n): from ``first`` to ``last``."""
    low, high = first * _GROWTH - step, last * _GROWTH + step
    while True:
        before = int(np.ceil(-low / step))
        t: Floats = np.arange(-before, int(np.ceil(high / step)) + 1, dtype=np.float64) * step
        found = curve.at(t)
        tight = np.maximum(found.curvature * block.reach_up, -found.curvature * block.reach_down)
        rate = found.speed * (1.0 - np.multiply.outer(block.offsets, found.curvature) - tight)
        lengths = np.zeros_like(rate)
        np.cumsum((rate[:, 1:] + rate[:, :-1]) * (step / 2), axis=1, out=lengths[:, 1:])
        lengths -= lengths[:, before : before + 1]
        short_before, short_after = lengths[:, 0].max() > first, lengths[:, -1].min() < last
        if not (short_before or short_after):
            return t, lengths
        low *= _GROWTH if short_before else 1.0
        high *= _GROWTH if short_after else 1.0
