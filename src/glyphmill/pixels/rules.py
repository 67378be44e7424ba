"""Lines drawn along text: ruled, by hand, or with a marker. A path is points (n, 2), px, and the way up at each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.pixels.coverage import Coverage

Reals = NDArray[np.float64]

#: Samples of a pixel per side where edges of fine lines, and of broad ones, are drawn.
FINE, BROAD = 4, 2
#: Canvas that is drawn at once, px per side: finer samples take memory.
_TILE_PX = 512
_SUBPIXEL_BITS = 4
#: By how much OpenCV fills over an edge, samples.
_OVERFILL = 0.5

#: Lines of a pair are not thinner than this, px.
_THIN_PX = 0.8
#: A hand strays from its line in waves of these lengths, and by these shares of the whole stray.
_WAVES_EM, _WAVE_SHARES = (14.0, 5.0, 1.7), (0.6, 0.3, 0.14)
#: A round end is as long as the line is half thick; where it has corners, and how thick it is there.
_ROUND = np.array([0.0, 0.15, 0.5, 1.0])

#: Bands that a marker's tip leaves side by side, and how much the two outer ones, where dye gathers, darken.
_BANDS, _RIM = 9, 1.16
_RIM_SHARE = 0.07
_STREAK = 0.09
#: By how much the bands end before each other, and the outer ones before all, em.
_RAGGED, _CORNER = 0.03, 0.03


@dataclass(frozen=True, slots=True)
class Path:
    """A line to draw along.

    Attributes:
        points: px, (n, 2), n at least 2.
        up: unit vectors to the side that counts as up, (n, 2).
        lengths: length of the path up to each point, px, (n,).
    """

    points: Points
    up: Points
    lengths: Reals = field(init=False)

    def __post_init__(self) -> None:
        steps = np.diff(self.points, axis=0)
        object.__setattr__(self, "lengths", np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))]))

    @classmethod
    def along(cls, points: Points) -> Path:
        """A path through points, px, (n, 2), read from the first to the last: up is to its left.

        Raises: ValueError if they are not at least two.
        """
        if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
            raise ValueError(f"got a path of shape {points.shape}; expected points (n, 2), at least two")
        tangent = np.gradient(points, axis=0)
        size = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)[:, None]
        return cls(points, np.stack([tangent[:, 1], -tangent[:, 0]], axis=1) / size)

    def at(self, along: Reals, off: Reals | float = 0.0) -> Points:
        """Points at lengths along the path, (k,), and this far up from it, px; (k, 2). Past its ends it is straight."""
        base, up = self._sampled(along)
        return np.asarray(base + up * np.broadcast_to(off, along.shape)[:, None])

    def ribbon(self, along: Reals, off: Reals | float, half: Reals | float) -> Points:
        """The outline of a band of half this thickness, (2 k, 2)."""
        base, up = self._sampled(along)
        off, half = (np.broadcast_to(value, along.shape)[:, None] for value in (off, half))
        return np.concatenate([base + up * (off + half), (base + up * (off - half))[::-1]])

    def _sampled(self, along: Reals) -> tuple[Points, Points]:
        lengths = self.lengths
        base, up = (
            np.stack([np.interp(along, lengths, values[:, axis]) for axis in (0, 1)], axis=1)
            for values in (self.points, self.up)
        )
        past = along - np.clip(along, 0.0, lengths[-1])
        ends = np.where(past[:, None] < 0, self._tangent(0), self._tangent(-2))
        size = np.hypot(up[:, 0], up[:, 1])
        return base + ends * past[:, None], up / np.maximum(size, 1e-9)[:, None]

    def _tangent(self, index: int) -> Points:
        step = self.points[index + 1] - self.points[index]
        return np.asarray(step / max(float(np.hypot(*step)), 1e-9))


def rule(canvas: Coverage, path: Path, off: float, thickness: float, em_px: float, style: str, rng: Generator) -> None:
    """Draw a line onto a canvas, uint8 (h, w), which is written to.

    Args:
        off: of the middle of the line, up from the path, px.
        thickness: px.
        em_px: size of the text that the line belongs to: what a hand and a wave go by.
        style: one of ``STYLES``.
        rng: the hand's.
    """
    # samples are too coarse for what is finer than a pixel: it is drawn faint instead
    level = round(255 * min(1.0, thickness))
    for outline in _OUTLINES[style](path, off, max(thickness, 1.0) - 2 * _OVERFILL / FINE, em_px, rng):
        painted(canvas, [outline], [level])


def _straight(path: Path, off: float, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    return [path.ribbon(_steps(path, em_px), off, thickness / 2)]


def _double(path: Path, off: float, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    """Two thinner lines with a gap as wide as they are; never finer than can be told apart."""
    along, thin = _steps(path, em_px), max(0.6 * thickness, _THIN_PX)
    return [path.ribbon(along, off + side * thin, thin / 2) for side in (1, -1)]


def _wavy(path: Path, off: float, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    length = float(path.lengths[-1])
    wave = max(0.22 * em_px, 3.5 * thickness, 3.0)
    along = np.linspace(0, length, max(2, min(4000, math.ceil(length / wave * 12))))
    up = off + 0.18 * wave * np.sin(along / wave * 2 * math.pi)
    return [path.ribbon(along, up, 0.4 * thickness)]


def _hand(path: Path, off: float, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    """It strays, leans, is pressed unevenly, has round ends, and does not end where the text does."""
    over = rng.uniform(-0.12, 0.25, 2) * em_px
    start, end = -over[0], float(path.lengths[-1]) + over[1]
    if end - start < thickness:
        start, end = 0.0, max(float(path.lengths[-1]), thickness)
    half = thickness / 2
    along = np.linspace(start, end, max(3, min(2000, math.ceil((end - start) / (0.15 * em_px)))))
    along = np.unique(np.concatenate([along, start + _ROUND * half, end - _ROUND * half]))
    lean = rng.uniform(-0.04, 0.04) * em_px * (2 * (along - start) / (end - start) - 1)
    stray = 0.035 * em_px * _wander(along / em_px, rng)
    press = half * (1 + 0.25 * _wander(along / em_px * 1.7, rng))
    rest = np.clip(np.minimum(along - start, end - along) / max(half, 1e-9), 0.0, 1.0)
    return [path.ribbon(along, off + lean + stray, press * np.sqrt(rest * (2 - rest)))]


_OUTLINES: dict[str, Callable[[Path, float, float, float, Generator], list[Points]]] = {
    "straight": _straight,
    "hand": _hand,
    "double": _double,
    "wavy": _wavy,
}
#: How a line can be drawn.
STYLES = tuple(_OUTLINES)


def marker(
    canvas: Coverage,
    path: Path,
    off: float,
    thickness: float,
    em_px: float,
    opacity: float,
    rng: Generator,
    *,
    straight: bool,
) -> None:
    """Draw a stroke of a highlighter onto a canvas, uint8 (h, w), which is written to.

    Args:
        opacity: mean coverage, 0 to 1.
        straight: along a ruler.
    """
    bands, dye = _marked(path, off, thickness, em_px, rng, straight=straight)
    painted(canvas, bands, [min(255, round(255 * opacity * share)) for share in dye], BROAD)


def _marked(
    path: Path, off: float, thickness: float, em_px: float, rng: Generator, *, straight: bool
) -> tuple[list[Points], list[float]]:
    """Outlines of the bands that a marker's chisel tip leaves side by side, and how much dye is in each, about 1.

    The ends slant as the tip is held, both the same way; the two outer bands are the darker rim of drying dye.
    """
    over = rng.uniform(-0.05, 0.2, 2) * em_px
    start, end = -over[0], float(path.lengths[-1]) + over[1]
    slant = rng.uniform(-0.25, 0.35) * thickness
    along = np.linspace(0, 1, max(3, min(2000, math.ceil(max(end - start, 1.0) / (0.2 * em_px)))))
    place = start + along * (end - start)
    lean = 0.0 if straight else rng.uniform(-0.05, 0.05) * em_px
    stray = (0.008 if straight else 0.04) * em_px * _wander(place / em_px, rng) + lean * (2 * along - 1)
    edges = np.sort(np.concatenate([[0, _RIM_SHARE, 1 - _RIM_SHARE, 1], rng.uniform(0.1, 0.9, _BANDS - 3)])) - 0.5
    rough = (0.004 if straight else 0.012) * em_px
    sides = stray + edges[:, None] * thickness + rough * _wander(place / em_px * 4, rng, len(edges))
    dye = 1 + rng.uniform(-_STREAK, _STREAK, _BANDS)
    dye[[0, -1]] = _RIM
    # no two parts of the tip touch and leave the paper at quite the same time, its corners last and first
    late = rng.uniform(0, _RAGGED, (2, _BANDS, 1)) * em_px
    late[:, [0, -1]] += _CORNER * em_px
    begin = start + late[0]
    held = np.clip(place, begin, np.maximum(end - late[1], begin))
    along_band = [held + slant * edge[:, None] for edge in (edges[1:], edges[:-1])]
    places = np.stack([along_band[0], along_band[1][:, ::-1]], axis=1)
    heights = np.stack([sides[1:], sides[:-1, ::-1]], axis=1)
    bands = list(path.at(places.ravel(), off + heights.ravel()).reshape(_BANDS, -1, 2))
    return bands, dye.tolist()


def painted(canvas: Coverage, polygons: Sequence[Points], levels: Sequence[int], fine: int = FINE) -> None:
    """Fill polygons, each in full with its level, later ones over earlier ones, and join them to a canvas by maximum.

    Args:
        canvas: uint8 (h, w); written to.
        polygons: corners, px, (n, 2) each; the non-zero rule does not hold where one crosses itself.
        fine: samples of a pixel per side.
    """
    height, width = canvas.shape
    corners = np.concatenate(polygons)
    if not np.isfinite(corners).all():
        return
    low = np.clip(np.floor(corners.min(axis=0)), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, (width, height)).astype(int)
    for top in range(low[1], high[1], _TILE_PX):
        for left in range(low[0], high[0], _TILE_PX):
            size = min(_TILE_PX, high[0] - left), min(_TILE_PX, high[1] - top)
            drawn = np.zeros((size[1] * fine, size[0] * fine), np.uint8)
            for polygon, level in zip(polygons, levels, strict=True):
                _fill(drawn, (polygon - (left, top)) * fine - 0.5, level)
            if drawn.any():
                part = canvas[top : top + size[1], left : left + size[0]]
                np.maximum(part, cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), out=part)


def _fill(canvas: Coverage, polygon: Points, level: int) -> None:
    """Fill a polygon in samples, whose centers are whole numbers."""
    limit = 1 << 24
    fixed = np.rint(np.clip(polygon, -limit, limit) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillPoly(canvas, [fixed], level, lineType=cv2.LINE_8, shift=_SUBPIXEL_BITS)


def _steps(path: Path, em_px: float) -> Reals:
    """Lengths along a path, close enough for its curves, (k,)."""
    length = float(path.lengths[-1])
    return np.linspace(0, length, max(2, len(path.points), min(400, math.ceil(length / (0.5 * em_px)))))


def _wander(along_em: Reals, rng: Generator, lines: int = 1) -> Reals:
    """Smooth random lines over a length in em, (k,), mostly within -1..1: (lines, k), or (k,) for one."""
    shape = (len(_WAVES_EM), lines, 1) if lines > 1 else (len(_WAVES_EM), 1)
    phases = rng.uniform(0, 2 * math.pi, shape)
    waves = zip(_WAVES_EM, _WAVE_SHARES, phases, strict=True)
    return np.asarray(sum(share * np.sin(along_em / wave * 2 * math.pi + phase) for wave, share, phase in waves))
