"""Exact area coverage of polygons: how ink is made where outlines bend and no font engine can draw them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points


def fill(points: Points, starts: NDArray[np.int64], width: int, height: int) -> NDArray[np.uint8]:
    """Coverage of the inside of polygons by the non-zero rule, uint8 (height, width).

    Each pixel's value is the area of it that is covered, to 1/255, where no two borders cross in the pixel. Polygons
    that overlap must be drawn in the same sense of rotation: the glyphs of a font are.

    Args:
        points: corners of all polygons, one after another, px, (n, 2).
        starts: index of the first corner of each, ascending, (m,).

    Source: accumulation of signed areas along rows, as in Raph Levien's font-rs (2015).
    """
    x0, y0 = points[:, 0], points[:, 1]
    after = np.arange(1, len(points) + 1)
    ends = np.append(starts[1:], len(points))
    after[ends - 1] = starts
    edges = np.stack([x0, y0, x0[after], y0[after]])
    edges = edges[:, edges[1] != edges[3]]
    edges = cut_at_pixels(edges)
    middle_x, middle_y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
    rise = edges[3] - edges[1]
    row, column = np.floor(middle_y).astype(np.int64), np.floor(middle_x).astype(np.int64)
    kept = (row >= 0) & (row < height) & (column < width)
    row, column, rise, middle_x = row[kept], column[kept], rise[kept], middle_x[kept]
    # what lies left of the image covers its rows from the first pixel on
    right = np.where(column < 0, 0.0, middle_x - column)
    column = np.maximum(column, 0)
    at = row * (width + 1) + column
    cells = (width + 1) * height
    change = np.bincount(at, rise * (1 - right), cells) + np.bincount(at + 1, rise * right, cells + 1)[:cells]
    winding = np.cumsum(change.reshape(height, width + 1), axis=1)[:, :width]
    return np.rint(np.minimum(np.abs(winding), 1.0) * 255).astype(np.uint8)


def cut_at_pixels(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges (x0, y0, x1, y1) in columns, cut so that each piece lies in one pixel.

    What stands below these four rows goes along with each piece.
    """
    return _cut(_cut(edges, 1), 0)


def _cut(edges: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Edges cut wherever they cross a whole number of x (axis 0) or y (axis 1)."""
    low = np.minimum(edges[axis], edges[axis + 2])
    high = np.maximum(edges[axis], edges[axis + 2])
    first = np.floor(low)
    pieces = np.maximum(np.ceil(high) - first, 1).astype(np.int64)
    if pieces.max(initial=1) == 1:
        return edges
    long = pieces > 1
    whole, cut = edges[:, ~long], edges[:, long]
    pieces, low, high, first = pieces[long], low[long], high[long], first[long]
    owner = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin = np.maximum(first[owner] + number, low[owner])
    end = np.minimum(first[owner] + number + 1, high[owner])
    span = (high - low)[owner]
    t0, t1 = (begin - low[owner]) / span, (end - low[owner]) / span
    # from the low end to the high end, in the edge's own direction
    down = cut[axis][owner] > cut[axis + 2][owner]
    t0, t1 = np.where(down, 1 - t0, t0), np.where(down, 1 - t1, t1)
    a, b = cut[:2, owner], cut[2:4, owner]
    sliced = np.concatenate([a + (b - a) * t0, a + (b - a) * t1, cut[4:, owner]])
    sliced[:4, down] = sliced[[2, 3, 0, 1]][:, down]
    return np.concatenate([whole, sliced], axis=1)
