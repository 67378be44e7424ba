"""Settings that are not numbers but are drawn all the same: weighted words and ranges of colours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from numpy.random import Generator

from glyphmill.config.numbers import SettingError, weight_of
from glyphmill.config.scalars import Trap, describe, one_of, suggestion
from glyphmill.sampling import shares

_CHANNEL_NAMES = {3: "[red, green, blue]", 4: "[red, green, blue, alpha]"}


@dataclass(frozen=True)
class Choices:
    """Words with weights, of which one is drawn.

    Words of weight 0 are gone and weights sum to 1, so that equal choices draw equally.
    Raises: ValueError if no word has a weight above 0.
    """

    values: tuple[str, ...]
    weights: tuple[float, ...] = ()
    _steps: tuple[float, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values, weights = shares(self.values, self.weights)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "_steps", tuple(accumulate(weights)))

    @property
    def is_constant(self) -> bool:
        """Whether it can give only one word, and so takes nothing from the stream."""
        return len(self.values) == 1

    def draw(self, rng: Generator) -> str:
        """One word."""
        if len(self.values) == 1:
            return self.values[0]
        return self.values[min(bisect_right(self._steps, rng.random()), len(self.values) - 1)]

    def to_plain(self) -> str | dict[str, float]:
        """The spelling that loads to an equal value."""
        return self.values[0] if self.is_constant else dict(zip(self.values, self.weights, strict=True))


@dataclass(frozen=True)
class PickSpec:
    """What a weighted choice allows: words out of ``options``."""

    options: tuple[str, ...]

    @property
    def expected(self) -> str:
        """``one of a, b, c``."""
        return one_of(self.options)

    def parse(self, value: object) -> Choices:
        """A word, a list of words, or a mapping of words to weights. Raises: SettingError."""
        if isinstance(value, Choices):
            for word in value.values:
                self._word(word, ())
            return value
        if isinstance(value, Mapping):
            weights = {self._word(word, (str(word),)): weight_of(share, (str(word),)) for word, share in value.items()}
            if not any(weights.values()):
                raise SettingError("all weights are zero; expected at least one above 0")
            return Choices(tuple(weights), tuple(weights.values()))
        if isinstance(value, (list, tuple)):
            if not value:
                raise SettingError(f"got an empty list; expected {self.expected}")
            words = [self._word(word, (position,)) for position, word in enumerate(value)]
            repeated = next((position for position, word in enumerate(words) if word in words[:position]), None)
            if repeated is not None:
                advice = f"write {{{words[repeated]}: 2, ...}} to weight it"
                raise SettingError(f"got {words[repeated]!r} twice; {advice}", (repeated,))
            return Choices(tuple(words))
        return Choices((self._word(value, ()),))

    def _word(self, value: object, at: tuple[str | int, ...]) -> str:
        if not isinstance(value, str) or value not in self.options:
            hint = suggestion(value, self.options) if isinstance(value, str) and not isinstance(value, Trap) else ""
            raise SettingError(f"got {describe(value)}; expected {self.expected}{hint}", at)
        return str(value)


@dataclass(frozen=True)
class ColorRange:
    """All colours between two, channel by channel, both included. Channels are RGB or RGBA, 0 to 255."""

    lo: tuple[int, ...]
    hi: tuple[int, ...]

    @property
    def is_constant(self) -> bool:
        """Whether it is one colour, and so takes nothing from the stream."""
        return self.lo == self.hi

    def draw(self, rng: Generator) -> tuple[int, ...]:
        """One colour, each channel independent and uniform."""
        if self.lo == self.hi:
            return self.lo
        return tuple(low + int(rng.random() * (high - low + 1)) for low, high in zip(self.lo, self.hi, strict=True))

    def to_plain(self) -> list[Any]:
        """The spelling that loads to an equal value."""
        return list(self.lo) if self.is_constant else [list(self.lo), list(self.hi)]


@dataclass(frozen=True)
class ColorSpec:
    """What a colour setting allows; as many channels as its default has."""

    default: ColorRange

    @property
    def channels(self) -> int:
        """3 for RGB, 4 for RGBA."""
        return len(self.default.lo)

    @property
    def expected(self) -> str:
        """What a colour may look like."""
        hexadecimal = "#" + "rrggbbaa"[: 2 * self.channels]
        return f"{_CHANNEL_NAMES[self.channels]} of integers from 0 to 255, '{hexadecimal}', or two of them"

    def parse(self, value: object) -> ColorRange:
        """``[r, g, b]``, ``"#rrggbb"``, two of them in a list, or ``{min, max}``. Raises: SettingError."""
        if isinstance(value, ColorRange):
            return self._range(value.lo, value.hi, ())
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, (list, tuple)) and len(value) == 2:
            return self._range(self._color(value[0], (0,)), self._color(value[1], (1,)), ())
        color = self._color(value, ())
        return ColorRange(color, color)

    def _mapping(self, given: Mapping[Any, Any]) -> ColorRange:
        for key in given:
            if key not in ("min", "max"):
                hint = suggestion(str(key), ("min", "max"))
                raise SettingError(f"unknown key; expected min, max{hint}", (str(key),))
        ends = {"min": self.default.lo, "max": self.default.hi}
        ends |= {key: self._color(value, (key,)) for key, value in given.items() if value is not None}
        return self._range(ends["min"], ends["max"], ())

    def _range(self, low: tuple[int, ...], high: tuple[int, ...], at: tuple[str | int, ...]) -> ColorRange:
        for name, below, above in zip(("red", "green", "blue", "alpha"), low, high, strict=False):
            if below > above:
                raise SettingError(f"min {below} is greater than max {above} in {name}; swap them or set both", at)
        return ColorRange(low, high)

    def _color(self, value: object, at: tuple[str | int, ...]) -> tuple[int, ...]:
        if isinstance(value, str) and len(value) == 1 + 2 * self.channels and value.startswith("#"):
            try:
                return tuple(bytes.fromhex(value[1:]))
            except ValueError:
                raise SettingError(f"got {describe(value)}; expected {self.expected}", at) from None
        if not isinstance(value, (list, tuple)) or len(value) != self.channels:
            raise SettingError(f"got {describe(value)}; expected {self.expected}", at)
        for position, channel in enumerate(value):
            if isinstance(channel, bool) or not isinstance(channel, int) or not 0 <= channel <= 255:
                raise SettingError(f"got {describe(channel)}; expected an integer from 0 to 255", (*at, position))
        return tuple(int(channel) for channel in value)
