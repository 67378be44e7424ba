"""Are the boxes of a label where the ink is? Told from the pixels of the ink alone, before colors and background."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.run.label_errors import differences, ink_box

#: Coverage from which a pixel counts as ink: fainter ones are the soft edge.
_INK = 64
#: How far ink may lie outside of the boxes, and an outer edge of the boxes beyond the ink, px.
_TOLERANCE_PX = 1.0


def ink_problems(label: dict[str, Any], ink: NDArray[np.uint8]) -> Iterator[str]:
    """Where the boxes of a sound label and the ink of its plan disagree.

    Args:
        label: a label without format problems.
        ink: coverage, uint8 (H, W).
    """
    height, width = ink.shape
    if (label["width"], label["height"]) != (width, height):
        yield f"the label says {label['width']} x {label['height']} px, the plan makes {width} x {height} px"
        return
    boxes = np.array(
        [[box["x0"], box["y0"], box["x1"], box["y1"]] for box in label["bboxes"] if box["ink"]], np.float64
    ).reshape(-1, 4)
    boxes = boxes[(boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])]
    covered = np.zeros(ink.shape, bool)
    for x0, y0, x1, y1 in boxes.tolist():
        covered[_pixels(y0, y1, height), _pixels(x0, x1, width)] = True
    stray = (ink >= _INK) & ~covered
    if stray.any():
        rows, columns = np.nonzero(stray)
        yield f"{len(rows)} px of ink lie outside of all boxes, the first at ({columns[0]}, {rows[0]})"
    yield from _edge_problems(boxes, ink)


def _pixels(low: float, high: float, size: int) -> slice:
    return slice(max(math.floor(low - _TOLERANCE_PX), 0), min(math.ceil(high + _TOLERANCE_PX), size))


def _edge_problems(boxes: NDArray[np.float64], ink: NDArray[np.uint8]) -> Iterator[str]:
    """The outer edges of all boxes together against those of all ink."""
    if not len(boxes) or not ink.any():
        if len(boxes) != int(ink.any()):
            yield f"there are {len(boxes)} boxes of ink, and {'some' if ink.any() else 'no'} ink"
        return
    found = ink_box(ink)
    if found is None:
        return
    extreme = [*boxes[:, :2].argmin(axis=0).tolist(), *boxes[:, 2:].argmax(axis=0).tolist()]
    boxed = boxes[extreme, range(4)]
    at_border = np.isclose(boxes, [0, 0, ink.shape[1], ink.shape[0]])
    off = differences(boxed, found).tolist()
    for side, name in enumerate(("left", "top", "right", "bottom")):
        # the border of the image may have cut the letter that this box was drawn around
        cut = np.delete(at_border[extreme[side]], side).any()
        if off[side] > _TOLERANCE_PX and not cut:
            yield f"the {name} edge of the boxes is at {boxed[side]:.2f}, {off[side]:.2f} px off that of the ink"
