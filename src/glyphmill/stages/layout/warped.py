"""Glyphs and their labels elsewhere: shifted, or where warps take them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.labels import Labels
from glyphmill.core.page import Page
from glyphmill.core.warpmap import Homography, WarpMap
from glyphmill.stages.layout.densify import densify
from glyphmill.stages.layout.place import EDGE_PX, Placed


def points_of(placed: Placed, labels: Labels) -> Points:
    """All points of glyphs and labels, (n, 2); an outline that both share is there once."""
    own = () if placed.outline is labels.outline else (placed.outline.T,)
    return np.concatenate([labels.points().T, placed.origin.T, *own], axis=1).T


def by(points: Points, dx: float, dy: float) -> Points:
    """Points (n, 2) moved by as much."""
    return np.asarray(np.add(points.T, ((dx,), (dy,))).T)


def at(placed: Placed, labels: Labels, points: Points) -> tuple[Placed, Labels]:
    """Glyphs and labels where their ``points_of`` have been moved to."""
    shared = placed.outline is labels.outline
    first, end = labels.size, labels.size + len(placed.origin)
    moved = labels.at(points[:first])
    outline = moved.outline if shared else points[end:]
    return replace(placed, origin=points[first:end], outline=outline), moved


def shifted(placed: Placed, labels: Labels, dx: float, dy: float) -> tuple[Placed, Labels]:
    """The same glyphs and labels elsewhere."""
    return at(placed, labels, by(points_of(placed, labels), dx, dy))


def bent(placed: Placed, labels: Labels, page: Page) -> tuple[Placed, Labels]:
    """Glyphs that are pliable, and labels, under the warps of a page that carries their ``points_of``."""
    placed, labels = at(placed, labels, page.carried)
    return replace(placed, matrix=_matrix(placed.matrix, page.map)), labels


def warp(placed: Placed, page: Page) -> Placed:
    """Glyphs under the warps of a page. Affine warps keep them rigid; others bend them."""
    found = page.map
    if found is None:
        return placed
    points, contours, matrix = placed.outline, placed.contours, _matrix(placed.matrix, found)
    if matrix is None:
        points, contours, _ = densify(points, contours, EDGE_PX)
    return Placed(found.forward(placed.origin), matrix, found.forward(points), contours, placed.contour_glyph)


def _matrix(matrix: NDArray[np.float64] | None, found: WarpMap | None) -> NDArray[np.float64] | None:
    """``Placed.matrix`` after a map; None if glyphs bend."""
    if matrix is None or found is None:
        return matrix
    if isinstance(found, Homography) and found.is_affine:
        return np.asarray(matrix @ found.matrix[:2, :2].T)
    return None
