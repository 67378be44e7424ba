"""Ink with what effects put beneath and upon it, on its canvas, before it meets the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.labels import Labels

Coverage = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layer:
    """Something that is laid on the page besides the ink.

    Attributes:
        cover: how much of each pixel it hides, uint8 (h, w).
        color: uint8 (3,), or (h, w, 3), RGB; None for the color of the ink, whatever that will be.
    """

    cover: Coverage
    color: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True)
class Inked:
    """The ink of a sample, as effects find it and leave it.

    Attributes:
        mask: coverage of the ink, uint8 (h, w).
        labels: where the text is on the canvas, px; effects look at it and never change it.
        em_px: size of the font, px.
        typeset: ``typeset(text, size_px)`` is the coverage of a line of other text in the fonts of the sample, cut to
            its ink, uint8 (h, w); None if they cannot write it.
        ground: layers that lie on the background like paint of its own; ink is chosen to be readable on them.
        under: layers beneath the ink that go with it, such as its shadow; the first one lies lowest.
        over: layers upon the ink.
    """

    mask: Coverage
    labels: Labels
    em_px: float
    typeset: Callable[[str, float], Coverage | None] = field(repr=False)
    ground: tuple[Layer, ...] = ()
    under: tuple[Layer, ...] = ()
    over: tuple[Layer, ...] = ()

    def with_mask(self, mask: Coverage) -> Inked:
        """This with other ink."""
        return replace(self, mask=mask)

    def on_ground(self, layer: Layer) -> Inked:
        """This with one more layer of the background."""
        return replace(self, ground=(*self.ground, layer))

    def above(self, layer: Layer) -> Inked:
        """This with one more layer upon it all."""
        return replace(self, over=(*self.over, layer))

    def beneath(self, layer: Layer) -> Inked:
        """This with one more layer beneath the ink and beneath what already lies there."""
        return replace(self, under=(layer, *self.under))
