"""Ink on its background: blend modes and the legibility floor, which is measured on the composed pixels."""

from __future__ import annotations

from collections.abc import Callable

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
    paper, cover = background[window], np.ascontiguousarray(mask[window])
    paper_light = _lightness(paper)
    core = cover >= min(128, int(cover.max()))

    def attempt(colors: NDArray[np.float64]) -> tuple[Image, float]:
        ink = tint(colors)
        inked = _mix(paper, ink if ink.ndim == 1 else np.ascontiguousarray(ink[window]), cover, blend)
        return inked, _contrast(_lightness(inked), paper_light, core, cell_px)

    chosen = candidates[0]
    best, reached = attempt(chosen)
    for colors in candidates[1:]:
        if reached >= min_contrast:
            break
        inked, contrast = attempt(colors)
        if contrast > reached:
            best, reached, chosen = inked, contrast, colors
    if reached < min_contrast:
        best, reached = _push(attempt, chosen, paper_light, core, min_contrast)
    background[window] = best
    return background, reached


def _push(
    attempt: Callable[[NDArray[np.float64]], tuple[Image, float]],
    colors: NDArray[np.float64],
    paper_light: Image,
    core: NDArray[np.bool_],
    floor: float,
) -> tuple[Image, float]:
    """Move colours along lightness, first away from the background, until the floor is reached."""
    lab = cv2.cvtColor((colors[None] / 255).astype(np.float32), cv2.COLOR_RGB2Lab)
    darker = float(paper_light[core].mean()) > 127
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


def _contrast(ink: Image, paper: Image, core: NDArray[np.bool_], cell_px: float) -> float:
    """Least mean difference in lightness between core ink and the paper under it, over cells with enough ink."""
    h, w = core.shape
    weight = core.astype(np.float32)
    difference = cv2.absdiff(ink, paper).astype(np.float32) * weight
    cells = (max(1, round(w / cell_px)), max(1, round(h / cell_px)))
    area = cv2.resize(weight, cells, interpolation=cv2.INTER_AREA)
    total = cv2.resize(difference, cells, interpolation=cv2.INTER_AREA)
    counted = area >= 0.25 * area.max()
    return float((total[counted] / area[counted]).min()) / 255


def _mix(paper: Image, ink: Image, cover: Image, blend: str) -> Image:
    if ink.ndim == 1:
        ink = np.broadcast_to(ink, paper.shape)
    if blend != "normal":
        ink = _BLEND[blend](paper.astype(np.uint16), ink.astype(np.uint16))
    cover3 = cv2.merge((cover, cover, cover))
    return np.asarray(
        cv2.add(
            cv2.multiply(paper, 255 - cover3, scale=1 / 255),
            cv2.multiply(np.ascontiguousarray(ink), cover3, scale=1 / 255),
        )
    )


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
