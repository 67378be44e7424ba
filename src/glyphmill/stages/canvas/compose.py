"""Ink on its background: blend modes and the legibility floor, which is measured on the composed pixels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject

Image = NDArray[np.uint8]
Tint = Callable[[NDArray[np.float64]], Image]

_PUSH_STEPS = 16


def _lightness_table() -> Image:
    """CIE L* (0..255 for 0..100) of each grey level of sRGB. Source: IEC 61966-2-1, CIE 15."""
    level = np.arange(256) / 255
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    star = np.where(linear > 216 / 24389, 116 * np.cbrt(linear) - 16, linear * 24389 / 27)
    return np.rint(star * 2.55).astype(np.uint8)


_LIGHTNESS = _lightness_table()


def compose(
    background: Image,
    mask: Image,
    tint: Tint,
    candidates: tuple[NDArray[np.float64], ...],
    *,
    blend: str,
    min_contrast: float,
    cell_px: float,
) -> tuple[Image, float]:
    """Lay ink on a background in the first colours that can be read there.

    Args:
        background: uint8 (h, w, 3); written over.
        mask: coverage of the ink, uint8 (h, w), not empty.
        tint: from a set of colours (k, 3) to the ink's colours on ``mask``'s region, uint8 (3,) or (h, w, 3).
        candidates: sets of colours in order of preference. If none can be read, the best one is pushed along
            lightness away from the background.
        cell_px: side of the neighbourhoods in which ink is compared with its background.

    Returns: the image, and the least difference in lightness (L* / 100) over all neighbourhoods with ink.
    Raises: Reject if not even black or white ink differs enough.
    """
    x, y, w, h = cv2.boundingRect(mask)
    window = (slice(y, y + h), slice(x, x + w))
    paper, cover = np.ascontiguousarray(background[window]), np.ascontiguousarray(mask[window])
    cells = _Cells(cover, cell_px)
    paper_light = _lightness(paper)

    def attempt(colors: NDArray[np.float64]) -> tuple[Image, float]:
        ink = tint(colors)
        inked = _mix(paper, ink if ink.ndim == 1 else np.ascontiguousarray(ink[window]), cover, blend)
        return inked, cells.least(cv2.absdiff(_lightness(inked), paper_light)) / 255

    chosen = candidates[0]
    best, reached = attempt(chosen)
    for colors in candidates[1:]:
        if reached >= min_contrast:
            break
        inked, contrast = attempt(colors)
        if contrast > reached:
            best, reached, chosen = inked, contrast, colors
    if reached < min_contrast:
        best, reached = _push(attempt, chosen, float(paper_light[cells.core].mean()), min_contrast)
    background[window] = best
    return background, reached


def _push(
    attempt: Callable[[NDArray[np.float64]], tuple[Image, float]],
    colors: NDArray[np.float64],
    paper_light: float,
    floor: float,
) -> tuple[Image, float]:
    """Move colours along lightness, first away from the background, until the floor is reached."""
    lab = cv2.cvtColor((colors[None] / 255).astype(np.float32), cv2.COLOR_RGB2Lab)
    darker = paper_light > 127
    for down in (darker, not darker):
        for step in range(1, _PUSH_STEPS + 1):
            moved = lab.copy()
            share = step / _PUSH_STEPS
            moved[..., 0] = lab[..., 0] * (1 - share) + (0.0 if down else 100.0) * share
            moved[..., 1:] *= 1 - share**4  # hue stays until the very ends, which are black and white
            pushed = np.clip(cv2.cvtColor(moved, cv2.COLOR_Lab2RGB)[0].astype(np.float64) * 255, 0, 255)
            inked, contrast = attempt(pushed)
            if contrast >= floor:
                return inked, contrast
    raise Reject("canvas", "illegible", f"no colour differs from the background by {floor:g} everywhere")


def _lightness(image: Image) -> Image:
    return np.asarray(cv2.LUT(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), _LIGHTNESS))


def over(page: Image, behind: Image) -> Image:
    """A page with transparency, uint8 (h, w, 4), premultiplied, on what lies behind it, uint8 (h, w, 3)."""
    color, alpha = page[..., :3], page[..., 3]
    hidden = cv2.bitwise_not(cv2.merge((alpha, alpha, alpha)))
    return np.asarray(cv2.add(np.ascontiguousarray(color), cv2.multiply(behind, hidden, scale=1 / 255)))


class _Cells:
    """Neighbourhoods of about ``size_px`` square over a mask: where ink is compared with the paper under it."""

    def __init__(self, cover: Image, size_px: float) -> None:
        height, width = cover.shape
        #: the ink proper, without its soft edges
        self.core = cover >= min(128, int(cover.max()))
        self._weight = self.core.view(np.uint8)
        self._rows = np.linspace(0, height, max(1, round(height / size_px)), endpoint=False, dtype=np.int64)
        self._columns = np.linspace(0, width, max(1, round(width / size_px)), endpoint=False, dtype=np.int64)
        area = self._sums(self._weight)
        self._counted = area >= 0.25 * area.max()
        self._area = area[self._counted]

    def least(self, values: Image) -> float:
        """The least mean over the core of a cell; cells with next to no ink do not count."""
        return float((self._sums(values * self._weight)[self._counted] / self._area).min())

    def _sums(self, values: Image) -> NDArray[np.float32]:
        bands = [
            cv2.reduce(values[top:bottom], 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
            for top, bottom in pairwise([*self._rows.tolist(), len(values)])
        ]
        return np.add.reduceat(np.stack([band.reshape(-1) for band in bands]), self._columns, axis=1)


def _mix(paper: Image, ink: Image, cover: Image, blend: str) -> Image:
    """Paper and ink by coverage; ``ink`` is uint8 (3,) or of the paper's shape."""
    cover3 = cv2.merge((cover, cover, cover))
    if blend != "normal":
        ink = _BLEND[blend](paper.astype(np.uint16), np.broadcast_to(ink, paper.shape).astype(np.uint16))
    bare = cv2.multiply(paper, cv2.bitwise_not(cover3), scale=1 / 255)
    if ink.ndim > 1:
        return np.asarray(cv2.add(bare, cv2.multiply(ink, cover3, scale=1 / 255)))
    red, green, blue = ink.tolist()
    if not (red or green or blue):
        return np.asarray(bare)
    return np.asarray(cv2.add(bare, cv2.multiply(cover3, (red, green, blue, 0.0), scale=1 / 255)))


def _multiply(paper: NDArray[np.uint16], ink: NDArray[np.uint16]) -> Image:
    return ((paper * ink + 127) // 255).astype(np.uint8)


def _screen(paper: NDArray[np.uint16], ink: NDArray[np.uint16]) -> Image:
    return (255 - ((255 - paper) * (255 - ink) + 127) // 255).astype(np.uint8)


def _overlay(paper: NDArray[np.uint16], ink: NDArray[np.uint16]) -> Image:
    dark = 2 * paper.astype(np.uint32) * ink // 255
    light = 255 - 2 * (255 - paper).astype(np.uint32) * (255 - ink) // 255
    return np.where(paper < 128, dark, light).astype(np.uint8)


_BLEND: dict[str, Callable[[NDArray[np.uint16], NDArray[np.uint16]], Image]] = {
    "multiply": _multiply,
    "screen": _screen,
    "overlay": _overlay,
    "darken": lambda paper, ink: np.minimum(paper, ink).astype(np.uint8),
    "lighten": lambda paper, ink: np.maximum(paper, ink).astype(np.uint8),
}
