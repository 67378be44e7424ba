"""Families of colors that are seen together: palettes of ink, ground and accent, drawn and varied in Lab."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.pixels.lab import Colors, from_lab, rounded, to_lab

RGB = tuple[int, int, int]
#: Ink, ground, accent.
Palette = tuple[RGB, RGB, RGB]

#: The family that is made of the job's own pictures.
PICTURES = "backgrounds"
#: The families of ``families.toml``, in its order.
NAMES = (
    "print",
    "newspaper",
    "handwriting",
    "receipt",
    "road_sign",
    "street_name",
    "shop_sign",
    "plate",
    "neon",
    "chalk",
    "screen",
    "packaging",
    "faded",
    "carved",
)

_MOST_JITTER = 2.5  # standard deviations


@dataclass(frozen=True)
class Family:
    """A family of palettes.

    Attributes:
        lab: L*, a*, b* of ink, ground and accent, float (n, 3, 3).
        weights: of the palettes, added up.
        flip: how often ink and ground change places, 0 to 1.
        dim: range of the light on it, as factors of L*, a* and b*.
        jitter: how far each color strays, a standard deviation in L*, a* and b*.
    """

    lab: Colors
    weights: tuple[float, ...]
    flip: float
    dim: tuple[float, float]
    jitter: float

    @staticmethod
    def of(
        palettes: Sequence[Palette],
        weights: Sequence[float],
        flip: float = 0.5,
        dim: tuple[float, float] = (1.0, 1.0),
        jitter: float = 3.0,
    ) -> Family:
        """A family of palettes in RGB."""
        return Family(to_lab(np.array(palettes)), tuple(accumulate(weights)), flip, dim, jitter)

    def draw(self, rng: Generator) -> Palette:
        """A palette, which of its colors is the ink, the light on it, and how each color differs from the table."""
        which, turned, light = rng.random(3).tolist()
        chosen = self.lab[min(bisect_right(self.weights, which * self.weights[-1]), len(self.weights) - 1)]
        ink, ground, accent = chosen[[1, 0, 2]] if turned < self.flip else chosen
        strays = np.clip(rng.standard_normal((3, 3)), -_MOST_JITTER, _MOST_JITTER) * self.jitter
        lab = np.stack([ink, ground, accent]) + strays
        lab[:, 0] = np.clip(lab[:, 0], 0, 100)
        lab *= self.dim[0] + (self.dim[1] - self.dim[0]) * light  # colors fade with the light on them
        ink_rgb, ground_rgb, accent_rgb = from_lab(lab)
        return rounded(ink_rgb), rounded(ground_rgb), rounded(accent_rgb)


@lru_cache(maxsize=1)
def families() -> dict[str, Family]:
    """The families of the table, by name."""
    table: dict[str, Any] = tomllib.loads(files(__package__).joinpath("families.toml").read_text("utf-8"))
    return {name: _family(entry) for name, entry in table.items()}


def _family(entry: dict[str, Any]) -> Family:
    palettes = [(_hex(row[0]), _hex(row[1]), _hex(row[2])) for row in entry["rows"]]
    weights = [float(row[3]) if len(row) > 3 else 1.0 for row in entry["rows"]]
    low, high = entry["dim"]
    return Family.of(palettes, weights, entry["flip"], (low, high), entry["jitter"])


def _hex(text: str) -> RGB:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def varied(color: RGB, rng: Generator, amount: float) -> RGB:
    """A color near another: each of L*, a* and b* strays by up to ``amount``."""
    return rounded(from_lab(to_lab(color) + rng.uniform(-amount, amount, 3)))


def shifted(color: RGB, lightness: float, toward: RGB | None = None, share: float = 0.0) -> RGB:
    """A color made lighter by so much of L* (darker where it is negative) and mixed with another."""
    lab = to_lab(color)
    if toward is not None:
        lab = lab * (1 - share) + to_lab(toward) * share
    return rounded(from_lab([min(max(float(lab[0]) + lightness, 0.0), 100.0), lab[1], lab[2]]))
