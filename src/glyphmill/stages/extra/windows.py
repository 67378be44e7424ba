"""Many small rectangles of an image at once, as one flat run of pixels: no image-sized array for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Pixels that are worked on in one go.
_BATCH_PIXELS = 250_000

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Windows:
    """n rectangles of whole pixels within an image, row by row and one after another.

    Attributes:
        x, y, width, height: px, int (n,); a width or a height may be 0.
    """

    x: Indices
    y: Indices
    width: Indices
    height: Indices

    @classmethod
    def around(cls, boxes: NDArray[np.float64], width: int, height: int) -> Windows:
        """The pixels that boxes (n, 4) touch in an image of this size."""
        size = np.array([width, height])
        low = np.clip(np.floor(boxes[:, :2]), 0, size).astype(np.int64)
        high = np.clip(np.ceil(boxes[:, 2:]), low, size).astype(np.int64)
        (w, h) = (high - low).T
        return cls(low[:, 0], low[:, 1], w, h)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def sizes(self) -> Indices:
        """Pixels in each, (n,)."""
        return self.width * self.height

    def take(self, chosen: Indices) -> Windows:
        """Some of these."""
        return Windows(self.x[chosen], self.y[chosen], self.width[chosen], self.height[chosen])

    def batches(self) -> Iterator[Indices]:
        """The numbers of the windows that have pixels, in runs of about as many pixels as a batch."""
        filled = np.flatnonzero(self.sizes)
        batch = np.cumsum(self.sizes[filled]) // _BATCH_PIXELS
        return iter(np.split(filled, np.flatnonzero(np.diff(batch)) + 1)) if len(filled) else iter(())

    def strips(self) -> tuple[Windows, Indices]:
        """These windows cut into strips of whole rows, none much over a batch, and the window of each strip."""
        rows = np.maximum(_BATCH_PIXELS // np.maximum(self.width, 1), 1)
        pieces = -(-self.height // rows)
        owner = np.repeat(np.arange(len(self)), pieces)
        first = within(pieces) * rows[owner]
        height = np.minimum(rows[owner], self.height[owner] - first)
        return Windows(self.x[owner], self.y[owner] + first, self.width[owner], height), owner

    def pixels(self) -> tuple[Indices, Indices, Indices]:
        """Of all pixels: the window that each is in, its column and its row in the image."""
        sizes = self.sizes
        owner = np.repeat(np.arange(len(self)), sizes)
        row, column = np.divmod(within(sizes), self.width[owner])
        return owner, self.x[owner] + column, self.y[owner] + row


def within(counts: Indices) -> Indices:
    """0, 1, .. for each of several groups, one after another."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
