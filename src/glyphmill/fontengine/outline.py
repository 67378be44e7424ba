"""From drawing commands to points on the outline, for many glyphs in one go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Even steps along a curve. Between two samples it bulges by less than 1/128 of its control polygon's bend.
_STEPS = 4


class OutlineRecorder:
    """Collects the drawing commands of glyphs and samples all of their curves at once.

    Every curve is kept as a cubic; a line is kept as its end point alone.
    """

    def __init__(self) -> None:
        self._slot = 0
        self._x = self._y = 0.0
        self._ends: list[tuple[int, float, float]] = []
        self._cubics: list[tuple[int, float, float, float, float, float, float, float, float]] = []

    def begin(self, slot: int) -> None:
        """Commands from here on belong to glyph number ``slot``; slots only grow."""
        self._slot = slot

    def move(self, x: float, y: float) -> None:
        self._ends.append((self._slot, x, y))
        self._x, self._y = x, y

    def line(self, x: float, y: float) -> None:
        self._ends.append((self._slot, x, y))
        self._x, self._y = x, y

    def quadratic(self, cx: float, cy: float, x: float, y: float) -> None:
        x0, y0 = self._x, self._y
        self.cubic(x0 + (cx - x0) * 2 / 3, y0 + (cy - y0) * 2 / 3, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x, y)

    def cubic(self, ax: float, ay: float, bx: float, by: float, x: float, y: float) -> None:
        self._cubics.append((self._slot, self._x, self._y, ax, ay, bx, by, x, y))
        self._x, self._y = x, y

    def points(self, glyphs: int, scale: float) -> list[NDArray[np.float32]]:
        """Points of each glyph, float32 (2, k), times ``scale``; k is 0 for a glyph without ink."""
        ends = np.array(self._ends, np.float64).reshape(-1, 3)
        cubics = np.array(self._cubics, np.float64).reshape(-1, 9)
        xy, curve = _sample_cubics(cubics[:, 1:].reshape(-1, 4, 2))
        owner = np.concatenate([ends[:, 0], cubics[curve, 0]]).astype(np.int64)
        order = np.argsort(owner, kind="stable")
        points = (np.concatenate([ends[:, 1:], xy])[order].T * scale).astype(np.float32)
        return np.split(points, np.searchsorted(owner[order], np.arange(1, glyphs)), axis=1) if glyphs else []


def _sample_cubics(curves: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Even samples without the first, and the extremes in x and y, of m cubics (m, 4, 2): points, and their curve."""
    p0, p1, p2, p3 = (curves[:, k] for k in range(4))
    # B'(t) / 3 = a t^2 + b t + c; roots that are complex or outside of (0, 1) are left out
    a, b, c = p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(b * b - 4 * a * c)
        q = -0.5 * (b + np.where(b >= 0, root, -root))
        roots = np.concatenate([q / a, c / q], axis=1)  # (m, 4)
        inside = (roots > 1e-6) & (roots < 1 - 1e-6)
    extreme_of = np.nonzero(inside)[0]
    even = np.arange(1, _STEPS + 1) / _STEPS
    curve = np.concatenate([np.repeat(np.arange(len(curves)), _STEPS), extreme_of])
    t = np.concatenate([np.tile(even, len(curves)), roots[inside]])[:, None]
    s = 1.0 - t
    return s**3 * p0[curve] + 3 * s * s * t * p1[curve] + 3 * s * t * t * p2[curve] + t**3 * p3[curve], curve
