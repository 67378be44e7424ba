"""How well ink can be seen: its lightness against that of what lies right around it, neighbourhood by neighbourhood.

In a finished image noise takes part of it away: what counts is the difference that is left when the mean lightness of a
stroke is wrong by two standard errors. Noise that drowns small letters so does little to large ones, whose strokes have
more pixels (Rose, The sensitivity performance of the human eye, J. Opt. Soc. Am. 38, 1948).
"""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Sums = NDArray[np.float32]
Edges = NDArray[np.int64]

_REACH = 1 / 6  # of a neighbourhood: how far around the ink its surroundings go
_LEAST_REACH_PX = 2
_SHADE = 2  # of 255: less than that hides nothing
_STROKE = 1 / 20  # of a neighbourhood's area: a tenth of its side by half of it
_SURE = 2.0  # standard errors
_COUNTED = 0.25  # of the most ink that a neighbourhood has: those with less say nothing
_MOST_PX = 1 << 23  # whose levels sum to less than 2**31


def _linear() -> NDArray[np.float64]:
    """Light of each level of sRGB, 0 to 1. Source: IEC 61966-2-1."""
    level = np.arange(256) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)


def _lightness_of_root() -> Image:
    """CIE L* (0..255 for 0..100) of luminance by its square root (0..255 for 0..1). Source: CIE 15."""
    luminance = (np.arange(256) / 255) ** 2
    star = np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)
    return np.rint(star * 2.55).astype(np.uint8)


# Whole numbers whose weighted sums are below 2**24: in float32 they are the same on every machine, in whatever order.
_LINEAR = np.rint(_linear() * (2**14 - 1)).astype(np.float32)
_LUMINANCE = np.array([[218, 732, 74]], np.float32)  # of 1024: 0.2126, 0.7152, 0.0722
_LIGHTNESS = _lightness_of_root()


def lightness(image: Image) -> Image:
    """L* of an image, uint8 (h, w, 3): uint8 (h, w), 255 for white."""
    luminance = cv2.transform(cv2.LUT(image, _LINEAR), _LUMINANCE)
    return np.asarray(cv2.LUT(cv2.convertScaleAbs(cv2.sqrt(luminance), alpha=255 / 2**12), _LIGHTNESS))


def reach_px(cell_px: float) -> int:
    """How far around the ink its surroundings go, px."""
    return max(_LEAST_REACH_PX, round(cell_px * _REACH))


def seen_contrast(image: Image, cover: Image, *, cell_px: float, hidden: Image | None = None) -> float:
    """The least contrast of ink in a finished image that noise leaves, 0 to 1; where all of it is hidden, 1.

    Args:
        image: uint8 (h, w, 3).
        cover: coverage of the ink in it, uint8 (h, w).
        cell_px: side of the neighbourhoods.
        hidden: what is meant not to be seen, uint8 (h, w); ink under it does not count.
    """
    bare = None
    if hidden is not None:
        bare = hidden <= _SHADE
        cover = cover * bare
    x, y, w, h = cv2.boundingRect(cover)
    if w == 0 or h == 0:
        return 1.0
    reach = reach_px(cell_px)
    window = (slice(max(0, y - reach), y + h + reach), slice(max(0, x - reach), x + w + reach))
    cells = Cells(np.ascontiguousarray(cover[window]), cell_px, bare=None if bare is None else bare[window])
    light = lightness(np.ascontiguousarray(image[window]))
    unsure = _SURE * cells.noise(light) / (cell_px * _STROKE**0.5)
    return max(0.0, cells.least(light, cells.around(light)) - unsure)


def least_kept(before: Image, after: Image, *, cell_px: float) -> float:
    """How much of the ink effects have left where they took most: the least share in any neighbourhood of letters.

    It is 1 where they took none, whatever they added.

    Args:
        before, after: coverage of the ink without and with effects, uint8 (h, w).
        cell_px: side of the neighbourhoods.
    """
    if not cv2.countNonZero(cv2.subtract(before, after)):
        return 1.0
    x, y, w, h = cv2.boundingRect(before)
    window = (slice(y, y + h), slice(x, x + w))
    cells = Cells(np.ascontiguousarray(before[window]), cell_px)
    return float((cells.ink(after[window]) / np.maximum(cells.ink(before[window]), 1)).min())


