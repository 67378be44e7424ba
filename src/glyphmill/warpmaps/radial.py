"""Lenses: points move along their ray from the middle of the page, by a profile of their distance from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import WarpMap, columns
from glyphmill.warpmaps.affine import IDENTITY, Size

LensModel = Literal["barrel", "fisheye"]
Distances = NDArray[np.float64]

_REACH = 1.25  # distance from the middle, in half diagonals, up to which a profile is curved
_WIDEST = 1.2  # radians: how far from the axis a fisheye's profile is curved
_STEPS = 12
_NEAREST = 1e-9  # to the middle, where there is no ray, half diagonals
_CLOSE = 1e-5  # half diagonals: after a step so small no other is needed


@dataclass(frozen=True)
class Polynomial:
    """r (1 + k r^2 + k r^4) for k > 0, going on straight beyond a reach."""

    k: float

    def widen(self, r: Distances) -> Distances:
        if r.max(initial=0.0) <= _REACH:
            return self._curved(r)
        near = np.minimum(r, _REACH)
        return np.asarray(self._curved(near) + (r - near) * self._slope(np.float64(_REACH)))

    def narrow(self, y: Distances) -> Distances:
        end, slope = float(self._curved(np.float64(_REACH))), float(self._slope(np.float64(_REACH)))
        wanted = np.minimum(y, end)
        # the profile is convex, so from the right Newton's method comes down to the root and never passes it
        r = np.minimum(wanted, _REACH)
        for _ in range(_STEPS):
            step = (self._curved(r) - wanted) / self._slope(r)
            r = r - step
            # what is left is of the order of the step's square
            if np.abs(step).max(initial=0.0) < _CLOSE:
                break
        return r if y.max(initial=0.0) <= end else np.where(y <= end, r, _REACH + (y - end) / slope)

    def _curved(self, r: Distances | np.float64) -> Distances:
        square = r * r
        return np.asarray(r * (1 + self.k * square * (1 + square)))

    def _slope(self, r: Distances | np.float64) -> Distances:
        square = r * r
        return np.asarray(1 + self.k * square * (3 + 5 * square))


@dataclass(frozen=True)
class Tangent:
    """tan(s r) / s: from the angle of a ray to its place on a flat picture, going on straight beyond a reach."""

    s: float

    @property
    def _end(self) -> tuple[float, float, float]:
        """Where the curve ends: r, its value, its slope."""
        angle = min(_WIDEST, self.s * _REACH)
        return angle / self.s, math.tan(angle) / self.s, 1 / math.cos(angle) ** 2

    def widen(self, r: Distances) -> Distances:
        end, _, slope = self._end
        near = np.minimum(r, end)
        return np.asarray(np.tan(self.s * near) / self.s + (r - near) * slope)

    def narrow(self, y: Distances) -> Distances:
        _, value, slope = self._end
        near = np.minimum(y, value)
        return np.asarray(np.arctan(self.s * near) / self.s + (y - near) / slope)


@dataclass(frozen=True)
class Radial:
    """Points move along their ray from the middle.

    Attributes:
        middle: x, y, px.
        unit: half the diagonal, px.
        push, pull: profiles of the distance in units, forward and back.
    """

    middle: tuple[float, float]
    unit: float
    push: Callable[[Distances], Distances]
    pull: Callable[[Distances], Distances]

    def forward(self, points: Points) -> Points:
        return self._moved(points, self.push)

    def inverse(self, points: Points) -> Points:
        return self._moved(points, self.pull)

    def _moved(self, points: Points, profile: Callable[[Distances], Distances]) -> Points:
        x, y = points[:, 0] - self.middle[0], points[:, 1] - self.middle[1]
        r = np.sqrt(x * x + y * y) / self.unit
        np.maximum(r, _NEAREST, out=r)
        ratio = profile(r) / r
        return columns(x * ratio + self.middle[0], y * ratio + self.middle[1])


def optical_map(size: Size, *, limit: float, model: LensModel = "barrel") -> WarpMap:
    """The distortion of a lens, about the middle of the page, which keeps its size there.

    Args:
        limit: radial coefficient. Positive (barrel): a point at distance r of the warped page, in half diagonals, comes
            from r (1 + ``limit`` r^2 + ``limit`` r^4). Negative (pincushion): the same with the two pages exchanged.
        model: ``barrel`` as above; ``fisheye`` comes from tan(s r) / s, the equidistant projection, with s so that both
            models agree near the middle: s^2 = 3 ``limit``.

    Source: Brown, "Decentering distortion of lenses", 1966 (radial terms, k1 = k2); Kannala & Brandt, PAMI 2006.
    """
    if limit == 0:
        return IDENTITY
    lens = Polynomial(abs(limit)) if model == "barrel" else Tangent(math.sqrt(3 * abs(limit)))
    push, pull = (lens.narrow, lens.widen) if limit > 0 else (lens.widen, lens.narrow)
    return Radial((size[0] / 2, size[1] / 2), math.hypot(*size) / 2, push, pull)
