"""Which group of polygons covers each pixel most: exact area coverage of many groups, each apart from the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, group_bounds
from glyphmill.stages.extra.windows import Indices, Windows
from glyphmill.stages.ink.polygon import cut_at_pixels

#: Coverage of half a pixel.
_HALF = 128

#: ``refine(group, x, y)``: what to write for pixels of groups, all int (n,).
Refine = Callable[[Indices, Indices, Indices], Indices]


def largest(
    points: Points, starts: Indices, group: Indices, width: int, height: int, refine: Refine | None = None
) -> NDArray[np.uint16]:
    """For each pixel 1 + the group that covers it most, if that is at least half of it; else 0: uint16 (H, W).

    Of groups that cover a pixel alike the first one has it.

    Args:
        points: corners of all polygons, one after another, px, (n, 2).
        starts: index of the first corner of each polygon, ascending, (m,).
        group: of each polygon, -1 for none, (m,).
        refine: gives other numbers than those of the groups, place by place.
    """
    mask, best = np.zeros(width * height, np.uint16), np.zeros(width * height, np.uint8)
    lengths = np.diff(np.append(starts, len(points)))
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    groups, window = np.unique(group[order], return_inverse=True)
    points = points[_runs(starts[order], lengths[order])]
    lengths = lengths[order]
    edges = _edges(points, lengths, window)
    boxes = group_bounds(points, np.bincount(window, lengths, len(groups)).astype(np.int64))
    windows = Windows.around(boxes, width, height)
    for batch in windows.batches():
        low, high = np.searchsorted(edges[4], [batch[0], batch[-1] + 1])
        number = np.full(len(windows), -1.0)
        number[batch] = np.arange(len(batch))
        part = edges[:, low:high].copy()
        part[4] = number[part[4].astype(np.int64)]
        chosen = windows.take(batch)
        covered = _coverage(part[:, part[4] >= 0], chosen)
        inked = np.flatnonzero(covered >= _HALF)
        own, x, y = (found[inked] for found in chosen.pixels())
        covered, pixel, value = covered[inked], y * width + x, groups[batch[own]]
        if refine is not None:
            value = refine(value, x, y)
        # the last one that is written to a pixel stays: the largest, and of equals the first
        upwards = np.argsort(covered[::-1], kind="stable")
        covered, pixel, value = covered[::-1][upwards], pixel[::-1][upwards], value[::-1][upwards]
        more = covered > best[pixel]
        best[pixel[more]], mask[pixel[more]] = covered[more], value[more] + 1
    return mask.reshape(height, width)


def _runs(starts: Indices, lengths: Indices) -> Indices:
    """The indices of runs, one after another."""
    return np.repeat(starts - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))


def _edges(points: Points, lengths: Indices, window: Indices) -> NDArray[np.float64]:
    """Edges of closed polygons in columns (x0, y0, x1, y1, window), without level ones; windows ascend."""
    after = np.arange(1, len(points) + 1)
    ends = np.cumsum(lengths)
    after[ends - 1] = ends - lengths
    edges = np.stack([*points.T, *points[after].T, np.repeat(window, lengths).astype(np.float64)])
    return edges[:, edges[1] != edges[3]]


def _coverage(edges: NDArray[np.float64], windows: Windows) -> NDArray[np.uint8]:
    """Coverage of the pixels of all windows by the non-zero rule; the edges of each window see that window alone.

    Source: accumulation of signed areas along rows, as ``stages.ink.polygon.fill``. What leaves a row on the right is
    taken back in a column of its own, so that one running sum serves all rows of all windows.
    """
    edges = cut_at_pixels(edges)
    owner = edges[4].astype(np.int64)
    x, y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
    rise = edges[3] - edges[1]
    row, column = np.floor(y).astype(np.int64) - windows.y[owner], np.floor(x).astype(np.int64) - windows.x[owner]
    kept = (row >= 0) & (row < windows.height[owner])
    owner, row, column, rise, x = owner[kept], row[kept], column[kept], rise[kept], x[kept]
    right = np.where((column < 0) | (column >= windows.width[owner]), 0.0, x - np.floor(x))
    stride = windows.width + 1
    cells = stride * windows.height
    first = np.cumsum(cells) - cells
    at = first[owner] + row * stride[owner] + np.clip(column, 0, windows.width[owner])
    total = int(cells.sum())
    change = np.bincount(at, rise * (1 - right), total) + np.bincount(at + 1, rise * right, total + 1)[:total]
    inside = np.ones(total, bool)
    widths = np.repeat(stride, windows.height)
    inside[np.cumsum(widths) - 1] = False
    winding = np.cumsum(change)[inside]
    return np.rint(np.minimum(np.abs(winding), 1.0) * 255).astype(np.uint8)
