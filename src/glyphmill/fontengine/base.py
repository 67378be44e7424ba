"""What the rest of Glyphmill asks of a font engine; ``harfbuzz`` is the one in use, ``freetype`` checks it in tests.

Font space is x right, y *up*, in font units. Everything that leaves an engine is in pixels with y *down*, except
shaped glyphs, outlines and rasterisation matrices, which say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from glyphmill.fontengine.outline import Outline

Affine = tuple[float, float, float, float, float, float]
Direction = str
"""HarfBuzz' direction names: ``ltr``, ``rtl``, ``ttb``, ``btt``."""
ShapedGlyph = tuple[int, int, int, int, int, int]
"""Glyph id; index into the text of the first code point of its cluster; offset from the pen, x and y; advance of the
pen, x and y. Font units, y up."""


class Raster(NamedTuple):
    """Coverage of one glyph: ``mask`` uint8 (h, w), whose top left pixel is at column ``x``, row ``y``."""

    mask: NDArray[np.uint8]
    x: int
    y: int


class Metrics(NamedTuple):
    """Line metrics, px: ``ascent`` above and ``descent`` below the baseline, both positive downwards from the top."""

    ascent: float
    descent: float
    line_gap: float


class FontInstance(Protocol):
    """One face at one size, at one place in its design space."""

    size_px: float
    unit_px: float
    """Pixels of one font unit."""

    @property
    def metrics(self) -> Metrics: ...

    def shape(
        self,
        text: str,
        start: int,
        end: int,
        *,
        direction: Direction,
        script: str,
        language: str,
        features: Mapping[str, int],
    ) -> list[ShapedGlyph]:
        """Shape ``text[start:end]``, its neighbours being context only: glyphs in visual order."""

    def outlines(self, gids: Sequence[int]) -> list[Outline]:
        """The outline of each glyph as polygons, em units (1.0 = the font size), y *up*.

        Curves are sampled and their extremes in x and y are among the samples, so that the bounds of the points are
        those of the outline, and within a few thousandths of an em under any rotation.
        """

    def raster(self, gid: int, matrix: Affine) -> Raster | None:
        """Coverage of a glyph under an affine map from em units (y up) to pixels (y down); None without ink.

        ``matrix`` is (a, b, c, d, e, f): x = a*u + c*v + e, y = b*u + d*v + f.
        """

    def raster_apart(self, gids: Sequence[int], matrices: Sequence[Affine]) -> Raster | None:
        """Coverage of several glyphs of which no two meet in a pixel, each under its own map; None without ink."""
