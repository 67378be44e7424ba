"""From drawing commands to closed polygons of points on the outline, for many glyphs in one go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Between two samples a curve bulges by at most this, em: a tenth of a pixel at 100 px.
_BULGE_EM = 0.001


@dataclass(frozen=True, slots=True)
class Outline:
    """The contours of a glyph as polygons.

    Attributes:
        points: rows x and y, em units with y up, float32 (2, k); contour after contour, in drawing order, each closed
            by an edge from its last point to its first.
        starts: where each contour begins, int64 (c,).
    """

    points: NDArray[np.float32]
    starts: NDArray[np.int64]


class OutlineRecorder:
    """Collects the drawing commands of glyphs and samples all of their curves at once.

    Every segment is kept as a cubic; of a line and of a contour's first point only the end is kept.
    """

    def __init__(self) -> None:
        self._glyph = 0
        self._x = self._y = 0.0
        self._ends: list[tuple[int, float, float]] = []  # segment number, point
        self._cubics: list[tuple[int, float, float, float, float, float, float, float, float]] = []
        self._contours: list[int] = []  # first segment of each contour
        self._glyphs: list[int] = []  # first segment of each glyph
        self._segments = 0

    def begin(self) -> None:
        """Commands from here on belong to the next glyph."""
        self._glyphs.append(self._segments)

    def move(self, x: float, y: float) -> None:
        self._contours.append(self._segments)
        self.line(x, y)

    def line(self, x: float, y: float) -> None:
        self._ends.append((self._segments, x, y))
        self._segments += 1
        self._x, self._y = x, y

    def quadratic(self, cx: float, cy: float, x: float, y: float) -> None:
        x0, y0 = self._x, self._y
        self.cubic(x0 + (cx - x0) * 2 / 3, y0 + (cy - y0) * 2 / 3, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x, y)

    def cubic(self, ax: float, ay: float, bx: float, by: float, x: float, y: float) -> None:
        self._cubics.append((self._segments, self._x, self._y, ax, ay, bx, by, x, y))
        self._segments += 1
        self._x, self._y = x, y

    def outlines(self, scale: float) -> list[Outline]:
        """The outline of each glyph, its points times ``scale``."""
        ends = np.array(self._ends, np.float64).reshape(-1, 3)
        cubics = np.array(self._cubics, np.float64).reshape(-1, 9)
        xy, curve, t = _sample_cubics(cubics[:, 1:].reshape(-1, 4, 2), _BULGE_EM / scale)
        segment = np.concatenate([ends[:, 0], cubics[curve, 0]])
        order = np.lexsort((np.concatenate([np.ones(len(ends)), t]), segment))
        points = (np.concatenate([ends[:, 1:], xy])[order].T * scale).astype(np.float32)
        # where each segment's samples begin, then each contour and each glyph
        first = np.searchsorted(segment[order], np.arange(self._segments + 1))
        contours, glyphs = first[self._contours], first[np.array([*self._glyphs, self._segments], np.int64)]
        cut = np.searchsorted(contours, glyphs)
        return [
            Outline(points[:, glyphs[k] : glyphs[k + 1]], contours[cut[k] : cut[k + 1]] - glyphs[k])
            for k in range(len(self._glyphs))
        ]


def _sample_cubics(
    curves: NDArray[np.float64], bulge: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Even samples without the first, and the extremes in x and y, of m cubics (m, 4, 2): points, their curve, t."""
    p0, p1, p2, p3 = (curves[:, k] for k in range(4))
    # B'(t) / 3 = a t^2 + b t + c; roots that are complex or outside of (0, 1) are left out
    a, b, c = p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(b * b - 4 * a * c)
        q = -0.5 * (b + np.where(b >= 0, root, -root))
        roots = np.concatenate([q / a, c / q], axis=1)  # (m, 4)
        inside = (roots > 1e-6) & (roots < 1 - 1e-6)
    # n steps of t leave at most 1 / (8 n^2) of the largest second derivative
    bend = np.hypot(*np.moveaxis(np.stack([p0 - 2 * p1 + p2, p1 - 2 * p2 + p3]), 2, 0)).max(axis=0)
    steps = np.maximum(np.ceil(np.sqrt(0.75 * bend / bulge)), 2).astype(np.int64)
    even = np.repeat(np.arange(len(curves)), steps)
    number = np.arange(len(even)) - np.repeat(np.cumsum(steps) - steps, steps)
    curve = np.concatenate([even, np.nonzero(inside)[0]])
    at = np.concatenate([(number + 1) / steps[even], roots[inside]])
    t = at[:, None]
    s = 1.0 - t
    return s**3 * p0[curve] + 3 * s * s * t * p1[curve] + 3 * s * t * t * p2[curve] + t**3 * p3[curve], curve, at
