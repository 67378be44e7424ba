"""Warps as maps of the plane: forward for labels, inverse for pixels, composed so that pixels are resampled once.

All points are in pixels by the convention of ``core.geometry``. A map is defined on the whole plane, also outside of
the image, and is the same for the same values; what is random in it was drawn before and came with a seed.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points

_NEWTON_STEPS = 24
_TOLERANCE_PX = 1e-3
_NUDGE_PX = 0.25


class WarpMap(Protocol):
    """An invertible map of the plane.

    Maps work along coordinates, so points are fastest where each coordinate is contiguous, as ``columns`` makes them.
    """

    def forward(self, points: Points) -> Points:
        """Where points (n, 2) of the page before the warp lie after it."""

    def inverse(self, points: Points) -> Points:
        """Where points (n, 2) of the page after the warp lay before it."""


@dataclass(frozen=True)
class Homography:
    """A projective map; affine where the last row is (0, 0, 1).

    Attributes:
        matrix: (3, 3), for column vectors (x, y, 1).
    """

    matrix: NDArray[np.float64]

    @classmethod
    def affine(cls, linear: NDArray[np.float64], shift: Sequence[float] = (0.0, 0.0)) -> Homography:
        """``linear`` (2, 2) acts on column vectors (x, y), then ``shift`` is added."""
        matrix = np.eye(3)
        matrix[:2, :2], matrix[:2, 2] = linear, shift
        return cls(matrix)

    @classmethod
    def shift(cls, x: float, y: float) -> Homography:
        """All points by as much."""
        return cls(np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]]))

    @cached_property
    def rows(self) -> list[list[float]]:
        """The matrix as plain numbers."""
        rows: list[list[float]] = self.matrix.tolist()
        return rows

    @property
    def is_affine(self) -> bool:
        """Whether straight evenly spaced points stay evenly spaced."""
        return self.rows[2] == [0.0, 0.0, 1.0]

    @cached_property
    def back(self) -> Homography:
        """The other way."""
        (a, b, c), (d, e, f), (g, h, i) = self.rows
        if self.is_affine and (a, b, d, e) == (1, 0, 0, 1):
            return Homography.shift(-c, -f)
        u, v, w = e * i - f * h, f * g - d * i, d * h - e * g
        area = a * u + b * v + c * w
        rows = [[u, c * h - b * i, b * f - c * e], [v, a * i - c * g, c * d - a * f], [w, b * g - a * h, a * e - b * d]]
        return Homography(np.array([[each / area for each in row] for row in rows]))

    def forward(self, points: Points) -> Points:
        (a, b, c), (d, e, f), (g, h, i) = self.rows
        x, y = points[:, 0], points[:, 1]
        if self.is_affine:
            if (a, b, d, e) == (1, 0, 0, 1):
                return columns(x + c, y + f)
            return columns(a * x + b * y + c, d * x + e * y + f)
        scale = 1 / (g * x + h * y + i)
        return columns((a * x + b * y + c) * scale, (d * x + e * y + f) * scale)

    def inverse(self, points: Points) -> Points:
        return self.back.forward(points)

    def plain_inverse(self, width: float, height: float) -> Homography | None:
        """The other way, if all of a page seen at (0, 0) .. (width, height) lies before the horizon."""
        g, h, i = self.back.rows[2]
        return self.back if min(i, g * width + i, h * height + i, g * width + h * height + i) > 0 else None


class Uneven(ABC):
    """A map that is not smooth on a small scale, and says so."""

    @abstractmethod
    def unevenness(self, step: float) -> float:
        """Of its displacements: as the function of that name."""


class AffineKin(ABC):
    """A map that stays one of its kind with an affine map before or after it."""

    @abstractmethod
    def forward(self, points: Points) -> Points:
        """As of every ``WarpMap``."""

    @abstractmethod
    def inverse(self, points: Points) -> Points:
        """As of every ``WarpMap``."""

    @abstractmethod
    def after(self, affine: Homography) -> WarpMap:
        """One map for an affine one and then this."""

    @abstractmethod
    def before(self, affine: Homography) -> WarpMap:
        """One map for this and then an affine one."""

    @abstractmethod
    def plain_inverse(self, width: float, height: float) -> Homography | None:
        """The inverse as a projective map, if it is one all over a page seen at (0, 0) .. (width, height)."""


def columns(x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
    """Points (n, 2) of which each coordinate is contiguous."""
    both = np.empty((2, len(x)))
    both[0], both[1] = x, y
    return both.T


@dataclass(frozen=True)
class ByInverse:
    """A map of which the inverse is known in closed form; forward is found by Newton's method.

    Attributes:
        pull: from points after the warp to points before it, (n, 2) -> (n, 2); smooth enough to follow its slope, and
            nowhere folded.
    """

    pull: Callable[[Points], Points]

    def forward(self, points: Points) -> Points:
        return solve(self.pull, points)

    def inverse(self, points: Points) -> Points:
        return self.pull(points)


@dataclass(frozen=True)
class ByForward:
    """A map of which forward is known in closed form; the inverse is found by Newton's method."""

    push: Callable[[Points], Points]

    def forward(self, points: Points) -> Points:
        return self.push(points)

    def inverse(self, points: Points) -> Points:
        return solve(self.push, points)


