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
