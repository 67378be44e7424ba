"""Distributions over [min, max]: draw one value, draw n, and the density for plots.

A draw is one uniform or normal variate put through an inverse, so that it costs about a microsecond and takes the
same amount of randomness each time; a value that cannot vary takes none. Shapes are those of the configuration page.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import NormalDist
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

#: Names of the shapes, in the order of the documentation.
KINDS = ("uniform", "normal", "truncated_normal", "exponential", "lognormal", "beta", "constant", "choice")

_NORMAL = NormalDist()
_SIGMAS = 6.0  # a normal's range is six standard deviations wide
_LOW, _HIGH = _NORMAL.cdf(-_SIGMAS / 2), _NORMAL.cdf(_SIGMAS / 2)
_RATE = 30.0  # of the exponential, per range: exp(-3) = 5 % lies above the lowest tenth
_EXP_MASS = -math.expm1(-_RATE)
_LOG_SD, _LOG_SCALE = 0.8, 0.1
_LOG_MASS = _NORMAL.cdf(math.log(1.0 / _LOG_SCALE) / _LOG_SD)
_DEFAULT_ALPHA, _DEFAULT_BETA = 2.0, 5.0

Values = NDArray[Any]
T = TypeVar("T")


def shares(values: Sequence[T], weights: Sequence[float]) -> tuple[tuple[T, ...], tuple[float, ...]]:
    """The values of a weight above 0, and their weights made to sum to 1; no weights means equal ones.

    Raises: ValueError if there is no such value, or the weights are not one finite, non-negative number for each.
    """
    weights = weights or (1.0,) * len(values)
    if not values:
        raise ValueError("got no values; expected at least one to choose from")
    if len(weights) != len(values):
        raise ValueError(f"got {len(weights)} weights for {len(values)} values; expected one for each")
    if not all(0 <= weight < math.inf for weight in weights):
        raise ValueError("expected weights that are finite and not negative")
    total = math.fsum(weights)
    if not 0 < total < math.inf:
        raise ValueError("all weights are zero; expected at least one above 0")
    # What already sums to 1 stays as it is, so that shares of shares are the same numbers.
    total = 1.0 if abs(total - 1.0) < 1e-9 else total
    kept, kept_weights = zip(*((v, w / total) for v, w in zip(values, weights, strict=True) if w > 0), strict=True)
    return kept, kept_weights


@dataclass(frozen=True)
class Distribution:
    """What one number of a config may be.

    Two equal distributions draw equal values from equal streams: whatever can only give one value has the kind
    ``constant``, weights sum to 1, values of weight 0 are gone, and settings that a kind does not use have their
    defaults.

    Attributes:
        min: the least value it gives; for ``choice`` the least of the values, whatever was passed.
        max: the greatest value it gives.
        kind: one of ``KINDS``.
        integer: draws are int, both ends included; the bounds must be whole.
        alpha: first shape of ``beta``, above 0.
        beta: second shape of ``beta``, above 0.
        values: of ``choice``; empty for the others.
        weights: of ``choice``, one for each value; empty means equal.

    Raises: ValueError if a bound is not finite, min > max, the kind is unknown, or a shape or weight is unusable.
    """

    min: float
    max: float
    kind: str = "uniform"
    integer: bool = False
    alpha: float = _DEFAULT_ALPHA
    beta: float = _DEFAULT_BETA
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    _steps: tuple[float, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"got the distribution {self.kind!r}; expected one of {', '.join(KINDS)}")
        if self.kind == "choice":
            self._settle_choice()
        self._settle_bounds()
        if self.kind != "beta":
            self._set(alpha=_DEFAULT_ALPHA, beta=_DEFAULT_BETA)
        elif not (0 < self.alpha < math.inf and 0 < self.beta < math.inf):
            raise ValueError(f"got alpha {self.alpha:g}, beta {self.beta:g}; expected numbers above 0")
        if self.min == self.max:
            self._set(kind="constant", values=(), weights=(), _steps=(), alpha=_DEFAULT_ALPHA, beta=_DEFAULT_BETA)
        elif self.kind == "constant":
            raise ValueError(f"got constant from {self.min:g} to {self.max:g}; expected one value")

    def _set(self, **changes: object) -> None:
        for name, value in changes.items():
            object.__setattr__(self, name, value)

    def _settle_choice(self) -> None:
        if not all(math.isfinite(value) for value in self.values):
            raise ValueError("expected finite values")
        values, weights = shares(self.values, self.weights)
        self._set(values=values, weights=weights, _steps=tuple(accumulate(weights)), min=min(values), max=max(values))

    def _settle_bounds(self) -> None:
        if self.kind != "choice" and (self.values or self.weights):
            raise ValueError(f"values and weights belong to the distribution 'choice', not {self.kind!r}")
        if not (math.isfinite(self.min) and math.isfinite(self.max)):
            raise ValueError(f"got {self.min:g} to {self.max:g}; expected finite numbers")
        if self.min > self.max:
            raise ValueError(f"min {self.min:g} is greater than max {self.max:g}")
        if not math.isfinite(self.max - self.min):
            raise ValueError(f"got {self.min:g} to {self.max:g}; expected a narrower range")
        if not self.integer:
            self._set(min=float(self.min), max=float(self.max), values=tuple(float(value) for value in self.values))
            return
        if any(value != int(value) for value in (self.min, self.max, *self.values)):
            raise ValueError(f"got {self.min:g} to {self.max:g}; expected whole numbers")
        self._set(min=int(self.min), max=int(self.max), values=tuple(int(value) for value in self.values))

    @staticmethod
    def constant(value: float, *, integer: bool = False) -> Distribution:
        """The distribution that gives one value."""
        return Distribution(value, value, "constant", integer)

    @staticmethod
    def choice(values: Sequence[float], weights: Sequence[float] = (), *, integer: bool = False) -> Distribution:
        """Weighted values; no weights means equal ones."""
        return Distribution(0, 0, "choice", integer, values=tuple(values), weights=tuple(weights))

    @property
    def is_constant(self) -> bool:
        """Whether it can give only one value, and so takes nothing from the stream."""
        return self.kind == "constant"

    def draw(self, rng: Generator) -> Any:
        """One value: a Python int if ``integer``, else a Python float; never outside [min, max]."""
        kind = self.kind
        if kind == "constant":
            return self.min
        if kind == "choice":
            last = len(self.values) - 1
            return self.values[min(bisect_right(self._steps, rng.random()), last)]
        low, high = self.min, self.max
        if kind == "uniform" and self.integer:
            return min(int(low + math.floor(rng.random() * (high - low + 1))), high)
        value = low + (high - low) * _UNIT_DRAW[kind](self, rng)
        # Rounding of the product may pass a bound by one bit.
        value = low if value < low else high if value > high else value
        return math.floor(value + 0.5) if self.integer else value

    def draw_n(self, rng: Generator, n: int) -> Values:
        """Many values at once, shape (n,): int64 if ``integer``, else float64; distributed as by ``draw``."""
        dtype = np.int64 if self.integer else np.float64
        if self.kind == "constant":
            return np.full(n, self.min, dtype)
        if self.kind == "choice":
            index = np.searchsorted(self._steps, rng.random(n), side="right")
            return np.asarray(self.values, dtype)[np.minimum(index, len(self.values) - 1)]
        if self.kind == "uniform" and self.integer:
            return rng.integers(int(self.min), int(self.max), n, endpoint=True)
        drawn = np.clip(self.min + (self.max - self.min) * self._unit_draws(rng, n), self.min, self.max)
        return np.floor(drawn + 0.5).astype(dtype) if self.integer else drawn

    def _unit_draws(self, rng: Generator, n: int) -> Values:
        """Many draws of the shape over [0, 1]."""
        if self.kind == "uniform":
            return rng.random(n)
        if self.kind == "normal":
            return np.clip(0.5 + rng.standard_normal(n) / _SIGMAS, 0.0, 1.0)
        if self.kind == "exponential":
            return -np.log1p(-_EXP_MASS * rng.random(n)) / _RATE
        if self.kind == "beta":
            return rng.beta(self.alpha, self.beta, n)
        one = _UNIT_DRAW[self.kind]
        return np.fromiter((one(self, rng) for _ in range(n)), np.float64, n)

    def density(self, x: Values) -> Values:
        """Probability density at each x, same shape as x, float64; 0 outside [min, max].

        For ``constant`` and ``choice`` it is the probability of exactly that value. For whole numbers it is the
        density before rounding to the nearest. The clipped 0.27 % of ``normal``, which sits on the two bounds, is
        left out.
        """
        x = np.asarray(x, np.float64)
        if self.kind == "constant":
            return np.equal(x, self.min).astype(np.float64)
        if self.kind == "choice":
            hits = (x[..., None] == np.asarray(self.values)).astype(np.float64)
            return np.asarray(hits @ np.asarray(self.weights))
        low, high = float(self.min), float(self.max)
        if self.kind == "uniform" and self.integer:
            low, high = low - 0.5, high + 0.5
        t = (x - low) / (high - low)
        inside = (t >= 0) & (t <= 1)
        return np.where(inside, self._unit_density(np.where(inside, t, 0.5)), 0.0) / (high - low)

    def _unit_density(self, t: Values) -> Values:
        """Density of the shape over [0, 1] at t, all within it."""
        if self.kind == "uniform":
            return np.ones_like(t)
        if self.kind == "exponential":
            return _RATE * np.exp(-_RATE * t) / _EXP_MASS
        if self.kind == "beta":
            scale = math.lgamma(self.alpha + self.beta) - math.lgamma(self.alpha) - math.lgamma(self.beta)
            with np.errstate(divide="ignore"):
                return np.asarray(math.exp(scale) * np.power(t, self.alpha - 1) * np.power(1 - t, self.beta - 1))
        if self.kind == "lognormal":
            at = np.maximum(t, 1e-300)
            z = np.log(at / _LOG_SCALE) / _LOG_SD
            return np.exp(-0.5 * z * z) / (at * _LOG_SD * math.sqrt(2 * math.pi) * _LOG_MASS)
        z = (t - 0.5) * _SIGMAS
        whole = 1.0 if self.kind == "normal" else _HIGH - _LOW
        return np.exp(-0.5 * z * z) * _SIGMAS / (math.sqrt(2 * math.pi) * whole)


def _uniform(_: Distribution, rng: Generator) -> float:
    return rng.random()


def _normal(_: Distribution, rng: Generator) -> float:
    return 0.5 + float(rng.standard_normal()) / _SIGMAS


def _truncated_normal(_: Distribution, rng: Generator) -> float:
    return 0.5 + _NORMAL.inv_cdf(_LOW + (_HIGH - _LOW) * rng.random()) / _SIGMAS


def _exponential(_: Distribution, rng: Generator) -> float:
    return -math.log1p(-_EXP_MASS * rng.random()) / _RATE


def _lognormal(_: Distribution, rng: Generator) -> float:
    # 1 - u lies in (0, 1], and the inverse has no value at 0.
    return _LOG_SCALE * math.exp(_LOG_SD * _NORMAL.inv_cdf(_LOG_MASS * (1.0 - rng.random())))


def _beta(shape: Distribution, rng: Generator) -> float:
    return float(rng.beta(shape.alpha, shape.beta))


_UNIT_DRAW: dict[str, Callable[[Distribution, Generator], float]] = {
    "uniform": _uniform,
    "normal": _normal,
    "truncated_normal": _truncated_normal,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "beta": _beta,
}
