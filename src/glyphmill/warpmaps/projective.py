"""A page as a camera sees it from the side: projective on and around the page, and tame beyond.

A projective map has a horizon, where its denominator w is 0 and points run off to infinity. Here w is taken as it is
only between two bounds around the page; below and above it runs into a constant. Seen from the middle of the page,
points then keep their ray, and move along it without turning back, so the map stays one-to-one on the whole plane.
"""

from __future__ import annotations

import math
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

Vector = NDArray[np.float64]

#: Corners of the unit square, and the direction from each that leads inward.
_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_INWARD = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


@dataclass(frozen=True)
class Projection(AffineKin):
    """``middle_after + A d / g(1 + c . d)`` for d from ``middle``; g(w) = w for low <= w <= high.

    Attributes:
        linear: A, (2, 2), of positive determinant.
        fall: c, (2,), change of w a pixel.
        low, high: 0 < low < 1 < high.
    """

    middle: Vector
    middle_after: Vector
    linear: Vector
    fall: Vector
    low: float
    high: float

    @cached_property
    def back(self) -> Vector:
        """The inverse of ``linear``."""
        return np.asarray(np.linalg.inv(self.linear), np.float64)

    def forward(self, points: Points) -> Points:
        x, y = points[:, 0] - self.middle[0], points[:, 1] - self.middle[1]
        scale = 1 / self._held(1 + self.fall[0] * x + self.fall[1] * y)
        return _placed(self.linear, x, y, scale, self.middle_after)

    def inverse(self, points: Points) -> Points:
        x, y = points[:, 0] - self.middle_after[0], points[:, 1] - self.middle_after[1]
        c = self.fall @ self.back
        return _placed(self.back, x, y, self._stretch(c[0] * x + c[1] * y), self.middle)

    def after(self, affine: Homography) -> Projection:
        linear = affine.matrix[:2, :2]
        middle = affine.inverse(self.middle[None])[0]
        return replace(self, middle=middle, linear=self.linear @ linear, fall=self.fall @ linear)

    def before(self, affine: Homography) -> Projection:
        after = affine.forward(self.middle_after[None])[0]
        return replace(self, middle_after=after, linear=affine.matrix[:2, :2] @ self.linear)

    def plain_inverse(self, width: float, height: float) -> Homography | None:
        c = self.fall @ self.back
        corners = np.array([[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]]) - self.middle_after
        v = corners @ c
        if v.min() < 1 - 1 / self.low or v.max() > 1 - 1 / self.high:
            return None
        # with d' from the middle after the warp: middle + B d' / (1 - c . d')
        last = np.append(-c, 1 + c @ self.middle_after)
        matrix = np.outer(np.append(self.middle, 1.0), last)
        matrix[:2, :2] += self.back
        matrix[:2, 2] -= self.back @ self.middle_after
        return Homography(matrix)

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


def _placed(linear: Vector, x: Vector, y: Vector, scale: Vector, middle: Vector) -> Points:
    """``middle + scale A (x, y)``."""
    (a, b), (c, d) = linear.tolist()
    return columns((a * x + b * y) * scale + middle[0], (c * x + d * y) * scale + middle[1])


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
    inward = np.zeros((4, 2))
    if magnitude:
        if rng is None:
            raise ValueError("perspective with a magnitude needs rng, which says how far each corner moves")
        inward = magnitude / 2 * min(size) * rng.random((4, 2))
    turned = _rotation(yaw, pitch, roll)

    def view(share: float) -> Projection:
        """At share 0 the page is seen from infinitely far, and no corner moves."""
        return _tamed(_camera(size, turned, share / (focal * max(size))) @ _moved_corners(size, share * inward), size)

    flat = np.asarray(np.linalg.inv(turned[:2, :2]), np.float64)
    share, step, found = 1.0, 1.0, view(1.0)
    if _is_gentle(found, flat, size):
        return found
    share, found = 0.0, view(0.0)
    for _ in range(_HALVINGS):
        step /= 2
        tried = view(share + step)
        if _is_gentle(tried, flat, size):
            share, found = share + step, tried
    return found


