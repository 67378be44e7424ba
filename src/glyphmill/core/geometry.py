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


def visible_share(boxes: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    """Share of the area of each box (n, 4) that lies inside an image, 0 to 1; of a box without area, of its length."""
    inside = clip_boxes(boxes, width, height)
    if np.array_equal(inside, boxes):
        return np.ones(len(boxes))
    size, seen = boxes[:, 2:] - boxes[:, :2], inside[:, 2:] - inside[:, :2]
    # a side without length is inside if its place is
    lies_inside = (boxes[:, :2] == inside[:, :2]).astype(np.float64)
    return np.asarray(np.divide(seen, size, out=lies_inside, where=size > 0).prod(axis=1))


def polygon_areas(polygons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Areas of polygons with as many corners each, (n, k, 2): px^2, (n,). Source: the shoelace formula."""
    # from the first corner on, each edge and it make a triangle
    away = polygons[:, 1:] - polygons[:, :1]
    x, y = away[:, :, 0], away[:, :, 1]
    twice = (x[:, :-1] * y[:, 1:] - x[:, 1:] * y[:, :-1]).sum(axis=1)
    return np.asarray(np.abs(twice) / 2)
