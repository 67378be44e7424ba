"""Ink: coverage of all glyphs of a sample, and which glyph each pixel belongs to where that matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.place import Placed


@dataclass(frozen=True, slots=True)
class Ink:
    """Coverage, uint8 (h, w), and the index of the colour that covers each pixel most, uint8 (h, w) or None."""

    mask: NDArray[np.uint8]
    owner: NDArray[np.uint8] | None


def paint(
    layout: Layout, placed: Placed, width: int, height: int, *, color_of_cluster: NDArray[np.uint8] | None = None
) -> Ink:
    """Rasterise the glyphs one by one and join them by maximum, so that overlapping outlines never cancel.

    Args:
        color_of_cluster: colour index of each cluster where glyphs differ in colour, (m,).

    Raises: Reject if there is no ink at all, or a glyph cannot be rasterised.
    """
    mask = np.zeros((height, width), np.uint8)
    owner = None if color_of_cluster is None else np.zeros((height, width), np.uint8)
    placements = np.concatenate([placed.matrix.reshape(-1, 4), placed.origin], axis=1).tolist()
    instances = layout.fonts.instances
    for gid, font, cluster, matrix in zip(
        layout.gid.tolist(), layout.font.tolist(), layout.cluster.tolist(), placements, strict=True
    ):
        raster = instances[font].raster(gid, tuple(matrix))
        if raster is None:
            continue
        glyph, x, y = raster
        h, w = glyph.shape
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
        if x0 >= x1 or y0 >= y1:
            continue
        part = glyph[y0 - y : y1 - y, x0 - x : x1 - x]
        region = mask[y0:y1, x0:x1]
        if owner is not None and color_of_cluster is not None:
            owner[y0:y1, x0:x1][part > region] = color_of_cluster[cluster]
        np.maximum(region, part, out=region)
    if not mask.any():
        raise Reject("ink", "no_ink", f"{layout.text[:40]!r} draws nothing")
    return Ink(mask, owner)
