"""Score maps for detectors: where characters are, and which of them belong together.

Source: Baek et al., Character Region Awareness for Text Detection, CVPR 2019, section 3.1. The width of the Gaussian
is that of the training code of EasyOCR (2022): 0.2 of a box that is half as large again as the character's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import group_bounds
from glyphmill.core.labels import Labels
from glyphmill.stages.extra.quads import mapped, sound, square_to_quad
from glyphmill.stages.extra.text import SeenText
from glyphmill.stages.extra.windows import Indices, Windows

#: Standard deviation of a Gaussian, and the distance from its centre beyond which it is 0, in sides of its box.
SIGMA, REACH = 0.3, 0.75
#: A character's box is at least these shares of its em-box, along and across the line: points and strokes too have
#: to be learnt.
_LEAST_SIDES = (0.5, 0.15)
#: Share of its ink along a side that an em-box must hold to count for it.
_HELD = 0.5
#: Least depth within the reach of a Gaussian, in that of the corner that its map begins at.
_LEAST_DEPTH = 0.25
#: Least side of a box that stands in where an em-box has no area, px.
_LEAST_PX = 1.0


def region_map(text: SeenText) -> NDArray[np.uint8]:
    """A Gaussian over the box of each character, uint8 (H, W)."""
    boxes = character_boxes(text.labels)
    return gaussians(boxes[text.labels.ink], text.width, text.height)


def affinity_map(text: SeenText) -> NDArray[np.uint8]:
    """A Gaussian over the box between each two characters that follow each other in a word, uint8 (H, W)."""
    order = text.reading_order()
    word = text.labels.word[order]
    boxes = character_boxes(text.labels)[order]
    pairs = affinity_boxes(boxes[:-1], boxes[1:])[word[:-1] == word[1:]]
    return gaussians(pairs[sound(pairs)], text.width, text.height)


def character_boxes(labels: Labels) -> NDArray[np.float64]:
    """A quad around each character with ink, (m, 4, 2): its em-box narrowed to its ink, along the em-box's own axes.

    Without ink, or where warps leave the em-box no box at all, it is the tight box.
    """
    usable = sound(labels.quads)
    quads = np.where(usable[:, None, None], labels.quads, _UNIT)
    maps = square_to_quad(quads)
    owner = np.repeat(np.arange(len(quads)), labels.outline_counts)
    inverse = np.linalg.inv(maps)
    ink = group_bounds(mapped(inverse[owner], *labels.outline.T), labels.outline_counts)
    low, high = _narrowed(ink[:, :2], ink[:, 2:])
    x = np.stack([low[:, 0], high[:, 0], high[:, 0], low[:, 0]], axis=1)
    y = np.stack([low[:, 1], low[:, 1], high[:, 1], high[:, 1]], axis=1)
    own = mapped(maps[:, None], x, y)
    usable[usable] = sound(own[usable])
    return np.where(usable[:, None, None], own, _upright(labels.boxes()))


_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def _narrowed(low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of ink in the unit square that is the em-box, held to it where it holds the ink, and not too narrow."""
    inner = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
    held = inner[1] - inner[0] >= _HELD * (high - low)
    low, high = np.where(held, inner[0], low), np.where(held, inner[1], high)
    middle, half = (low + high) / 2, np.maximum(high - low, _LEAST_SIDES) / 2
    return middle - half, middle + half


def _upright(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes (n, 4) as quads (n, 4, 2), none without area."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum(boxes[:, 2:] - boxes[:, :2], _LEAST_PX) / 2
    return middle[:, None] + (2 * _UNIT - 1) * half[:, None]


def affinity_boxes(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The boxes between characters that follow each other, (n, 4, 2): their corners are the centres of the triangles
    that diagonals cut off each character's box above and below, which is along the line in every direction of text.

    Args:
        one, other: boxes, (n, 4, 2).
    """
    above_one, below_one = _triangles(one)
    above_other, below_other = _triangles(other)
    return np.stack([above_one, above_other, below_other, below_one], axis=1)


def _triangles(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres of the triangles between the centre of a box and its first two, and its last two corners, (n, 2)."""
    center = boxes.mean(axis=1)
    return (boxes[:, :2].sum(axis=1) + center) / 3, (boxes[:, 2:].sum(axis=1) + center) / 3


def gaussians(quads: NDArray[np.float64], width: int, height: int) -> NDArray[np.uint8]:
    """The largest of isotropic Gaussians, each warped from a square into a sound quad (n, 4, 2): uint8 (H, W)."""
    scores = np.zeros(width * height, np.uint8)
    maps = square_to_quad(quads)
    around = 0.5 + (2 * _UNIT - 1) * REACH
    depth = maps[:, 2, :2] @ around.T + 1
    # a quad so slanted that the Gaussian around it would pass the horizon is taken for a parallelogram
    flat = depth.min(axis=1, initial=1.0) < _LEAST_DEPTH
    maps[flat] = _parallel(quads[flat])
    corners = mapped(maps[:, None], around[:, 0], around[:, 1])
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    inverse = np.linalg.inv(maps)
    strips, quad = Windows.around(boxes, width, height).strips()
    for batch in strips.batches():
        own, x, y = strips.take(batch).pixels()
        away = mapped(inverse[quad[batch[own]]], x + 0.5, y + 0.5) - 0.5
        square = np.einsum("ni,ni->n", away, away)
        near = square <= REACH**2
        score = np.rint(255 * np.exp(square[near] / (-2 * SIGMA**2))).astype(np.uint8)
        np.maximum.at(scores, _pixel(x, y, width)[near], score)
    return scores.reshape(height, width)


def _pixel(x: Indices, y: Indices, width: int) -> Indices:
    return y * width + x


def _parallel(quads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Maps from the unit square to the parallelograms whose sides are the mean sides of quads, (n, 3, 3)."""
    right = (quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3]) / 2
    down = (quads[:, 3] - quads[:, 0] + quads[:, 2] - quads[:, 1]) / 2
    made = np.zeros((len(quads), 3, 3))
    made[:, :2, 0], made[:, :2, 1] = right, down
    made[:, :2, 2] = quads.mean(axis=1) - (right + down) / 2
    made[:, 2, 2] = 1
    return made
