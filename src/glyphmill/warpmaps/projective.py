"""A page as a camera sees it from the side: projective on and around the page, and tame beyond.

A projective map has a horizon, where its denominator w is 0 and points run off to infinity. Here w is taken as it is
only between two bounds around the page; below and above it runs into a constant. Seen from the middle of the page,
points then keep their ray, and move along it without turning back, so the map stays one-to-one on the whole plane.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.core.warpmap import AffineKin, Homography, WarpMap, columns
from glyphmill.warpmaps.affine import IDENTITY, Size

#: Bounds of w on the page, 1 in its middle: no part of it is seen more than that much closer or further away.
_LEAST_W, _MOST_W = 0.5, 1.9
_MOST_W_AROUND = 3.0  # in the corners of the box around the warped page
_LEAST_SCALE = 0.25  # at a corner of the page in its worst direction, where a view from far away has 1
_MARGIN = 0.3  # of the page on each side, where the map is still projective
_HALVINGS = 16
_NO_AREA = 1e-9

Vector = NDArray[np.float64]
#: Few numbers are calculated with as they are: a call of NumPy costs as much as fifty of them.
Pair = tuple[float, float]
Matrix = tuple[Pair, Pair]
Rows = tuple[tuple[float, float, float], ...]

#: Corners of the unit square, and the direction from each that leads inward.
_UNIT = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_INWARD = ((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0))


@dataclass(frozen=True)
class Projection(AffineKin):
    """``middle_after + A d / g(1 + c . d)`` for d from ``middle``; g(w) = w for low <= w <= high.

    Attributes:
        linear: A, its rows, of positive determinant.
        fall: c, change of w a pixel.
        low, high: 0 < low < 1 < high.
    """

    middle: Pair
    middle_after: Pair
    linear: Matrix
    fall: Pair
    low: float
    high: float

    @cached_property
    def back(self) -> Matrix:
        """The inverse of ``linear``."""
        return _inverted(self.linear)

    @cached_property
    def fall_after(self) -> Pair:
        """Change of (w - 1) / w a pixel after the map."""
        return _times(self.fall, self.back)

    def forward(self, points: Points) -> Points:
        x, y = points[:, 0] - self.middle[0], points[:, 1] - self.middle[1]
        scale = 1 / self._held(1 + self.fall[0] * x + self.fall[1] * y)
        return _placed(self.linear, x, y, scale, self.middle_after)

    def inverse(self, points: Points) -> Points:
        x, y = points[:, 0] - self.middle_after[0], points[:, 1] - self.middle_after[1]
        c = self.fall_after
        return _placed(self.back, x, y, self._stretch(c[0] * x + c[1] * y), self.middle)

    def after(self, affine: Homography) -> Projection:
        (a, b, _), (c, d, _), _ = affine.rows
        linear = _times(self.linear[0], ((a, b), (c, d))), _times(self.linear[1], ((a, b), (c, d)))
        fall = _times(self.fall, ((a, b), (c, d)))
        return replace(self, middle=_moved(affine.back, self.middle), linear=linear, fall=fall)

    def before(self, affine: Homography) -> Projection:
        (a, b, _), (c, d, _), _ = affine.rows
        linear = _times((a, b), self.linear), _times((c, d), self.linear)
        return replace(self, middle_after=_moved(affine, self.middle_after), linear=linear)

    def plain_inverse(self, width: float, height: float) -> Homography | None:
        (g, h), (x, y), (u, v) = self.fall_after, self.middle_after, self.middle
        falls = [g * (right - x) + h * (down - y) for right in (0.0, width) for down in (0.0, height)]
        if min(falls) < 1 - 1 / self.low or max(falls) > 1 - 1 / self.high:
            return None
        # with d' from the middle after the warp: middle + B d' / (1 - c . d')
        last = 1 + g * x + h * y
        (a, b), (c, d) = self.back
        rows = [
            [a - u * g, b - u * h, u * last - (a * x + b * y)],
            [c - v * g, d - v * h, v * last - (c * x + d * y)],
            [-g, -h, last],
        ]
        return Homography(np.array(rows))

    def _held(self, w: Vector) -> Vector:
        """g(w)."""
        low, high = self.low, self.high
        if w.min(initial=low) >= low and w.max(initial=high) <= high:
            return w
        # parabolas that leave the line w with its slope and end flat
        under = np.clip(low - w, 0.0, low)
        over = np.clip(w - high, 0.0, high)
        return np.asarray(np.clip(w, 0.0, 2 * high) + under**2 / (2 * low) - over**2 / (2 * high))

    def _stretch(self, v: Vector) -> Vector:
        """The g of the point that v = (w - 1) / g(w) stands for; v rises with w."""
        low, high = self.low, self.high
        g = 1 / np.maximum(1 - v, 1e-9)
        for w, side in ((low, -1.0), (high, 1.0)):
            beyond = side * v > side * (w - 1) / w
            if not beyond.any():
                continue
            # u = w - 1 solves u = v (a + b u + c u^2) where g is a parabola, u = v g at its end
            c = -side / (2 * w)
            b = 1 - 2 * c * (w - 1)
            a = 1 + c * (w - 1) ** 2
            at = v[beyond]
            lead = 1 - b * at
            root = np.sqrt(np.maximum(lead**2 - 4 * a * c * at**2, 0.0))
            # of two spellings of one root, the one in which nothing cancels
            u = np.where(lead >= 0, 2 * a * at / np.where(lead >= 0, lead + root, 1.0), (lead - root) / (2 * c * at))
            end = w / 2 if side < 0 else 1.5 * w
            bent = a + b * u + c * u**2
            flat = side * at > side * ((0.0 if side < 0 else 2 * w) - 1) / end
            g[beyond] = np.where(flat, end, bent)
        return np.asarray(g)


def _placed(linear: Matrix, x: Vector, y: Vector, scale: Vector, middle: Pair) -> Points:
    """``middle + scale A (x, y)``."""
    (a, b), (c, d) = linear
    return columns((a * x + b * y) * scale + middle[0], (c * x + d * y) * scale + middle[1])


def _times(row: Pair, matrix: Matrix) -> Pair:
    """A row vector times a matrix."""
    (a, b), (c, d) = matrix
    return row[0] * a + row[1] * c, row[0] * b + row[1] * d


def _inverted(matrix: Matrix) -> Matrix:
    (a, b), (c, d) = matrix
    area = a * d - b * c
    return (d / area, -b / area), (-c / area, a / area)


def _moved(affine: Homography, point: Pair) -> Pair:
    (a, b, c), (d, e, f), _ = affine.rows
    x, y = point
    return a * x + b * y + c, d * x + e * y + f


def perspective_map(
    size: Size,
    *,
    magnitude: float = 0.0,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    focal: float = 1.5,
    rng: Generator | None = None,
) -> WarpMap:
    """A page seen at a slant, by corners that move, by a camera, or by both (corners first).

    Args:
        magnitude: each corner moves inward, along x and along y, by up to ``magnitude`` / 2 of the shorter side.
        yaw: degrees by which the page turns its right side away.
        pitch: degrees by which it turns its upper side away.
        roll: degrees by which it turns counter-clockwise before that.
        focal: focal length and distance of the camera, in lengths of the longer side.
        rng: how far each corner moves; needed where ``magnitude`` is not 0.

    What would squash a part of the page too far, or show the edge of its horizon, is weakened: corners move less,
    all by the same share, and the camera steps back.

    Raises: ValueError if there is a magnitude and no ``rng``, or ``focal`` is not above 0.
    """
    if magnitude == 0 == yaw and pitch == 0 == roll:
        return IDENTITY
    if focal <= 0:
        raise ValueError(f"got focal {focal:g}; expected a number above 0")
    inward = [[0.0, 0.0]] * 4
    if magnitude:
        if rng is None:
            raise ValueError("perspective with a magnitude needs rng, which says how far each corner moves")
        inward = (magnitude / 2 * min(size) * rng.random((4, 2))).tolist()
    turned = _rotation(yaw, pitch, roll)

    def view(share: float) -> Projection | None:
        """At share 0 the page is seen from infinitely far, and no corner moves."""
        corners = _moved_corners(size, [(share * x, share * y) for x, y in inward])
        return None if corners is None else _tamed(_camera(size, turned, share / (focal * max(size)), corners), size)

    (a, b, _), (c, d, _), _ = turned
    flat = _inverted(((a, b), (c, d)))
    share, step, found = 1.0, 1.0, view(1.0)
    if found is not None and _is_gentle(found, flat, size):
        return found
    share, best = 0.0, view(0.0)
    for _ in range(_HALVINGS):
        step /= 2
        found = view(share + step)
        if found is not None and _is_gentle(found, flat, size):
            share, best = share + step, found
    return best or IDENTITY


def _moved_corners(size: Size, inward: Sequence[Pair]) -> Rows | None:
    """The projective map that moves each of four corners by so much, px; None if there is none.

    Order of corners: top left, top right, bottom right, bottom left.

    Source: Heckbert, "Fundamentals of texture mapping and image warping", 1989: the unit square to four corners.
    """
    width, height = size
    # a page of one unit each way keeps the system well conditioned
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
        (x + u * by_x / width, y + v * by_y / height)
        for (x, y), (u, v), (by_x, by_y) in zip(_UNIT, _INWARD, inward, strict=True)
    )
    ax, ay, bx, by = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    ex, ey = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = ax * by - bx * ay
    if abs(area) < _NO_AREA:
        return None
    g, h = (ex * by - bx * ey) / area, (ax * ey - ex * ay) / area
    return (
        (x1 - x0 + g * x1, (x3 - x0 + h * x3) * width / height, x0 * width),
        ((y1 - y0 + g * y1) * height / width, y3 - y0 + h * y3, y0 * height),
        (g / width, h / height, 1.0),
    )


def _rotation(yaw: float, pitch: float, roll: float) -> Rows:
    """Rotation of the page in space, x right, y down, z away from the eye: about z, then x, then y."""
    a, b, c = (math.radians(angle) for angle in (yaw, pitch, roll))
    (ca, cb, cc), (sa, sb, sc) = (tuple(f(angle) for angle in (a, b, c)) for f in (math.cos, math.sin))
    return (
        (ca * cc - sa * sb * sc, ca * sc + sa * sb * cc, -sa * cb),
        (-cb * sc, cb * cc, sb),
        (sa * cc + ca * sb * sc, sa * sc - ca * sb * cc, ca * cb),
    )


def _camera(size: Size, turned: Rows, nearness: float, page: Rows) -> Rows:
    """A pinhole camera before the middle of the page, 1 / ``nearness`` px away; there nothing changes its size.

    Args:
        page: what happens to the page before, as a projective map.
    """
    x, y = size[0] / 2, size[1] / 2
    (a, b, _), (c, d, _), (e, f, _) = turned
    first, second, third = page
    # from the middle of the page, turned, and back
    u = [p - x * w for p, w in zip(first, third, strict=True)]
    v = [p - y * w for p, w in zip(second, third, strict=True)]
    depth = [nearness * (e * p + f * q) + w for p, q, w in zip(u, v, third, strict=True)]
    made = [
        [i * p + j * q + middle * w for p, q, w in zip(u, v, depth, strict=True)]
        for i, j, middle in ((a, b, x), (c, d, y))
    ]
    return tuple((p, q, r) for p, q, r in (*made, depth))


def _is_gentle(view: Projection, flat: Matrix, size: Size) -> bool:
    """Whether w and scale stay within bounds on the page and, near its horizon, on what will be seen around it.

    Args:
        flat: what undoes the slope of the same view from infinitely far.
    """
    (a, b), (c, d) = view.linear
    if not a * d - b * c > 0:
        return False
    (g, h), (x0, y0), (u0, v0) = view.fall, view.middle, view.middle_after
    seen = _rim(size, 0.0)
    for corner_x, corner_y in seen[:4]:
        x, y = corner_x - x0, corner_y - y0
        w = 1 + g * x + h * y
        if not _LEAST_W <= w <= _MOST_W:
            return False
        u, v = (a * x + b * y) / w, (c * x + d * y) / w
        seen.append((u + u0, v + v0))
        (i, j), (k, m) = (_times(row, flat) for row in ((a - u * g, b - u * h), (c - v * g, d - v * h)))
        # the least singular value of the slope there: the difference of what turns and what mirrors in it
        if abs(math.hypot(i + m, k - j) - math.hypot(i - m, k + j)) / 2 < _LEAST_SCALE * w:
            return False
    (right, down), sides = view.fall_after, list(zip(*seen, strict=True))
    return all(
        right * (x - u0) + down * (y - v0) < 1 - 1 / _MOST_W_AROUND
        for x in (min(sides[0]), max(sides[0]))
        for y in (min(sides[1]), max(sides[1]))
    )


def _tamed(matrix: Rows, size: Size) -> Projection | None:
    """The projective map of a matrix, bounded beyond a margin around the page; None if its middle is at the horizon."""
    x, y = size[0] / 2, size[1] / 2
    first, second, (g, h, i) = matrix
    w0 = g * x + h * y + i
    if abs(w0) < _NO_AREA:
        return None
    u, v = ((a * x + b * y + c) / w0 for a, b, c in (first, second))
    g, h = g / w0, h / w0
    linear = (first[0] / w0 - u * g, first[1] / w0 - u * h), (second[0] / w0 - v * g, second[1] / w0 - v * h)
    falls = [1 + g * (right - x) + h * (down - y) for right, down in _rim(size, _MARGIN)]
    return Projection((x, y), (u, v), linear, (g, h), min(max(min(falls), 0.15), 0.99), max(max(falls), 1.01))


def _rim(size: Size, margin: float) -> list[Pair]:
    """The four corners of a page that is larger by ``margin`` on each side."""
    more = 1 + 2 * margin
    return [((x * more - margin) * size[0], (y * more - margin) * size[1]) for x, y in _UNIT]
