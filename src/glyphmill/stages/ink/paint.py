"""Ink: coverage of all glyphs of a sample, and which glyph each pixel belongs to where that matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.fontengine.base import Affine, Raster
from glyphmill.stages.ink.polygon import fill
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.place import Placed

#: Glyphs that are compared each with each.
_PIECE = 256


@dataclass(frozen=True, slots=True)
class Ink:
    """Coverage, uint8 (h, w), and the index of the colour that covers each pixel most, uint8 (h, w) or None."""

    mask: NDArray[np.uint8]
    owner: NDArray[np.uint8] | None


def paint(
    layout: Layout, placed: Placed, width: int, height: int, *, color_of_cluster: NDArray[np.uint8] | None = None
) -> Ink:
    """Rasterise the glyphs and join them by maximum, so that overlapping outlines never cancel.

    Args:
        color_of_cluster: colour index of each cluster where glyphs differ in colour, (m,).

    Raises: Reject if there is no ink at all, or a glyph cannot be rasterised.
    """
    mask = np.zeros((height, width), np.uint8)
    owner = None
    if placed.matrix is None:
        owner = _fill_bent(mask, layout, placed, color_of_cluster)
    elif color_of_cluster is not None:
        owner = _paint_colors(mask, layout, placed, placed.matrix, color_of_cluster)
    else:
        for gids, font, matrices in _batches(layout, placed, placed.matrix):
            with layout.fonts.blamed(font):
                _join(mask, layout.fonts.instances[font].raster_apart(gids, matrices))
    if not mask.any():
        raise Reject("ink", "no_ink", f"{layout.text[:40]!r} draws nothing")
    return Ink(mask, owner)


def paint_cluster(layout: Layout, placed: Placed, cluster: int, width: int, height: int) -> NDArray[np.uint8]:
    """Coverage of the glyphs of one cluster alone, uint8 (height, width)."""
    mask = np.zeros((height, width), np.uint8)
    own = (layout.cluster <= cluster) & (cluster < layout.cluster + layout.parts)
    if placed.matrix is None:
        return _filled(placed, own[placed.contour_glyph], width, height)
    maps = _maps(placed, placed.matrix)
    for glyph in np.flatnonzero(own).tolist():
        font = layout.fonts.instances[int(layout.font[glyph])]
        _join(mask, font.raster(int(layout.gid[glyph]), maps[glyph]))
    return mask


def _fill_bent(
    mask: NDArray[np.uint8], layout: Layout, placed: Placed, color_of_cluster: NDArray[np.uint8] | None
) -> NDArray[np.uint8] | None:
    """Fill bent outlines: those of one font and one colour in one pass."""
    height, width = mask.shape
    owner = None if color_of_cluster is None else np.zeros_like(mask)
    glyph = placed.contour_glyph
    group = layout.font[glyph]
    if color_of_cluster is not None:
        group = group * 256 + color_of_cluster[layout.cluster[glyph]]
    for number in sorted(set(group.tolist())):
        part = _filled(placed, group == number, width, height)
        if owner is not None:
            owner[part > mask] = number % 256
        np.maximum(mask, part, out=mask)
    return owner


def _filled(placed: Placed, members: NDArray[np.bool_], width: int, height: int) -> NDArray[np.uint8]:
    """Coverage of some of the contours, (c,), by themselves."""
    if members.all():
        return fill(placed.outline, placed.contours, width, height)
    length = np.diff(np.append(placed.contours, len(placed.outline)))
    starts = np.cumsum(length[members]) - length[members]
    return fill(placed.outline[np.repeat(members, length)], starts, width, height)


def _batches(
    layout: Layout, placed: Placed, matrix: NDArray[np.float64]
) -> Iterator[tuple[list[int], int, list[Affine]]]:
    """Glyphs, font and maps of sets in which no two glyphs meet in a pixel: what one pass of the rasteriser may hold.

    Where neighbours share a pixel, a plain line makes two sets. Long lines are taken piece by piece: pieces are joined
    like any other sets, and the glyphs of a piece are compared each with each.
    """
    boxes = placed.boxes()
    low, high = np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:])
    group = layout.glyph_line * len(layout.fonts.instances) + layout.font
    gids, maps = layout.gid.tolist(), _maps(placed, matrix)
    for number in np.unique(group).tolist():
        inked = np.flatnonzero((group == number) & ~np.isnan(boxes[:, 0]))
        for start in range(0, len(inked), _PIECE):
            members = inked[start : start + _PIECE]
            which = _apart(low[members], high[members])
            for color in range(int(which.max()) + 1):
                chosen = members[which == color].tolist()
                yield [gids[k] for k in chosen], number % len(layout.fonts.instances), [maps[k] for k in chosen]


def _apart(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """Numbers for boxes (n, 2), (n, 2) such that no two boxes with the same number meet, (n,)."""
    before = (low[:, :1] < high[:, 0]) & (low[:, 1:] < high[:, 1])
    earlier: dict[int, list[int]] = {}
    meeting, others = (before & before.T).nonzero()
    back = others < meeting
    for row, other in zip(meeting[back].tolist(), others[back].tolist(), strict=True):
        earlier.setdefault(row, []).append(other)
    which = np.zeros(len(low), np.int64)
    for row, sooner in earlier.items():  # by row: what meets a box before it is settled
        taken = set(which[sooner].tolist())
        which[row] = next(color for color in range(len(sooner) + 1) if color not in taken)
    return which


def _maps(placed: Placed, matrix: NDArray[np.float64]) -> list[Affine]:
    rows = np.concatenate([matrix.reshape(-1, 4), placed.origin], axis=1).tolist()
    return [(a, b, c, d, e, f) for a, b, c, d, e, f in rows]


def _paint_colors(
    mask: NDArray[np.uint8],
    layout: Layout,
    placed: Placed,
    matrix: NDArray[np.float64],
    color_of_cluster: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Paint glyph by glyph and note whose colour covers each pixel most."""
    owner = np.zeros_like(mask)
    for gid, font, cluster, where in zip(
        layout.gid.tolist(), layout.font.tolist(), layout.cluster.tolist(), _maps(placed, matrix), strict=True
    ):
        with layout.fonts.blamed(font):
            raster = layout.fonts.instances[font].raster(gid, where)
        seen = _window(mask, raster)
        if seen is not None:
            window, part = seen
            owner[window][part > mask[window]] = color_of_cluster[cluster]
            _join(mask, raster)
    return owner


def _join(mask: NDArray[np.uint8], raster: Raster | None) -> None:
    seen = _window(mask, raster)
    if seen is not None:
        window, part = seen
        np.maximum(mask[window], part, out=mask[window])


def _window(mask: NDArray[np.uint8], raster: Raster | None) -> tuple[tuple[slice, slice], NDArray[np.uint8]] | None:
    """The part of a raster that lies on the canvas, and where; None if there is none."""
    if raster is None:
        return None
    (height, width), (h, w) = mask.shape, raster.mask.shape
    x0, y0, x1, y1 = max(raster.x, 0), max(raster.y, 0), min(raster.x + w, width), min(raster.y + h, height)
    if x0 >= x1 or y0 >= y1:
        return None
    part = raster.mask[y0 - raster.y : y1 - raster.y, x0 - raster.x : x1 - raster.x]
    return (slice(y0, y1), slice(x0, x1)), part
