"""THE pixel convention, and shapes as arrays.

x runs right, y runs down, in pixels. Column j, row i covers [j, j+1) x [i, i+1); its centre is (j+.5, i+.5).
Boxes are half-open: (x0, y0, x1, y1) covers x0 <= x < x1. OpenCV puts centres on integers; only the one resampling
function shifts by .5. A quad is four points in reading order of its glyph: top left, top right, bottom right, bottom
left as the unrotated glyph has them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def bounds(points: Points) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) of points (n, 2); NaN where there are none."""
    if len(points) == 0:
        return (np.nan, np.nan, np.nan, np.nan)
    x, y = points[:, 0], points[:, 1]
    return (float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def group_bounds(points: Points, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Boxes (n, 4) of n consecutive groups of points; NaN for a group without points.

    Args:
        points: (sum(counts), 2).
        counts: points in each group, (n,).
    """
    boxes = np.full((len(counts), 4), np.nan)
    filled = np.flatnonzero(counts)
    if len(filled):
        starts = (np.cumsum(counts) - counts)[filled]
        for axis in (0, 1):
            column = np.ascontiguousarray(points[:, axis])
            boxes[filled, axis] = np.minimum.reduceat(column, starts)
            boxes[filled, axis + 2] = np.maximum.reduceat(column, starts)
    return boxes


def clip_boxes(boxes: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    """Boxes (n, 4) cut to an image; what lies outside collapses to zero area on its border."""
    return np.clip(boxes, 0.0, np.array([width, height, width, height], np.float64))


def bounds_inside(
    points: Points,
    contours: NDArray[np.int64],
    counts: NDArray[np.int64],
    width: int,
    height: int,
) -> NDArray[np.float64]:
    """Boxes (n, 4) of what lies inside an image of n consecutive groups of filled polygons; NaN where nothing does.

    The outermost points of what is inside are corners of polygons, places where an edge crosses the border of the
    image, or corners of the image that a polygon covers. Polygons are filled where they wind around. Source: Liang &
    Barsky 1984 for the edges.

    Args:
        points: corners of all polygons, (sum(counts), 2).
        contours: first corner of each polygon, ascending; no polygon goes on into the next group, (c,).
        counts: corners in each group, (n,).
    """
    size = np.array([width, height], np.float64)
    group = np.repeat(np.arange(len(counts)), counts)
    after = np.arange(1, len(points) + 1)
    after[np.append(contours[1:], len(points)) - 1] = contours
    end = points[after]
    enter, leave = _edge_inside(points, end - points, size)
    crosses = enter <= leave
    start, step = points[crosses], (end - points)[crosses]
    inner = [start + step * share[crosses, None] for share in (enter, leave)]
    covered, corner = _covered_corners(points, end, group, len(counts), size)
    found = np.clip(np.concatenate([*inner, corner]), 0.0, size)
    owner = np.concatenate([group[crosses], group[crosses], covered])
    order = np.argsort(owner, kind="stable")
    return group_bounds(found[order], np.bincount(owner, minlength=len(counts)).astype(np.int64))


def _edge_inside(start: Points, step: Points, size: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """At which shares of its length each edge (n, 2) enters and leaves an image; it misses where they are swapped."""
    along = step != 0
    low = np.divide(-start, step, out=np.full_like(step, -np.inf), where=along)
    high = np.divide(size - start, step, out=np.full_like(step, np.inf), where=along)
    low, high = np.minimum(low, high), np.maximum(low, high)
    # an edge along the border that lies outside never enters
    low[~along & ((start < 0) | (start > size))] = np.inf
    return np.maximum(low.max(axis=1), 0.0), np.minimum(high.min(axis=1), 1.0)


def _covered_corners(
    start: Points, end: Points, group: NDArray[np.int64], groups: int, size: NDArray[np.float64]
) -> tuple[NDArray[np.int64], Points]:
    """Which corners of an image the polygons of each group wind around: groups (k,) and corners (k, 2)."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * size
    to_start, to_end = start[:, None] - corners, end[:, None] - corners
    left = to_start[..., 0] * to_end[..., 1] - to_end[..., 0] * to_start[..., 1]
    rises = (to_start[..., 1] <= 0) & (to_end[..., 1] > 0) & (left > 0)
    falls = (to_start[..., 1] > 0) & (to_end[..., 1] <= 0) & (left < 0)
    turns = np.zeros((groups, 4), np.int64)
    np.add.at(turns, group, rises.astype(np.int64) - falls)
    covered, corner = np.nonzero(turns)
    return covered, corners[corner]


def visible_share(boxes: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    """Share of the area of each box (n, 4) that lies inside an image, 0 to 1; of a box without area, of its length."""
    inside = clip_boxes(boxes, width, height)
    if np.array_equal(inside, boxes):
        return np.ones(len(boxes))
    size, seen = boxes[:, 2:] - boxes[:, :2], inside[:, 2:] - inside[:, :2]
    # a side without length is inside if its place is
    lies_inside = (boxes[:, :2] == inside[:, :2]).astype(np.float64)
    return np.asarray(np.divide(seen, size, out=lies_inside, where=size > 0).prod(axis=1))


def polygon_areas(points: Points, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Areas of n consecutive polygons: px^2, (n,). Source: the shoelace formula.

    Args:
        points: corners, (sum(counts), 2).
        counts: corners of each polygon, at least 1, (n,).
    """
    starts = np.cumsum(counts) - counts
    # from the first corner on, each edge and it make a triangle; an edge that leads to the next polygon makes none
    away = points.T - points[starts].T.repeat(counts, axis=1)
    twice = np.zeros(len(points))
    twice[:-1] = away[0, :-1] * away[1, 1:] - away[0, 1:] * away[1, :-1]
    return np.asarray(np.abs(np.add.reduceat(twice, starts)) / 2) if len(starts) else np.zeros(0)
