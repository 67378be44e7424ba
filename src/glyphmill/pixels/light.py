"""Light on a page: it multiplies what is there, or is added to it, in light and not in pixel values.

Light fields are made coarse and enlarged; the last rounding is dithered, so that slow changes show no bands. Pixel
values are taken as light to the power of 1 / 2.2: a gain of g in light is one of g ** (1 / 2.2) in values.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.fields import Plane, Size, dither, smooth_noise

_GAMMA = 2.2
_LEVELS = 255  # of a gain of 1
_SKY = (1.0, 0.97, 0.9)  # how deep a shadow is in red, green and blue: what lights it is the sky
_WARM = 0.06  # how far glare is from white in red and blue
_BAND_PX = 6.0  # a field that changes over less is not made coarser


@dataclass(frozen=True)
class Grid:
    """Points at which a field is made before it is enlarged, in lengths of the longer side from the middle.

    Attributes:
        size: (width, height) of the image, px.
        x: float32 (1, w).
        y: float32 (h, 1), downwards.
    """

    size: Size
    x: Plane
    y: Plane

    @staticmethod
    def over(size: Size, detail_px: float) -> Grid:
        """The points for a field with nothing finer than ``detail_px``."""
        step = max(1.0, min(detail_px / _BAND_PX, 16.0))
        longer = max(size)
        columns, rows = (max(1, math.ceil(side / step)) for side in size)
        x = ((np.arange(columns) + 0.5) / columns - 0.5) * size[0] / longer
        y = ((np.arange(rows) + 0.5) / rows - 0.5) * size[1] / longer
        return Grid(size, x[None].astype(np.float32), y[:, None].astype(np.float32))

    @property
    def low(self) -> Size:
        """(width, height) of the grid."""
        return self.x.shape[1], self.y.shape[0]

    @property
    def half(self) -> tuple[float, float]:
        """Half of the image's width and height, in lengths of the longer side."""
        return self.size[0] / max(self.size) / 2, self.size[1] / max(self.size) / 2

    def enlarged(self, field: Plane) -> Plane:
        """A field on the grid, in pixels: float32 (H, W)."""
        if self.low == self.size:
            return field
        return np.asarray(cv2.resize(field, self.size, interpolation=cv2.INTER_LINEAR), np.float32)


def shade(
    image: Image, grid: Grid, gain: Plane, rng: Generator, tint: tuple[float, float, float] | None = None
) -> Image:
    """The image (h, w) or (h, w, 3) in other light: ``gain`` is that of light, 0 to 1, on the grid.

    ``tint`` is how much of what is missing to 1 is missing in each channel.
    """
    levels = grid.enlarged(np.power(gain, np.float32(1 / _GAMMA)) * _LEVELS)
    field = cv2.convertScaleAbs(cv2.add(levels, dither(rng, grid.size), dst=levels))
    if image.ndim == 2:
        return np.asarray(cv2.multiply(image, field, scale=1 / _LEVELS), np.uint8)
    if tint is None:
        field = cv2.merge((field, field, field))
        return np.asarray(cv2.multiply(image, field, dst=field, scale=1 / _LEVELS), np.uint8)
    table = _LEVELS - (_LEVELS - np.arange(256, dtype=np.float32)[:, None]) * np.array(tint, np.float32)
    tables = np.rint(table).astype(np.uint8).reshape(256, 1, 3)
    colored = cv2.applyColorMap(field, tables)
    return np.asarray(cv2.multiply(image, colored, dst=colored, scale=1 / _LEVELS), np.uint8)


def uneven(grid: Grid, pattern: str, rng: Generator) -> Plane:
    """How much light is missing, 0 where it is brightest and 1 where it is darkest, on the grid."""
    turn = rng.uniform(0, 2 * math.pi)
    if pattern == "slope":
        field = grid.x * math.cos(turn) + grid.y * math.sin(turn)
        field = field + 0.12 * smooth_noise(rng, grid.low, max(grid.low) / 2)
    elif pattern == "lamp":
        # A lamp over the page: light falls off with the square of the distance and the slant (E = I cos^3 / h^2).
        half_x, half_y = grid.half
        at_x, at_y = rng.uniform(-1.3, 1.3) * half_x, rng.uniform(-1.3, 1.3) * half_y
        high = rng.uniform(0.35, 0.8)
        field = 1 - (1 + ((grid.x - at_x) ** 2 + (grid.y - at_y) ** 2) / high**2) ** -1.5
    else:
        field = smooth_noise(rng, grid.low, max(3.0, max(grid.low) * rng.uniform(0.3, 0.7)))
        field = field + 0.35 * smooth_noise(rng, grid.low, max(3.0, max(grid.low) * 0.2))
    low, high_value = float(field.min()), float(field.max())
    return np.asarray((field - low) / max(high_value - low, 1e-6), np.float32)


