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

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import Uneven

Complex = NDArray[np.complexfloating[Any, Any]]
Weights = NDArray[np.floating[Any]]

#: Greatest difference between the displacements of two neighbours, as a share of their distance. At 1 a map folds.
MOST_SLOPE = 0.6
_PAD = 3
_PART = 8192  # points that are moved at a time
_STEPS = 40
_TOLERANCE_PX = 8e-3
_STRAIGHT = 1e-9  # 1 / px: fields that bend less are as good as straight
_LESS = 0.64  # of the error's square is left by a good step
_WHOLE = 36  # weights along each axis are in sixths
_FOURTH = 4.0  # deviation of fourth differences of a field without a trace of smoothness, in its coefficients'
#: Sums of products along each of four rows of four, and of these.
_ROWS, _COLUMN = "ijn,jn->in", "in,in->n"


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
        """The lattice with its border drawn out, as ``_WHOLE`` parts, (rows, columns)."""
        plain = (self.coefficients / _WHOLE).astype(np.complex64)
        rows, columns = (np.arange(-_PAD, side + _PAD).clip(0, side - 1) for side in plain.shape)
        return np.asarray(plain[rows[:, None], columns], np.complex64)

    def at(self, points: Points) -> Complex:
        """Displacements at points (n, 2), complex (n,), to seven digits."""
        around, powers = self._cells(points)
        weights = _cubic(powers)
        return _summed(np.einsum(_ROWS, around, weights[:, 0]), weights[:, 1])

    def with_slopes(self, points: Points) -> tuple[Complex, Complex, Complex]:
        """Displacements, and their change per pixel along x and along y, each complex (n,)."""
        around, powers = self._cells(points)
        weights, slopes = _cubic(powers), _cubic_slope(powers)
        level, turn = (np.einsum(_ROWS, around, each[:, 0]) for each in (weights, slopes))
        along_x, along_y = _summed(turn, weights[:, 1]), _summed(level, slopes[:, 1])
        along_x *= 3 / self.step[0]
        along_y *= 3 / self.step[1]
        return _summed(level, weights[:, 1]), along_x, along_y

    @cached_property
    def _sixteen(self) -> NDArray[np.int64]:
        """Where the 4 x 4 coefficients around a cell lie in ``_padded``, counted from the first of them, (16, 1)."""
        return np.asarray(np.add.outer(np.arange(4) * self._padded.shape[1], np.arange(4)).reshape(16, 1), np.int64)

    @cached_property
    def _lattice(self) -> tuple[Weights, Weights, Weights]:
        """Nodes a pixel, the first cell's place in nodes, and the place from which on nothing changes; (2, 1) each."""
        rows, columns = self.coefficients.shape
        (x, y), (right, down) = self.origin, self.step
        lattice = np.array([1 / right, 1 / down, 2 - x / right, 2 - y / down, columns + 2, rows + 2])
        per_px, first, end = lattice.reshape(3, 2, 1)
        return per_px, first, end

    def _cells(self, points: Points) -> tuple[Weights, Weights]:
        """The 4 x 4 coefficients that each point depends on, (4, 4, 2 n), and ``_powers`` of its place among them.

        Real and imaginary parts take turns, whence every place is there twice: (2, 2, 2 n).
        """
        per_px, first, end = self._lattice
        places = np.multiply(points.T, per_px, order="C")
        places += first
        # two nodes beyond the border nothing changes any more
        np.maximum(places, 0.0, out=places)
        np.minimum(places, end, out=places)
        cells = places.astype(np.int64)
        places -= cells
        index = cells[1]
        index *= self._padded.shape[1]
        index += cells[0]
        around = self._padded.take(index + self._sixteen).view(np.float32).reshape(4, 4, -1)
        twice = np.empty((2, len(points), 2), np.float32)
        twice[..., 0] = places
        twice[..., 1] = twice[..., 0]
        return around, _powers(twice.reshape(2, -1))

    def steepest(self) -> float:
        """Greatest slope (largest singular value of the derivative), sampled twice a node."""
        nodes = self._padded.view(np.float32).reshape(*self._padded.shape, 2)
        halves = _kernels()
        right, down = (3 / step for step in self.step)
        found = 0.0
        for level_x, turn_x in halves:
            for level_y, turn_y in halves:
                along_x = cv2.sepFilter2D(nodes, cv2.CV_32F, turn_x * right, level_y)
                along_y = cv2.sepFilter2D(nodes, cv2.CV_32F, level_x, turn_y * down)
                # the singular values of a slope are sum and difference of what turns and what mirrors in it
                one, other = along_x.view(np.complex64), 1j * along_y.view(np.complex64)
                found = max(found, float((np.abs(one + other) + np.abs(one - other)).max()) / 2)
        return found

    @cached_property
    def sharpest(self) -> float:
        """What the second derivative in any direction is at most, 1 / px."""
        x, y = self.step
        # the border's coefficients go on beyond it, and bend the field there
        along_x, along_y = (_steps(self._padded, axis) for axis in (1, 0))
        straight = max(_largest(_steps(along_x, 1)) / (x * x), _largest(_steps(along_y, 0)) / (y * y))
        return _WHOLE * (straight + _largest(_steps(along_x, 0)) / (x * y))

    def limited(self) -> SplineField:
        """This field, weakened as a whole if it is steeper than ``MOST_SLOPE`` anywhere."""
        # no spline is steeper than its coefficients are, and most are far from it
        along_x, along_y = (_largest(_steps(self.coefficients, axis)) for axis in (1, 0))
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
        found = at = wanted.copy()
        if self._furthest > self._last:
            # a plain step is half as dear as one of Newton's, and leaves it less than a slope's share to do
            at -= _parts(self.field.at(points))
        active: NDArray[np.int64] | None = None
        left: Weights | None = None
        for _ in range(_STEPS):
            miss, along_x, along_y = self.field.with_slopes(at.T)
            off = at - wanted
            miss.real += off[0]
            miss.imag += off[1]
            along_x += 1
            along_y += 1j
            # along_x sx + along_y sy = -miss for the step (sx, sy)
            other, across = miss.conj(), along_x.conj()
            step = np.empty(at.shape, np.float32)
            area = (across * along_y).imag
            np.divide((along_y * other).imag, area, out=step[0])
            np.divide((across * miss).imag, area, out=step[1])
            error = (miss * other).real
            if left is not None:
                # where Newton overshoots, the plain step q <- p - d(q) is sure to lessen the error: slopes are below 1
                over = error > _LESS * left
                step[:, over] = _parts(miss)[:, over]
            at = at - step
            if active is None:
                found = at
            else:
                found[:, active] = at
            far = np.add.reduce(step * step, axis=0) > self._last
            if left is not None:
                far |= over
            going = np.flatnonzero(far)
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
    """Points moved some thousands at a time, so that memory stays flat: each looks up sixteen coefficients."""
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


