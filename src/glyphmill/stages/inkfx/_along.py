"""Where lines along text run: stretches of baselines, under all of a line or under some of its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.labels import Labels
from glyphmill.pixels.paths import Indices, Path, Reals

#: Least share of the height of vertical lines on either side of their axis, where it is an axis and not a baseline.
_AXIS = 0.45
#: Shorter stretches are none.
_LEAST_PX = 0.5


@dataclass(frozen=True, slots=True)
class Stretches:
    """Parts of lines of text to draw along, s of them. Heights are above the path, px, (s,).

    Attributes:
        path: their baselines, or their axes where glyphs stand upright in vertical lines.
        top, bottom: of the box around the letters; ``bottom`` is below 0.
        middle: half way up the ink of a usual letter of the line.
        axial: whether the path is an axis, (s,).
    """

    path: Path
    top: Reals
    bottom: Reals
    middle: Reals
    axial: NDArray[np.bool_]


def stretches(labels: Labels, words: str, share: float, rng: Generator) -> Stretches:
    """What to draw along.

    Args:
        words: ``line`` for whole lines, ``some`` for a share of the words; neighbors are joined.
        share: of the words of the text, 0 to 1; at least one is chosen.
        rng: chooses the words.
    """
    path, up, down = _spines(labels)
    upright, tall = up.mean(axis=1), (up + down).mean(axis=1)
    vertical = labels.direction in ("top_to_bottom", "bottom_to_top")
    axial = vertical & (np.abs(upright / np.maximum(tall, 1e-9) - 0.5) < 0.5 - _AXIS)
    middle = _middles(labels) * tall - (tall - upright)
    chosen = _chosen(len(labels.word_spans), share, rng) if words == "some" else np.ones(0, bool)
    if len(chosen):
        line, start, end = _joined(labels, path, chosen)
    else:
        line, start, end = np.arange(len(path)), np.zeros(len(path)), path.sizes
    long = (end - start >= _LEAST_PX) & (path.sizes[line] >= _LEAST_PX)
    line = line[long]
    return Stretches(
        path.cut(line, start[long], end[long]), upright[line], (upright - tall)[line], middle[line], axial[line]
    )


def _chosen(words: int, share: float, rng: Generator) -> NDArray[np.bool_]:
    """Which words, (w,)."""
    chosen = rng.random(words) < share
    if words and not chosen.any():
        chosen[int(rng.integers(words))] = True
    return chosen


def _spines(labels: Labels) -> tuple[Path, Reals, Reals]:
    """The baselines, and how far each line's box reaches above and below each of their points, px, (k, n)."""
    points, polygons = labels.baselines, labels.line_polygons
    sides = polygons.shape[1] // 2
    up, down = polygons[:, :sides] - points, points - polygons[:, sides:][:, ::-1]
    across = up + down
    unit = across / np.maximum(np.hypot(across[..., 0], across[..., 1]), 1e-9)[..., None]
    return Path.of(points, unit), (up * unit).sum(axis=2), (down * unit).sum(axis=2)


def _middles(labels: Labels) -> Reals:
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
    return np.array([float(np.clip(np.median(line), 0.0, 1.0)) if len(line) else 0.5 for line in lines])


def _joined(labels: Labels, path: Path, chosen: NDArray[np.bool_]) -> tuple[Indices, Reals, Reals]:
    """Stretches from start to end of chosen words; those of a line with no other word between them are one.

    Returns: the line of each stretch, and from where to where along it it goes, px, (s,) each.
    """
    sides = labels.word_polygons.shape[1] // 2
    # the two ends of a word's box stand upright on the path
    ends = [
        _foot(path, labels.word_line, labels.word_polygons[:, [side, -1 - side]].mean(axis=1))
        for side in (0, sides - 1)
    ]
    start, end = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort((start, labels.word_line))
    line, taken = labels.word_line[order], chosen[order]
    # a stretch ends before a word that is not chosen, and before the next line
    group = np.cumsum(np.concatenate([[0], np.diff(line) != 0]) + ~taken)[taken]
    first = np.flatnonzero(np.diff(group, prepend=-1))
    return line[taken][first], start[order][taken][first], np.maximum.reduceat(end[order][taken], first)


def _foot(path: Path, line: Indices, points: Points) -> Reals:
    """Length along its line to the place nearest to each point, (n,)."""
    shape = (len(path), -1)
    corners, lengths = path.points.reshape(*shape, 2), path.lengths.reshape(shape)
    step = np.diff(corners, axis=1)[line]
    square = np.maximum((step**2).sum(axis=2), 1e-12)
    away = points[:, None] - corners[line, :-1]
    share = np.clip((away * step).sum(axis=2) / square, 0.0, 1.0)
    apart = away - share[..., None] * step
    nearest = np.argmin((apart**2).sum(axis=2), axis=1)
    every = np.arange(len(points))
    begun = lengths[line, nearest] - lengths[line, 0]
    return np.asarray(begun + share[every, nearest] * np.sqrt(square[every, nearest]))
