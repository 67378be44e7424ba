"""Lines drawn along text: ruled, by hand, or with a marker; all that are alike in one go."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.core.geometry import Points
from glyphmill.pixels.coverage import Coverage
from glyphmill.pixels.paths import Indices, Reals
from glyphmill.pixels.paths import Path as Path

#: Samples of a pixel per side where edges of fine lines, and of broad ones, are drawn.
FINE, BROAD = 4, 2
#: Canvas that is drawn at once, px, and how wide it is at most: finer samples take memory.
_TILE_AREA, _TILE_WIDE = 1 << 18, 1 << 11
#: Empty samples that are worth drawing two polygons at once.
_SPARE = 1 << 15
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


def rule(
    canvas: Coverage, path: Path, off: Reals | float, thickness: float, em_px: float, style: str, rng: Generator
) -> None:
    """Draw a line along each stretch onto a canvas, uint8 (h, w), which is written to.

    Args:
        off: of the middle of the line, up from the path, px; one for all stretches, or (s,).
        thickness: px.
        em_px: size of the text that the line belongs to: what a hand and a wave go by.
        style: one of ``STYLES``.
        rng: the hand's.
    """
    # samples are too coarse for what is finer than a pixel: it is drawn faint instead
    level = round(255 * min(1.0, thickness))
    heights = np.broadcast_to(np.asarray(off, np.float64), len(path))
    outlines = _OUTLINES[style](path, heights, max(thickness, 1.0) - 2 * _OVERFILL / FINE, em_px, rng)
    painted(canvas, outlines, [level] * len(outlines))


def _straight(path: Path, off: Reals, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    which, along = _steps(path, em_px)
    return _ribbons(path, which, along, off[which], thickness / 2)


def _double(path: Path, off: Reals, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    """Two thinner lines with a gap as wide as they are; never finer than can be told apart."""
    which, along = _steps(path, em_px)
    thin = max(0.6 * thickness, _THIN_PX)
    pair = (_ribbons(path, which, along, off[which] + side * thin, thin / 2) for side in (1, -1))
    return [outline for both in zip(*pair, strict=True) for outline in both]


def _wavy(path: Path, off: Reals, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    wave = max(0.22 * em_px, 3.5 * thickness, 3.0)
    which, share = _spread(np.clip(np.ceil(path.sizes / wave * 12), 2, 4000))
    along = share * path.sizes[which]
    up = off[which] + 0.18 * wave * np.sin(along / wave * 2 * math.pi)
    return _ribbons(path, which, along, up, 0.4 * thickness)


def _hand(path: Path, off: Reals, thickness: float, em_px: float, rng: Generator) -> list[Points]:
    """It strays, leans, is pressed unevenly, has round ends, and does not end where the text does."""
    over = rng.uniform(-0.12, 0.25, (2, len(path))) * em_px
    start, end = -over[0], path.sizes + over[1]
    short = end - start < thickness
    start, end = np.where(short, 0.0, start), np.where(short, np.maximum(path.sizes, thickness), end)
    half = thickness / 2
    which, share = _spread(np.clip(np.ceil((end - start) / (0.15 * em_px)), 3, 2000))
    tips = np.concatenate([start[:, None] + _ROUND * half, end[:, None] - _ROUND * half], axis=1)
    along = np.concatenate([start[which] + share * (end - start)[which], tips.ravel()])
    which = np.concatenate([which, np.repeat(np.arange(len(path)), tips.shape[1])])
    order = np.lexsort((along, which))
    which, along = which[order], along[order]
    first, last = start[which], end[which]
    lean = rng.uniform(-0.04, 0.04, len(path))[which] * em_px * (2 * (along - first) / (last - first) - 1)
    stray = 0.035 * em_px * _wander(along / em_px, which, rng)[0]
    press = half * (1 + 0.25 * _wander(along / em_px * 1.7, which, rng)[0])
    rest = np.clip(np.minimum(along - first, last - along) / max(half, 1e-9), 0.0, 1.0)
    return _ribbons(path, which, along, off[which] + lean + stray, press * np.sqrt(rest * (2 - rest)))


_OUTLINES: dict[str, Callable[[Path, Reals, float, float, Generator], list[Points]]] = {
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
    off: Reals | float,
    thickness: float,
    em_px: float,
    opacity: float,
    rng: Generator,
    *,
    straight: bool,
) -> None:
    """Draw a stroke of a highlighter along each stretch onto a canvas, uint8 (h, w), which is written to.

    Args:
        off: of the middle of the stroke, up from the path, px; one for all stretches, or (s,).
        opacity: mean coverage, 0 to 1.
        straight: along a ruler.
    """
    heights = np.broadcast_to(np.asarray(off, np.float64), len(path))
    bands, dye = _marked(path, heights, thickness, em_px, rng, straight=straight)
    levels = np.minimum(255, np.rint(255 * opacity * dye)).astype(int)
    painted(canvas, bands, levels.ravel().tolist(), BROAD)


def _marked(
    path: Path, off: Reals, thickness: float, em_px: float, rng: Generator, *, straight: bool
) -> tuple[list[Points], Reals]:
    """Outlines of the bands that a marker's chisel tip leaves side by side, and how much dye is in each, about 1.

    The ends slant as the tip is held, both the same way; the two outer bands are the darker rim of drying dye.

    Returns: the bands of one stroke after those of another, and their dye, (s, bands).
    """
    strokes = len(path)
    over = rng.uniform(-0.05, 0.2, (2, strokes)) * em_px
    start, end = -over[0], path.sizes + over[1]
    which, share = _spread(np.clip(np.ceil(np.maximum(end - start, 1.0) / (0.2 * em_px)), 3, 2000))
    place = start[which] + share * (end - start)[which]
    lean = np.zeros(strokes) if straight else rng.uniform(-0.05, 0.05, strokes) * em_px
    stray = (0.008 if straight else 0.04) * em_px * _wander(place / em_px, which, rng)[0]
    stray += lean[which] * (2 * share - 1)
    edges = np.empty((strokes, _BANDS + 1))
    edges[:, :4] = 0, _RIM_SHARE, 1 - _RIM_SHARE, 1
    edges[:, 4:] = rng.uniform(0.1, 0.9, (strokes, _BANDS - 3))
    edge = np.sort(edges - 0.5, axis=1).T[:, which]
    rough = (0.004 if straight else 0.012) * em_px
    sides = off[which] + stray + edge * thickness + rough * _wander(place / em_px * 4, which, rng, len(edge))
    dye = 1 + rng.uniform(-_STREAK, _STREAK, (strokes, _BANDS))
    dye[:, [0, -1]] = _RIM
    # no two parts of the tip touch and leave the paper at quite the same time, its corners last and first
    late = rng.uniform(0, _RAGGED, (2, _BANDS, strokes)) * em_px
    late[:, [0, -1]] += _CORNER * em_px
    begin = start + late[0]
    held = np.clip(place, begin[:, which], np.maximum(end - late[1], begin)[:, which]) - place
    slanted = edge * (rng.uniform(-0.25, 0.35, strokes) * thickness)[which]
    base, up, ahead = path.places(which, place)
    upper, lower = (
        np.stack(
            [base[:, axis] + ahead[:, axis] * (held + slanted[part]) + up[:, axis] * sides[part] for axis in (0, 1)], -1
        )
        for part in (slice(1, None), slice(-1))
    )
    parts = _parts(which)
    bands = [np.concatenate([upper[band, part], lower[band, part][::-1]]) for part in parts for band in range(_BANDS)]
    return bands, dye


def painted(canvas: Coverage, polygons: Sequence[Points], levels: Sequence[int], fine: int = FINE) -> None:
    """Fill polygons, each in full with its level, and join them to each other and to a canvas by maximum.

    Args:
        canvas: uint8 (h, w); written to.
        polygons: corners, px, (n, 2) each; the non-zero rule does not hold where one crosses itself.
        fine: samples of a pixel per side.
    """
    corners = np.concatenate(polygons) if polygons else np.empty((0, 2))
    if not len(corners) or not np.isfinite(corners).all():
        return
    ends = np.cumsum([len(polygon) for polygon in polygons])
    starts = np.concatenate([[0], ends[:-1]])
    size = np.array(canvas.shape[::-1])
    low = np.clip(np.floor(np.minimum.reduceat(corners, starts)), 0, size).astype(int)
    high = np.clip(np.ceil(np.maximum.reduceat(corners, starts)) + 1, 0, size).astype(int)
    # samples, whose centers are whole numbers
    limit = 1 << 24
    fixed = np.rint(np.clip(corners * fine - 0.5, -limit, limit) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    outlines = [fixed[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    level = np.array(levels)
    for members, box in _windows(np.concatenate([low, high], axis=1).tolist(), _SPARE // fine**2):
        for left, top, right, bottom in _tiles(box):
            met = (low[members] < (right, bottom)).all(axis=1) & (high[members] > (left, top)).all(axis=1)
            drawn = np.zeros(((bottom - top) * fine, (right - left) * fine), np.uint8)
            origin = np.array([left, top], np.int32) * (fine << _SUBPIXEL_BITS)
            inside = np.flatnonzero(met) + members.start
            for index in inside[np.argsort(level[inside], kind="stable")].tolist():
                cv2.fillPoly(drawn, [outlines[index] - origin], levels[index], cv2.LINE_8, _SUBPIXEL_BITS)
            part = canvas[top:bottom, left:right]
            np.maximum(part, cv2.resize(drawn, part.shape[::-1], interpolation=cv2.INTER_AREA), out=part)


Box = tuple[int, int, int, int]


def _windows(boxes: Sequence[Sequence[int]], spare_px: float) -> Iterator[tuple[slice, Box]]:
    """Boxes that follow each other, joined while that leaves little of their window empty: which, and the window."""
    first = 0
    window: Box | None = None
    for index, (left, top, right, bottom) in enumerate(boxes):
        area = (right - left) * (bottom - top)
        if window is not None:
            x0, y0, x1, y1 = min(window[0], left), min(window[1], top), max(window[2], right), max(window[3], bottom)
            own = (window[2] - window[0]) * (window[3] - window[1])
            if (x1 - x0) * (y1 - y0) <= own + area + spare_px:
                window = x0, y0, x1, y1
                continue
            yield slice(first, index), window
        first, window = index, (left, top, right, bottom)
    if window is not None:
        yield slice(first, len(boxes)), window


def _tiles(box: Box) -> Iterator[Box]:
    """Parts of a box that are small enough to be drawn finely."""
    left, top, right, bottom = box
    wide = max(1, min(right - left, _TILE_WIDE))
    tall = _TILE_AREA // wide
    for y in range(top, bottom, tall):
        for x in range(left, right, wide):
            yield x, y, min(x + wide, right), min(y + tall, bottom)


def _ribbons(path: Path, which: Indices, along: Reals, off: Reals, half: Reals | float) -> list[Points]:
    """The outline of a band of half this thickness along each stretch, from samples of all of them, (m,)."""
    base, up, _ = path.places(which, along)
    over, under = base + up * (off + half)[:, None], base + up * (off - half)[:, None]
    return [np.concatenate([over[part], under[part][::-1]]) for part in _parts(which)]


def _parts(which: Indices) -> list[slice]:
    """Where the samples of each stretch are, if all have some."""
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(which)) + 1, [len(which)]]).tolist()
    return [slice(start, end) for start, end in pairwise(bounds) if end > start]


def _spread(counts: Reals) -> tuple[Indices, Reals]:
    """Even samples of stretches, 2 or more of each: which stretch each is of, and its place there, 0 to 1, (m,)."""
    whole = counts.astype(np.int64)
    which = np.repeat(np.arange(len(whole)), whole)
    number = np.arange(len(which)) - np.repeat(np.cumsum(whole) - whole, whole)
    return which, number / np.repeat(whole - 1, whole)


def _steps(path: Path, em_px: float) -> tuple[Indices, Reals]:
    """Samples of stretches close enough for their curves: which stretch each is of, and how far along it, (m,)."""
    bends = path.bends()
    close = np.maximum(bends + 2, np.minimum(400, np.ceil(path.sizes / (0.5 * em_px))))
    which, share = _spread(np.where(bends == 0, 2, close))
    return which, share * path.sizes[which]


def _wander(along_em: Reals, which: Indices, rng: Generator, lines: int = 1) -> Reals:
    """Smooth random lines over lengths in em along stretches, (m,), mostly within -1..1: (lines, m)."""
    stretches = int(which[-1]) + 1 if len(which) else 0
    phases = rng.uniform(0, 2 * math.pi, (len(_WAVES_EM), lines, stretches))
    total = np.zeros((lines, len(along_em)))
    for wave, share, phase in zip(_WAVES_EM, _WAVE_SHARES, phases, strict=True):
        turns = along_em / wave * 2 * math.pi
        # the sine of a sum: sines of all lines at all samples would take most of the time
        total += np.sin(turns) * (share * np.cos(phase))[:, which]
        total += np.cos(turns) * (share * np.sin(phase))[:, which]
    return total
