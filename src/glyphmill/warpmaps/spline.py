"""A smooth field of displacements: cubic B-splines on a coarse lattice, and the map that it makes.

The field has two continuous derivatives; beyond its lattice it stays as it is at the border. It is limited so that it
never moves two neighbours by amounts that differ by more than a share of their distance, whence it cannot fold.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import Uneven

Complex = NDArray[np.complexfloating[Any, Any]]
Weights = NDArray[np.floating[Any]]

#: Greatest difference between the displacements of two neighbours, as a share of their distance. At 1 a map folds.
MOST_SLOPE = 0.6
_PAD = 3
_PART = 4096  # points that are moved at a time
_STEPS = 40
_TOLERANCE_PX = 8e-3
_STRAIGHT = 1e-9  # 1 / px: fields that bend less are as good as straight
_LESS = 0.64  # of the error's square is left by a good step
_FOURTH = 4.0  # deviation of fourth differences of a field without a trace of smoothness, in its coefficients'
_HALVES = (np.array(0.0), np.array(0.5))


@dataclass(frozen=True)
class SplineField:
    """Displacements dx + i dy, px, by coefficients on a lattice.

    Attributes:
        coefficients: (rows, columns).
        origin: x, y of the first node, px.
        step: distance of nodes along x and y, px.
    """

    coefficients: Complex
    origin: tuple[float, float]
    step: tuple[float, float]

    @cached_property
    def _padded(self) -> NDArray[np.complex64]:
        """The lattice with its border drawn out, (rows, columns)."""
        return np.ascontiguousarray(np.pad(self.coefficients.astype(np.complex64), _PAD, mode="edge"))

    def at(self, points: Points) -> Complex:
        """Displacements at points (n, 2), complex (n,), to seven digits."""
        around, places = self._cells(points)
        weights = _cubic(places)
        around *= weights[:, 0]
        level = around.sum(axis=1)
        level *= weights[:, 1]
        return np.asarray(level.sum(axis=0).view(np.complex64))

    def with_slopes(self, points: Points) -> tuple[Complex, Complex, Complex]:
        """Displacements, and their change per pixel along x and along y, each complex (n,)."""
        around, places = self._cells(points)
        weights, slopes = _cubic(places), _cubic_slope(places)
        turn = (around * slopes[:, 0]).sum(axis=1)
        turn *= weights[:, 1]
        around *= weights[:, 0]
        level = around.sum(axis=1)
        along_x = turn.sum(axis=0).view(np.complex64)
        along_x /= np.float32(self.step[0])
        np.multiply(level, slopes[:, 1], out=turn)
        along_y = turn.sum(axis=0).view(np.complex64)
        along_y /= np.float32(self.step[1])
        level *= weights[:, 1]
        return level.sum(axis=0).view(np.complex64), along_x, along_y

    @cached_property
    def _sixteen(self) -> NDArray[np.int64]:
        """Where the 4 x 4 coefficients around a cell lie in ``_padded``, counted from the first of them, (16, 1)."""
        return np.asarray(np.add.outer(np.arange(4) * self._padded.shape[1], np.arange(4)).reshape(16, 1), np.int64)

    @cached_property
    def _lattice(self) -> tuple[Weights, Weights, Weights]:
        """Origin, step, and the place in nodes from which on nothing changes any more; x and y, (2, 1) each."""
        rows, columns = self.coefficients.shape
        origin, step, end = np.array([self.origin, self.step, (columns, rows)], np.float64)[..., None]
        return origin, step, end

    def _cells(self, points: Points) -> tuple[Weights, Weights]:
        """The 4 x 4 coefficients that each point depends on, (4, 4, 2 n), and its place in their middle cell, (2, 2 n).

        Real and imaginary parts take turns, whence every place is there twice.
        """
        origin, step, end = self._lattice
        places = np.subtract(points.T, origin, order="C")
        places /= step
        # two nodes beyond the border nothing changes any more
        np.maximum(places, -2.0, out=places)
        np.minimum(places, end, out=places)
        cells = np.floor(places)
        places -= cells
        width = self._padded.shape[1]
        cells[1] *= width
        cells[0] += cells[1]
        first = cells[0].astype(np.int64)
        first += (_PAD - 1) * (width + 1)
        around = self._padded.take(first + self._sixteen).view(np.float32).reshape(4, 4, -1)
        twice = np.empty((2, len(points), 2), np.float32)
        twice[:] = places[..., None]
        return around, twice.reshape(2, -1)

    def steepest(self) -> float:
        """Greatest slope (largest singular value of the derivative), sampled twice a node."""
        nodes = self._padded.view(np.float32).reshape(*self._padded.shape, 2)
        found = 0.0
        for x in _HALVES:
            level, turn = _along(nodes, _cubic(x), 1), _along(nodes, _cubic_slope(x) / float(self.step[0]), 1)
            for y in _HALVES:
                along_x, along_y = _along(turn, _cubic(y), 0), _along(level, _cubic_slope(y) / float(self.step[1]), 0)
                squares = (along_x * along_x + along_y * along_y).sum(axis=2)
                area = along_x[..., 0] * along_y[..., 1] - along_x[..., 1] * along_y[..., 0]
                root = np.sqrt(np.maximum(squares * squares - 4 * area * area, 0.0))
                found = max(found, float((squares + root).max()) / 2)
        return math.sqrt(found)

    @cached_property
    def sharpest(self) -> float:
        """What the second derivative in any direction is at most, 1 / px."""
        x, y = self.step
        # the border's coefficients go on beyond it, and bend the field there
        along_x, along_y = np.diff(self._padded, axis=1), np.diff(self._padded, axis=0)
        straight = max(
            np.abs(np.diff(along_x, axis=1)).max(initial=0.0) / (x * x),
            np.abs(np.diff(along_y, axis=0)).max(initial=0.0) / (y * y),
        )
        return float(straight + np.abs(np.diff(along_x, axis=0)).max(initial=0.0) / (x * y))

    def limited(self) -> SplineField:
        """This field, weakened as a whole if it is steeper than ``MOST_SLOPE`` anywhere."""
        # no spline is steeper than its coefficients are, and most are far from it
        along_x, along_y = (np.abs(np.diff(self.coefficients, axis=axis)).max(initial=0.0) for axis in (1, 0))
        if math.hypot(along_x / self.step[0], along_y / self.step[1]) <= MOST_SLOPE:
            return self
        steepest = self.steepest()
        if steepest <= MOST_SLOPE:
            return self
        return replace(self, coefficients=self.coefficients * (MOST_SLOPE / steepest))


@dataclass(frozen=True)
class Displacement(Uneven):
    """A point of the page after the warp comes from where the field points: p + d(p). Forward by Newton's method."""

    field: SplineField

    def inverse(self, points: Points) -> Points:
        return _in_parts(self._pulled, points)

    def forward(self, points: Points) -> Points:
        return _in_parts(self._pushed, points)

    def unevenness(self, step: float) -> float:
        """Standard deviation of fourth differences on a lattice of this step, px, if coefficients are independent."""
        nodes = (step / min(self.field.step)) ** 3.5
        return float(_FOURTH * self._deviation * nodes / (1 + nodes))

    @cached_property
    def _deviation(self) -> float:
        """Of the field's coefficients along one axis, px."""
        return float(np.std(self.field.coefficients)) / math.sqrt(2)

    def _pulled(self, points: Points) -> Points:
        return np.add(points.T, _parts(self.field.at(points)), order="C").T

    def _pushed(self, points: Points) -> Points:
        wanted = points.T
        found = wanted.copy()
        if self._furthest > self._last:
            # a plain step is half as dear as one of Newton's, and leaves it less than a slope's share to do
            found -= _parts(self.field.at(points))
        active: NDArray[np.int64] | None = None
        left = np.float32(np.inf)
        at = found
        for _ in range(_STEPS):
            moved, along_x, along_y = self.field.with_slopes(at.T)
            off = at - wanted
            off += _parts(moved)
            miss = off.astype(np.float32)
            # J step = -miss for J = ((1 + a, b), (c, 1 + d))
            (a, c), (b, d) = _parts(along_x).copy(), _parts(along_y).copy()
            a += 1
            d += 1
            step = np.empty_like(miss)
            np.subtract(b * miss[1], d * miss[0], out=step[0])
            np.subtract(c * miss[0], a * miss[1], out=step[1])
            step /= a * d - b * c
            error = (miss * miss).sum(axis=0)
            # where Newton overshoots, the plain step q <- p - d(q) is sure to lessen the error: slopes are below 1
            over = error > _LESS * left
            if over.any():
                step[:, over] = -miss[:, over]
            at = at + step
            if active is None:
                found = at
            else:
                found[:, active] = at
            going = np.flatnonzero(over | ((step * step).sum(axis=0) > self._last))
            if len(going) == 0:
                break
            active = going if active is None else active[going]
            left, at, wanted = error[going], at[:, going], wanted[:, going]
        return found.T

    @cached_property
    def _furthest(self) -> float:
        """Square of what a point is moved by at most, px^2."""
        return float(np.abs(self.field.coefficients).max(initial=0.0)) ** 2

    @cached_property
    def _last(self) -> float:
        """Square of a step of Newton's after which no other is needed, px^2.

        What it leaves is half the field's second derivative times this.
        """
        return 2 * _TOLERANCE_PX / max(self.field.sharpest, _STRAIGHT)


