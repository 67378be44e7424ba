"""Ribbons of changing width with light on them, drawn into a cover and the paint that belongs to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.fields import Pixels, Size

_SUBPIXEL_BITS = 4
_ONE = 1 << _SUBPIXEL_BITS
#: OpenCV draws a smooth polygon wider by this on every side, and no line narrower than that.
_RIM_PX = 0.7
_NARROWEST_PX = 1.8
_PAINT_RIM_PX = 2.0  # paint goes on beyond the cover, which is soft
_SHEEN_FROM_PX = 2.2  # narrower ribbons show no light and shade

Path = NDArray[np.float64]
Color = tuple[float, float, float]


@dataclass(frozen=True)
class Stroke:
    """A ribbon.

    Attributes:
        path: points along its middle, (n, 2).
        half: half of its width at each of them, px.
        color: RGB.
        opacity: how much of what is behind it does not shine through, 0 to 1.
        sheen: how much light it throws back, 0 to 1.
        lit_at: where across the ribbon, -1 to 1.
        inside: whether it lies on the stroke before it, of which it changes only the color.
    """

    path: Path
    half: NDArray[np.float64]
    color: Color
    opacity: float = 1.0
    sheen: float = 0.0
    lit_at: float = -0.4
    inside: bool = False

    def sides(self) -> Path:
        """Unit vectors across the ribbon, (n, 2)."""
        along = np.empty_like(self.path)
        along[1:-1] = self.path[2:] - self.path[:-2]
        along[0], along[-1] = self.path[1] - self.path[0], self.path[-1] - self.path[-2]
        along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
        return np.stack([-along[:, 1], along[:, 0]], axis=1)

    def area(self, size: Size) -> float:
        """What it covers of an image, px."""
        if self.inside:
            return 0.0
        middle = (self.path[1:] + self.path[:-1]) / 2
        within = ((middle >= 0) & (middle < size)).all(axis=1)
        length = np.hypot(*np.diff(self.path, axis=0).T)
        return float((length * within * (self.half[1:] + self.half[:-1])).sum() * self.opacity)

    def thinned(self, share: float) -> Stroke:
        """The same stroke over a share of its area."""
        return replace(self, half=self.half * share)


def draw(cover: Pixels, paint: Image, stroke: Stroke) -> None:
    """Draw a ribbon into its cover, uint8 (h, w), and its color into the paint, uint8 (h, w, 3), a little wider."""
    sides, half = stroke.sides(), stroke.half
    widest = 2 * float(half.max())
    if stroke.inside:
        _fill(paint, _ribbon(stroke.path, sides * np.maximum(half - _RIM_PX, 0)[:, None]), stroke.color)
        return
    level = round(255 * stroke.opacity * min(1.0, widest / _NARROWEST_PX))
    outline = _ribbon(stroke.path, sides * np.maximum(half - _RIM_PX, 0)[:, None])
    _fill_over(cover, outline, level) if level < 255 else _fill(cover, outline, (255,))
    _fill(paint, _ribbon(stroke.path, sides * (half + _PAINT_RIM_PX - _RIM_PX)[:, None]), stroke.color)
    if stroke.sheen and widest > _SHEEN_FROM_PX:
        light = np.array(stroke.color)
        for share in (0.6, 0.24):
            light = light + (255 - light) * stroke.sheen * 0.5
            middle = stroke.path + sides * (half * stroke.lit_at * (1 - share))[:, None]
            _fill(paint, _ribbon(middle, sides * np.maximum(half * share - _RIM_PX, 0)[:, None]), tuple(light.tolist()))
        dim = tuple((np.array(stroke.color) * 0.7).tolist())
        dark_side = stroke.path - sides * (half * math.copysign(0.9, stroke.lit_at))[:, None]
        _fill(paint, _ribbon(dark_side, sides * (half * 0.1)[:, None]), dim)


def _ribbon(middle: Path, reach: Path) -> Path:
    """The polygon that reaches this far to both sides of a path."""
    return np.concatenate([middle + reach, (middle - reach)[::-1]])


def _fill(plane: Image, outline: Path, color: tuple[float, ...], origin: tuple[int, int] = (0, 0)) -> None:
    fixed = np.rint((outline - origin - 0.5) * _ONE).astype(np.int32)
    cv2.fillPoly(plane, [fixed], color, cv2.LINE_AA, _SUBPIXEL_BITS)


def _fill_over(plane: Pixels, outline: Path, level: int) -> None:
    """Raise a plane to a level inside a polygon; what is higher already stays."""
    height, width = plane.shape
    x0, y0 = np.clip(np.floor(outline.min(axis=0)) - 2, 0, (width, height)).astype(int).tolist()
    x1, y1 = np.clip(np.ceil(outline.max(axis=0)) + 3, 0, (width, height)).astype(int).tolist()
    part = plane[y0:y1, x0:x1]
    if part.size:
        alone = np.zeros_like(part)
        _fill(alone, outline, (level,), (x0, y0))
        np.maximum(part, alone, out=part)
