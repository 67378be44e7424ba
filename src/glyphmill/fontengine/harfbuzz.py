"""The font engine in use: HarfBuzz shapes, gives outlines and rasterises (uharfbuzz 0.57).

``hb-raster`` calls itself experimental: it is pinned, used through this file only, and compared with FreeType in
the tests. Faces cannot be sent to another process; each process opens its own and keeps a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import uharfbuzz as hb

from glyphmill.core.errors import Reject
from glyphmill.fontengine.base import Affine, Metrics, Raster, ShapedGlyph
from glyphmill.fontengine.outline import Outline, OutlineRecorder

_FACES = 64
_INSTANCES = 128
_OUTLINES_PER_INSTANCE = 4096


class _Scalable:
    """A face at a place in its design space, at no size yet: what can be shared between sizes."""

    def __init__(self, face: hb.Face, axes: tuple[tuple[str, float], ...], bold: float, slant: float) -> None:
        self.font = hb.Font(face)
        self.upem = face.upem
        if axes:
            self.font.set_variations(dict(axes))
        if bold:
            self.font.synthetic_bold = (bold, bold, False)
        if slant:
            self.font.synthetic_slant = slant
        self.outlines: dict[int, Outline] = {}
        extents = self.font.get_font_extents("ltr")
        ascent, descent, gap = extents.ascender, -extents.descender, extents.line_gap
        if ascent + descent <= 0:  # fonts without usable hhea and OS/2 values
            ascent, descent, gap = 0.8 * self.upem, 0.2 * self.upem, 0
        self.metrics_em = (ascent / self.upem, descent / self.upem, gap / self.upem)


@lru_cache(maxsize=_FACES)
def _face(path: str, index: int) -> hb.Face:
    try:
        blob = hb.Blob.from_file_path(path)
    except hb.HarfBuzzError as error:
        raise Reject("font", "font_unreadable", f"{path}: {error}") from error
    face = hb.Face(blob, index)
    if face.glyph_count == 0:
        raise Reject("font", "font_unreadable", f"{path}: no glyphs in face {index}")
    return face


@lru_cache(maxsize=_INSTANCES)
def _scalable(path: str, index: int, axes: tuple[tuple[str, float], ...], bold: float, slant: float) -> _Scalable:
    return _Scalable(_face(path, index), axes, bold, slant)


@lru_cache(maxsize=1)
def _rasteriser() -> hb.RasterDraw:
    return hb.RasterDraw()


def open_instance(
    path: str,
    face: int,
    size_px: float,
    *,
    axes: Mapping[str, float] | None = None,
    bold: float = 0.0,
    slant: float = 0.0,
) -> HarfBuzzInstance:
    """A face of a font file, ready to shape and draw.

    Args:
        size_px: pixels per em.
        axes: design coordinates of a variable font; axes that are not named stay at their default.
        bold: synthetic emboldening, em.
        slant: synthetic slant, horizontal shift per unit of height.

    Raises: Reject if the file cannot be read or holds no glyphs.
    """
    return HarfBuzzInstance(_scalable(path, face, tuple(sorted((axes or {}).items())), bold, slant), size_px)


class HarfBuzzInstance:
    """See ``base.FontInstance``."""

    def __init__(self, scalable: _Scalable, size_px: float) -> None:
        self._scalable = scalable
        self.size_px = size_px
        self.unit_px = size_px / scalable.upem

    @property
    def metrics(self) -> Metrics:
        ascent, descent, gap = self._scalable.metrics_em
        return Metrics(ascent * self.size_px, descent * self.size_px, gap * self.size_px)

    def shape(
        self,
        text: str,
        start: int,
        end: int,
        *,
        direction: str,
        script: str,
        language: str,
        features: Mapping[str, int],
    ) -> list[ShapedGlyph]:
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES
        buffer.add_str(text, start, end - start)
        buffer.direction = direction
        buffer.script = script
        buffer.language = language
        hb.shape(self._scalable.font, buffer, dict(features))
        # a position is x_offset, y_offset, x_advance, y_advance
        return [
            (info.codepoint, info.cluster, *place.position)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def outlines(self, gids: Sequence[int]) -> list[Outline]:
        known = self._scalable.outlines
        missing = [gid for gid in dict.fromkeys(gids) if gid not in known]
        if missing:
            if len(known) + len(missing) > _OUTLINES_PER_INSTANCE:
                known.clear()
                missing = list(dict.fromkeys(gids))
            known.update(_record(self._scalable, missing))
        return [known[gid] for gid in gids]

    def raster(self, gid: int, matrix: Affine) -> Raster | None:
        return self.raster_apart((gid,), (matrix,))

    def raster_apart(self, gids: Sequence[int], matrices: Sequence[Affine]) -> Raster | None:
        font, unit = self._scalable.font, 1.0 / self._scalable.upem
        draw = _rasteriser()
        for gid, (a, b, c, d, e, f) in zip(gids, matrices, strict=True):
            draw.transform = (a * unit, -b * unit, c * unit, -d * unit, e, -f)  # hb-raster's y points up
            draw.draw_glyph(font, gid)
        image = draw.render()
        if image is None:
            raise Reject("ink", "raster_failed", f"glyphs {', '.join(map(str, gids))}")
        extents = image.extents
        if extents is None or extents.width == 0 or extents.height == 0:
            return None
        rows = np.frombuffer(image.buffer, np.uint8).reshape(extents.height, extents.stride)
        return Raster(rows[::-1, : extents.width], extents.x_origin, -extents.y_origin - extents.height)


def _record(scalable: _Scalable, gids: list[int]) -> dict[int, Outline]:
    recorder = OutlineRecorder()
    funcs = _draw_funcs()
    for gid in gids:
        recorder.begin()
        scalable.font.draw_glyph(gid, funcs, recorder)
    return dict(zip(gids, recorder.outlines(1.0 / scalable.upem), strict=True))


@lru_cache(maxsize=1)
def _draw_funcs() -> hb.DrawFuncs:
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, to: to.move(x, y))
    funcs.set_line_to_func(lambda x, y, to: to.line(x, y))
    funcs.set_quadratic_to_func(lambda cx, cy, x, y, to: to.quadratic(cx, cy, x, y))
    funcs.set_cubic_to_func(lambda ax, ay, bx, by, x, y, to: to.cubic(ax, ay, bx, by, x, y))
    funcs.set_close_path_func(lambda to: None)
    return funcs
