"""More corners on polygons that are about to bend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points


def densify(
    points: Points, starts: NDArray[np.int64], longest: float
) -> tuple[Points, NDArray[np.int64], NDArray[np.int64]]:
    """Closed polygons with no edge longer than ``longest``.

    Args:
        points: corners, polygon after polygon, (n, 2).
        starts: first corner of each polygon, ascending, (m,).

    Returns: points (k, 2), starts (m,), and for each point the old one at or before it, (k,).
    """
    if len(points) == 0:
        return points, starts, np.zeros(0, np.int64)
    after = np.arange(1, len(points) + 1)
    after[np.append(starts[1:], len(points)) - 1] = starts
    x, y = (np.ascontiguousarray(points[:, axis]) for axis in (0, 1))
    step_x, step_y = x[after] - x, y[after] - y
    pieces = np.maximum(np.ceil(np.hypot(step_x, step_y) / longest), 1).astype(np.int64)
    source = np.repeat(np.arange(len(points)), pieces)
    before = pieces.cumsum() - pieces
    share = (np.arange(len(source)) - before[source]) / pieces[source]
    # columns one after the other in memory: what comes next runs along them
    dense: Points = np.empty((2, len(source))).T
    np.add(x[source], step_x[source] * share, out=dense[:, 0])
    np.add(y[source], step_y[source] * share, out=dense[:, 1])
    return dense, before[starts], source
