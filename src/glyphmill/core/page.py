"""A page under warps: its size, and the map from it as it was made to it as it will be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, bounds
from glyphmill.core.warpmap import Homography, WarpMap, columns, compose

#: Points along each border that decide how large a warped page is.
_BORDER_POINTS = 65
_SEEN_POINTS = 17  # along each border, where a few px more or less do not matter
_SPARE_PX = 4.0
#: Surface that is made around a page, as a multiple of what is seen or of the page, whichever is more.
_MOST_SURFACE = 6


@dataclass(frozen=True)
class Page:
    """A rectangle with warps pending; no pixel moves until all of them are known.

    Attributes:
        width, height: size as it will be seen, px.
        source_width, source_height: size as it was made, px.
        edge: points along the border of the page, where they will be seen, (n, 2).
        maps: the warps, the first one applied first; each keeps the page within (0, 0) .. (width, height), unless it
            is cut.
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
        home = Homography.shift(-x0, -y0)
        # a hair's breadth is rounding, not size
        width, height = (max(1, math.ceil(side - 1e-6)) for side in (x1 - x0, y1 - y0))
        maps = (*self.maps, compose((warp, home)))
        return replace(self, width=width, height=height, edge=home.forward(edge), maps=maps)

    def cut(self, left: float, top: float, right: float, bottom: float) -> Page:
        """This page with so much less on each side, whole px and at most a quarter of its width or height."""
        width, height = self.width // 4, self.height // 4
        x, y = min(round(left), width), min(round(top), height)
        u, v = min(round(right), width), min(round(bottom), height)
        if not (x or y or u or v):
            return self
        home = Homography.shift(-x, -y)
        size = self.width - x - u, self.height - y - v
        return replace(self, width=size[0], height=size[1], edge=home.forward(self.edge), maps=(*self.maps, home))

    @cached_property
    def map(self) -> WarpMap | None:
        """All warps as one map; None if there are none."""
        return compose(self.maps) if self.maps else None

    def forward(self, points: Points) -> Points:
        """Where points (n, 2) of the page as it was made will be seen."""
        warp = self.map
        return points if warp is None else warp.forward(points)

    def beyond(self) -> tuple[int, int, int, int]:
        """How far around the page as it was made one looks past its warped edges: left, top, right, bottom, px.

        At most as far as the image is long, and less where that would be far more surface than is seen.
        """
        warp = self.map
        if warp is None:
            return (0, 0, 0, 0)
        seen = warp.inverse(_border(self.width, self.height, _SEEN_POINTS))
        size = np.array([self.source_width, self.source_height], np.float64)
        most = float(max(self.width, self.height, *size))
        low = np.clip(-np.nan_to_num(seen.min(axis=0), nan=-most, neginf=-most), 0.0, most)
        high = np.clip(np.nan_to_num(seen.max(axis=0), nan=most, posinf=most) - size, 0.0, most)
        # between the points of the border it may be a little further
        spare = np.where(np.concatenate([low, high]) > 0, _SPARE_PX, 0.0)
        needed = np.ceil(np.concatenate([low, high]) + spare)
        room = _MOST_SURFACE * max(self.width * self.height, float(size.prod()))
        while float(np.prod(size + needed[:2] + needed[2:])) > room and needed.max() > _SPARE_PX:
            needed = np.floor(needed / 2)
        left, top, right, bottom = needed.astype(int).tolist()
        return left, top, right, bottom


def _border(width: int, height: int, count: int = _BORDER_POINTS) -> Points:
    """Points along the border of a rectangle, (4 k, 2)."""
    x, y = _unit_border(count)
    return columns(x * width, y * height)


@lru_cache(maxsize=4)
def _unit_border(count: int) -> NDArray[np.float64]:
    """Points along the border of the unit square, (2, 4 k)."""
    t = np.linspace(0.0, 1.0, count)
    zero, one = np.zeros_like(t), np.ones_like(t)
    return np.concatenate([np.stack(pair) for pair in ((t, zero), (t, one), (zero, t), (one, t))], axis=1)
