"""Which way a line runs on the page: the axes of line space for each direction and posture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_AXES = {
    "across": np.array([[1.0, 0.0], [0.0, -1.0]]),
    "down": np.array([[0.0, 1.0], [1.0, 0.0]]),  # a horizontal line turned clockwise
    "up": np.array([[0.0, -1.0], [-1.0, 0.0]]),  # a horizontal line turned counter-clockwise
}


@dataclass(frozen=True, slots=True)
class Frame:
    """How the lines of a paragraph lie.

    Attributes:
        axes: page direction of u (along the line) and v (towards the top of the letters), rows, float (2, 2).
        upwards: u points up the page.
        centered: lines have a central axis, not a baseline, because some glyphs stand upright in them.
        vertical: lines run up or down.
    """

    axes: NDArray[np.float64]
    upwards: bool
    centered: bool
    vertical: bool


def posture_of(direction: str, orientation: str) -> str:
    """``horizontal``, ``sideways``, ``upright`` or ``mixed`` for a direction and the setting."""
    if direction in ("left_to_right", "right_to_left"):
        return "horizontal"
    if orientation == "auto":
        return "mixed" if direction == "top_to_bottom" else "sideways"
    return orientation


def frame_for(direction: str, posture: str, base: int, upright: bool) -> Frame:
    """The frame of a paragraph.

    A line that is set sideways begins where its direction says: text that reads from right to left is turned the
    other way round, so that ``top_to_bottom`` begins at the top in Hebrew as well as in English.
    """
    if posture == "horizontal":
        return Frame(_AXES["across"], upwards=False, centered=False, vertical=False)
    up = direction == "bottom_to_top"
    if base == 1 and not upright:
        up = not up
    return Frame(_AXES["up" if up else "down"], upwards=up, centered=upright, vertical=True)
