"""One-channel planes at work on images of one channel or three: brightness, paper, gains and covers."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.coarse import coarsely
from glyphmill.pixels.fields import Pixels, Plane

#: Source: ITU-R BT.601.
_LUMA = np.array([0.299, 0.587, 0.114])
#: Pixels of an image to each of those in which paper is looked for: it changes slowly.
_PAPER_STEP_PX = 8
#: Cells that the search goes to every side: it reaches across strokes of up to 5 cells.
_PAPER_REACH = 2


def brightness(color: Image) -> Pixels:
    """Luma of an image, uint8 (h, w) or (h, w, 3): uint8 (h, w), which may be the image itself."""
    return color if color.ndim == 2 else np.asarray(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY), np.uint8)


def spread(plane: Pixels, color: Image) -> Image:
    """A plane in as many channels as the image has."""
    return plane if color.ndim == 2 else np.asarray(cv2.merge((plane, plane, plane)), np.uint8)


def as_bytes(field: Plane, scale: float, shift: float) -> Pixels:
    """``scale`` x field + ``shift``, rounded and clipped to 0..255: uint8 (h, w)."""
    return np.asarray(cv2.addWeighted(field, scale, field, 0, shift, dtype=cv2.CV_8U), np.uint8)


def attenuate(color: Image, gain: Pixels, whole: int = 255) -> Image:
    """An image times a plane of gains; ``whole`` is the gain that changes nothing."""
    return np.asarray(cv2.multiply(color, spread(gain, color), scale=1 / whole), np.uint8)


def lay_over(color: Image, paint: Image, cover: Pixels) -> Image:
    """An image under paint of its shape; where the cover, uint8 (h, w), is 0 no pixel changes."""
    cover = spread(cover, color)
    rest = cv2.multiply(color, cv2.bitwise_not(cover), scale=1 / 255)
    return np.asarray(cv2.add(rest, cv2.multiply(paint, cover, scale=1 / 255), dst=rest), np.uint8)


def lay_color(color: Image, rgb: Sequence[float], cover: Pixels) -> Image:
    """An image under paint of one color, by the cover of the paint, uint8 (h, w); for one channel, of its luma."""
    rest = cv2.multiply(color, spread(np.asarray(cv2.bitwise_not(cover), np.uint8), color), scale=1 / 255)
    return np.asarray(cv2.add(rest, _ramp(cover, (0, 0, 0), rgb, color), dst=rest), np.uint8)


def dye(color: Image, density: Pixels, rgb: Sequence[float]) -> Image:
    """An image behind a clear dye; where its density, uint8 (h, w), is 255, white becomes ``rgb``."""
    return np.asarray(cv2.multiply(color, _ramp(density, (255, 255, 255), rgb, color), scale=1 / 255), np.uint8)


def _ramp(plane: Pixels, first: Sequence[float], last: Sequence[float], color: Image) -> Image:
    """A plane as colors, from the first for 0 to the last for 255, in as many channels as the image has."""
    share = np.arange(256)[:, None] / 255
    table = (1 - share) * np.array(first, np.float64) + share * np.array(last, np.float64)
    if color.ndim == 2:
        return np.asarray(cv2.LUT(plane, np.rint(table @ _LUMA).astype(np.uint8)), np.uint8)
    return np.asarray(cv2.applyColorMap(plane, np.rint(table).astype(np.uint8).reshape(256, 1, 3)), np.uint8)


def paper_of(color: Image) -> Image:
    """What would be seen without dark marks of up to some 40 px: the lightest around each place, smooth."""
    height, width = color.shape[:2]
    step = max(1, min(_PAPER_STEP_PX, min(height, width) // 4))
    side = 2 * _PAPER_REACH + 1
    square = np.ones((side, side), np.uint8)
    return coarsely(
        color,
        step,
        lambda small: np.asarray(cv2.blur(cv2.dilate(small, square), (side, side), borderType=cv2.BORDER_REPLICATE)),
    )


def percentiles(plane: Pixels, shares: Sequence[float]) -> tuple[int, ...]:
    """The levels below which these shares of a plane lie."""
    counts = np.cumsum(np.bincount(plane.reshape(-1), minlength=256))
    return tuple(int(np.searchsorted(counts, share * counts[-1])) for share in shares)
