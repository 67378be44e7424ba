"""Background stage; a smooth run between colors, dithered so that it shows no bands; labels unchanged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Plane, Size, dither
from glyphmill.stages.background._texture import is_default
from glyphmill.stages.color.families import shifted

_LEAST_STEP, _MOST_STEP = 4.0, 26.0  # of L*, between the ends where they are those of a family of colors
_TOWARD = 0.35  # at most, from ground to accent


class Config(Settings):
    """Settings of a gradient."""

    shape: Choices = Pick(("linear", "radial", "corners"), default=("linear", "radial", "corners"), about="how it runs")
    start: ColorRange = Color(((222, 226, 232), (255, 255, 255)), about="color it begins with; of the center if radial")
    end: ColorRange = Color(((176, 182, 192), (240, 238, 236)), about="color it ends with; of the rim if radial")
    angle: Distribution = Number((0, 360), unit="degrees", about="direction from start to end, counter-clockwise")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values.

    Attributes:
        shape: linear, radial or corners.
        colors: RGB; two, or four for corners: top left, top right, bottom left, bottom right.
        angle: degrees.
        center: of a radial gradient, as fractions of width and height.
        seed: of the dither.
    """

    shape: str
    colors: tuple[tuple[int, ...], ...]
    angle: float
    center: tuple[float, float]
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    shape = config.shape.draw(rng)
    colors: tuple[tuple[int, ...], ...]
    ground = getattr(context, "ground", None)
    if ground is not None and is_default(config, "start") and is_default(config, "end"):
        colors = _around(ground, context.accent, 4 if shape == "corners" else 2, rng)
    else:
        ends = (config.start, config.end)
        colors = tuple(each.draw(rng) for each in ((*ends, *reversed(ends)) if shape == "corners" else ends))
    return {
        "shape": shape,
        "colors": colors,
        "angle": config.angle.draw(rng),
        "center": (0.2 + 0.6 * rng.random(), 0.2 + 0.6 * rng.random()),
        "seed": field_seed(rng),
    }


def _around(
    ground: tuple[int, int, int], accent: tuple[int, int, int], count: int, rng: Generator
) -> tuple[tuple[int, int, int], ...]:
    """Lighter and darker relatives of a family's ground, one in four a little towards its accent."""
    step = _LEAST_STEP + (_MOST_STEP - _LEAST_STEP) * rng.random()
    step = -step if rng.random() < 0.5 else step
    share = _TOWARD * rng.random() if rng.random() < 0.25 else 0.0
    return tuple(shifted(ground, step * side, accent, share * (side < 0)) for side in (0.5, -0.5, -0.3, 0.4)[:count])


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The gradient: uint8 (H, W, 3), RGB, of size (width, height)."""
    noise = dither(field_stream(params.seed), size)
    if params.shape == "corners":
        planes = [cv2.convertScaleAbs(cv2.add(plane, noise, dst=plane)) for plane in _corners(params, size)]
    else:
        share = _linear(params.angle, size) if params.shape == "linear" else _radial(params.center, size)
        first, last = params.colors
        spare = np.empty_like(share)
        planes = [
            cv2.convertScaleAbs(cv2.scaleAdd(share, b - a, noise, dst=spare), beta=a)
            for a, b in zip(first, last, strict=True)
        ]
    return np.asarray(cv2.merge(planes), np.uint8)


def _linear(angle_deg: float, size: Size) -> Plane:
    """0 at one end of the canvas, 1 at the other, along the direction: float32 (H, W)."""
    width, height = size
    across, down = math.cos(math.radians(angle_deg)), -math.sin(math.radians(angle_deg))
    extent = abs(across) * width + abs(down) * height
    x = (np.arange(width) + 0.5 - width / 2) * (across / extent) + 0.5
    y = (np.arange(height) + 0.5 - height / 2) * (down / extent)
    return np.add.outer(y.astype(np.float32), x.astype(np.float32))


def _radial(center: tuple[float, float], size: Size) -> Plane:
    """0 at the center, 1 at the farthest corner: float32 (H, W)."""
    width, height = size
    x = np.arange(width) + 0.5 - center[0] * width
    y = np.arange(height) + 0.5 - center[1] * height
    farthest = np.hypot(max(center[0], 1 - center[0]) * width, max(center[1], 1 - center[1]) * height)
    squared = np.add.outer((y / farthest).astype(np.float32) ** 2, (x / farthest).astype(np.float32) ** 2)
    return np.sqrt(squared, out=squared)


def _corners(params: Params, size: Size) -> Iterator[Plane]:
    """One float32 (H, W) plane per channel, bilinear between four corners."""
    width, height = size
    x = ((np.arange(width) + 0.5) / width).astype(np.float32)
    y = ((np.arange(height) + 0.5) / height).astype(np.float32)
    corners = np.array(params.colors, np.float32).reshape(2, 2, 3)
    left = np.outer(1 - y, corners[0, 0]) + np.outer(y, corners[1, 0])
    right = np.outer(1 - y, corners[0, 1]) + np.outer(y, corners[1, 1])
    for channel in range(3):
        plane = np.outer(right[:, channel] - left[:, channel], x)
        plane += left[:, channel, None]
        yield plane


UNIT = Unit(
    id="gradient",
    stage="background",
    summary="A smooth run between colors, without bands. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
