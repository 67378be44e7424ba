"""Sets of colors for ink out of a palette: one, the two ends of a gradient, or as many as letters go round."""

from __future__ import annotations

import math

from numpy.random import Generator

from glyphmill.pixels.lab import to_lab
from glyphmill.stages.color.families import RGB, Palette, shifted, varied

_OTHER_LIGHTNESS = (12.0, 45.0)  # of L*, between the ends of a gradient
_OFF_GROUND = 25.0  # of L*: ends of a gradient keep so far from the ground
_ALIKE = 3.0  # of L*, a* and b*: how far letters of one color differ

Sets = tuple[tuple[RGB, ...], ...]


def plain(palette: Palette) -> Sets:
    """The ink, and what it gives way to where that can be read and it cannot: the accent, then the ground."""
    return tuple((first,) for first in _firsts(palette))


def gradients(palette: Palette, rng: Generator) -> Sets:
    """From the ink to something lighter or darker, half of them towards the accent."""
    low, high = _OTHER_LIGHTNESS
    step = (low + (high - low) * rng.random()) * (1 if rng.random() < 0.5 else -1)
    share = rng.random() if rng.random() < 0.5 else 0.0
    return tuple((first, _other_end(first, palette, step, share)) for first in _firsts(palette))


def rounds(palette: Palette, size: int, rng: Generator) -> Sets:
    """Ink and accent in turn, each a little different every time."""
    return tuple(
        tuple(varied(first if number % 2 == 0 else palette[2], rng, _ALIKE) for number in range(size))
        for first in _firsts(palette)
    )


def _firsts(palette: Palette) -> tuple[RGB, ...]:
    ink, ground, accent = palette
    return ink, accent, ground


def _other_end(ink: RGB, palette: Palette, step: float, share: float) -> RGB:
    """Where a gradient from this ink ends, but not on the ground."""
    _, ground, accent = palette
    end = shifted(ink, step * (1 - share), accent, share)
    below, here, there = (float(to_lab(color)[0]) for color in (ground, ink, end))
    if abs(there - below) >= _OFF_GROUND or here == below:
        return end
    return shifted(ink, math.copysign(step, here - below))