@dataclass(frozen=True)
class Composed:
    """Several maps, the first one applied first."""

    maps: tuple[WarpMap, ...]

    def forward(self, points: Points) -> Points:
        for each in self.maps:
            points = each.forward(points)
        return points

    def inverse(self, points: Points) -> Points:
        for each in reversed(self.maps):
            points = each.inverse(points)
        return points


def compose(maps: Sequence[WarpMap]) -> WarpMap:
    """One map for several; affine maps are taken in by projective ones and by ``AffineKin`` beside them."""
    joined: list[WarpMap] = []
    for each in _flat(maps):
        one = _as_one(joined[-1], each) if joined else None
        if one is None:
            joined.append(each)
        else:
            joined[-1] = one
    return joined[0] if len(joined) == 1 else Composed(tuple(joined))


def _flat(maps: Sequence[WarpMap]) -> Iterator[WarpMap]:
    for each in maps:
        if isinstance(each, Composed):
            yield from _flat(each.maps)
        else:
            yield each


def _as_one(first: WarpMap, last: WarpMap) -> WarpMap | None:
    """One map for two, if there is one."""
    if isinstance(last, Homography):
        if isinstance(first, Homography):
            return Homography(last.matrix @ first.matrix)
        return first.before(last) if isinstance(first, AffineKin) and last.is_affine else None
    if isinstance(first, Homography) and first.is_affine and isinstance(last, AffineKin):
        return last.after(first)
    return None


def unevenness(warp: WarpMap, step: float) -> float:
    """What fourth differences on a lattice of this step (px) are about, as a standard deviation, px; 0 if unknown.

    Maps that know it of themselves are ``Uneven``.
    """
    maps = warp.maps if isinstance(warp, Composed) else (warp,)
    return math.hypot(*(each.unevenness(step) for each in maps if isinstance(each, Uneven)))


def solve(function: Callable[[Points], Points], target: Points) -> Points:
    """Points x with function(x) = target, for a map that is smooth and nowhere folded, close to ``target`` at first.

    Newton's method with slopes by central differences; a step is halved where it would lead further away.
    """
    x = target.copy()
    error = function(x) - target
    for _ in range(_NEWTON_STEPS):
        active = np.flatnonzero(np.abs(error).max(axis=1, initial=0.0) > _TOLERANCE_PX)
        if len(active) == 0:
            break
        at, miss = x[active], error[active]
        (a, b), (c, d) = jacobian(function, at).transpose(1, 2, 0)
        step = np.stack([b * miss[:, 1] - d * miss[:, 0], c * miss[:, 0] - a * miss[:, 1]], axis=1)
        step /= (a * d - b * c)[:, None]
        size = np.ones(len(active))
        for _ in range(6):
            moved = at + step * size[:, None]
            left = function(moved) - target[active]
            worse = np.hypot(*left.T) > np.hypot(*miss.T)
            if not worse.any():
                break
            size[worse] /= 2
        x[active], error[active] = moved, left
    return x


def jacobian(function: Callable[[Points], Points], points: Points) -> NDArray[np.float64]:
    """Slopes of a map at points, float (n, 2, 2): row i is the gradient of its i-th coordinate."""
    n = len(points)
    nudges = np.array([[_NUDGE_PX, 0.0], [-_NUDGE_PX, 0.0], [0.0, _NUDGE_PX], [0.0, -_NUDGE_PX]])
    around = function((points[None] + nudges[:, None]).reshape(-1, 2)).reshape(4, n, 2)
    slopes = np.stack([around[0] - around[1], around[2] - around[3]], axis=2) / (2 * _NUDGE_PX)
    # a vanishing slope would make a step without end
    flat = np.abs(np.linalg.det(slopes)) < 1e-9
    slopes[flat] = np.eye(2)
    return np.asarray(slopes)


def least_stretch(warp: WarpMap, width: int, height: int, nodes: int = 48) -> float:
    """The least determinant of the inverse's slope over an image: above 0 nothing is folded over."""
    xs, ys = np.linspace(0, width, nodes), np.linspace(0, height, nodes)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    return float(np.linalg.det(jacobian(warp.inverse, grid)).min())
