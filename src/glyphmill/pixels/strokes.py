"""Ribbons of changing width with light on them, drawn into a cover and the paint that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
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
        return np.asarray(_sides(self.path[None])[0])

    def thinned(self, share: float) -> Stroke:
        """The same stroke over a share of its area."""
        return replace(self, half=self.half * share)


def area(strokes: Sequence[Stroke], size: Size) -> float:
    """What strokes, all of as many points, cover of an image, px; where they cross it counts for each."""
    seen = [stroke for stroke in strokes if not stroke.inside]
    paths, halves = _stacked(seen)
    middle = (paths[:, 1:] + paths[:, :-1]) / 2
    within = ((middle >= 0) & (middle < size)).all(axis=2)
    steps = np.diff(paths, axis=1)
    each = (np.hypot(steps[..., 0], steps[..., 1]) * within * (halves[:, 1:] + halves[:, :-1])).sum(axis=1)
    return float(each @ [stroke.opacity for stroke in seen])


def draw(cover: Pixels, paint: Image, strokes: Sequence[Stroke]) -> None:
    """Draw ribbons, all of as many points, later ones over earlier ones.

    Args:
        cover: uint8 (h, w), written to: the greatest coverage of any.
        paint: uint8 (h, w, 3), written to: their colors, a little wider.
    """
    if not strokes:
        return
    paths, halves = _stacked(strokes)
    sides = _sides(paths)
    widest = 2 * halves.max(axis=1)
    inside = np.array([stroke.inside for stroke in strokes])[:, None]
    narrow = np.maximum(halves - _RIM_PX, 0)
    outlines = _ribbons(paths, sides, narrow)
    opacity = np.array([stroke.opacity for stroke in strokes])
    levels = np.rint(255 * opacity * np.minimum(1.0, widest / _NARROWEST_PX)).astype(int).tolist()
    # what is drawn last is not covered by less
    for index in sorted(range(len(strokes)), key=levels.__getitem__):
        if not strokes[index].inside:
            _fill(cover, outlines[index], (levels[index],))
    broad = _ribbons(paths, sides, np.where(inside, narrow, halves + _PAINT_RIM_PX - _RIM_PX))
    lit = np.array([stroke.sheen > 0 for stroke in strokes]) & (widest > _SHEEN_FROM_PX)
    shades = _shades(strokes, paths, halves, sides) if lit.any() else []
    for index, stroke in enumerate(strokes):
        _fill(paint, broad[index], stroke.color, smooth=stroke.inside)
        if lit[index]:
            for outline, color in shades:
                _fill(paint, outline[index], color[index])


def _shades(
    strokes: Sequence[Stroke], paths: Path, halves: Path, sides: Path
) -> list[tuple[NDArray[np.int32], list[Color]]]:
    """Light and shade along ribbons: for each band of them its outlines and colors, in the order to draw them in."""
    color, sheen, lit_at = (
        np.array([getattr(stroke, name) for stroke in strokes], np.float64) for name in ("color", "sheen", "lit_at")
    )
    light, bands = color, []
    for share in (0.6, 0.24):
        light = light + (255 - light) * sheen[:, None] * 0.5
        middle = paths + sides * (halves * (lit_at * (1 - share))[:, None])[..., None]
        bands.append((_ribbons(middle, sides, np.maximum(halves * share - _RIM_PX, 0)), light.tolist()))
    dark_side = paths - sides * (halves * np.copysign(0.9, lit_at)[:, None])[..., None]
    return [*bands, (_ribbons(dark_side, sides, halves * 0.1), (color * 0.7).tolist())]


def _stacked(strokes: Sequence[Stroke]) -> tuple[Path, Path]:
    """Paths, (s, n, 2), and half widths, (s, n)."""
    return np.array([stroke.path for stroke in strokes]), np.array([stroke.half for stroke in strokes])


def _sides(paths: Path) -> Path:
    """Unit vectors across paths, (s, n, 2)."""
    along = np.empty_like(paths)
    along[:, 1:-1] = paths[:, 2:] - paths[:, :-2]
    along[:, 0], along[:, -1] = paths[:, 1] - paths[:, 0], paths[:, -1] - paths[:, -2]
    along /= np.maximum(np.hypot(along[..., :1], along[..., 1:]), 1e-9)
    return np.stack([-along[..., 1], along[..., 0]], axis=2)


def _ribbons(middle: Path, sides: Path, reach: Path) -> NDArray[np.int32]:
    """The polygons that reach this far, (s, n), to both sides of paths, as OpenCV takes them, (s, 2 n, 2)."""
    across = sides * reach[..., None]
    outlines = np.concatenate([middle + across, (middle - across)[:, ::-1]], axis=1)
    return np.rint((outlines - 0.5) * _ONE).astype(np.int32)


def _fill(plane: Image, outline: NDArray[np.int32], color: tuple[float, ...], *, smooth: bool = True) -> None:
    cv2.fillPoly(plane, [outline], color, cv2.LINE_AA if smooth else cv2.LINE_8, _SUBPIXEL_BITS)