def _moved_corners(size: Size, inward: Vector) -> Vector:
    """The projective map that moves each corner by its row of (4, 2), in px; a singular one if there is none.

    Order of corners: top left, top right, bottom right, bottom left.

    Source: Heckbert, "Fundamentals of texture mapping and image warping", 1989: the unit square to four corners.
    """
    width, height = size
    # a page of one unit each way keeps the system well conditioned
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (_UNIT + _INWARD * inward / size).tolist()
    ax, ay, bx, by = x1 - x2, y1 - y2, x3 - x2, y3 - y2
    ex, ey = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = ax * by - bx * ay
    if abs(area) < 1e-9:
        return np.zeros((3, 3))
    g, h = (ex * by - bx * ey) / area, (ax * ey - ex * ay) / area
    return np.array(
        [
            [x1 - x0 + g * x1, (x3 - x0 + h * x3) * width / height, x0 * width],
            [(y1 - y0 + g * y1) * height / width, y3 - y0 + h * y3, y0 * height],
            [g / width, h / height, 1.0],
        ]
    )


def _rotation(yaw: float, pitch: float, roll: float) -> Vector:
    """Rotation of the page in space, x right, y down, z away from the eye."""
    a, b, c = (math.radians(angle) for angle in (yaw, pitch, roll))
    around_z = np.array([[math.cos(c), math.sin(c), 0], [-math.sin(c), math.cos(c), 0], [0, 0, 1]])
    around_x = np.array([[1, 0, 0], [0, math.cos(b), math.sin(b)], [0, -math.sin(b), math.cos(b)]])
    around_y = np.array([[math.cos(a), 0, -math.sin(a)], [0, 1, 0], [math.sin(a), 0, math.cos(a)]])
    return np.asarray(around_y @ around_x @ around_z)


def _camera(size: Size, turned: Vector, nearness: float) -> Vector:
    """A pinhole camera before the middle of the page, 1 / ``nearness`` px away; there nothing changes its size."""
    width, height = size
    home = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    look = np.column_stack([turned[:, 0], turned[:, 1], [0, 0, 1]])
    look[2, :2] *= nearness
    back = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1]])
    return np.asarray(back @ look @ home)


def _is_gentle(view: Projection, flat: Vector, size: Size) -> bool:
    """Whether w and scale stay within bounds on the page and, near its horizon, on what will be seen around it.

    Args:
        flat: what undoes the slope of the same view from infinitely far, (2, 2).
    """
    (a, b), (c, d) = view.linear.tolist()
    if not a * d - b * c > 0:
        return False
    corners = _rim(size, 0.0)
    away = corners - view.middle
    w = 1 + away @ view.fall
    if w.min() < _LEAST_W or w.max() > _MOST_W:
        return False
    moved = away @ view.linear.T / w[:, None]
    slopes = (view.linear - moved[:, :, None] * view.fall) @ flat / w[:, None, None]
    # the least singular value of each
    squares = (slopes * slopes).sum(axis=(1, 2))
    area = slopes[:, 0, 0] * slopes[:, 1, 1] - slopes[:, 0, 1] * slopes[:, 1, 0]
    least = (squares - np.sqrt(np.maximum(squares * squares - 4 * area * area, 0.0))) / 2
    if least.min() < _LEAST_SCALE**2:
        return False
    seen = np.concatenate([moved + view.middle_after, corners])
    low, high = seen.min(axis=0), seen.max(axis=0)
    box = low + (high - low) * _UNIT
    v = (box - view.middle_after) @ (view.fall @ view.back)
    return bool(v.max() < 1 - 1 / _MOST_W_AROUND)


def _tamed(matrix: Vector, size: Size) -> Projection:
    """The projective map of a matrix, bounded beyond a margin around the page."""
    middle = np.array(size, np.float64) / 2
    numerator, w0 = matrix[:2, :2] @ middle + matrix[:2, 2], float(matrix[2, :2] @ middle + matrix[2, 2])
    if abs(w0) < 1e-9:
        return Projection(middle, middle, np.zeros((2, 2)), np.zeros(2), 0.5, 2.0)
    after, fall = numerator / w0, matrix[2, :2] / w0
    linear = matrix[:2, :2] / w0 - np.outer(after, fall)
    w = 1 + (_rim(size, _MARGIN) - middle) @ fall
    return Projection(middle, after, linear, fall, float(np.clip(w.min(), 0.15, 0.99)), float(max(w.max(), 1.01)))


def _rim(size: Size, margin: float) -> Points:
    """The four corners of a page that is larger by ``margin`` on each side."""
    return np.asarray((_UNIT * (1 + 2 * margin) - margin) * size)
