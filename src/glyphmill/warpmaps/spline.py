"""A smooth field of displacements: cubic B-splines on a coarse lattice, and the map that it makes.

The field has two continuous derivatives; beyond its lattice it stays as it is at the border. It is limited so that it
never moves two neighbours by amounts that differ by more than a share of their distance, whence it cannot fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points

Complex = NDArray[np.complex128]
Weights = NDArray[np.float64]

#: Greatest difference between the displacements of two neighbours, as a share of their distance. At 1 a map folds.
MOST_SLOPE = 0.6
_PAD = 3
_STEPS = 40
_TOLERANCE_PX = 1e-3
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
    def _padded(self) -> Complex:
        return np.pad(self.coefficients, _PAD, mode="edge")

    def at(self, points: Points) -> Complex:
        """Displacements at points (n, 2), complex (n,)."""
        first, x, y = self._place(points)
        weights_x, weights_y = _cubic(x), _cubic(y)
        total = np.zeros(len(points), np.complex128)
        for row in range(4):
            total += weights_y[row] * self._row(first, row, weights_x)
        return total

    def with_slopes(self, points: Points) -> tuple[Complex, Complex, Complex]:
        """Displacements, and their change per pixel along x and along y, each complex (n,)."""
        first, x, y = self._place(points)
        weights_x, weights_y = _cubic(x), _cubic(y)
        turns_x, turns_y = _cubic_slope(x) / self.step[0], _cubic_slope(y) / self.step[1]
        total, along_x, along_y = (np.zeros(len(points), np.complex128) for _ in range(3))
        for row in range(4):
            level, turn = self._row(first, row, weights_x, turns_x)
            total += weights_y[row] * level
            along_x += weights_y[row] * turn
            along_y += turns_y[row] * level
        return total, along_x, along_y

    def _place(self, points: Points) -> tuple[NDArray[np.int64], Weights, Weights]:
        """Flat index of the first of 4 x 4 coefficients that a point depends on, and its place in their middle cell."""
        rows, columns = self.coefficients.shape
        # two nodes beyond the border nothing changes any more
        x = np.clip((points[:, 0] - self.origin[0]) / self.step[0], -2.0, columns)
        y = np.clip((points[:, 1] - self.origin[1]) / self.step[1], -2.0, rows)
        column, row = np.floor(x), np.floor(y)
        width = columns + 2 * _PAD
        first = (row.astype(np.int64) + _PAD - 1) * width + column.astype(np.int64) + _PAD - 1
        return first, x - column, y - row

    def _row(self, first: NDArray[np.int64], row: int, *weights: Weights) -> Complex:
        """Weighted sums over four neighbours of one row, (n,) for each set of weights."""
        flat, width = self._padded.reshape(-1), self._padded.shape[1]
        sums = np.zeros((len(weights), len(first)), np.complex128)
        for column in range(4):
            taken = flat.take(first + (row * width + column))
            for total, each in zip(sums, weights, strict=True):
                total += each[column] * taken
        return sums if len(weights) > 1 else sums[0]

    def steepest(self) -> float:
        """Greatest slope (largest singular value of the derivative), sampled twice a node."""
        found = 0.0
        for x in _HALVES:
            level = _along(self._padded, _cubic(x), 1)
            turn = _along(self._padded, _cubic_slope(x) / self.step[0], 1)
            for y in _HALVES:
                along_x, along_y = _along(turn, _cubic(y), 0), _along(level, _cubic_slope(y) / self.step[1], 0)
                squares = (along_x * along_x.conj() + along_y * along_y.conj()).real
                area = (along_x.conj() * along_y).imag
                found = max(found, float((squares + np.sqrt(np.maximum(squares**2 - 4 * area**2, 0.0))).max()) / 2)
        return float(np.sqrt(found))

    def limited(self) -> SplineField:
        """This field, weakened as a whole if it is steeper than ``MOST_SLOPE`` anywhere."""
        steepest = self.steepest()
        if steepest <= MOST_SLOPE:
            return self
        return replace(self, coefficients=self.coefficients * (MOST_SLOPE / steepest))


@dataclass(frozen=True)
class Displacement:
    """A point of the page after the warp comes from where the field points: p + d(p). Forward by Newton's method."""

    field: SplineField

    def inverse(self, points: Points) -> Points:
        return np.asarray(points + _pairs(self.field.at(points)))

    def forward(self, points: Points) -> Points:
        target = points[:, 0] + 1j * points[:, 1]
        q = target - self.field.at(points)
        left = np.full(len(q), np.inf)
        active = np.arange(len(q))
        for _ in range(_STEPS):
            moved, along_x, along_y = self.field.with_slopes(_pairs(q[active]))
            error = q[active] + moved - target[active]
            size = np.abs(error)
            # J step = -error for J = ((1 + a, b), (c, 1 + d))
            a, b, c, d = 1 + along_x.real, along_y.real, along_x.imag, 1 + along_y.imag
            step = ((b * error.imag - d * error.real) + 1j * (c * error.real - a * error.imag)) / (a * d - b * c)
            # where Newton overshoots, the plain step q <- p - d(q) is sure to lessen the error: slopes are below 1
            q[active] += np.where(size <= 0.8 * left[active], step, -error)
            left[active] = size
            active = active[size > _TOLERANCE_PX]
            if len(active) == 0:
                break
        return _pairs(q)


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


def _pairs(values: Complex) -> Points:
    return np.ascontiguousarray(values).view(np.float64).reshape(-1, 2)


def _cubic(t: Weights) -> Weights:
    """Weights of four coefficients at 0 <= t < 1 between the middle two, (4, ...)."""
    s = 1 - t
    return np.stack([s * s * s, (3 * t - 6) * t * t + 4, (3 * s - 6) * s * s + 4, t * t * t]) / 6


def _cubic_slope(t: Weights) -> Weights:
    """Derivative of ``_cubic``, per node."""
    s = 1 - t
    return np.stack([-s * s, (3 * t - 4) * t, (4 - 3 * s) * s, t * t]) / 2


def _along(values: Complex, weights: Sequence[float] | Weights, axis: int) -> Complex:
    """Weighted sums of four neighbours along an axis, for each place where there are four."""
    n = values.shape[axis] - 3
    turned = values if axis == 0 else values.T
    total = turned[:n] * weights[0] + turned[1 : n + 1] * weights[1] + turned[2 : n + 2] * weights[2]
    total += turned[3:] * weights[3]
    return np.asarray(total if axis == 0 else total.T)
