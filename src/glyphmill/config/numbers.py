"""How one number setting is read: a number, ``[min, max]``, or ``{min, max, distribution, ...}``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from glyphmill.config.scalars import Trap, describe, number, one_of, quote, suggestion
from glyphmill.sampling import KINDS, Distribution

_KEYS = ("min", "max", "distribution", "alpha", "beta", "value", "values", "weights")
#: What other programs call a distribution.
_SYNONYMS = {"gaussian": "normal", "fixed": "constant", "weighted": "choice", "triangular": "truncated_normal"}
_RANGE_ONLY = ("min", "max")


class SettingError(ValueError):
    """A setting that cannot be read.

    Attributes:
        message: what was given and what is expected.
        at: the keys from the setting down to the value at fault.
    """

    def __init__(self, message: str, at: tuple[str | int, ...] = ()) -> None:
        self.message, self.at = message, at
        super().__init__(message)


@dataclass(frozen=True)
class NumberSpec:
    """What a number setting allows.

    Attributes:
        lo: least value allowed, or None.
        hi: greatest value allowed, or None.
        unit: unit of the value, for docs.
        kind: the distribution of a range that names none, as in ``{min, max}`` and in the flat form.
        integer: whether only whole numbers are allowed.
        default: what it is when not given; a range with one bound takes the other from here.
    """

    lo: float | None = None
    hi: float | None = None
    unit: str = ""
    kind: str = "uniform"
    integer: bool = False
    default: Distribution | None = None

    def with_default(self, default: Distribution) -> NumberSpec:
        """The same with a default."""
        return replace(self, default=default)

    @property
    def expected(self) -> str:
        """``an integer of at least 1``, ``a number from 0 to 1``."""
        noun = "an integer" if self.integer else "a number"
        if self.lo is not None and self.hi is not None:
            return f"{noun} from {number(self.lo)} to {number(self.hi)}"
        if self.lo is not None:
            return f"{noun} of at least {number(self.lo)}"
        if self.hi is not None:
            return f"{noun} of at most {number(self.hi)}"
        return noun

    def make(self, low: float, high: float, kind: str | None = None) -> Distribution:
        """The distribution over [low, high], of this setting's own kind unless told."""
        return Distribution(low, high, kind or self.kind, self.integer)

    def parse(self, value: object) -> Distribution:
        """The distribution that a value of a config stands for.

        ``[min, max]`` is uniform; a mapping without ``distribution`` has the setting's own kind.

        Raises: SettingError.
        """
        if isinstance(value, Distribution):
            return self._given(value)
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, (list, tuple)):
            return self._pair(value)
        return Distribution.constant(self.check(value), integer=self.integer)

    def _given(self, value: Distribution) -> Distribution:
        self.check(value.min, ("min",))
        self.check(value.max, ("max",))
        return value if value.integer == self.integer else replace(value, integer=self.integer)

    def _pair(self, value: list[Any] | tuple[Any, ...]) -> Distribution:
        if len(value) != 2:
            raise SettingError(
                f"got {describe(value)}; expected {self.expected}, [min, max] or {{min, max, distribution}}. "
                "To choose among values write {values: [...]}"
            )
        low, high = (self.check(item, (position,)) for position, item in enumerate(value))
        if low > high:
            raise SettingError(f"min {number(low)} is greater than max {number(high)}; swap them")
        return self.make(low, high, "uniform")

    def _mapping(self, given: Mapping[Any, Any]) -> Distribution:
        for key in given:
            if key not in _KEYS:
                raise SettingError(f"unknown key; expected {one_of(_KEYS)}{suggestion(str(key), _KEYS)}", (str(key),))
        given = {key: value for key, value in given.items() if value is not None}
        kind = self._kind(given)
        if kind == "choice":
            return self._choice(given)
        if kind == "constant":
            return self._constant(given)
        self._only(given, kind, {"min", "max", "distribution"} | ({"alpha", "beta"} if kind == "beta" else set()))
        low, high = self._bounds(given)
        made = Distribution(low, high, kind, self.integer)
        for name in ("alpha", "beta"):
            if name in given:
                shape = self._shape(given[name], name)
                made = replace(made, **{name: shape})  # type: ignore[arg-type]
        return made

    def _kind(self, given: Mapping[str, Any]) -> str:
        kind = given.get("distribution")
        if kind is None:
            if "values" in given:
                return "choice"
            return "constant" if "value" in given else "beta" if "alpha" in given or "beta" in given else self.kind
        if not isinstance(kind, str) or kind not in KINDS:
            hint = suggestion(kind, [*KINDS, *_SYNONYMS], _SYNONYMS) if isinstance(kind, str) else ""
            raise SettingError(f"got {describe(kind)}; expected {one_of(KINDS)}{hint}", ("distribution",))
        return kind

    def _bounds(self, given: Mapping[str, Any]) -> tuple[float, float]:
        bounds: dict[str, float] = {}
        names: dict[str, str] = {}
        for name in _RANGE_ONLY:
            if name in given:
                bounds[name], names[name] = self.check(given[name], (name,)), name
            elif self.default is not None:
                bounds[name], names[name] = getattr(self.default, name), f"the default {name}"
            else:
                raise SettingError(f"{name} is missing; expected both min and max")
        low, high = bounds["min"], bounds["max"]
        if low > high:
            both = "min" in given and "max" in given
            advice = "swap them" if both else f"set {'max' if 'min' in given else 'min'} too"
            at = () if both else (("min",) if "min" in given else ("max",))
            text = f"{names['min']} {number(low)} is greater than {names['max']} {number(high)}; {advice}"
            raise SettingError(text, at)
        return low, high

    def _constant(self, given: Mapping[str, Any]) -> Distribution:
        self._only(given, "constant", {"distribution", "value", "min", "max"})
        if "value" in given:
            for name in _RANGE_ONLY:
                if name in given:
                    raise SettingError(f"value and {name} are both given; expected one of them", (name,))
            return Distribution.constant(self.check(given["value"], ("value",)), integer=self.integer)
        low, high = self._bounds(given)
        if low != high:
            raise SettingError(f"got min {number(low)} and max {number(high)}; expected one value for constant")
        return Distribution.constant(low, integer=self.integer)

    def _choice(self, given: Mapping[str, Any]) -> Distribution:
        self._only(given, "choice", {"distribution", "values", "weights"})
        values = given.get("values")
        if not isinstance(values, (list, tuple)) or not values:
            what = "an empty list" if isinstance(values, (list, tuple)) else describe(values)
            raise SettingError(f"got {what}; expected a list of values to choose from", ("values",))
        weights = given.get("weights", [])
        if not isinstance(weights, (list, tuple)) or (weights and len(weights) != len(values)):
            raise SettingError(
                f"got {describe(weights)}; expected a list of {len(values)} weights, one for each value", ("weights",)
            )
        checked = [self.check(item, ("values", position)) for position, item in enumerate(values)]
        shares = [weight_of(item, ("weights", position)) for position, item in enumerate(weights)]
        if shares and not any(shares):
            raise SettingError("all weights are zero; expected at least one above 0", ("weights",))
        return Distribution.choice(checked, shares, integer=self.integer)

    def _only(self, given: Mapping[str, Any], kind: str, allowed: set[str]) -> None:
        for key in given:
            if key not in allowed:
                listed = ", ".join(name for name in _KEYS if name in allowed)
                raise SettingError(f"does not belong to the distribution {quote(kind)}; expected {listed}", (key,))

    def _shape(self, value: object, name: str) -> float:
        checked = finite(value, (name,), "a number above 0")
        if checked <= 0:
            raise SettingError(f"got {describe(value)}; expected a number above 0", (name,))
        return checked

    def check(self, value: object, at: tuple[str | int, ...] = ()) -> float:
        """The value as a number that this setting allows. Raises: SettingError."""
        checked = finite(value, at, self.expected)
        below = self.lo is not None and checked < self.lo
        above = self.hi is not None and checked > self.hi
        if below or above or (self.integer and checked != int(checked)):
            raise SettingError(f"got {describe(value)}; expected {self.expected}", at)
        return checked

    @staticmethod
    def spell(value: Distribution) -> Any:
        """The shortest spelling that loads to an equal distribution wherever it stands."""
        if value.is_constant:
            return value.min
        if value.kind == "choice":
            return {"values": list(value.values), "weights": list(value.weights)}
        if value.kind == "uniform":
            return [value.min, value.max]
        spelt: dict[str, Any] = {"min": value.min, "max": value.max, "distribution": value.kind}
        return spelt | ({"alpha": value.alpha, "beta": value.beta} if value.kind == "beta" else {})


def finite(value: object, at: tuple[str | int, ...], expected: str) -> float:
    """The value as a number. Raises: SettingError if it is not one, or not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        advice = ": write it in plain digits" if isinstance(value, Trap) and "number" in value.other else ""
        raise SettingError(f"got {describe(value)}; expected {expected}{advice}", at)
    if not math.isfinite(value) or abs(value) > 1e300:
        raise SettingError(f"got {describe(value)}; expected a finite number", at)
    return value


def weight_of(value: object, at: tuple[str | int, ...] = ()) -> float:
    """The value as a weight. Raises: SettingError if it is not a number of at least 0."""
    checked = finite(value, at, "a number of at least 0")
    if checked < 0:
        raise SettingError(f"got {describe(value)}; expected a number of at least 0", at)
    return checked
