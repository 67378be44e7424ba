"""A smooth field of displacements: cubic B-splines on a coarse lattice, and the map that it makes.

The field has two continuous derivatives; beyond its lattice it stays as it is at the border. It is limited so that it
never moves two neighbours by amounts that differ by more than a share of their distance, whence it cannot fold.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import columns

Complex = NDArray[np.complexfloating[Any, Any]]
Weights = NDArray[np.floating[Any]]

#: Greatest difference between the displacements of two neighbours, as a share of their distance. At 1 a map folds.
MOST_SLOPE = 0.6
_PAD = 3
_PART = 4096  # points that are moved at a time
_STEPS = 40
_TOLERANCE_PX = 4e-3
_LESS = 0.64  # of the error's square is left by a good step
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
        around, x, y = self._cells(points)
        around *= _cubic(x)
        level = around.sum(axis=1)
        level *= _cubic(y)
        return np.asarray(level.sum(axis=0).view(np.complex64))

    def with_slopes(self, points: Points) -> tuple[Complex, Complex, Complex]:
        """Displacements, and their change per pixel along x and along y, each complex (n,)."""
        around, x, y = self._cells(points)
        weights = _cubic(y)
        turn = (around * (_cubic_slope(x) / float(self.step[0]))).sum(axis=1)
        turn *= weights
        around *= _cubic(x)
        level = around.sum(axis=1)
        along_y = level * (_cubic_slope(y) / float(self.step[1]))
        level *= weights
        total, along_x, along_y = (part.sum(axis=0).view(np.complex64) for part in (level, turn, along_y))
        return total, along_x, along_y

    @cached_property
    def _sixteen(self) -> NDArray[np.int64]:
        """Where the 4 x 4 coefficients around a cell lie in ``_padded``, counted from the first of them, (16, 1)."""
        return np.asarray(np.add.outer(np.arange(4) * self._padded.shape[1], np.arange(4)).reshape(16, 1), np.int64)

    def _cells(self, points: Points) -> tuple[Weights, Weights, Weights]:
        """The 4 x 4 coefficients that each point depends on, (4, 4, 2 n), and its place in their middle cell, (2 n,).

        Real and imaginary parts take turns, whence every place is there twice.
        """
        rows, columns = self.coefficients.shape
        places = np.empty((2, len(points)))
        for axis, end in enumerate((columns, rows)):
            # two nodes beyond the border nothing changes any more
            np.subtract(points[:, axis], self.origin[axis], out=places[axis])
            places[axis] /= self.step[axis]
            np.clip(places[axis], -2.0, end, out=places[axis])
        cells = np.floor(places)
        places -= cells
        first = (cells[1] * self._padded.shape[1] + cells[0]).astype(np.int64)
        first += (_PAD - 1) * (self._padded.shape[1] + 1)
        around = self._padded.take(first + self._sixteen).view(np.float32).reshape(4, 4, -1)
        x, y = np.repeat(places.astype(np.float32), 2, axis=1)
        return around, x, y

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
class Displacement:
    """A point of the page after the warp comes from where the field points: p + d(p). Forward by Newton's method."""

    field: SplineField

    def inverse(self, points: Points) -> Points:
        return _in_parts(self._pulled, points)

    def forward(self, points: Points) -> Points:
        return _in_parts(self._pushed, points)

    def _pulled(self, points: Points) -> Points:
        moved = self.field.at(points)
        return columns(points[:, 0] + moved.real, points[:, 1] + moved.imag)

    def _pushed(self, points: Points) -> Points:
        found = columns(points[:, 0], points[:, 1])
        x, y = wanted_x, wanted_y = found.T.copy()
        active = np.arange(len(found))
        left = np.full(len(found), np.inf)
        for _ in range(_STEPS):
            moved, along_x, along_y = self.field.with_slopes(columns(x, y))
            miss_x, miss_y = x - wanted_x + moved.real, y - wanted_y + moved.imag
            # J step = -miss for J = ((1 + a, b), (c, 1 + d))
            a, b, c, d = 1 + along_x.real, along_y.real, along_x.imag, 1 + along_y.imag
            area = a * d - b * c
            step_x, step_y = (b * miss_y - d * miss_x) / area, (c * miss_x - a * miss_y) / area
            error = miss_x * miss_x + miss_y * miss_y
            # where Newton overshoots, the plain step q <- p - d(q) is sure to lessen the error: slopes are below 1
            over = error > _LESS * left
            step_x[over], step_y[over] = -miss_x[over], -miss_y[over]
            x, y = x + step_x, y + step_y
            found[active, 0], found[active, 1] = x, y
            going = np.flatnonzero(over | (step_x * step_x + step_y * step_y > self._last))
            if len(going) == 0:
                break
            active, left = active[going], error[going]
            x, y, wanted_x, wanted_y = (each[going] for each in (x, y, wanted_x, wanted_y))
        return found

    @property
    def _last(self) -> float:
        """Square of a step of Newton's after which no other is needed, px^2.

        What it leaves is half the field's second derivative times this, and as slopes are limited, that derivative
        cannot pass some 4 slopes a node.
        """
        return _TOLERANCE_PX * min(self.field.step) / (2 * MOST_SLOPE)


def _in_parts(move: Callable[[Points], Points], points: Points) -> Points:
    """Points moved some thousands at a time, so that what is looked up for them stays in a processor's cache."""
    parts = math.ceil(len(points) / _PART)
    if parts <= 1:
        return move(points)
    return np.concatenate([move(part).T for part in np.array_split(points, parts)], axis=1).T


def interpolating(values: Complex, origin: tuple[float, float], step: tuple[float, float]) -> SplineField:
    """The field that has given displacements (rows, columns) on the nodes of its lattice."""
    rows, columns = values.shape
    made = np.linalg.solve(_collocation(columns), np.linalg.solve(_collocation(rows), values).T).T
    return SplineField(np.asarray(made, np.complex128), origin, step)


def _collocation(n: int) -> Weights:
    """Value on node i of a spline with coefficient 1 on node j; the border's coefficient goes on beyond it."""
    matrix = np.diag(np.full(n, 4.0)) + np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    matrix[0, 0] += 1
    matrix[-1, -1] += 1
    return matrix / 6


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
