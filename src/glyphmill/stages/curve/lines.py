"""Lines of text along curves: from line space to the plane of the paragraph.

Both have u along the straight line and v towards the tops of the letters, px. Line i of a straight paragraph lies at
v = -i * pitch of that plane; on a curve each line has a parallel curve of its own. Places and directions are kept as
complex numbers u + iv: times i is a turn by +90 degrees, from along the line to the tops.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.rng import field_stream

Floats = NDArray[np.float64]
Plane = NDArray[np.complex128]
"""Places or directions u + iv, px."""

#: Letters hardly fill what is above this share of the ascent, so they may come closer than their advances there.
_FILLED = 0.7
#: Curves that leave the straight line by less, px, are straight: nobody sees it, and steps of a pixel would miss it.
FLAT_PX = 0.05
#: No baseline turns tighter than this many line heights. Below that, letters stand too far apart on the wide side.
_TIGHTEST = 1.5


@dataclass(frozen=True)
class Block:
    """What a curve must know of the straight paragraph, px, in line space.

    Attributes:
        extents: u0, u1 of the em-boxes of each line, without trailing white space, (k, 2).
        ascent: the largest of all lines, positive.
        descent: the largest of all lines, positive.
        pitch: distance between baselines, 0 for one line.
    """

    extents: Floats
    ascent: float
    descent: float
    pitch: float

    @property
    def left(self) -> float:
        """The least u of any line."""
        return float(self.extents[:, 0].min())

    @property
    def right(self) -> float:
        """The greatest u of any line, at least a pixel from the least."""
        return max(float(self.extents[:, 1].max()), self.left + 1.0)

    @property
    def center(self) -> float:
        """The u that lies midway."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        """Of one line; at least a pixel."""
        return max(self.ascent + self.descent, 1.0)

    @property
    def widths(self) -> Floats:
        """Of each line, (k,)."""
        return np.maximum(self.extents[:, 1] - self.extents[:, 0], 0.0)

    @cached_property
    def offsets(self) -> Floats:
        """How far the baseline of each line lies above the middle of the block's baselines, (k,)."""
        count = len(self.extents)
        return np.asarray(((count - 1) / 2 - np.arange(count)) * self.pitch, np.float64)

    @property
    def reach_up(self) -> float:
        """Height at which letters keep their distances where tops converge. Central baselines: all of the ascent."""
        return max(_FILLED * self.ascent, min(self.ascent, self.descent), 0.0)

    @property
    def reach_down(self) -> float:
        """Depth at which letters keep their distances where bottoms converge."""
        return max(self.descent, 0.0)

    @property
    def tightest(self) -> float:
        """The least radius that the middle of the baselines may turn with, so that the innermost line still reads."""
        return _TIGHTEST * self.height + float(self.offsets[0])


@dataclass(frozen=True)
class Jitter:
    """How far rigid clusters are off their places at most.

    Attributes:
        along, across: px to either side.
        rotation: radians to either side.
        scale: share of the size, smaller or larger.
        seed: of what each cluster gets.
    """

    along: float
    across: float
    rotation: float
    scale: float
    seed: int

    def of(self, clusters: int) -> tuple[Points, Floats, Floats]:
        """Offsets (m, 2), angles (m,), factors (m,); those of the first clusters do not depend on how many follow."""
        share = field_stream(self.seed).uniform(-1.0, 1.0, (clusters, 4))
        return share[:, :2] * (self.along, self.across), share[:, 2] * self.rotation, 1.0 + share[:, 3] * self.scale


class CurvedLines:
    """k lines along a curve, as tables over u.

    Attributes:
        used: parameters as used where they differ from those drawn.
    """

    def __init__(
        self,
        left: float,
        right: float,
        places: Plane,
        tangents: Plane,
        *,
        used: dict[str, Any] | None = None,
        jitter: Jitter | None = None,
    ) -> None:
        """Tables of n >= 2 places, evenly over [left, right].

        Args:
            places: of the baseline of each line, (k, n).
            tangents: of length 1, (k, n).
        """
        self.used = used or {}
        self._jitter = jitter
        self._left, self._right = left, right
        self._count = places.shape[1]
        self._per_px = (self._count - 1) / (right - left)
        self._places, self._tangents = places.ravel(), tangents.ravel()

    @classmethod
    def straight(cls, block: Block, *, used: dict[str, Any] | None = None, jitter: Jitter | None = None) -> CurvedLines:
        """Lines that are stacked as in the straight paragraph."""
        stack = np.arange(len(block.extents)) * (-1j * block.pitch)
        places = stack[:, None] + np.array([block.left, block.right])
        return cls(block.left, block.right, places, np.ones_like(places), used=used, jitter=jitter)

    def bend(self, uv: Points, line: NDArray[np.int64]) -> Points:
        """Where points (n, 2) of line space lie in the plane of the paragraph when everything bends along.

        Args:
            line: of each point, (n,); its v is measured from the baseline of that line.
        """
        place, tangent = self._at(uv[:, 0], line)
        tangent *= 1j * uv[:, 1]
        place += tangent
        return _pairs(place)

    def frames(self, u: Floats, line: NDArray[np.int64]) -> tuple[Points, Points]:
        """Places (n, 2) of baseline points and unit tangents (n, 2) there, for clusters that stay rigid.

        What lies at (du, dv) from the baseline point lands at place + du * tangent + dv * normal, the normal being the
        tangent turned by +90 degrees: from u towards v.
        """
        place, tangent = self._at(u, line)
        tangent /= np.abs(tangent)
        return _pairs(place), _pairs(tangent)

    def jitter(self, clusters: int) -> tuple[Points, Floats, Floats] | None:
        """How each of m rigid clusters is off its place; None if none is. Clusters that move together take one's.

        Returns: offsets in the plane of the paragraph, px (m, 2); turns about the baseline point, radians from u
        towards v (m,); factors of its size about that point (m,).
        """
        return None if self._jitter is None else self._jitter.of(clusters)

    def _at(self, u: Floats, line: NDArray[np.int64]) -> tuple[Plane, Plane]:
        """Places and tangents; beyond the ends lines go straight on."""
        within = np.clip(u, self._left, self._right)
        at = (within - self._left) * self._per_px
        step = np.minimum(at.astype(np.int64), self._count - 2)
        at -= step
        row = line * self._count + step
        place, tangent = _between(self._places, row, at), _between(self._tangents, row, at)
        beyond = u - within
        if beyond.any():
            place += tangent * beyond
        return place, tangent


def _between(table: Plane, row: NDArray[np.int64], share: Floats) -> Plane:
    """What lies at ``share`` of the way from each row to the next."""
    found = table.take(row)
    found += (table.take(row + 1) - found) * share
    return found


def _pairs(plane: Plane) -> Points:
    """Complex numbers (n,) as (n, 2)."""
    return plane.view(np.float64).reshape(-1, 2)
