"""A made-up photograph: walls and sky far away, things before them, each layer sharper than the one behind it."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.fields import Pixels, Size, smooth_noise

#: Colors by place, RGB: the first three are large and far, the others are those of things.
PALETTES: dict[str, tuple[tuple[int, int, int], ...]] = {
    "street": (
        (176, 190, 204), (142, 138, 132), (104, 100, 98),
        (164, 108, 86), (70, 74, 80), (202, 192, 172), (58, 84, 92), (182, 60, 48), (222, 216, 204), (110, 124, 96),
    ),
    "indoor": (
        (214, 202, 184), (178, 158, 132), (132, 104, 78),
        (92, 62, 44), (236, 228, 214), (120, 128, 130), (164, 84, 60), (60, 66, 78), (200, 176, 120), (88, 108, 92),
    ),
    "garden": (
        (186, 206, 214), (124, 148, 96), (82, 108, 62),
        (52, 76, 40), (160, 176, 104), (120, 96, 70), (204, 184, 128), (178, 96, 110), (226, 224, 206), (96, 128, 120),
    ),
    "shop": (
        (222, 220, 214), (188, 182, 176), (128, 120, 114),
        (196, 62, 56), (52, 100, 150), (228, 188, 76), (70, 140, 106), (240, 238, 232), (58, 56, 62), (214, 130, 84),
    ),
    "water": (
        (188, 210, 222), (120, 158, 176), (74, 112, 134),
        (214, 206, 186), (52, 76, 92), (232, 234, 230), (150, 132, 108), (96, 136, 140), (180, 192, 196), (204, 99, 84),
    ),
    "desk": (
        (206, 180, 148), (170, 136, 100), (120, 92, 68),
        (240, 236, 226), (48, 48, 52), (212, 208, 200), (80, 104, 132), (150, 54, 48), (184, 188, 186), (226, 206, 150),
    ),
}  # fmt: skip
_FAR = 3
_MOST_THINGS = 40  # per layer; on a larger canvas they are larger, not more
_LEAVES = 9
_SHIFT = 4  # fractional bits of shape coordinates

Color = tuple[float, float, float]


def paint_scene(rng: Generator, size: Size, palette: str, feature_px: float, density: float, blur_px: float) -> Pixels:
    """The picture: uint8 (H, W, 3), RGB.

    Args:
        rng: the stream of the field.
        size: (width, height).
        palette: a key of ``PALETTES``.
        feature_px: size of the things nearest.
        density: 1 covers most of the picture.
        blur_px: radius of the nearest layer's blur.
    """
    colors = np.array(PALETTES[palette], np.float32)
    picture = _distance(rng, size, colors[:_FAR], feature_px)
    for depth, (scale, share) in enumerate(((1.5, 0.6), (0.9, 0.8), (0.6, 0.5))):
        _place(rng, picture, colors, feature_px * scale, density * share)
        picture = _soften(picture, blur_px + feature_px * (0.10, 0.035, 0.008)[depth])
    return _surface(rng, picture)


def _distance(rng: Generator, size: Size, colors: NDArray[np.float32], feature_px: float) -> Pixels:
    """Far surfaces that run into each other: two or three tones, the lighter ones on top, as outdoors and in rooms."""
    width, height = size
    rows, columns = 4, max(2, min(12, round(width / (feature_px * 3)) + 1))
    order = np.linspace(0, _FAR - 1, rows)[:, None] + rng.normal(0, 0.45, (rows, columns))
    grid = colors[np.clip(np.rint(order), 0, _FAR - 1).astype(int)] + rng.normal(0, 7, (rows, columns, 3))
    # Blurred colors of a coarse grid, then a few levels of cloud.
    small = cv2.resize(
        grid.astype(np.float32), (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_LINEAR
    )
    small += 9 * smooth_noise(rng, (small.shape[1], small.shape[0]), max(3.0, feature_px / 10))[..., None]
    return cv2.resize(np.clip(small, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR)


def _place(rng: Generator, picture: Pixels, colors: NDArray[np.float32], scale_px: float, density: float) -> None:
    """Draw things of about ``scale_px`` into the picture."""
    height, width = picture.shape[:2]
    scale_px = max(scale_px, math.sqrt(density * width * height * 0.55 / _MOST_THINGS))
    count = int(density * (width / scale_px + 1.5) * (height / scale_px + 1.5) * 0.55) + 2
    for _ in range(count):
        thing = _THINGS[int(rng.random() * len(_THINGS))]
        center = rng.uniform(-0.3, width / scale_px + 0.3), rng.uniform(-0.3, height / scale_px + 0.3)
        thing(rng, picture, (center[0] * scale_px, center[1] * scale_px), scale_px * rng.uniform(0.5, 1.3), colors)


def _color(rng: Generator, colors: NDArray[np.float32], first: int = _FAR) -> Color:
    """One of the colors from ``first`` on, in a light of its own."""
    chosen = colors[first + int(rng.random() * (len(colors) - first))]
    red, green, blue = chosen * rng.uniform(0.75, 1.15) + rng.normal(0, 5, 3)
    return float(red), float(green), float(blue)


def _shaded(color: Color, factor: float) -> Color:
    return color[0] * factor, color[1] * factor, color[2] * factor


def _quad(center: tuple[float, float], half: tuple[float, float], angle: float) -> NDArray[np.float64]:
    """Corners of a turned rectangle: (4, 2)."""
    (x, y), cos, sin = center, math.cos(angle), math.sin(angle)
    ax, ay, bx, by = half[0] * cos, half[0] * sin, -half[1] * sin, half[1] * cos
    return np.array(
        [[x - ax - bx, y - ay - by], [x + ax - bx, y + ay - by], [x + ax + bx, y + ay + by], [x - ax + bx, y - ay + by]]
    )


def _fill(picture: Pixels, points: NDArray[np.float64], color: Color) -> None:
    fixed = np.rint(points * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(picture, fixed, color, cv2.LINE_AA, _SHIFT)


def _box(
    rng: Generator, picture: Pixels, center: tuple[float, float], scale: float, colors: NDArray[np.float32]
) -> None:
    """A box, a sign or a book: a front, and a strip of it in the shade or the light."""
    color = _color(rng, colors)
    half = scale * rng.uniform(0.25, 0.7), scale * rng.uniform(0.2, 0.7)
    angle = rng.normal(0, 0.12)
    shadow = center[0] + scale * 0.08, center[1] + scale * 0.1
    _fill(picture, _quad(shadow, half, angle), _shaded(color, 0.35))
    _fill(picture, _quad(center, half, angle), color)
    side = _quad(center, half, angle)
    side[[1, 2]] = side[[0, 3]] + (side[[1, 2]] - side[[0, 3]]) * rng.uniform(0.06, 0.4)
    _fill(picture, side, _shaded(color, rng.choice([0.72, 1.2])))


def _row(
    rng: Generator, picture: Pixels, center: tuple[float, float], scale: float, colors: NDArray[np.float32]
) -> None:
    """Things side by side: spines of books, slats, bottles, windows."""
    number = int(rng.integers(4, 10))
    width, tall = scale * rng.uniform(0.09, 0.22), scale * rng.uniform(0.35, 0.8)
    alike = rng.random() < 0.4
    color = _color(rng, colors)
    x = center[0] - number * width / 2
    for _ in range(number):
        own = _shaded(color, rng.uniform(0.9, 1.1)) if alike else _color(rng, colors)
        step = width * (1.0 if alike else rng.uniform(0.6, 1.4))
        top = tall * (1.0 if alike else rng.uniform(0.75, 1.0))
        middle = x + step / 2, center[1] + (tall - top)
        _fill(picture, _quad(middle, (step / 2, top), 0.0), _shaded(own, 0.55))
        _fill(picture, _quad((middle[0] - step * 0.04, middle[1]), (step * 0.42, top), 0.0), own)
        x += step * (1.5 if alike else 1.0)


def _round(
    rng: Generator, picture: Pixels, center: tuple[float, float], scale: float, colors: NDArray[np.float32]
) -> None:
    """A round thing lit from above left: plate, fruit, lamp, head."""
    color = _color(rng, colors)
    radius = scale * rng.uniform(0.2, 0.5)
    flat = rng.uniform(0.6, 1.0)
    for size, shift, factor in ((1.0, 0.0, 0.7), (0.88, 0.06, 1.0), (0.5, 0.22, 1.18)):
        middle = round((center[0] - shift * radius) * 16), round((center[1] - shift * radius) * 16)
        axes = round(radius * size * 16), round(radius * size * flat * 16)
        cv2.ellipse(picture, middle, axes, 0, 0, 360, _shaded(color, factor), -1, cv2.LINE_AA, _SHIFT)


def _leaves(
    rng: Generator, picture: Pixels, center: tuple[float, float], scale: float, colors: NDArray[np.float32]
) -> None:
    """A clump of small slanting patches: foliage, cloth, a crowd."""
    color = _color(rng, colors, 1)
    spots = rng.normal(0, (scale * 0.24, scale * 0.16), (_LEAVES, 2)) + center
    shapes = rng.uniform((0.08, 0.04, 0, 0.5), (0.24, 0.1, 180, 1.35), (_LEAVES, 4))
    for (x, y), (long, wide, turn, light) in zip(spots.tolist(), shapes.tolist(), strict=True):
        axes = round(scale * long * 16), round(scale * wide * 16)
        spot = round(x * 16), round(y * 16)
        cv2.ellipse(picture, spot, axes, turn, 0, 360, _shaded(color, light), -1, cv2.LINE_AA, _SHIFT)


def _pole(
    rng: Generator, picture: Pixels, center: tuple[float, float], scale: float, colors: NDArray[np.float32]
) -> None:
    """A pole, a branch or an edge that runs out of the picture."""
    color = _color(rng, colors)
    angle = rng.choice([0.0, math.pi / 2]) + rng.normal(0, 0.15)
    half = scale * rng.uniform(1.5, 5), scale * rng.uniform(0.02, 0.09)
    _fill(picture, _quad(center, half, angle), _shaded(color, 0.6))
    _fill(
        picture, _quad((center[0] - half[1] * 0.3, center[1] - half[1] * 0.3), (half[0], half[1] * 0.6), angle), color
    )


_Thing = Callable[[Generator, Pixels, tuple[float, float], float, NDArray[np.float32]], None]
_THINGS: tuple[_Thing, ...] = (_box, _box, _row, _round, _leaves, _leaves, _pole)


def _soften(picture: Pixels, radius_px: float) -> Pixels:
    """Two box blurs, close to a lens's blur of that radius."""
    side = 2 * round(radius_px) + 1
    return picture if side < 3 else cv2.blur(cv2.blur(picture, (side, side)), (side, side))


def _surface(rng: Generator, picture: Pixels) -> Pixels:
    """Fine unevenness of real surfaces, which survives where the picture is sharp."""
    height, width = picture.shape[:2]
    gray = cv2.convertScaleAbs(smooth_noise(rng, (width, height), 3.0), alpha=3, beta=128)
    gray = cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.addWeighted(picture, 1.0, gray, 1.0, -128), np.uint8)
