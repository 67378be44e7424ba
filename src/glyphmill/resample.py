"""THE one place where a warp moves pixels; and the one that shifts by half a pixel, since OpenCV's centres are whole.

All pending warps of a page are followed back at once. The map is found exactly on a coarse lattice, which is refined
until cubic splines through its nodes are true to a twentieth of a pixel, and brought to pixels by these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.page import Page
from glyphmill.core.warpmap import AffineKin, Homography, WarpMap, unevenness

Image = NDArray[np.uint8]
#: What lies beyond the page: its mirror image, its border drawn out, or one value for all or for each channel.
Border = Literal["reflect", "replicate"] | int | tuple[int, ...]

_COARSE_PX, _FINE_PX = 16, 4  # of the first lattice
_UNEVEN = 1.2  # px: fourth differences of this deviation pass for smooth
_TOLERANCE_PX = 0.05
_MOST_OFF_PX = 0.1  # in a few places
_FEW = 0.02  # of all places
_MISSED = 0.05  # if so many pixels are off, the lattice has missed a whole pattern
_AROUND = 2  # nodes beyond the region on each side
_TAPS = 8  # nodes on each side that a spline's coefficient depends on; the next ones have a weight below 1 in 80,000
_OFF = 3 / 128  # of a fourth difference: how far cubics through four nodes are off in their middle
_TRUER = 0.5  # how far splines are off against these; less where the map is smooth
_STREWN = 320
_GRAINS = 1024
_TILE_PX = 1024  # larger pages are made in parts, so that memory stays flat
_WHOLE = 2_000_000  # up to so many pixels a page is made at once
_MOST_SIDE = 32_000  # OpenCV's limit is 32,767
_MINIFIED = 1.5  # from here on pixels between samples would be skipped
_PROBES = 12

Plane = NDArray[np.float32]
Nodes = NDArray[np.float64]
Inverse = Callable[[Points], Points]
Region = tuple[int, int, int, int]
Margins = tuple[int, int, int, int]


def resample(image: Image, page: Page, border: Border = "reflect", *, around: Margins = (0, 0, 0, 0)) -> Image:
    """The image of a page after all of its warps: bilinear, each pixel resampled once.

    Args:
        image: the page as it was made, with what lies around it; uint8 (h, w) or (h, w, 3 or 4).
        page: of that size, with its warps.
        around: how much of the image lies left of, above, right of and below the page, px.
        border: what lies beyond the page. Constant zero with a fourth channel of 255 gives premultiplied coverage.

    Where warps make the page much smaller, it is first averaged over as many pixels as fall on one.

    Returns: uint8 (page.height, page.width) with the channels of ``image``, a new array.
    Raises: ValueError if the image has not the page's size.
    """
    left, top, right, bottom = around
    wanted = left + page.source_width + right, top + page.source_height + bottom
    if image.shape[1::-1] != wanted:
        given = image.shape[1::-1]
        raise ValueError(f"got an image of {given[0]} x {given[1]} px; expected {wanted[0]} x {wanted[1]}")
    warp = page.map
    if warp is None:
        return image.copy()
    channels = image.shape[2] if image.ndim == 3 else 1
    source = np.ascontiguousarray(image)
    if channels == 3:
        # OpenCV resamples four channels in half the time of three
        source = cv2.cvtColor(source, cv2.COLOR_RGB2RGBA)
    trace = _tracer(warp, page, left, top)
    regions = list(_regions(page.width, page.height))
    first = trace(regions[0])
    source = _averaged(source, *(_probed(first) if len(regions) == 1 else _spanned(warp, page, left, top)))
    scale = source.shape[1] / wanted[0], source.shape[0] / wanted[1]
    made = None if len(regions) == 1 else np.empty((page.height, page.width, *source.shape[2:]), np.uint8)
    for x, y, width, height in regions:
        places = first if made is None else trace((x, y, width, height))
        part = _part(source, places, scale, border)
        if made is None:
            made = part
        else:
            made[y : y + height, x : x + width] = part
    made = cv2.cvtColor(made, cv2.COLOR_RGBA2RGB) if channels == 3 else made
    return np.asarray(made, np.uint8).reshape(page.height, page.width, *image.shape[2:])


def _tracer(warp: WarpMap, page: Page, left: int, top: int) -> Callable[[Region], tuple[Plane, Plane]]:
    """What finds where the pixels of a region of the page come from, in an image where the page begins at (x, y)."""
    if isinstance(warp, Homography | AffineKin) and (plain := warp.plain_inverse(page.width, page.height)):
        rows = (Homography.shift(left, top).matrix @ plain.matrix).tolist()
        return lambda region: _straight(rows, region)
    inverse = _shifted(warp.inverse, left, top) if left or top else warp.inverse
    step = _COARSE_PX
    while step > _FINE_PX and unevenness(warp, step) > _UNEVEN:
        step //= 2
    return lambda region: _sources(inverse, region, step)


def _shifted(inverse: Inverse, x: int, y: int) -> Inverse:
    """The map to a larger image, in which the page begins at (x, y)."""
    shift = np.array([x, y], np.float64)
    return lambda points: np.asarray(inverse(points) + shift)


def _straight(matrix: list[list[float]], region: Region) -> tuple[Plane, Plane]:
    """Where the pixels of a region come from by a projective map: as ``_sources``."""
    left, top, width, height = region
    x, y = np.arange(width) + (left + 0.5), np.arange(height) + (top + 0.5)
    columns, rows = (_plane(row, x, y) for row in matrix[:2])
    if matrix[2] != [0.0, 0.0, 1.0]:
        depth = _plane(matrix[2], x, y)
        columns /= depth
        rows /= depth
    return _rounded(columns), _rounded(rows)


def _regions(width: int, height: int) -> Iterator[Region]:
    """The page in parts (x, y, width, height): one, unless it is large."""
    side = max(width, height) if width * height <= _WHOLE and max(width, height) <= _MOST_SIDE else _TILE_PX
    for y in range(0, height, side):
        for x in range(0, width, side):
            yield x, y, min(side, width - x), min(side, height - y)


def _plane(row: list[float], x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]]) -> Plane:
    """Over a lattice, a x + b y + c."""
    a, b, c = row
    return np.asarray((a * x).astype(np.float32) + (b * y + c).astype(np.float32)[:, None], np.float32)


def _probed(places: tuple[Plane, Plane]) -> tuple[NDArray[np.floating[Any]], float, float]:
    """Some of the places where pixels come from, (2, rows, columns), and how far apart the pixels are, px."""
    height, width = places[0].shape
    down, right = max(1, height // _PROBES), max(1, width // _PROBES)
    return np.stack([plane[::down, ::right] for plane in places]), right, down


def _spanned(warp: WarpMap, page: Page, left: int, top: int) -> tuple[NDArray[np.floating[Any]], float, float]:
    """The same for a page that is made in parts, from its border to its border."""
    x, y = (np.linspace(0, side, _PROBES) for side in (page.width, page.height))
    places = warp.inverse(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)) + np.array([left, top])
    return places.T.reshape(2, _PROBES, _PROBES), float(x[1]), float(y[1])


def _averaged(source: Image, places: NDArray[np.floating[Any]], right: float, down: float) -> Image:
    """The source, made smaller by area averages along each axis where the warps will skip pixels."""
    along_x = np.diff(places, axis=2)[:, :-1] / right
    along_y = np.diff(places, axis=1)[:, :, :-1] / down
    skipped = along_x * along_x + along_y * along_y
    if skipped.max(initial=0.0) <= _MINIFIED**2:
        return source
    size = np.array(source.shape[1::-1])
    inside = np.all((places > 0) & (places < size[:, None, None]), axis=0)[:-1, :-1]
    if not inside.any():
        return source
    factors = [side if side > _MINIFIED else 1.0 for side in np.sqrt(np.median(skipped[:, inside], axis=1)).tolist()]
    width, height = (max(1, math.ceil(side / by)) for side, by in zip(size.tolist(), factors, strict=True))
    if (height, width) == source.shape[:2]:
        return source
    return np.asarray(cv2.resize(source, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _part(source: Image, places: tuple[Plane, Plane], scale: tuple[float, float], border: Border) -> Image:
    """The pixels of one region, from where they come from, which is used up."""
    columns, rows = places
    window, mode, value = [slice(None), slice(None)], *_border(border)
    for axis, (plane, by) in enumerate(((rows, scale[1]), (columns, scale[0]))):
        side = source.shape[axis]
        if by != 1:
            plane *= np.float32(by)
        # OpenCV mirrors step by step, and would take hours over a point that is far away
        np.clip(plane, -side - 1.0, 2.0 * side + 1.0, out=plane)
        plane -= np.float32(0.5)
        if side > _MOST_SIDE:
            window[axis] = _needed(plane, side)
            plane -= np.float32(window[axis].start)
    return np.asarray(
        cv2.remap(source[tuple(window)], columns, rows, cv2.INTER_LINEAR, borderMode=mode, borderValue=value), np.uint8
    )


def _border(border: Border) -> tuple[int, Any]:
    if isinstance(border, str):
        return (cv2.BORDER_REFLECT if border == "reflect" else cv2.BORDER_REPLICATE), 0
    return cv2.BORDER_CONSTANT, (border,) * 4 if isinstance(border, int) else border


def _needed(places: Plane, side: int) -> slice:
    """The part of one axis that these places fall on, with what they mirror beyond its ends."""
    low, high = math.floor(places.min()) - 1, math.ceil(places.max()) + 2
    if low < 0:
        low, high = 0, max(high, -low)
    if high > side:
        low, high = max(0, min(low, 2 * side - high)), side
    return slice(min(low, side - 1), max(high, 1))


def _sources(inverse: Inverse, region: Region, step: int = _COARSE_PX) -> tuple[Plane, Plane]:
    """Where the pixels of a region come from: x and y, px, float32 (height, width) each.

    Exact on a lattice, by cubic splines through its nodes in between. The lattice becomes finer until fourth
    differences say that hardly any spline is off, with exact nodes where one was and splines' in the rest; and until
    pixels strewn over the region agree, from which neither a regular wave nor a crease can hide.
    """
    x, y, width, height = region
    corner = np.array([x, y], np.float64)
    index = (_strewn() * (width, height)).astype(np.int64)
    nodes, exact = _lattice(inverse, corner, width, height, step, index.astype(np.float64) + 0.5)
    while True:
        rough, enough = _rough(nodes)
        splines = [_coefficients(plane) for plane in nodes]
        if step == 1 or enough:
            middles = (np.arange(step) + 0.5) / step
            planes = [_values(spline, middles, _AROUND, (height, width)) for spline in splines]
            found = np.stack([plane[index[:, 1], index[:, 0]] for plane in planes], axis=1)
            off = np.abs(found - exact).max(axis=1) > _MOST_OFF_PX
            if step == 1 or not off.any():
                columns, rows = (_rounded(plane) for plane in planes)
                return columns, rows
            rough = _around(index[off] // step + _AROUND, rough.shape, everywhere=off.mean() > _MISSED)
        nodes, step = _refined(inverse, nodes, splines, rough, corner, step), step // 2


@lru_cache(maxsize=1)
def _strewn() -> Points:
    """Places in the unit square, spread evenly without any period (R2, Roberts 2018)."""
    ratio = 1.32471795724474602596
    return np.asarray((0.5 + np.arange(_STREWN)[:, None] / np.array([ratio, ratio**2])) % 1.0)


def _lattice(
    inverse: Inverse, corner: Points, width: int, height: int, step: int, more: Points
) -> tuple[Nodes, Points]:
    """Where the nodes of the first lattice and some more points (n, 2) of the region come from.

    Returns: (2, rows, columns), x and y, with some nodes around the region; and (n, 2).
    """
    # to the end of the last coarse cell, as if it were refined
    ends = (math.ceil(side / _COARSE_PX) * (_COARSE_PX // step) for side in (width, height))
    columns, rows = (np.arange(-_AROUND, end + _AROUND + 1) for end in ends)
    nodes = np.empty((2, len(rows), len(columns)))
    nodes[0], nodes[1] = columns * step, (rows * step)[:, None]
    found = inverse(np.concatenate([nodes.reshape(2, -1), more.T], axis=1).T + corner).T
    return found[:, : -len(more)].reshape(nodes.shape), found[:, -len(more) :].T


def _rough(nodes: Nodes) -> tuple[Image, bool]:
    """Around which nodes cubics are off, uint8 (rows, columns); and whether splines are in few places, and not far."""
    rough = np.zeros(nodes.shape[1:], np.uint8)
    worst, most = 0.0, 0.0
    for axis, middle in ((1, np.s_[2:-2, :]), (2, np.s_[:, 2:-2])):
        off = np.abs(np.diff(nodes, 4, axis=axis)).max(axis=0) * _OFF
        rough[middle] |= off > _TOLERANCE_PX
        off *= _TRUER
        worst, most = max(worst, float(off.max())), max(most, float((off > _TOLERANCE_PX).mean()))
    # a difference reaches over five nodes
    return cv2.dilate(rough, np.ones((5, 5), np.uint8)).astype(np.uint8), worst < _MOST_OFF_PX and most < _FEW


def _around(cells: NDArray[np.int64], shape: tuple[int, ...], *, everywhere: bool) -> Image:
    """Nodes close to some cells (x, y), or all nodes."""
    if everywhere:
        return np.ones(shape, np.uint8)
    rough = np.zeros(shape, np.uint8)
    rough[cells[:, 1], cells[:, 0]] = 1
    return np.asarray(cv2.dilate(rough, np.ones((7, 7), np.uint8)), np.uint8)


def _refined(
    inverse: Inverse, nodes: Nodes, splines: list[NDArray[np.float64]], rough: Image, corner: Points, step: int
) -> Nodes:
    """The lattice of half the step: exact in rough places, by splines through the old nodes in others."""
    rows, columns = (2 * side - 5 for side in rough.shape)
    halves = np.array([0.0, 0.5])
    finer = np.stack([_values(spline, halves, _AROUND - 1, (rows, columns)) for spline in splines], dtype=np.float64)
    finer[:, ::2, ::2] = nodes[:, 1:-1, 1:-1]
    wanted = np.repeat(np.repeat(rough[1:-1, 1:-1], 2, axis=0), 2, axis=1)[:-1, :-1]
    wanted[::2, ::2] = 0
    row, column = np.nonzero(wanted)
    at = np.stack([column - _AROUND, row - _AROUND]) * (step / 2) + corner[:, None]
    finer[:, row, column] = inverse(at.T).T
    return finer


@lru_cache(maxsize=1)
def _through() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How coefficients of a cubic spline follow from its nodes.

    Returns: weights of the nodes around one, (2 taps + 1,), which keep cubics; and how nodes beyond the first follow
    from the first three, by a parabola, (taps, 3).

    Source: Unser, Aldroubi & Eden, "B-spline signal processing", IEEE Transactions on Signal Processing, 1993.
    """
    away = np.abs(np.arange(-_TAPS, _TAPS + 1))
    weights = math.sqrt(3) * (math.sqrt(3) - 2) ** away
    # the ends make up for what lies beyond them
    weights[[0, -1]] -= (1 / 3 + weights @ away**2) / (2 * _TAPS**2)
    weights[_TAPS] += 1 - weights.sum()
    t = -np.arange(_TAPS, 0, -1.0)
    return weights, np.stack([(t - 1) * (t - 2) / 2, t * (2 - t), t * (t - 1) / 2], axis=1)


