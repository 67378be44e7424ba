"""Where lines along text run: stretches of baselines, under all of a line or under some of its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.labels import Labels
from glyphmill.pixels.rules import Path

Reals = NDArray[np.float64]

#: Least share of the height of vertical lines on either side of their axis, where it is an axis and not a baseline.
_AXIS = 0.45
#: Shorter stretches are none.
_LEAST_PX = 0.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line of text to draw along. Heights are above the path, px.

    Attributes:
        path: its baseline, or its axis where glyphs stand upright in a vertical line.
        top, bottom: of the box around the letters; ``bottom`` is below 0.
        middle: half way up the ink of a usual letter of the line.
        axial: the path is an axis.
    """

    path: Path
    top: float
    bottom: float
    middle: float
    axial: bool


def stretches(labels: Labels, words: str, share: float, rng: Generator) -> list[Stretch]:
    """What to draw along.

    Args:
        words: ``line`` for whole lines, ``some`` for a share of the words; neighbors are joined.
        share: of the words of the text, 0 to 1; at least one is chosen.
        rng: chooses the words.
    """
    found = []
    chosen = _chosen(len(labels.word_spans), share, rng) if words == "some" else np.ones(0, bool)
    middles = _middles(labels)
    for line in range(len(labels.line_spans)):
        path, up, down = _spine(labels, line)
        length = path.lengths[-1]
        if length < _LEAST_PX:
            continue
        upright, tall = float(up.mean()), float((up + down).mean())
        vertical = labels.direction in ("top_to_bottom", "bottom_to_top")
        axial = vertical and abs(upright / max(tall, 1e-9) - 0.5) < 0.5 - _AXIS
        middle = middles[line] * tall - (tall - upright)
        parts = [(0.0, float(length))] if len(chosen) == 0 else _joined(labels, line, path, chosen)
        for start, end in parts:
            if end - start >= _LEAST_PX:
                found.append(Stretch(_cut(path, start, end), upright, upright - tall, middle, axial))
    return found


def _chosen(words: int, share: float, rng: Generator) -> NDArray[np.bool_]:
    """Which words, (w,)."""
    chosen = rng.random(words) < share
    if words and not chosen.any():
        chosen[int(rng.integers(words))] = True
    return chosen


def _spine(labels: Labels, line: int) -> tuple[Path, Reals, Reals]:
    """The baseline of a line, and how far the line's box reaches above and below each of its points, px."""
    points, polygon = labels.baselines[line], labels.line_polygons[line]
    sides = len(polygon) // 2
    up, down = polygon[:sides] - points, points - polygon[sides:][::-1]
    across = up + down
    height = np.hypot(across[:, 0], across[:, 1])
    unit = across / np.maximum(height, 1e-9)[:, None]
    return Path(points, unit), (up * unit).sum(axis=1), (down * unit).sum(axis=1)


def _middles(labels: Labels) -> list[float]:
    """Half way up the ink of each line's median cluster, as a share of the height of its em-box, from below, (k,)."""
    inked = np.flatnonzero(labels.ink)
    counts = labels.outline_counts[inked]
    bottom = labels.quads[inked, 3]
    up = labels.quads[inked, 0] - bottom
    up /= np.maximum((up**2).sum(axis=1), 1e-9)[:, None]
    shares = (labels.outline * np.repeat(up, counts, axis=0)).sum(axis=1) - np.repeat((bottom * up).sum(axis=1), counts)
    starts = np.cumsum(counts) - counts
    halves = (np.minimum.reduceat(shares, starts) + np.maximum.reduceat(shares, starts)) / 2
    lines = [halves[labels.line[inked] == line] for line in range(len(labels.line_spans))]
    return [float(np.clip(np.median(line), 0.0, 1.0)) if len(line) else 0.5 for line in lines]


def _joined(labels: Labels, line: int, path: Path, chosen: NDArray[np.bool_]) -> Iterator[tuple[float, float]]:
    """Lengths along a line from start to end of its chosen words; those with no other word between them are one."""
    members = np.flatnonzero(labels.word_line == line)
    if len(members) == 0:
        return
    sides = labels.word_polygons.shape[1] // 2
    polygons = labels.word_polygons[members]
    reach = _ends(path, polygons, sides)
    begun: tuple[float, float] | None = None
    for word in np.argsort(reach[:, 0], kind="stable").tolist():
        if chosen[members[word]]:
            start, end = reach[word].tolist()
            begun = (start, end) if begun is None else (begun[0], max(begun[1], end))
        elif begun is not None:
            yield begun
            begun = None
    if begun is not None:
        yield begun


def _ends(path: Path, polygons: NDArray[np.float64], sides: int) -> Reals:
    """Where along a path words begin and end, (w, 2), ascending, px."""
    # the two ends of a word's box stand upright on the path
    ends = [_foot(path, polygons[:, [side, -1 - side]].mean(axis=1)) for side in (0, sides - 1)]
    return np.sort(np.stack(ends, axis=1), axis=1)


def _foot(path: Path, points: Points) -> Reals:
    """Length along a path to the place nearest to each point, (n,)."""
    start, step = path.points[:-1], np.diff(path.points, axis=0)
    square = np.maximum((step**2).sum(axis=1), 1e-12)
    away = points[:, None] - start
    along = np.clip((away * step).sum(axis=2) / square, 0.0, 1.0)
    apart = away - along[..., None] * step
    nearest = np.argmin((apart**2).sum(axis=2), axis=1)
    lengths = path.lengths
    every = np.arange(len(points))
    return np.asarray(lengths[nearest] + along[every, nearest] * np.sqrt(square)[nearest])


def _cut(path: Path, start: float, end: float) -> Path:
    """The part of a path between two lengths."""
    lengths = path.lengths
    inner = (lengths > start + 1e-6) & (lengths < end - 1e-6)
    along = np.concatenate([[start], lengths[inner], [end]])
    points = path.at(along)
    up = path.at(along, 1.0) - points
    return Path(points, up)