def vignette(grid: Grid, center: tuple[float, float]) -> Plane:
    """How far from the middle of the lens, squared: 1 in the corner that is furthest. On the grid."""
    half_x, half_y = grid.half
    x, y = (center[0] - 0.5) * 2 * half_x, (center[1] - 0.5) * 2 * half_y
    furthest = (half_x + abs(x)) ** 2 + (half_y + abs(y)) ** 2
    return np.asarray(((grid.x - x) ** 2 + (grid.y - y) ** 2) / furthest, np.float32)


def cos4(squared: Plane, amount: float) -> Plane:
    """Natural vignetting, the fourth power of the cosine, so strong that ``1 - amount`` is left where squared is 1."""
    slant = (1 - amount) ** -0.5 - 1
    return np.asarray(1 / (1 + slant * squared) ** 2, np.float32)


def _ramp(distance: NDArray[np.floating[Any]], soft: float) -> Plane:
    """1 well inside (below 0), 0 well outside, smooth over ``soft``: the penumbra of a round light."""
    t = np.clip(0.5 - distance / soft, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _edge(grid: Grid, soft: float, rng: Generator) -> Plane:
    """The shadow of something large: all on one side of a line that is nearly straight."""
    turn = rng.uniform(0, 2 * math.pi)
    across = grid.x * math.cos(turn) + grid.y * math.sin(turn)
    reach = abs(math.cos(turn)) * grid.half[0] + abs(math.sin(turn)) * grid.half[1]
    along = grid.y * math.cos(turn) - grid.x * math.sin(turn)
    bow = rng.uniform(-0.25, 0.25) * along**2
    return _ramp(across + bow - rng.uniform(-0.55, 0.55) * reach, soft)


def _bars(grid: Grid, soft: float, rng: Generator) -> Plane:
    """The shadows of a pole, of wires or of a railing."""
    turn = rng.uniform(0, math.pi)
    across = grid.x * math.cos(turn) + grid.y * math.sin(turn)
    reach = abs(math.cos(turn)) * grid.half[0] + abs(math.sin(turn)) * grid.half[1]
    if rng.random() < 0.5:
        width = reach * rng.uniform(0.1, 0.35)
        return _ramp(np.abs(across - rng.uniform(-0.7, 0.7) * reach) - width, soft)
    pitch = reach * rng.uniform(0.35, 1.0)
    at = (across / pitch + rng.random()) % 1.0
    return _ramp(np.abs(at - 0.5) * pitch - pitch * rng.uniform(0.08, 0.25), min(soft, pitch * 0.4))


def _leaves(grid: Grid, soft: float, rng: Generator) -> Plane:
    """Light through leaves: blurred round spots of light."""
    cell = max(3.0, max(grid.low) * rng.uniform(0.05, 0.14))
    field = smooth_noise(rng, grid.low, cell) + 0.6 * smooth_noise(rng, grid.low, cell * 2.5)
    return _ramp(field + rng.uniform(-0.25, 0.15), max(0.7, 8 * soft))


def _figure(grid: Grid, soft: float, rng: Generator) -> Plane:
    """The shadow of a hand, a head or a phone that comes in from a side."""
    half_x, half_y = grid.half
    turn = rng.uniform(0, 2 * math.pi)
    at_x, at_y = math.cos(turn) * half_x * 1.1, math.sin(turn) * half_y * 1.1
    size = min(half_x, half_y) * rng.uniform(0.6, 1.3)
    lean = rng.uniform(0, math.pi)
    u = (grid.x - at_x) * math.cos(lean) + (grid.y - at_y) * math.sin(lean)
    v = (grid.y - at_y) * math.cos(lean) - (grid.x - at_x) * math.sin(lean)
    long, wide = size * rng.uniform(1.2, 2.6), size
    power = rng.uniform(2.0, 5.0)
    distance = ((np.abs(u) / long) ** power + (np.abs(v) / wide) ** power) ** (1 / power) - 1
    return _ramp(distance * wide, soft)


#: What casts a shadow: ``(grid, width of its soft edge, rng)`` to how much of the light it takes, 0 to 1.
SHADOWS: dict[str, Callable[[Grid, float, Generator], Plane]] = {
    "edge": _edge,
    "bars": _bars,
    "leaves": _leaves,
    "figure": _figure,
}


def cast_shadow(image: Image, amount: float, kind: str, softness: float, rng: Generator) -> Image:
    """The image with a shadow on it; ``softness`` is the width of its edge, as a share of the shorter side."""
    size = image.shape[1], image.shape[0]
    soft_px = max(1.0, softness * min(size))
    grid = Grid.over(size, soft_px)
    cover = SHADOWS[kind](grid, soft_px / max(size), rng)
    return shade(image, grid, np.asarray(1 - np.float32(amount) * cover, np.float32), rng, _SKY)


def _spot(grid: Grid, rng: Generator) -> Plane:
    """A lamp or the flash in a glossy surface: a core and a wide halo."""
    half_x, half_y = grid.half
    x, y = rng.uniform(-0.9, 0.9) * half_x, rng.uniform(-0.9, 0.9) * half_y
    size = min(half_x, half_y) * rng.uniform(0.5, 1.4)
    stretch, lean = rng.uniform(1, 2.5), rng.uniform(0, math.pi)
    u = ((grid.x - x) * math.cos(lean) + (grid.y - y) * math.sin(lean)) / (size * stretch)
    v = ((grid.y - y) * math.cos(lean) - (grid.x - x) * math.sin(lean)) / size
    squared = u * u + v * v
    return np.asarray(0.7 * np.exp(-1.6 * squared) + 0.3 / (1 + 1.5 * squared) ** 2, np.float32)


def _streak(grid: Grid, rng: Generator) -> Plane:
    """A tube or the sky's edge in a flat surface: a soft band from side to side."""
    turn = rng.uniform(0, math.pi)
    across = grid.x * math.cos(turn) + grid.y * math.sin(turn)
    reach = abs(math.cos(turn)) * grid.half[0] + abs(math.sin(turn)) * grid.half[1]
    width = reach * rng.uniform(0.15, 0.5)
    along = grid.y * math.cos(turn) - grid.x * math.sin(turn)
    at = across - rng.uniform(-0.8, 0.8) * reach + rng.uniform(-0.3, 0.3) * along**2
    return np.asarray(np.exp(-((at / width) ** 2)), np.float32)


def _window(grid: Grid, rng: Generator) -> Plane:
    """A window with its bars in a glossy surface, out of focus."""
    half_x, half_y = grid.half
    x, y = rng.uniform(-0.7, 0.7) * half_x, rng.uniform(-0.7, 0.7) * half_y
    tall = half_y * rng.uniform(0.5, 1.2)
    wide, lean = tall * rng.uniform(0.6, 1.6), rng.uniform(-0.5, 0.5)
    u, v = (grid.x - x + lean * (grid.y - y)) / wide, (grid.y - y) / tall
    pane = _ramp(np.maximum(np.abs(u), np.abs(v)) - 1, 0.4)
    bar = 1 - 0.6 * _ramp(np.minimum(np.abs(u), np.abs(v)) - 0.05, 0.25)
    return np.asarray(pane * bar * (0.75 + 0.25 * v), np.float32)


#: What glares: ``(grid, rng)`` to its light, 0 to 1.
GLARES: dict[str, Callable[[Grid, Generator], Plane]] = {"spot": _spot, "streak": _streak, "window": _window}


def add_glare(image: Image, amount: float, kind: str, rng: Generator) -> Image:
    """The image with light added to it that is ``amount`` of white, as a value, where it is brightest."""
    size = image.shape[1], image.shape[0]
    grid = Grid.over(size, min(size) / 4)
    field = GLARES[kind](grid, rng)
    warm = rng.uniform(-_WARM, _WARM)
    peak = 255 * amount / max(float(field.max()), 1e-6)
    light = grid.enlarged(np.asarray(field * np.float32(peak), np.float32))
    added = cv2.convertScaleAbs(cv2.add(light, dither(rng, size)))
    if image.ndim == 3:
        table = np.arange(256, dtype=np.float32)[:, None] * np.array([1 + warm, 1, 1 - warm], np.float32)
        added = cv2.applyColorMap(added, np.clip(np.rint(table), 0, 255).astype(np.uint8).reshape(256, 1, 3))
    # What is missing to white shrinks by what the light is of white: close to the sum of both lights, and far faster.
    left, kept = cv2.bitwise_not(image), cv2.bitwise_not(added, dst=added)
    cv2.multiply(left, kept, dst=left, scale=1 / 255)
    return np.asarray(cv2.bitwise_not(left, dst=left), np.uint8)