def _summed(rows: Weights, weights: Weights) -> Complex:
    """Weighted sums of four rows of parts that take turns, complex (n,)."""
    return np.asarray(np.einsum(_COLUMN, rows, weights).view(np.complex64))


def _powers(t: Weights) -> Weights:
    """Shares t and 1 - t, and their squares: (2, 2, ...)."""
    powers = np.empty((2, 2, *t.shape), t.dtype)
    powers[0, 0] = t
    np.subtract(1, t, out=powers[0, 1])
    np.multiply(powers[0], powers[0], out=powers[1])
    return powers


def _cubic(powers: Weights) -> Weights:
    """Weights of four coefficients at 0 <= t < 1 between the middle two, in sixths, (4, ...); by ``_powers`` of t."""
    place, square = powers
    weights = np.empty((4, *place.shape[1:]), place.dtype)
    # the last and the first coefficient see t as the other sees 1 - t, and so do those in the middle
    ends, middle = weights[::-3], weights[1:3]
    np.multiply(square, place, out=ends)
    np.multiply(square, -6, out=middle)
    middle += 4
    middle += 3 * ends
    return weights


def _cubic_slope(powers: Weights) -> Weights:
    """Derivative of ``_cubic``, per node, as three times this."""
    place, square = powers
    slopes = np.empty((4, *place.shape[1:]), place.dtype)
    slopes[3] = square[0]
    np.negative(square[1], out=slopes[0])
    np.multiply(square, 3, out=slopes[1:3])
    slopes[1:3] -= 4 * place
    np.negative(slopes[2], out=slopes[2])
    return slopes


@lru_cache(maxsize=1)
def _kernels() -> tuple[tuple[Weights, Weights], ...]:
    """``_cubic`` and ``_cubic_slope`` on a node and in the middle between two."""
    powers = [_powers(np.array([t])) for t in (0.0, 0.5)]
    return tuple((_cubic(each), _cubic_slope(each)) for each in powers)


def _steps(values: Complex, axis: int) -> Complex:
    """Differences of neighbours along one of two axes."""
    return values[:, 1:] - values[:, :-1] if axis else values[1:] - values[:-1]


def _largest(values: Complex) -> float:
    """The greatest absolute value; 0 if there is none."""
    return float(np.abs(values).max(initial=0.0))
