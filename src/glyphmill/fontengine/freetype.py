"""A second font engine, FreeType (freetype-py 2.5), that the tests hold HarfBuzz' outlines and rasters against.

It gives ``metrics``, ``outlines`` and ``raster`` of ``base.FontInstance``, and advances; FreeType does not shape.
Nothing in Glyphmill imports this module, and freetype-py is a dependency of the tests alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence

import freetype
import numpy as np
from freetype import raw
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.fontengine.base import Metrics, Raster
from glyphmill.fontengine.outline import Outline, OutlineRecorder

#: Outlines are loaded at one pixel per font unit, where FreeType's 1/64 px keeps the fractions of variable fonts.
_LOAD = freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP
_FRACTION = 64
_FIXED = 65536


def open_instance(
    path: str,
    face: int,
    size_px: float,
    *,
    axes: Mapping[str, float] | None = None,
    bold: float = 0.0,
    slant: float = 0.0,
) -> FreeTypeInstance:
    """A face of a font file, ready to draw; the arguments are those of ``harfbuzz.open_instance``.

    Raises: Reject if the file cannot be read.
    """
    try:
        opened = freetype.Face(path, face)
        if axes:
            places = [axes.get(axis.tag, axis.default) for axis in opened.get_variation_info().axes]
            opened.set_var_design_coords(places)
        opened.set_char_size(opened.units_per_EM * _FRACTION)
    except freetype.FT_Exception as error:
        raise Reject("font", "font_unreadable", f"{path}: {error}") from error
    return FreeTypeInstance(opened, size_px, bold, slant)


class FreeTypeInstance:
    """``base.FontInstance``, but for ``shape``."""

    def __init__(self, face: freetype.Face, size_px: float, bold: float, slant: float) -> None:
        self._face = face
        self._bold, self._slant = bold, slant
        self.size_px = size_px

    @property
    def metrics(self) -> Metrics:
        """Line metrics, px."""
        face, px = self._face, self.size_px / self._face.units_per_EM
        return Metrics(face.ascender * px, -face.descender * px, (face.height - face.ascender + face.descender) * px)

    def advances(self, gids: Sequence[int]) -> NDArray[np.float64]:
        """Horizontal advance of each glyph without emboldening, px, (n,)."""
        advances = []
        for gid in gids:
            self._face.load_glyph(gid, _LOAD)
            advances.append(self._face.glyph.linearHoriAdvance)
        px: float = self.size_px / self._face.units_per_EM / _FIXED
        return np.array(advances, np.float64) * px

    def outlines(self, gids: Sequence[int]) -> list[Outline]:
        """The outline of each glyph as polygons, em units, y up."""
        recorder = OutlineRecorder()
        for gid in gids:
            recorder.begin()
            self._load(gid).decompose(
                recorder,
                move_to=lambda to, pen: pen.move(to.x, to.y),
                line_to=lambda to, pen: pen.line(to.x, to.y),
                conic_to=lambda c, to, pen: pen.quadratic(c.x, c.y, to.x, to.y),
                cubic_to=lambda a, b, to, pen: pen.cubic(a.x, a.y, b.x, b.y, to.x, to.y),
            )
        return recorder.outlines(1.0 / (self._face.units_per_EM * _FRACTION))

    def raster(self, gid: int, matrix: tuple[float, float, float, float, float, float]) -> Raster | None:
        """Coverage of a glyph under an affine map from em units (y up) to pixels (y down); None without ink."""
        a, b, c, d, e, f = matrix
        outline = self._load(gid)
        points = _points(outline)
        if len(points) == 0:
            return None
        em = points / (self._face.units_per_EM * _FRACTION)
        placed = em @ np.array([[a, -b], [c, -d]]) + (e, -f)  # px, y up
        x0, y0 = np.floor(placed.min(axis=0)).astype(int)
        x1, y1 = np.ceil(placed.max(axis=0)).astype(int)
        points[:] = np.rint((placed - (x0, y0)) * _FRACTION)
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        if mask.size:
            _fill(outline, mask)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if len(rows) == 0:
            return None
        top, left = rows[0], columns[0]
        return Raster(mask[top : rows[-1] + 1, left : columns[-1] + 1], int(x0 + left), int(top - y1))

    def _load(self, gid: int) -> freetype.Outline:
        """The outline of a glyph, in 1/64 font units, y up; good until the next one is loaded."""
        self._face.load_glyph(gid, _LOAD)
        outline = self._face.glyph.outline
        if self._slant:
            points = _points(outline)
            points[:, 0] += np.rint(points[:, 1] * self._slant).astype(points.dtype)
        if self._bold:  # after the slant, as HarfBuzz does
            strength = round(self._bold * self._face.units_per_EM * _FRACTION)
            raw.FT_Outline_EmboldenXY(_reference(outline), strength, strength)
        return outline


def _reference(outline: freetype.Outline) -> ctypes._Pointer[raw.FT_Outline]:
    return ctypes.pointer(outline._FT_Outline)  # noqa: SLF001 - freetype-py offers no way to draw an altered outline


def _points(outline: freetype.Outline) -> NDArray[np.int_]:
    """FreeType's own array of the points, (n, 2); writing to it alters the outline."""
    native = _reference(outline).contents
    if native.n_points == 0:
        return np.zeros((0, 2), np.int_)
    flat = ctypes.cast(native.points, ctypes.POINTER(raw.FT_Pos))
    return np.ctypeslib.as_array(flat, shape=(native.n_points, 2))


def _fill(outline: freetype.Outline, mask: NDArray[np.uint8]) -> None:
    """Draw the outline into ``mask``, whose lower left corner is the origin."""
    bitmap = raw.FT_Bitmap()
    bitmap.rows, bitmap.width = mask.shape
    bitmap.pitch = mask.shape[1]  # positive: rows go down
    bitmap.buffer = mask.ctypes.data_as(ctypes.POINTER(ctypes.c_ubyte))
    bitmap.num_grays = 256
    bitmap.pixel_mode = freetype.FT_PIXEL_MODE_GRAY
    error = raw.FT_Outline_Get_Bitmap(freetype.get_handle(), _reference(outline), ctypes.byref(bitmap))
    if error:
        raise Reject("ink", "raster_failed", f"FreeType error {error}")
