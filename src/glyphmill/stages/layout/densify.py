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
    step = points[after] - points
    pieces = np.maximum(np.ceil(np.hypot(step[:, 0], step[:, 1]) / longest), 1).astype(np.int64)
    source = np.repeat(np.arange(len(points)), pieces)
    before = np.cumsum(pieces) - pieces
    share = (np.arange(len(source)) - before[source]) / pieces[source]
    return points[source] + step[source] * share[:, None], before[starts], source
