"""Warps by smooth fields of displacements: elastic noise, a shaken grid, a thin plate bent at a few points.

All of them are weakened as a whole where they would compress a neighbourhood too far (``spline.MOST_SLOPE``).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import WarpMap
from glyphmill.warpmaps.affine import IDENTITY, Size
from glyphmill.warpmaps.spline import Complex, Displacement, SplineField, interpolating

#: Nodes of a lattice are at least this far apart, px: finer waves could not be seen in print.
_FINEST_PX = 4.0
#: Standard deviation of a cubic B-spline field against that of its independent coefficients: the integral of its
#: square, 151 / 315, along each of two axes, under a root.
_SPLINE_DEVIATION = 151 / 315
_PROBES = 6  # along each side, to see how far a field shifts the page
_PLATE_CELLS = 28  # of the lattice that a thin plate is sampled on, along the longer side
_PLATE_MARGIN = 0.25  # of the page on each side


def elastic_map(size: Size, *, alpha: float, sigma: float, rng: Generator) -> WarpMap:
    """Smooth random displacement.

    Args:
        alpha: scale of the displacement, px: it is ``alpha`` times noise from -1 to 1, one value a pixel, smoothed by a
            Gaussian. Smoothing weakens: the displacement's standard deviation is 0.163 ``alpha`` / ``sigma`` px along
            each axis, and its peaks are about three times that.
        sigma: standard deviation of that Gaussian, px; below 2.3 it works as 2.3.

    Source: Simard, Steinkraus & Platt, "Best practices for convolutional neural networks", ICDAR 2003; the smoothed
    noise is made at once, by a cubic B-spline of the Gaussian's variance.
    """
    if alpha <= 0 or sigma <= 0:
        return IDENTITY
    # a cubic B-spline has a third of its step's square for variance
    step = max(math.sqrt(3) * sigma, _FINEST_PX)
    columns, rows = (math.ceil(side / step) + 5 for side in size)
    noise = rng.uniform(-1.0, 1.0, (rows, columns, 2)).view(np.complex128)[:, :, 0]
    deviation = alpha * min(1.0, 1 / (2 * math.sqrt(math.pi) * sigma))
    noise *= deviation / _SPLINE_DEVIATION
    # what shifts the page as a whole could push it out of its frame
    averages = np.einsum("rc,c->r", noise, _average(size[0] / step, columns))
    noise -= np.einsum("r,r->", averages, _average(size[1] / step, rows))
    return Displacement(SplineField(noise, (-2 * step, -2 * step), (step, step)).limited())


def _average(side: float, nodes: int) -> NDArray[np.float64]:
    """Weights of the coefficients of a spline in its average over a side that begins at the third of so many nodes.

    Args:
        side: how long, in nodes.
    """
    weights = [0.0] * nodes
    for probe in range(_PROBES):
        place = 2 + side * probe / (_PROBES - 1)
        before = int(place)
        t = place - before
        s = 1 - t
        for away, weight in enumerate((s**3, 4 - 3 * t * t * (1 + s), 4 - 3 * s * s * (1 + t), t**3), -1):
            weights[before + away] += weight / (6 * _PROBES)
    return np.array(weights)


def grid_map(size: Size, *, steps: int, limit: float, rng: Generator) -> WarpMap:
    """A grid over the page of which each node moves, smooth in between.

    Args:
        steps: nodes along each side, from edge to edge; below 2 nothing moves. Nodes are at least 4 px apart.
        limit: how far each node moves at most along x and along y, px.
    """
    if steps < 2 or limit <= 0:
        return IDENTITY
    columns, rows = (max(2, min(steps, int(side / _FINEST_PX) + 1)) for side in size)
    moves = rng.uniform(-limit, limit, (rows, columns, 2)).view(np.complex128)[:, :, 0]
    # a page of one pixel has no cell: its nodes still lie apart
    step = max(size[0] / (columns - 1), _FINEST_PX), max(size[1] / (rows - 1), _FINEST_PX)
    return Displacement(interpolating(moves, (0.0, 0.0), step).limited())


def thin_plate_map(size: Size, *, points: int, shift: float, rng: Generator) -> WarpMap:
    """The least bending of a thin plate that moves some points of the page.

    Args:
        points: how many, at least 4, spread evenly over the page.
        shift: how far each of them moves at most along x and along y, px.

    Source: Bookstein, "Principal warps: thin-plate splines and the decomposition of deformations", PAMI 1989. The
    plate is sampled on a lattice and followed by cubic splines from there.
    """
    if shift <= 0:
        return IDENTITY
    longer = max(size)
    places = _spread(max(points, 4), rng) * size / longer
    moves = rng.uniform(-shift, shift, (len(places), 2)).view(np.complex128)[:, 0]
    step = max(longer * (1 + 2 * _PLATE_MARGIN) / _PLATE_CELLS, _FINEST_PX)
    # as much margin along the shorter side: it is what a rotated page shows
    margin = _PLATE_MARGIN * longer
    columns, rows = (math.ceil((side + 2 * margin) / step) + 1 for side in size)
    x, y = np.arange(columns) * step - margin, np.arange(rows) * step - margin
    nodes = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) / longer
    values = _plate(places, moves, nodes).reshape(rows, columns)
    return Displacement(interpolating(values, (-margin, -margin), (step, step)).limited())


def _spread(n: int, rng: Generator) -> Points:
    """Points of the unit square that keep apart, at a random start.

    Source: Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018 (R2).
    """
    ratio = 1.32471795724474602596
    return np.asarray((rng.random(2) + np.arange(n)[:, None] / np.array([ratio, ratio**2])) % 1.0)


def _plate(places: Points, moves: Complex, at: Points) -> Complex:
    """The thin-plate spline through moves at places (n, 2), at other points (m, 2)."""
    n = len(places)
    flat = np.column_stack([np.ones(n), places])
    system = np.zeros((n + 3, n + 3))
    system[:n, :n], system[:n, n:], system[n:, :n] = _bend(places, places), flat, flat.T
    weights = np.linalg.lstsq(system, np.append(moves, np.zeros(3)), rcond=None)[0]
    return np.asarray(_bend(at, places) @ weights[:n] + np.column_stack([np.ones(len(at)), at]) @ weights[n:])


def _bend(a: Points, b: Points) -> Points:
    """r^2 log r^2 between points (m, 2) and (n, 2)."""
    squares = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    return np.asarray(squares * np.log(np.maximum(squares, 1e-12)))
