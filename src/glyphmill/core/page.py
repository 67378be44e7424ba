"""A page under warps: its size, and the map from it as it was made to it as it will be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, bounds
from glyphmill.core.lattice import Lattice, first_lattice
from glyphmill.core.warpmap import AffineKin, Homography, WarpMap, columns, compose

#: Points along each border that decide how large a warped page is.
_BORDER_POINTS = 65
_BORDER = 4 * _BORDER_POINTS
_SEEN_POINTS = 17  # along each border, where a few px more or less do not matter
_SPARE_PX = 4.0
#: Surface that is made around a page, as a multiple of what is seen or of the page, whichever is more.
_MOST_SURFACE = 6
#: Larger pages are followed back in parts, px.
WHOLE_PX = 2_000_000


@dataclass(frozen=True)
class Look:
    """Where what is seen of a page comes from.

    Attributes:
        border: of the points along the border, (n, 2).
        lattice: what else was followed back, if anything.
        found: of its points, (k, 2).
    """

    border: Points
    lattice: Lattice | None
    found: Points | None


@dataclass(frozen=True)
class Page:
    """A rectangle with warps pending; no pixel moves until all of them are known.

    Attributes:
        width, height: size as it will be seen, px.
        source_width, source_height: size as it was made, px.
        places: where the points along the border of the page and those that it carries will be seen, (n, 2).
        maps: the warps, the first one applied first; each keeps the page within (0, 0) .. (width, height), unless it
            is cut.
    """

    width: int
    height: int
    source_width: int
    source_height: int
    places: Points = field(repr=False, compare=False)
    maps: tuple[WarpMap, ...] = ()

    @classmethod
    def of(cls, width: int, height: int, carried: Points | None = None) -> Page:
        """A page without warps.

        Args:
            carried: points (n, 2) that go along with each warp, at less cost than afterwards.
        """
        border = _border(width, height)
        places = border if carried is None else np.concatenate([border.T, carried.T], axis=1).T
        return cls(width, height, width, height, places)

    def warped(self, warp: WarpMap, *, grow: bool = True) -> Page:
        """This page after one more warp, which is given in pixels of the page as it would be seen now.

        Args:
            grow: the page becomes the box around its warped border; otherwise its size stays and what leaves it is
                cut off.
        """
        places = warp.forward(self.places)
        if not grow:
            return replace(self, places=places, maps=(*self.maps, warp))
        x0, y0, x1, y1 = bounds(places[:_BORDER])
        home = Homography.shift(-x0, -y0)
        # a hair's breadth is rounding, not size
        width, height = (max(1, math.ceil(side - 1e-6)) for side in (x1 - x0, y1 - y0))
        maps = (*self.maps, compose((warp, home)))
        return replace(self, width=width, height=height, places=home.forward(places), maps=maps)

    def cut(self, left: float, top: float, right: float, bottom: float) -> Page:
        """This page with so much less on each side, whole px and at most a quarter of its width or height."""
        width, height = self.width // 4, self.height // 4
        x, y = min(round(left), width), min(round(top), height)
        u, v = min(round(right), width), min(round(bottom), height)
        if not (x or y or u or v):
            return self
        home = Homography.shift(-x, -y)
        size = self.width - x - u, self.height - y - v
        places = home.forward(self.places)
        return replace(self, width=size[0], height=size[1], places=places, maps=(*self.maps, home))

    @property
    def carried(self) -> Points:
        """Where the points that it carries will be seen, (n, 2)."""
        return self.places[_BORDER:]

    @cached_property
    def map(self) -> WarpMap | None:
        """All warps as one map; None if there are none."""
        return compose(self.maps) if self.maps else None

    def forward(self, points: Points) -> Points:
        """Where points (n, 2) of the page as it was made will be seen."""
        warp = self.map
        return points if warp is None else warp.forward(points)

    @cached_property
    def look(self) -> Look:
        """Where the border of what is seen comes from and, unless the page is large or plain, a lattice over it.

        Found in one call, since following a few points costs as much as following some hundreds.
        """
        warp = self.map
        if warp is None:
            raise ValueError("got a page without warps; expected one to look back through")
        border = _border(self.width, self.height, _SEEN_POINTS)
        if self.plain is not None or self.width * self.height > WHOLE_PX:
            return Look(warp.inverse(border), None, None)
        lattice = first_lattice(warp, (0, 0), self.width, self.height)
        found = warp.inverse(np.concatenate([border.T, lattice.points().T], axis=1).T)
        return Look(found[: len(border)], lattice, found[len(border) :])

    @cached_property
    def plain(self) -> Homography | None:
        """The inverse of all warps as a projective map, if it is one all over what is seen."""
        warp = self.map
        return warp.plain_inverse(self.width, self.height) if isinstance(warp, Homography | AffineKin) else None

    def beyond(self) -> tuple[int, int, int, int]:
        """How far around the page as it was made one looks past its warped edges: left, top, right, bottom, px.

        At most as far as the image is long, and less where that would be far more surface than is seen.
        """
        warp = self.map
        if warp is None:
            return (0, 0, 0, 0)
        width, height = self.source_width, self.source_height
        most = max(self.width, self.height, width, height)
        x0, y0, x1, y1 = bounds(self.look.border)
        # between the points of the border it may be a little further
        left, top, right, bottom = (
            math.ceil(min(side, most) + _SPARE_PX) if side > 0 else 0
            for side in (most if math.isnan(side) else side for side in (-x0, -y0, x1 - width, y1 - height))
        )
        room = _MOST_SURFACE * max(self.width * self.height, width * height)
        while (width + left + right) * (height + top + bottom) > room and max(left, top, right, bottom) > _SPARE_PX:
            left, top, right, bottom = left // 2, top // 2, right // 2, bottom // 2
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
