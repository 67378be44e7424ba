"""Where words and lines are, as a label says it: few points, boxes along the text, areas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, group_bounds, polygon_areas

Polygons = NDArray[np.float64]
Whole = NDArray[np.int64]
Shape = dict[str, Any]
Line = list[list[float]]


def described(words: Polygons, lines: Polygons, baselines: Polygons) -> tuple[list[Shape], list[Shape], list[Line]]:
    """What a label says of words (w, 2 s, 2), lines (k, 2 t, 2) and baselines (k, t, 2), px with two decimals.

    Returns: ``quad``, ``polygon`` and ``area`` of each word and of each line, and the baselines.
    """
    polygons = (words, lines)
    corners = np.concatenate([each.reshape(-1, 2) for each in polygons])
    counts = np.repeat([each.shape[1] for each in polygons], [len(each) for each in polygons])
    areas = np.round(polygon_areas(corners, counts), 1).tolist()
    if max(words.shape[1], lines.shape[1]) <= 4:
        quads = [quad for each in polygons for quad in np.round(each, 2).tolist()]
        shapes = [{"quad": quad, "polygon": quad, "area": area} for quad, area in zip(quads, areas, strict=True)]
        return shapes[: len(words)], shapes[len(words) :], np.round(baselines, 2).tolist()
    word_side, line_side = words.shape[1] // 2, lines.shape[1] // 2
    # the top and the bottom of each polygon take turns
    sides = words.reshape(-1, word_side, 2), np.concatenate([lines.reshape(-1, line_side, 2), baselines])
    edges = thinned(np.concatenate(sides)) if word_side == line_side else [*thinned(sides[0]), *thinned(sides[1])]
    rims = edges[: 2 * len(areas)]
    around = [[*top, *bottom] for top, bottom in zip(rims[::2], rims[1::2], strict=True)]
    ends = (each[:, each.shape[1] // 2 - 1] - each[:, 0] for each in polygons)
    boxes = _boxes_along(corners, counts, np.concatenate(list(ends))).tolist()
    shapes = [
        {"quad": polygon if len(polygon) == 4 else box, "polygon": polygon, "area": area}
        for polygon, box, area in zip(around, boxes, areas, strict=True)
    ]
    return shapes[: len(words)], shapes[len(words) :], edges[len(rims) :]


def thinned(lines: Polygons, tolerance_px: float = 0.2) -> list[Line]:
    """Open polylines without the points that they can spare: none of these is further than the tolerance from the rest.

    Lines are halved, and each part again, as long as parts are bent (after Ramer 1972, who splits at the furthest
    point instead of in the middle). All parts of all lines are looked at together, whether they are needed or not.

    Args:
        lines: (n, 2 ** k + 1, 2).

    Returns: the points of each line that are kept, px with two decimals.
    """
    kept = np.ones(lines.shape[:2], bool)
    if lines.shape[1] > 2:
        parts = _parts(lines.shape[1] - 1)
        planes = np.ascontiguousarray(lines.transpose(2, 0, 1))
        start = planes.take(parts.start, axis=2)
        chord = planes.take(parts.end, axis=2) - start
        along = chord / np.maximum((chord * chord).sum(axis=0), 1e-12)
        away = planes.take(parts.inner, axis=2)
        away -= start.take(parts.owner, axis=2)
        share = (away * along.take(parts.owner, axis=2)).sum(axis=0)
        np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
        away -= share * chord.take(parts.owner, axis=2)
        away *= away
        far = np.logical_or.reduceat(away.sum(axis=0) > tolerance_px**2, parts.first, axis=1)
        kept[:, parts.middle] = far[:, parts.within].all(axis=2)
    plain = np.round(lines[kept], 2).tolist()
    ends = kept.sum(axis=1).cumsum().tolist()
    return [plain[start:end] for start, end in zip([0, *ends], ends, strict=False)]


class _Parts(NamedTuple):
    """All p parts that come of halving a line, and their q inner points, part after part.

    Attributes:
        start, middle, end: points of the line where each part has these, (p,).
        within: each part and those that it is a half of, or a half of a half, (p, k); the whole as often as needed.
        inner: the inner points, (q,).
        owner: the part of each, (q,).
        first: the first of these of each part, (p,).
    """

    start: Whole
    middle: Whole
    end: Whole
    within: Whole
    inner: Whole
    owner: Whole
    first: Whole


@lru_cache(maxsize=8)
def _parts(edges: int) -> _Parts:
    """The parts of a line of 2 ** k edges that have inner points."""
    levels = edges.bit_length() - 1
    span = np.concatenate([np.full(1 << level, edges >> level) for level in range(levels)])
    start = np.concatenate([np.arange(1 << level) * (edges >> level) for level in range(levels)])
    number = np.arange(len(span))
    within = [number]
    for _ in range(levels - 1):
        within.append(np.maximum((within[-1] - 1) // 2, 0))  # parts are numbered as those of a heap
    first = np.cumsum(span - 1) - (span - 1)
    owner = np.repeat(number, span - 1)
    inner = start[owner] + np.arange(len(owner)) - first[owner] + 1
    return _Parts(start, start + span // 2, start + span, np.stack(within, axis=1), inner, owner, first)


def _boxes_along(points: Points, counts: NDArray[np.int64], directions: Points) -> NDArray[np.float64]:
    """Rectangles around n consecutive groups of points along directions (n, 2): corners, top left first, (n, 4, 2)."""
    x, y = directions.T
    length = np.hypot(x, y)
    flat = length <= 1e-9
    length[flat] = 1.0
    x_axis = np.stack([np.where(flat, 1.0, x / length), np.where(flat, 0.0, y / length)])
    cos, sin = x_axis.repeat(counts, axis=1)
    turned = np.empty((2, len(points)))
    turned[0], turned[1] = points[:, 0] * cos + points[:, 1] * sin, points[:, 1] * cos - points[:, 0] * sin
    sides = group_bounds(turned.T, counts)
    right, down = sides[:, [0, 2, 2, 0]], sides[:, [1, 1, 3, 3]]
    cos, sin = x_axis[:, :, None]
    return np.round(np.stack([right * cos - down * sin, right * sin + down * cos], axis=2), 2)
