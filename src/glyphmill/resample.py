"""THE one place where a warp moves pixels; and the one that shifts by half a pixel, since OpenCV's centres are whole.

All pending warps of a page are followed back at once. The map is found exactly on a coarse lattice, which is refined
until cubics through its nodes are true to a twentieth of a pixel, and brought to pixels by these.
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

Image = NDArray[np.uint8]
#: What lies beyond the page: its mirror image, its border drawn out, or one value for all or for each channel.
Border = Literal["reflect", "replicate"] | int | tuple[int, ...]

_COARSE_PX = 16
_TOLERANCE_PX = 0.05
_MOST_OFF_PX = 0.1  # in a few places
_FEW = 0.01  # of all places
_MISSED = 0.05  # if so many pixels are off, the lattice has missed a whole pattern
_AROUND = 2  # nodes beyond the region on each side
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


def resample(image: Image, page: Page, border: Border = "reflect") -> Image:
    """The image of a page after all of its warps: bilinear, each pixel resampled once.

    Args:
        image: the page as it was made, uint8 (h, w) or (h, w, 3 or 4).
        page: of that size, with its warps.
        border: what lies beyond the page. Constant zero with a fourth channel of 255 gives premultiplied coverage.

    Where warps make the page much smaller, it is first averaged over as many pixels as fall on one.

    Returns: uint8 (page.height, page.width) with the channels of ``image``, a new array.
    Raises: ValueError if the image has not the page's size.
    """
    if image.shape[:2] != (page.source_height, page.source_width):
        given, wanted = (image.shape[1], image.shape[0]), (page.source_width, page.source_height)
        raise ValueError(f"got an image of {given[0]} x {given[1]} px; expected {wanted[0]} x {wanted[1]}")
    warp = page.map
    if warp is None:
        return image.copy()
    channels = image.shape[2] if image.ndim == 3 else 1
    source = np.ascontiguousarray(image)
    if channels == 3:
        # OpenCV resamples four channels in half the time of three
        source = cv2.cvtColor(source, cv2.COLOR_RGB2RGBA)
    source = _averaged(source, warp.inverse, page)
    scale = source.shape[1] / page.source_width, source.shape[0] / page.source_height
    regions = list(_regions(page.width, page.height))
    made = None if len(regions) == 1 else np.empty((page.height, page.width, *source.shape[2:]), np.uint8)
    for x, y, width, height in regions:
        part = _part(source, warp.inverse, (x, y, width, height), scale, border)
        if made is None:
            made = part
        else:
            made[y : y + height, x : x + width] = part
    made = cv2.cvtColor(made, cv2.COLOR_RGBA2RGB) if channels == 3 else made
    return np.asarray(made, np.uint8).reshape(page.height, page.width, *image.shape[2:])


def _regions(width: int, height: int) -> Iterator[Region]:
    """The page in parts (x, y, width, height): one, unless it is large."""
    side = max(width, height) if width * height <= _WHOLE and max(width, height) <= _MOST_SIDE else _TILE_PX
    for y in range(0, height, side):
        for x in range(0, width, side):
            yield x, y, min(side, width - x), min(side, height - y)


def _averaged(source: Image, inverse: Inverse, page: Page) -> Image:
    """The source, made smaller by area averages along each axis where the warps will skip pixels."""
    x, y = (np.linspace(0, side, _PROBES) for side in (page.width, page.height))
    places = inverse(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)).reshape(_PROBES, _PROBES, 2)
    along_x = np.diff(places, axis=1)[:-1] / (x[1] - x[0])
    along_y = np.diff(places, axis=0)[:, :-1] / (y[1] - y[0])
    size = np.array([page.source_width, page.source_height])
    inside = np.all((places > 0) & (places < size), axis=2)[:-1, :-1]
    if not inside.any():
        return source
    skipped = np.median(np.hypot(along_x[inside], along_y[inside]), axis=0)
    skipped = np.where(skipped > _MINIFIED, skipped, 1.0)
    width, height = (max(1, math.ceil(side / by)) for side, by in zip(size.tolist(), skipped.tolist(), strict=True))
    if (height, width) == source.shape[:2]:
        return source
    return np.asarray(cv2.resize(source, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _part(source: Image, inverse: Inverse, region: Region, scale: tuple[float, float], border: Border) -> Image:
    """The pixels of one region."""
    columns, rows = _sources(inverse, region)
    window, mode, value = [slice(None), slice(None)], *_border(border)
    for axis, (places, by) in enumerate(((rows, scale[1]), (columns, scale[0]))):
        side = source.shape[axis]
        if by != 1:
            places *= np.float32(by)
        # OpenCV mirrors step by step, and would take hours over a point that is far away
        np.clip(places, -side - 1.0, 2.0 * side + 1.0, out=places)
        places -= np.float32(0.5)
        if side > _MOST_SIDE:
            window[axis] = _needed(places, side)
            places -= np.float32(window[axis].start)
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


def _sources(inverse: Inverse, region: Region) -> tuple[Plane, Plane]:
    """Where the pixels of a region come from: x and y, px, float32 (height, width) each.

    Exact on a lattice, by cubics through four nodes in between. The lattice becomes finer until fourth differences
    say that no cubic is off, with exact nodes where one was and cubics' in the rest; and until pixels strewn over the
    region agree, from which neither a regular wave nor a crease can hide.
    """
    x, y, width, height = region
    corner = np.array([x, y], np.float64)
    index = (_strewn() * (width, height)).astype(np.int64)
    exact = inverse(index + 0.5 + corner)
    step = _COARSE_PX
    nodes = _lattice(inverse, corner, width, height, step)
    while True:
        rough = _rough(nodes)
        if step == 1 or not rough.any():
            planes = [_enlarged(_enlarged(plane, step, height).T, step, width).T for plane in nodes]
            found = np.stack([plane[index[:, 1], index[:, 0]] for plane in planes], axis=1)
            off = np.abs(found - exact).max(axis=1) > _MOST_OFF_PX
            if step == 1 or not off.any():
                columns, rows = (_rounded(plane) for plane in planes)
                return columns, rows
            rough = _around(index[off] // step + _AROUND, rough.shape, everywhere=off.mean() > _MISSED)
        nodes, step = _refined(inverse, nodes, rough, corner, step), step // 2


@lru_cache(maxsize=1)
def _strewn() -> Points:
    """Places in the unit square, spread evenly without any period (R2, Roberts 2018)."""
    ratio = 1.32471795724474602596
    return np.asarray((0.5 + np.arange(_STREWN)[:, None] / np.array([ratio, ratio**2])) % 1.0)


def _lattice(inverse: Inverse, corner: Points, width: int, height: int, step: int) -> Nodes:
    """Where nodes every ``step`` px come from: (2, rows, columns), x and y, with some nodes around the region."""
    columns, rows = (np.arange(-_AROUND, math.ceil(side / step) + _AROUND + 1) for side in (width, height))
    index = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    return np.ascontiguousarray(inverse(index * float(step) + corner).T).reshape(2, len(rows), len(columns))


def _rough(nodes: Nodes) -> Image:
    """Around which nodes cubics through four of them are off in their middle: 3 / 128 of the fourth difference.

    None at all if they are few and not far off.
    """
    rough = np.zeros(nodes.shape[1:], np.uint8)
    worst = 0.0
    for axis, middle in ((1, np.s_[2:-2, :]), (2, np.s_[:, 2:-2])):
        off = np.abs(np.diff(nodes, 4, axis=axis)).max(axis=0) * (3 / 128)
        worst = max(worst, float(off.max()))
        rough[middle] |= off > _TOLERANCE_PX
    if worst < _MOST_OFF_PX and rough.mean() < _FEW:
        return np.zeros_like(rough)
    # a difference reaches over five nodes
    return np.asarray(cv2.dilate(rough, np.ones((5, 5), np.uint8)), np.uint8)


def _around(cells: NDArray[np.int64], shape: tuple[int, ...], *, everywhere: bool) -> Image:
    """Nodes close to some cells (x, y), or all nodes."""
    if everywhere:
        return np.ones(shape, np.uint8)
    rough = np.zeros(shape, np.uint8)
    rough[cells[:, 1], cells[:, 0]] = 1
    return np.asarray(cv2.dilate(rough, np.ones((7, 7), np.uint8)), np.uint8)


def _refined(inverse: Inverse, nodes: Nodes, rough: Image, corner: Points, step: int) -> Nodes:
    """The lattice of half the step: exact in rough places, by cubics through the old nodes in others."""
    finer = _halved(_halved(nodes, 1), 2)
    wanted = np.repeat(np.repeat(rough[1:-1, 1:-1], 2, axis=0), 2, axis=1)[:-1, :-1]
    wanted[::2, ::2] = 0
    row, column = np.nonzero(wanted)
    at = np.column_stack([column - _AROUND, row - _AROUND]) * (step / 2) + corner
    finer[:, row, column] = inverse(at).T
    return finer


def _halved(nodes: Nodes, axis: int) -> Nodes:
    """Nodes and the middles between them along one axis, less one step at each end."""
    old = np.moveaxis(nodes, axis, 0)
    new = np.empty((2 * len(old) - 5, *old.shape[1:]))
    new[::2] = old[1:-1]
    new[1::2] = (9 * (old[1:-2] + old[2:-1]) - old[:-3] - old[3:]) / 16
    return np.moveaxis(new, 0, axis)


def _enlarged(nodes: NDArray[np.floating[Any]], step: int, length: int) -> Plane:
    """Values at the middles of ``length`` pixels along the first axis, by cubics: (rows, m) to (length, m)."""
    t = (np.arange(step, dtype=np.float64) + 0.5) / step
    weights = (
        np.stack([t * (t - 1) * (2 - t), 3 * (1 - t * t) * (2 - t), 3 * t * (1 + t) * (2 - t), t * (t * t - 1)]) / 6
    )
    cubic = np.ascontiguousarray(nodes[_AROUND - 1 : len(nodes) - _AROUND + 1], np.float32)
    fours = np.moveaxis(sliding_window_view(cubic, 4, axis=0), 2, 1)
    return np.asarray(np.matmul(weights.T.astype(np.float32), fours).reshape(-1, nodes.shape[1])[:length])


def _rounded(plane: Plane) -> Plane:
    """To 1 / 1,024 px: processors differ in the last bits of a sine, and pixels should not."""
    fine = np.multiply(plane, np.float32(_GRAINS), order="C")
    np.rint(fine, out=fine)
    fine *= np.float32(1 / _GRAINS)
    return np.asarray(fine, np.float32)