def _parts(values: Complex) -> Weights:
    """Real and imaginary parts of complex64 (n,), (2, n)."""
    return np.asarray(values.view(np.float32).reshape(-1, 2).T)


def _in_parts(move: Callable[[Points], Points], points: Points) -> Points:
    """Points moved some thousands at a time, so that what is looked up for them stays in a processor's cache."""
    parts = math.ceil(len(points) / _PART)
    if parts <= 1:
        return move(points)
    return np.concatenate([move(part).T for part in np.array_split(points, parts)], axis=1).T


def interpolating(values: Complex, origin: tuple[float, float], step: tuple[float, float]) -> SplineField:
    """The field that has given displacements (rows, columns) on the nodes of its lattice."""
    rows, columns = values.shape
    made = _through_nodes(rows) @ values @ _through_nodes(columns).T
    return SplineField(np.asarray(made, np.complex128), origin, step)


@lru_cache(maxsize=64)
def _through_nodes(n: int) -> Weights:
    """Coefficients by values on nodes, (n, n); the border's coefficient goes on beyond it."""
    matrix = np.diag(np.full(n, 4.0)) + np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    matrix[0, 0] += 1
    matrix[-1, -1] += 1
    return np.asarray(np.linalg.inv(matrix / 6), np.float64)


def _cubic(t: Weights) -> Weights:
    """Weights of four coefficients at 0 <= t < 1 between the middle two, (4, ...)."""
    weights = np.empty((4, *t.shape), t.dtype)
    s, square = 1 - t, t * t
    weights[0], weights[3] = s * s * s / 6, square * t / 6
    weights[1] = 3 * weights[3] - square + 2 / 3
    weights[2] = 1 - weights[0] - weights[1] - weights[3]
    return weights


def _cubic_slope(t: Weights) -> Weights:
    """Derivative of ``_cubic``, per node."""
    weights = np.empty((4, *t.shape), t.dtype)
    s = 1 - t
    weights[0], weights[3] = s * s / -2, t * t / 2
    weights[1] = (1.5 * t - 2) * t
    weights[2] = -weights[0] - weights[1] - weights[3]
    return weights


def _along(values: Weights, weights: Weights, axis: int) -> Weights:
    """Weighted sums of four neighbours along one of the first two axes, for each place where there are four."""
    n = values.shape[axis] - 3
    parts = [
        values[(slice(None),) * axis + (slice(first, first + n),)] * np.float32(weight)
        for first, weight in enumerate(weights.tolist())
        if weight
    ]
    return np.asarray(sum(parts[1:], start=parts[0]))
