"""A page under warps: its size, and the map from it as it was made to it as it will be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

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
        edge: points along the border of the page, where they will be seen, (n, 2).
        maps: the warps, the first one applied first; each keeps the page within (0, 0) .. (width, height).
    """

    width: int
    height: int
    source_width: int
    source_height: int
    edge: Points = field(repr=False, compare=False)
    maps: tuple[WarpMap, ...] = ()

    @classmethod
    def of(cls, width: int, height: int) -> Page:
        """A page without warps."""
        return cls(width, height, width, height, _border(width, height))

    def warped(self, warp: WarpMap, *, grow: bool = True) -> Page:
        """This page after one more warp, which is given in pixels of the page as it would be seen now.

        Args:
            grow: the page becomes the box around its warped border; otherwise its size stays and what leaves it is
                cut off.
        """
        edge = warp.forward(self.edge)
        if not grow:
            return replace(self, edge=edge, maps=(*self.maps, warp))
        x0, y0, x1, y1 = bounds(edge)
        home = Homography.affine(np.eye(2), (-x0, -y0))
        # a hair's breadth is rounding, not size
        width, height = (max(1, math.ceil(side - 1e-6)) for side in (x1 - x0, y1 - y0))
        maps = (*self.maps, compose((warp, home)))
        return replace(self, width=width, height=height, edge=home.forward(edge), maps=maps)

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
