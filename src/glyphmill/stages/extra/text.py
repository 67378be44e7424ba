"""Text as it is seen in the final image: what extras are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.labels import Labels
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.place import Placed


@dataclass(frozen=True, slots=True)
class SeenText:
    """Text after all warps.

    Attributes:
        layout: what was set.
        placed: its glyphs in the image; their outlines are polygons, so that they are filled and never resampled.
        labels: where it is in the image.
        width, height: of the image, px.
    """

    layout: Layout
    placed: Placed
    labels: Labels
    width: int
    height: int

    def head(self) -> NDArray[np.int64]:
        """The cluster that each contour belongs to, of a ligature the first one, (c,)."""
        return np.asarray(self.layout.cluster[self.placed.contour_glyph])

    def reading_order(self) -> NDArray[np.int64]:
        """The clusters with ink as they follow each other along the lines, word after word; none that has no word."""
        labels, em = self.labels, self.layout.em
        order = np.lexsort((em[:, 0] + em[:, 2], labels.word))
        return np.asarray(order[labels.ink[order] & (labels.word[order] >= 0)])
