"""Rows or columns that sway: each point moves across the direction in which the wave runs, so nothing can fold."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import WarpMap, columns
from glyphmill.warpmaps.affine import IDENTITY, Size

_MOST_SLOPE = 1.0


@dataclass(frozen=True)
class Wave:
    """``p + amplitude sin(k . p + phase) across``, closed both ways.

    Attributes:
        across: unit direction of the movement, at right angles to ``k``.
        k: radians per pixel along the wave.
    """

    across: tuple[float, float]
    k: tuple[float, float]
    amplitude: float
    phase: float

    def forward(self, points: Points) -> Points:
        return self._moved(points, self.amplitude)

    def inverse(self, points: Points) -> Points:
        return self._moved(points, -self.amplitude)

    def _moved(self, points: Points, amplitude: float) -> Points:
        x, y = points[:, 0], points[:, 1]
        swing = np.sin(self.k[0] * x + (self.k[1] * y + self.phase))
        return columns(x + amplitude * self.across[0] * swing, y + amplitude * self.across[1] * swing)


def wave_map(size: Size, *, amplitude: float, length: float, direction: float = 0.0, phase: float = 0.0) -> WarpMap:
    """A sine wave across the page.

    Args:
        amplitude: px; less where the wave would be steeper than 45 degrees.
        length: from crest to crest, px, above 0.
        direction: in which it runs, degrees counter-clockwise; 0 runs along x and moves points up and down.
        phase: radians, counted from the middle of the page.

    Raises: ValueError if ``length`` is not above 0.
    """
    if length <= 0:
        raise ValueError(f"got length {length:g}; expected a number above 0")
    if amplitude == 0:
        return IDENTITY
    turns = 2 * math.pi / length
    c, s = math.cos(math.radians(direction)), math.sin(math.radians(direction))
    k = turns * c, -turns * s
    start = phase - (k[0] * size[0] + k[1] * size[1]) / 2
    most = _MOST_SLOPE / turns
    return Wave((-s, -c), k, max(-most, min(amplitude, most)), math.remainder(start, 2 * math.pi))