def _coefficients(nodes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of the cubic B-splines through nodes (rows, columns): with one more at each end."""
    weights, beyond = _through()
    wide = np.concatenate([beyond @ nodes[:3], nodes, beyond[::-1] @ nodes[:-4:-1]])
    wide = np.concatenate([wide[:, :3] @ beyond.T, wide, wide[:, :-4:-1] @ beyond[::-1].T], axis=1)
    inner = slice(_TAPS - 1, 1 - _TAPS)
    return np.asarray(cv2.sepFilter2D(wide, cv2.CV_64F, weights, weights)[inner, inner], np.float64)


def _values(
    coefficients: NDArray[np.float64], places: NDArray[np.float64], first: int, shape: tuple[int, int]
) -> Plane:
    """Values of splines, float32 of a shape.

    Args:
        places: of the values in each cell, along each axis, 0 to below 1.
        first: the first of the four coefficients of the first cell, along each axis.
    """
    t, s = places, 1 - places
    weights = np.stack([s * s * s, (3 * t - 6) * t * t + 4, (3 * s - 6) * s * s + 4, t * t * t], axis=1) / 6
    values = coefficients.astype(np.float32)
    # columns first: the larger product then is in the order of the pixels
    for length in reversed(shape):
        needed = values.T[first : first + math.ceil(length / len(places)) + 3]
        fours = np.moveaxis(sliding_window_view(np.ascontiguousarray(needed), 4, axis=0), 2, 1)
        values = np.matmul(weights.astype(np.float32), fours).reshape(-1, needed.shape[1])[:length]
    return np.asarray(values)


def _rounded(plane: Plane) -> Plane:
    """To 1 / 1,024 px, in place: processors differ in the last bits of a sine, and pixels should not."""
    plane *= np.float32(_GRAINS)
    np.rint(plane, out=plane)
    plane *= np.float32(1 / _GRAINS)
    return plane