class Cells:
    """Neighbourhoods of about ``cell_px`` square over a mask, in which ink is compared with its surroundings.

    Args:
        cover: coverage of the ink, uint8 (h, w).
        bare: which of its surroundings count, (h, w); all if not given.
    """

    def __init__(self, cover: Image, cell_px: float, *, bare: NDArray[np.bool_] | None = None) -> None:
        height, width = cover.shape
        #: the ink proper, without its soft edges
        self.core = cover >= min(128, int(cv2.minMaxLoc(cover)[1]))
        self._weight = self.core.view(np.uint8)
        # where the corners of neighbourhoods lie in a table of sums
        self._corners = _edges(height, cell_px)[:, None] * (width + 1) + _edges(width, cell_px)
        area = self._sums(self._weight)
        self._counted = area >= _COUNTED * area.max()
        self._area = area[self._counted]
        self._cover, self._reach, self._bare = cover, reach_px(cell_px), bare

    @cached_property
    def _ring(self) -> Image:
        """Where the surroundings of the ink are, 1 or 0."""
        side = 2 * self._reach + 1
        near = cv2.dilate(self._cover, np.ones((side, side), np.uint8))
        around = (near > 0) & (self._cover == 0)
        return (around if self._bare is None else around & self._bare).view(np.uint8)

    @cached_property
    def _ring_area(self) -> Sums:
        return self._sums(self._ring)[self._counted]

    @cached_property
    def surrounded(self) -> bool:
        """Whether there is anything around the ink."""
        return cv2.countNonZero(self._ring) > 0

    def around(self, light: Image) -> Sums:
        """Mean lightness of the surroundings of the ink in each neighbourhood."""
        darkest, lightest, _, _ = cv2.minMaxLoc(light)
        if darkest == lightest:
            return np.full(len(self._area), darkest, np.float32)
        area, sums = self._ring_area, self._sums(light * self._ring)[self._counted]
        total = area.sum()
        anywhere = sums.sum() / total if total else float(light.mean())
        return np.where(area > 0, sums / np.maximum(area, 1), np.float32(anywhere))

    def ink(self, cover: Image) -> Sums:
        """The sum of a coverage in each neighbourhood."""
        return self._sums(np.ascontiguousarray(cover))[self._counted]

    def least(self, light: Image, around: Sums) -> float:
        """The least difference between the mean lightness of ink and that of its surroundings, 0 to 1."""
        ink = self._sums(light * self._weight)[self._counted] / self._area
        return float(np.abs(ink - around).min()) / 255

    def noise(self, light: Image) -> float:
        """Standard deviation of the noise around the ink, 0 to 1, from how neighbours in a row differ.

        Shading, which is smooth, is none. Source: von Neumann, The mean square successive difference, 1941.
        """
        pairs = self._ring[:, 1:] & self._ring[:, :-1]
        steps = cv2.absdiff(light[:, 1:], light[:, :-1])
        return float(np.sqrt(cv2.norm(steps, cv2.NORM_L2SQR, pairs) / (2 * max(1, cv2.countNonZero(pairs))))) / 255

    def _sums(self, values: Image) -> Sums:
        depth = cv2.CV_32S if values.size < _MOST_PX else cv2.CV_64F
        corners = cv2.integral(values, sdepth=depth).take(self._corners)
        bands = corners[1:] - corners[:-1]
        return np.asarray(bands[:, 1:] - bands[:, :-1], np.float32)


def _edges(length: int, cell_px: float) -> Edges:
    """Where neighbourhoods begin along a side, and where the last one ends, px."""
    count = max(1, round(length / cell_px))
    return np.array([*(int(number * (length / count)) for number in range(count)), length])
