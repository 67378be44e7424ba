"""Labels against pixels: how far boxes are from the ink that they stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Coverage (of 255) from which a pixel counts as ink. Fainter fringes are rounding of the rasteriser.
INK = 8


@dataclass(frozen=True)
class InkErrors:
    """What a label says against what a mask shows.

    Attributes:
        boxes: largest of the four border differences of each isolated cluster, px, float (n,).
        union: largest border difference between the union of all boxes and all ink, px.
        outside: ink pixels that no box touches.
        ink: ink pixels.
    """

    boxes: NDArray[np.float64]
    union: float
    outside: int
    ink: int


def ink_errors(boxes: NDArray[np.float64], inked: NDArray[np.bool_], mask: NDArray[np.uint8]) -> InkErrors:
    """Measure the boxes of one image.

    Args:
        boxes: x0, y0, x1, y1 of each cluster, px, (n, 4).
        inked: which of them have ink, (n,).
        mask: coverage of all ink, uint8 (h, w).
    """
    ink = mask >= INK
    solid = boxes[inked]
    pixels = np.stack(
        [np.floor(solid[:, 0]), np.floor(solid[:, 1]), np.ceil(solid[:, 2]), np.ceil(solid[:, 3])], axis=1
    ).astype(int)
    free = ink.copy()
    for x0, y0, x1, y1 in pixels.tolist():
        free[max(y0, 0) : y1, max(x0, 0) : x1] = False
    errors = [
        error for index in np.flatnonzero(_isolated(solid)) if (error := _border_error(solid[index], ink)) is not None
    ]
    ys, xs = np.nonzero(ink)
    bounds = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])
    union = np.concatenate([solid[:, :2].min(axis=0), solid[:, 2:].max(axis=0)])
    return InkErrors(np.array(errors), float(np.abs(union - bounds).max()), int(free.sum()), int(ink.sum()))


def _isolated(boxes: NDArray[np.float64], margin: float = 4.0) -> NDArray[np.bool_]:
    """Boxes that no other one comes near to."""
    low, high = boxes[:, None, :2] - margin, boxes[:, None, 2:] + margin
    near = ((boxes[None, :, 2:] > low) & (boxes[None, :, :2] < high)).all(axis=2)
    return np.asarray(near.sum(axis=1) == 1)


def _border_error(box: NDArray[np.float64], ink: NDArray[np.bool_], margin: int = 2) -> float | None:
    """Largest difference between a box and the ink near it; None where there is no ink at all."""
    height, width = ink.shape
    x0, y0 = max(int(box[0]) - margin, 0), max(int(box[1]) - margin, 0)
    x1, y1 = min(int(np.ceil(box[2])) + margin, width), min(int(np.ceil(box[3])) + margin, height)
    ys, xs = np.nonzero(ink[y0:y1, x0:x1])
    if len(xs) == 0:
        return None
    found = np.array([x0 + xs.min(), y0 + ys.min(), x0 + xs.max() + 1, y0 + ys.max() + 1])
    return float(np.abs(box - found).max())
