"""Plain figures as coverage: frames, bars, arrows and the like, as signs and forms have beside their text."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.uint8]
Box = tuple[float, float, float, float]

_BITS = 4


def _fixed(points: NDArray[np.float64]) -> NDArray[np.int32]:
    # OpenCV counts from the middle of the first pixel
    return np.rint((points - 0.5) * (1 << _BITS)).astype(np.int32)


def _polygon(size_px: float, points: list[tuple[float, float]]) -> Coverage:
    """A filled polygon, its corners from -1 to 1, in a square of that side."""
    side = max(1, math.ceil(size_px))
    made = np.zeros((side, side), np.uint8)
    corners = (np.array(points) + 1) / 2 * size_px
    cv2.fillPoly(made, [_fixed(corners)], 255, cv2.LINE_AA, _BITS)
    return made


def _star(points: int, inner: float) -> list[tuple[float, float]]:
    turns = [math.pi * k / points - math.pi / 2 for k in range(2 * points)]
    return [
        (math.cos(turn) * (inner if k % 2 else 1), math.sin(turn) * (inner if k % 2 else 1))
        for k, turn in enumerate(turns)
    ]


_CORNERS: dict[str, list[tuple[float, float]]] = {
    "arrow": [(1, 0), (0.1, 0.9), (0.1, 0.35), (-1, 0.35), (-1, -0.35), (0.1, -0.35), (0.1, -0.9)],
    "chevron": [(1, 0), (0, 1), (-0.6, 1), (0.4, 0), (-0.6, -1), (0, -1)],
    "triangle": [(0, -0.95), (1, 0.8), (-1, 0.8)],
    "star": _star(5, 0.45),
    "burst": _star(14, 0.78),
    "cross": [
        (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3), (0.3, 1),
        (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3), (-0.3, -1),
    ],
    "drop": [(math.sin(t) * (1 - 0.35 * (1 + math.cos(t))), -math.cos(t)) for t in np.linspace(0, 2 * math.pi, 24)],
}  # fmt: skip


def disc(size_px: float, ring: float = 0.0) -> Coverage:
    """A disc; with ``ring`` above 0 a ring of that thickness, as a share of the radius."""
    side = max(1, math.ceil(size_px))
    made = np.zeros((side, side), np.uint8)
    middle = round((size_px / 2 - 0.5) * (1 << _BITS))
    for radius, value in ((size_px / 2, 255), *(((1 - ring) * size_px / 2, 0),) * (ring > 0)):
        cv2.circle(made, (middle, middle), max(0, round(radius * (1 << _BITS))), value, -1, cv2.LINE_AA, _BITS)
    return made


def badge(size_px: float) -> Coverage:
    """A ring around a bar: what a small logo looks like from afar."""
    made = disc(size_px, 0.25)
    side = len(made)
    made[round(side * 0.42) : round(side * 0.58), round(side * 0.12) : round(side * 0.88)] = 255
    return made


#: Figures by name: from the side of their square, px, to their coverage.
FIGURES: dict[str, Callable[[float], Coverage]] = {
    **{name: partial(_polygon, points=corners) for name, corners in _CORNERS.items()},
    "disc": disc,
    "ring": lambda size: disc(size, 0.3),
    "badge": badge,
}


def turned(cover: Coverage, degrees: float) -> Coverage:
    """Coverage turned counter-clockwise, on a canvas that holds it."""
    height, width = cover.shape
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    wide, tall = abs(cos) * width + abs(sin) * height, abs(sin) * width + abs(cos) * height
    size = max(1, math.ceil(wide)), max(1, math.ceil(tall))
    matrix = np.array([[cos, sin, 0], [-sin, cos, 0]])
    middle = matrix[:, :2] @ np.array([(width - 1) / 2, (height - 1) / 2])
    matrix[:, 2] = (size[0] - 1) / 2 - middle[0], (size[1] - 1) / 2 - middle[1]
    return np.asarray(cv2.warpAffine(cover, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)


def paste(canvas: Coverage, cover: Coverage, x: float, y: float) -> None:
    """Lay coverage on a canvas with its top left at (x, y), rounded; what is outside is lost."""
    left, top = round(x), round(y)
    (tall, wide), (height, width) = canvas.shape, cover.shape
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + width, wide), min(top + height, tall)
    if x0 < x1 and y0 < y1:
        window = canvas[y0:y1, x0:x1]
        np.maximum(window, cover[y0 - top : y1 - top, x0 - left : x1 - left], out=window)


def fill_box(canvas: Coverage, box: Box, radius_px: float = 0.0, value: int = 255) -> None:
    """Fill a box with round corners; edges lie between pixels where they are not whole."""
    x0, y0, x1, y1 = box
    radius = max(0.0, min(radius_px, (x1 - x0) / 2, (y1 - y0) / 2))
    turns = np.linspace(0, math.pi / 2, 1 + (6 if radius > 1 else 0))
    arc = np.stack([np.cos(turns), np.sin(turns)], axis=1) * radius
    middles = np.array([[x1 - radius, y1 - radius], [x0 + radius, y1 - radius], [x0 + radius, y0 + radius],
                        [x1 - radius, y0 + radius]])  # fmt: skip
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])  # (x, y) to (-y, x) for row vectors
    corners, part = [], arc
    for middle in middles:
        corners.append(part + middle)
        part = part @ quarter
    limit = 4.0 * max(canvas.shape) + 64  # fixed-point coordinates must not overflow
    points = np.clip(np.concatenate(corners), -limit, limit)
    cv2.fillPoly(canvas, [_fixed(points)], value, cv2.LINE_AA, _BITS)


def bar(canvas: Coverage, middle: tuple[float, float], half_px: float, thickness_px: float, degrees: float) -> None:
    """Fill a bar that reaches ``half_px`` to either side of its middle, turned counter-clockwise."""
    cos, sin = math.cos(math.radians(degrees)), -math.sin(math.radians(degrees))
    along, across = np.array([cos, sin]) * half_px, np.array([-sin, cos]) * thickness_px / 2
    corners = np.array([along + across, along - across, -along - across, across - along]) + middle
    cv2.fillPoly(canvas, [_fixed(corners)], 255, cv2.LINE_AA, _BITS)


def frame(canvas: Coverage, box: Box, thickness_px: float, radius_px: float = 0.0) -> None:
    """Add a frame whose outer edge is the box."""
    made = np.zeros_like(canvas)
    fill_box(made, box, radius_px)
    x0, y0, x1, y1 = box
    inner = (x0 + thickness_px, y0 + thickness_px, x1 - thickness_px, y1 - thickness_px)
    if inner[0] < inner[2] and inner[1] < inner[3]:
        fill_box(made, inner, radius_px - thickness_px, 0)
    np.maximum(canvas, made, out=canvas)
