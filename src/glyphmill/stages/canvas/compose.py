"""Ink on its background: layers, blend modes, and the legibility floor, which is measured on the composed pixels."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.pixels.coverage import scaled
from glyphmill.pixels.planes import spread
from glyphmill.stages.canvas.contrast import Cells, lightness, reach_px
from glyphmill.stages.ink.inked import Layer

Image = NDArray[np.uint8]
Tint = Callable[[NDArray[np.float64]], Image]

_PUSH_STEPS = 16


def compose(
    background: Image,
    mask: Image,
    tint: Tint,
    candidates: tuple[NDArray[np.float64], ...],
    *,
    blend: str,
    min_contrast: float,
    cell_px: float,
    aim: float = 0.0,
    under: Sequence[Layer] = (),
    upon: Sequence[Layer] = (),
) -> float:
    """Lay ink on a background in the first colours that can be read there.

    Args:
        background: uint8 (h, w, 3); written over.
        mask: coverage of the ink, uint8 (h, w), not empty.
        tint: from a set of colours (k, 3) to the ink's colours, uint8 (3,) or (h, w, 3).
        candidates: sets of colours in order of preference. If none can be read, the best one is pushed along
            lightness away from the background.
        min_contrast: the least difference that will do.
        cell_px: side of the neighbourhoods in which ink is compared with its background.
        aim: the difference at which no more sets are tried; what reaches ``min_contrast`` alone will do if none does.
        under: layers beneath the ink, the lowest first.
        upon: layers upon the ink, the lowest first.

    Returns: the least difference in lightness (L* / 100) over all neighbourhoods with ink.
    Raises: Reject if not even black or white ink differs enough.
    """
    window = _window([mask, *(layer.cover for layer in (*under, *upon))], reach_px(cell_px))
    paper, cover = np.ascontiguousarray(background[window]), np.ascontiguousarray(mask[window])
    cells = Cells(cover, cell_px)

    def attempt(colors: NDArray[np.float64]) -> tuple[Image, float]:
        ink = _cut(tint(colors), window)
        inked = paper
        for layer in under:
            inked = _laid(inked, layer, ink, window)
        inked = _mix(inked, ink, cover, blend)
        for layer in upon:
            inked = _laid(inked, layer, ink, window)
        light = lightness(inked)
        return inked, cells.least(light, cells.around(light if cells.surrounded else lightness(paper)))

    chosen = candidates[0]
    best, reached = attempt(chosen)
    for colors in candidates[1:]:
        if reached >= max(min_contrast, aim):
            break
        inked, contrast = attempt(colors)
        if contrast > reached:
            best, reached, chosen = inked, contrast, colors
    if reached < min_contrast:
        best, reached = _push(attempt, chosen, float(lightness(paper)[cells.core].mean()), min_contrast)
    background[window] = best
    return reached


def lay(background: Image, layer: Layer) -> None:
    """Put a layer of a colour of its own on a background, uint8 (h, w, 3), which is written over."""
    if layer.color is None:
        raise ValueError("a layer on the ground has a colour of its own")
    x, y, width, height = cv2.boundingRect(layer.cover)
    if width:
        window = slice(y, y + height), slice(x, x + width)
        background[window] = _laid(np.ascontiguousarray(background[window]), layer, layer.color, window)


def _window(covers: Sequence[Image], margin: int) -> tuple[slice, slice]:
    """The part of a canvas in which anything is covered, and some px around it."""
    left, top, width, height = zip(*(box for box in map(cv2.boundingRect, covers) if box[2] > 0), strict=True)
    right, bottom = max(map(operator.add, left, width)), max(map(operator.add, top, height))
    return slice(max(0, min(top) - margin), bottom + margin), slice(max(0, min(left) - margin), right + margin)


def _cut(color: Image, window: tuple[slice, slice]) -> Image:
    return color if color.ndim == 1 else np.ascontiguousarray(color[window])


def _laid(paper: Image, layer: Layer, ink: Image, window: tuple[slice, slice]) -> Image:
    """Paper with a layer; both are cut to the window, the layer is not yet."""
    color = ink if layer.color is None else _cut(layer.color, window)
    return _mix(paper, color, np.ascontiguousarray(layer.cover[window]), "normal")


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


def over(page: Image, behind: Image) -> Image:
    """A page with transparency, uint8 (h, w, 4), premultiplied, on what lies behind it, uint8 (h, w, 3)."""
    color, alpha = page[..., :3], page[..., 3]
    hidden = cv2.bitwise_not(cv2.merge((alpha, alpha, alpha)))
    return np.asarray(cv2.add(np.ascontiguousarray(color), cv2.multiply(behind, hidden, scale=1 / 255)))


def _mix(paper: Image, ink: Image, cover: Image, blend: str) -> Image:
    """Paper and ink by coverage; ``ink`` is uint8 (3,) or of the paper's shape."""
    if blend != "normal":
        ink = _BLEND[blend](paper.astype(np.uint16), np.broadcast_to(ink, paper.shape).astype(np.uint16))
    bare = cv2.multiply(paper, spread(cv2.bitwise_not(cover), paper), scale=1 / 255)
    if ink.ndim > 1:
        return np.asarray(cv2.add(bare, cv2.multiply(ink, spread(cover, paper), scale=1 / 255), dst=bare))
    if not ink.any():
        return np.asarray(bare)
    return np.asarray(cv2.add(bare, cv2.merge([scaled(cover, level / 255) for level in ink.tolist()]), dst=bare))


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
