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
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.lattice import AROUND, Lattice, Nodes, first_lattice
from glyphmill.core.page import WHOLE_PX, Page
from glyphmill.core.warpmap import Homography, WarpMap
from glyphmill.core.warpmap import columns as as_points

Image = NDArray[np.uint8]
#: What lies beyond the page: its mirror image, its border drawn out, or one value for all or for each channel.
Border = Literal["reflect", "replicate"] | int | tuple[int, ...]

_TOLERANCE_PX = 0.05
_MOST_OFF_PX = 0.1  # in a few places
_FEW = 0.02  # of all places
_MISSED = 0.05  # if so many pixels are off, the lattice has missed a whole pattern
_TAPS = 8  # nodes on each side that a spline's coefficient depends on; the next ones have a weight below 1 in 80,000
_OFF = 3 / 128  # of a fourth difference: how far cubics through four nodes are off in their middle
_TRUER = 0.5  # how far splines are off against these; less where the map is smooth
_GRAINS = 1024
_TILE_PX = 1024  # larger pages are made in parts, so that memory stays flat
_WHOLE = WHOLE_PX  # up to so many a page is made at once
_MOST_SIDE = 32_000  # OpenCV's limit is 32,767
_MINIFIED = 1.5  # from here on pixels between samples would be skipped
_PROBES = 12

Plane = NDArray[np.float32]
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
    regions = list(_regions(page.width, page.height))
    trace = _tracer(warp, page, left, top, whole=len(regions) == 1)
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


def _tracer(warp: WarpMap, page: Page, left: int, top: int, *, whole: bool) -> Callable[[Region], tuple[Plane, Plane]]:
    """What finds where the pixels of a region of the page come from, in an image where the page begins at (x, y)."""
    if page.plain is not None:
        rows = (Homography.shift(left, top).matrix @ page.plain.matrix).tolist()
        return lambda region: _straight(rows, region)
    shift = np.array([left, top], np.float64)

    def inverse(points: Points) -> Points:
        return np.asarray(warp.inverse(points) + shift)

    look = page.look
    if whole and look.lattice is not None and look.found is not None:
        lattice, found = look.lattice, look.found + shift
        return lambda region: _sources(inverse, lattice, found)

    def trace(region: Region) -> tuple[Plane, Plane]:
        x, y, width, height = region
        lattice = first_lattice(warp, (x, y), width, height)
        return _sources(inverse, lattice, inverse(lattice.points()))

    return trace


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
    return np.array([plane[::down, ::right] for plane in places]), right, down


def _spanned(warp: WarpMap, page: Page, left: int, top: int) -> tuple[NDArray[np.floating[Any]], float, float]:
    """The same for a page that is made in parts, from its border to its border."""
    x, y = (np.linspace(0, side, _PROBES) for side in (page.width, page.height))
    places = warp.inverse(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)) + np.array([left, top])
    return places.T.reshape(2, _PROBES, _PROBES), float(x[1]), float(y[1])


def _averaged(source: Image, places: NDArray[np.floating[Any]], right: float, down: float) -> Image:
    """The source, made smaller by area averages along each axis where the warps will skip pixels."""
    here = places[:, :-1, :-1]
    along_x, along_y = (places[:, :-1, 1:] - here) / right, (places[:, 1:, :-1] - here) / down
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


def _sources(inverse: Inverse, lattice: Lattice, found: Points) -> tuple[Plane, Plane]:
    """Where the pixels of a region come from: x and y, px, float32 (height, width) each.

    Exact on a lattice, by cubic splines through its nodes in between. The lattice becomes finer until fourth
    differences say that hardly any spline is off, with exact nodes where one was and splines' in the rest; and until
    pixels strewn over the region agree, from which neither a regular wave nor a crease can hide.

    Args:
        found: where the points of the first lattice come from, (n, 2).
    """
    shape, corner, step = (lattice.height, lattice.width), lattice.corner, lattice.step
    nodes, exact = lattice.parted(found)
    column, row = lattice.pixels()
    while True:
        fourths = _fourths(nodes)
        enough = _smooth(fourths)
        splines = _coefficients(nodes)
        if step == 1 or enough:
            planes = _values(splines, _middles(step), AROUND, shape)
            off = np.maximum(*(np.abs(plane[row, column] - at) for plane, at in zip(planes, exact, strict=True)))
            missed = off > _MOST_OFF_PX
            if step == 1 or not missed.any():
                columns, rows = (_rounded(plane) for plane in planes)
                return columns, rows
            cells = column[missed] // step + AROUND, row[missed] // step + AROUND
            rough = _around(*cells, nodes.shape[1:], everywhere=missed.mean() > _MISSED)
        else:
            rough = _rough(fourths)
        nodes, step = _refined(inverse, nodes, splines, rough, corner, step), step // 2


def _fourths(nodes: Nodes) -> tuple[Nodes, Nodes]:
    """How far cubics through four nodes are off in their middle, px: along columns and along rows of nodes."""
    along, down = (np.abs(_second(_second(nodes.transpose(axes)))).max(axis=1) for axes in ((1, 0, 2), (2, 0, 1)))
    along *= _OFF
    down *= _OFF
    return along, down


