"""Maps that keep straight lines straight and parallel: rotation, shear, scale, each about the middle of the page."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.warpmap import Homography

Size = tuple[int, int]

#: What a warp without strength is; kernels leave it out.
IDENTITY = Homography(np.eye(3))


def rotation_map(size: Size, *, angle: float) -> Homography:
    """Rotation by ``angle`` degrees, counter-clockwise as seen; quarter turns are exact."""
    if angle % 360 == 0:
        return IDENTITY
    # sines of quarter turns are off by one bit, which would grow the page by a pixel
    c, s = (round(f(math.radians(angle)), 15) for f in (math.cos, math.sin))
    return _about_middle(size, np.array([[c, s], [-s, c]]))


def shear_map(size: Size, *, x: float = 0.0, y: float = 0.0) -> Homography:
    """Shear: upper parts move right by ``x`` for each pixel of height, then right parts move up by ``y`` a pixel."""
    if x == 0 == y:
        return IDENTITY
    return _about_middle(size, np.array([[1.0, 0.0], [-y, 1.0]]) @ np.array([[1.0, -x], [0.0, 1.0]]))


def scale_map(size: Size, *, factor: float = 1.0, aspect: float = 1.0) -> Homography:
    """Enlargement of the area's side by ``factor``; ``aspect`` above 1 makes it wider and lower by as much."""
    if factor == 1 == aspect:
        return IDENTITY
    return _about_middle(size, np.diag([factor * math.sqrt(aspect), factor / math.sqrt(aspect)]))


def _about_middle(size: Size, linear: NDArray[np.float64]) -> Homography:
    middle = np.array(size, np.float64) / 2
    shift = middle - linear @ middle
    return Homography.affine(linear, (float(shift[0]), float(shift[1])))
