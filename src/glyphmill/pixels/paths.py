"""Paths to draw along, such as the baselines of a page, as one: places on all of them are found at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points

Reals = NDArray[np.float64]
Indices = NDArray[np.int64]

#: Paths lie this far from each other on their common axis, px.
_APART_PX = 1.0


@dataclass(frozen=True, slots=True)
class Path:
    """What to draw along: a path, or stretches of several.

    Attributes:
        points: of all paths, one path after another, px, (n, 2).
        up: unit vectors to the side that counts as up, (n, 2).
        ahead: unit vectors along the path, (n, 2).
        lengths: place of each point on an axis on which the paths follow each other, px, (n,), ascending.
        spans: where on that axis each stretch begins and ends, (s, 2).
    """

    points: Points
    up: Points
    ahead: Points
    lengths: Reals
    spans: Reals

    @classmethod
    def along(cls, points: Points) -> Path:
        """A path through points, px, (n, 2), read from the first to the last: up is to its left.

        Raises: ValueError if they are not at least two.
        """
        if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
            raise ValueError(f"got a path of shape {points.shape}; expected points (n, 2), at least two")
        tangent = np.gradient(points, axis=0)
        return cls.of(points[None], _unit(np.stack([tangent[:, 1], -tangent[:, 0]], axis=1))[None])

    @classmethod
    def of(cls, points: Points, up: Points) -> Path:
        """Whole paths through points, px, (k, n, 2), n at least 2, and the way up at each, (k, n, 2)."""
        steps = np.diff(points, axis=1)
        lengths = np.zeros(points.shape[:2])
        np.cumsum(np.hypot(steps[..., 0], steps[..., 1]), axis=1, out=lengths[:, 1:])
        ahead = np.concatenate([steps[:, :1], steps[:, 1:] + steps[:, :-1], steps[:, -1:]], axis=1)
        room = lengths[:, -1] + _APART_PX
        lengths += (np.cumsum(room) - room)[:, None]
        spans = lengths[:, [0, -1]]
        return cls(points.reshape(-1, 2), up.reshape(-1, 2), _unit(ahead.reshape(-1, 2)), lengths.ravel(), spans)

    def cut(self, which: Indices, start: Reals, end: Reals) -> Path:
        """Parts of these stretches, (t,) each: of which, and from where to where along it, px."""
        spans = self.spans[which, :1] + np.stack([start, end], axis=1)
        return Path(self.points, self.up, self.ahead, self.lengths, spans)

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def sizes(self) -> Reals:
        """Length of each stretch, px, (s,)."""
        return np.asarray(self.spans[:, 1] - self.spans[:, 0])

    def bends(self) -> Indices:
        """How many points lie on each stretch between its ends, (s,): none if it is straight."""
        first = np.searchsorted(self.lengths, self.spans[:, 0], "right")
        return np.asarray(np.maximum(np.searchsorted(self.lengths, self.spans[:, 1], "left") - first, 0))

    def places(self, which: Indices, along: Reals) -> tuple[Points, Points, Points]:
        """Points on stretches, (m,), at lengths from where they begin, px, and the ways up and ahead there, (m, 2).

        Past its ends a stretch is straight.
        """
        low, high = self.spans[which].T
        asked = along + low
        held = np.clip(asked, low, high)
        base, up, ahead = (
            np.stack([np.interp(held, self.lengths, values[:, axis]) for axis in (0, 1)], axis=1)
            for values in (self.points, self.up, self.ahead)
        )
        ahead = _unit(ahead)
        return base + ahead * (asked - held)[:, None], _unit(up), ahead


def _unit(vectors: Points) -> Points:
    """Vectors, (n, 2), at length 1."""
    return np.asarray(vectors / np.maximum(np.hypot(vectors[:, 0], vectors[:, 1]), 1e-9)[:, None])