def _smooth(fourths: tuple[Nodes, Nodes]) -> bool:
    """Whether splines are off in few places, and not far."""
    return all(
        off.max() < _MOST_OFF_PX / _TRUER and np.count_nonzero(off > _TOLERANCE_PX / _TRUER) < _FEW * off.size
        for off in fourths
    )


def _rough(fourths: tuple[Nodes, Nodes]) -> Image:
    """Around which nodes cubics are off, uint8 (rows, columns)."""
    along, down = (off > _TOLERANCE_PX for off in fourths)
    rough = np.zeros((len(along) + 4, len(down) + 4), np.uint8)
    rough[2:-2] = along
    rough[:, 2:-2] |= down.T
    # a difference reaches over five nodes
    return np.asarray(cv2.dilate(rough, np.ones((5, 5), np.uint8)), np.uint8)


def _second(values: Nodes) -> Nodes:
    """Second differences along the first axis."""
    found = values[2:] + values[:-2]
    found -= 2 * values[1:-1]
    return found


def _around(x: NDArray[np.int64], y: NDArray[np.int64], shape: tuple[int, ...], *, everywhere: bool) -> Image:
    """Nodes close to some cells (x, y), or all nodes."""
    if everywhere:
        return np.ones(shape, np.uint8)
    rough = np.zeros(shape, np.uint8)
    rough[y, x] = 1
    return np.asarray(cv2.dilate(rough, np.ones((7, 7), np.uint8)), np.uint8)


def _refined(inverse: Inverse, nodes: Nodes, splines: Nodes, rough: Image, corner: tuple[int, int], step: int) -> Nodes:
    """The lattice of half the step: exact in rough places, by splines through the old nodes in others."""
    rows, columns = (2 * side - 5 for side in rough.shape)
    finer = np.empty((2, rows, columns))
    finer[0], finer[1] = _values(splines, (0.0, 0.5), AROUND - 1, (rows, columns))
    finer[:, ::2, ::2] = nodes[:, 1:-1, 1:-1]
    wanted = rough[1:-1, 1:-1].repeat(2, axis=0).repeat(2, axis=1)[:-1, :-1]
    wanted[::2, ::2] = 0
    row, column = np.nonzero(wanted)
    x, y = corner
    at = as_points(*(np.float64(step / 2) * (place - AROUND) + first for place, first in ((column, x), (row, y))))
    finer[:, row, column] = inverse(at).T
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


def _coefficients(nodes: Nodes) -> Nodes:
    """Coefficients of the cubic B-splines through nodes (k, rows, columns): with one more at each end."""
    weights, beyond = _through()
    wide = np.concatenate([beyond @ nodes[:, :3], nodes, beyond[::-1] @ nodes[:, :-4:-1]], axis=1)
    wide = np.concatenate([wide[..., :3] @ beyond.T, wide, wide[..., :-4:-1] @ beyond[::-1].T], axis=2)
    inner = slice(_TAPS - 1, 1 - _TAPS)
    # one lattice above the other: what one takes from the next is cut off
    made = cv2.sepFilter2D(wide.reshape(-1, wide.shape[2]), cv2.CV_64F, weights, weights)
    return np.asarray(made.reshape(wide.shape)[:, inner, inner], np.float64)


def _values(coefficients: Nodes, places: tuple[float, ...], first: int, shape: tuple[int, int]) -> list[Plane]:
    """Values of splines (k, rows, columns), float32 of a shape each.

    Args:
        places: of the values in each cell, along each axis, 0 to below 1.
        first: the first of the four coefficients of the first cell, along each axis.
    """
    count, rows, columns = coefficients.shape
    height, width = shape
    weights = _weights(places)
    # columns first: the larger product then is in the order of the pixels
    flat = coefficients.reshape(-1, columns).astype(np.float32)
    wide = np.ascontiguousarray(_lines(np.ascontiguousarray(flat.T), weights, first, width).T)
    return [_lines(plane, weights, first, height) for plane in wide.reshape(count, rows, width)]


def _lines(values: Plane, weights: Plane, first: int, length: int) -> Plane:
    """Splines along the first axis: so many values, by weights (n, 4) of n places in each cell."""
    cells = math.ceil(length / len(weights))
    fours = values[np.arange(first, first + cells)[:, None] + np.arange(4)]
    return np.asarray(np.matmul(weights, fours).reshape(-1, values.shape[1])[:length])


@lru_cache(maxsize=8)
def _middles(step: int) -> tuple[float, ...]:
    """The middles of pixels in a cell of so many."""
    return tuple((pixel + 0.5) / step for pixel in range(step))


@lru_cache(maxsize=8)
def _weights(places: tuple[float, ...]) -> Plane:
    """Weights of the four coefficients around a cell at places in it, (n, 4)."""
    t = np.array(places)
    s = 1 - t
    weights = np.stack([s * s * s, (3 * t - 6) * t * t + 4, (3 * s - 6) * s * s + 4, t * t * t], axis=1) / 6
    return weights.astype(np.float32)


def _rounded(plane: Plane) -> Plane:
    """To 1 / 1,024 px, in place: processors differ in the last bits of a sine, and pixels should not."""
    plane *= np.float32(_GRAINS)
    np.rint(plane, out=plane)
    plane *= np.float32(1 / _GRAINS)
    return plane
