"""The first lattice over what is seen of a page, on which its warps are followed back, and places strewn over it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import WarpMap, unevenness

#: Nodes beyond the region on each side.
AROUND = 2
_COARSE_PX, _FINE_PX = 16, 4
_UNEVEN = 1.2  # px: fourth differences of this deviation pass for smooth
_STREWN = 320

Nodes = NDArray[np.float64]


@dataclass(frozen=True)
class Lattice:
    """A region in pixels, seen through a lattice.

    Attributes:
        corner: x, y of the region, px.
        width, height: its size, px.
        step: distance of nodes, px.
    """

    corner: tuple[int, int]
    width: int
    height: int
    step: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of its nodes."""
        # to the end of the last coarse cell, as if it were refined
        rows, columns = (math.ceil(side / _COARSE_PX) * (_COARSE_PX // self.step) for side in (self.height, self.width))
        return rows + 2 * AROUND + 1, columns + 2 * AROUND + 1

    def pixels(self) -> NDArray[np.int64]:
        """Columns and rows of pixels strewn over the region, (2, n)."""
        return (_strewn() * ((self.width,), (self.height,))).astype(np.int64)

    def points(self) -> Points:
        """The nodes row by row, then the centres of the strewn pixels: (n, 2)."""
        rows, columns = self.shape
        x, y = self.corner
        both = np.empty((2, rows * columns + _STREWN))
        nodes = both[:, :-_STREWN].reshape(2, rows, columns)
        nodes[0] = np.arange(-AROUND, columns - AROUND) * self.step + x
        nodes[1] = (np.arange(-AROUND, rows - AROUND) * self.step + y)[:, None]
        np.add(self.pixels(), ((x + 0.5,), (y + 0.5,)), out=both[:, -_STREWN:])
        return both.T

    def parted(self, found: Points) -> tuple[Nodes, Nodes]:
        """What was found at ``points``: at the nodes (2, rows, columns), and at the strewn pixels (2, n)."""
        both = found.T
        return both[:, :-_STREWN].reshape(2, *self.shape), both[:, -_STREWN:]


def first_lattice(warp: WarpMap, corner: tuple[int, int], width: int, height: int) -> Lattice:
    """The lattice over a region from which on a map is smooth, as far as it is known to be uneven."""
    step = _COARSE_PX
    while step > _FINE_PX and unevenness(warp, step) > _UNEVEN:
        step //= 2
    return Lattice(corner, width, height, step)


@lru_cache(maxsize=1)
def _strewn() -> Points:
    """Places in the unit square, spread evenly without any period (R2, Roberts 2018), (2, n)."""
    ratio = 1.32471795724474602596
    return np.asarray((0.5 + np.arange(_STREWN) / np.array([[ratio], [ratio**2]])) % 1.0)
