"""A page under warps: its size, and the map from it as it was made to it as it will be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from glyphmill.core.geometry import Points, bounds
from glyphmill.core.warpmap import Homography, WarpMap, compose

#: Points along each border that decide how large a warped page is.
_BORDER_POINTS = 65


@dataclass(frozen=True)
class Page:
    """A rectangle with warps pending; no pixel moves until all of them are known.

    Attributes:
        width, height: size as it will be seen, px.
        source_width, source_height: size as it was made, px.
        maps: the warps, the first one applied first; each keeps the page within (0, 0) .. (width, height).
    """

    width: int
    height: int
    source_width: int
    source_height: int
    maps: tuple[WarpMap, ...] = ()

    @classmethod
    def of(cls, width: int, height: int) -> Page:
        """A page without warps."""
        return cls(width, height, width, height)

    def warped(self, warp: WarpMap, *, grow: bool = True) -> Page:
        """This page after one more warp, which is given in pixels of the page as it would be seen now.

        Args:
            grow: the page becomes the box around its warped border; otherwise its size stays and what leaves it is
                cut off.
        """
        if not grow:
            return Page(self.width, self.height, self.source_width, self.source_height, (*self.maps, warp))
        moved = compose((*self.maps, warp)).forward(_border(self.source_width, self.source_height))
        x0, y0, x1, y1 = bounds(moved)
        home = Homography.affine(np.eye(2), (-x0, -y0))
        # a hair's breadth is rounding, not size
        width, height = (max(1, math.ceil(side - 1e-6)) for side in (x1 - x0, y1 - y0))
        return Page(width, height, self.source_width, self.source_height, (*self.maps, compose((warp, home))))

    @property
    def map(self) -> WarpMap | None:
        """All warps as one map; None if there are none."""
        return compose(self.maps) if self.maps else None

    def forward(self, points: Points) -> Points:
        """Where points (n, 2) of the page as it was made will be seen."""
        warp = self.map
        return points if warp is None else warp.forward(points)


def _border(width: int, height: int) -> Points:
    """Points along the border of a rectangle, (4 k, 2)."""
    t = np.linspace(0.0, 1.0, _BORDER_POINTS)
    zero, one = np.zeros_like(t), np.ones_like(t)
    unit = np.concatenate([np.stack(pair, axis=1) for pair in ((t, zero), (t, one), (zero, t), (one, t))])
    return np.asarray(unit * (width, height))
