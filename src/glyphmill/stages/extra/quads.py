"""Maps between the unit square and many quads at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A corner spans at least this area, px^2; less is no box.
_LEAST_AREA = 1e-3


def sound(quads: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the quads (n, 4, 2) are convex and have an area, (n,)."""
    side = np.roll(quads, -1, axis=1) - quads
    after = np.roll(side, -1, axis=1)
    turn = side[..., 0] * after[..., 1] - side[..., 1] * after[..., 0]
    return np.asarray((np.abs(turn).min(axis=1) > _LEAST_AREA) & (np.abs(np.sign(turn).sum(axis=1)) == 4))


def square_to_quad(quads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Homographies (n, 3, 3) from (0, 0), (1, 0), (1, 1), (0, 1) to the corners of sound quads (n, 4, 2).

    Source: Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3.
    """
    q0, q1, q2, q3 = np.moveaxis(quads, 1, 0)
    along, across, rest = q1 - q2, q3 - q2, q0 - q1 + q2 - q3
    area = along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]
    g = (rest[:, 0] * across[:, 1] - rest[:, 1] * across[:, 0]) / area
    h = (along[:, 0] * rest[:, 1] - along[:, 1] * rest[:, 0]) / area
    made = np.empty((len(quads), 3, 3))
    made[:, :2, 0] = q1 - q0 + g[:, None] * q1
    made[:, :2, 1] = q3 - q0 + h[:, None] * q3
    made[:, :2, 2] = q0
    made[:, 2] = np.stack([g, h, np.ones_like(g)], axis=1)
    return made


def mapped(
    maps: NDArray[np.floating[Any]], x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]]
) -> NDArray[np.float64]:
    """Points, each by its own homography (..., 3, 3): (..., 2)."""
    # what lies on the horizon of a quad comes out as inf or NaN, which no comparison takes for a place
    rows = maps[..., 0] * x[..., None] + maps[..., 1] * y[..., None] + maps[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(rows[..., :2] / rows[..., 2:])
