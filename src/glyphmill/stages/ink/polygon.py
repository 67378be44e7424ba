"""Exact area coverage of polygons: how ink is made where outlines bend and no font engine can draw them."""

from __future__ import annotations

import cv2
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
    after = np.arange(1, len(points) + 1)
    after[np.append(starts[1:], len(points)) - 1] = starts
    edges = cut_at_pixels(np.concatenate([points.T, points.T.take(after, axis=1)]))
    middle = (edges[:2] + edges[2:]) / 2
    column, row = np.floor(middle).astype(np.int64)
    rise = edges[3] - edges[1]
    kept = (row >= 0) & (row < height) & (column < width)
    if not kept.all():
        row, column, rise, middle = row[kept], column[kept], rise[kept], middle[:, kept]
    # what lies left of the image covers its rows from the first pixel on
    beside = rise * np.where(column < 0, 0.0, middle[0] - column)
    at = row * (width + 1) + np.maximum(column, 0)
    # of nothing at all, NumPy makes whole numbers
    change = np.bincount(at, rise - beside, (width + 1) * height).astype(np.float64, copy=False)
    change[1:] += np.bincount(at, beside, len(change))[:-1]
    # sums along rows, from OpenCV's over rows and columns, which take half the time
    sums = cv2.integral(change.reshape(height, width + 1))[:, 1:-1]
    return np.asarray(cv2.convertScaleAbs(sums[1:] - sums[:-1], alpha=255), np.uint8)


def cut_at_pixels(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges (x0, y0, x1, y1) in columns, cut so that each piece lies in one pixel; pieces of an edge follow each other.

    What stands below these four rows goes along with each piece.
    """
    count = edges.shape[1]
    start, end = edges[:2], edges[2:4]
    step = end - start
    # whole numbers between the ends along each axis
    first = np.floor(np.minimum(start, end)) + 1
    crossed = np.maximum(np.ceil(np.maximum(start, end)) - first, 0).astype(np.int64).ravel()
    which = np.repeat(np.arange(2 * count), crossed)
    line = np.arange(len(which)) + np.repeat(first.ravel() - (np.cumsum(crossed) - crossed), crossed)
    share = (line - start.ravel()[which]) / step.ravel()[which]
    # the number of an edge plus a share of it: in this order, places follow each other along all edges
    places = np.sort(np.concatenate([np.arange(count), which % count + share]))
    # by rounding, a cut at the end of the last edge may count as one after it
    owner = np.minimum(places.astype(np.int64), count - 1)
    pieces = np.empty((len(edges), len(owner)))
    begins, ends = pieces[:2], pieces[2:4]
    np.add(start.take(owner, axis=1), step.take(owner, axis=1) * (places - owner), out=begins)
    ends[:, :-1] = begins[:, 1:]
    ends[:, np.diff(owner, append=count) > 0] = end
    pieces[4:] = edges[4:, owner]
    return pieces
