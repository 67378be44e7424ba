"""What the rest of Glyphmill asks of a font engine; ``harfbuzz`` is the one in use, ``freetype`` checks it in tests.

Font space is x right, y *up*, in font units. Everything that leaves an engine is in pixels with y *down*, except
outlines and rasterisation matrices, which say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from glyphmill.fontengine.outline import Outline

Affine = tuple[float, float, float, float, float, float]
Direction = str
"""HarfBuzz' direction names: ``ltr``, ``rtl``, ``ttb``, ``btt``."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A shaped run of n glyphs in visual order.

    Attributes:
        gid: glyph ids, int32 (n,).
        cluster: index into the text of the first code point of each glyph's cluster, int32 (n,).
        advance: pen movement after each glyph, px, y down, float64 (n, 2).
        offset: displacement of each glyph from the pen, px, y down, float64 (n, 2).
    """

    gid: NDArray[np.int32]
    cluster: NDArray[np.int32]
    advance: NDArray[np.float64]
    offset: NDArray[np.float64]


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
    ) -> Glyphs:
        """Shape ``text[start:end]``, its neighbours being context only. Clusters are indices into ``text``."""

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
