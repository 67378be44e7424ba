"""The picture of one piece of text: cut out of its image, and turned so that its letters stand upright."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import GlyphmillError
from glyphmill.evaluate.engine import Manner, Pixels
from glyphmill.evaluate.pieces import Piece

#: What is cut out around a piece, in heights of its line: ink may pass the box that its line has. Lines of a paragraph
#: lie edge to edge, and nothing is to be had between them.
_MARGIN = 0.1
#: A quad whose sides are off the axes by less than this, px, is cut out without resampling.
_STRAIGHT_PX = 0.6
#: A label that says more of a text is damaged.
_MOST_PIXELS = 100_000_000


def picture_of(image: Pixels, piece: Piece, manner: Manner) -> Pixels:
    """What an engine gets to see of a piece, RGB (h, w, 3).

    The quad of the label is mapped to an upright rectangle by a homography, at its own size. Where that changes
    nothing, as in straight horizontal lines, pixels are copied. A line on a curve is cut out with the box around it,
    and stays curved. A whole image stays as it is.

    Args:
        image: RGB, (H, W, 3).
        piece: what is to be read in it.
        manner: a ``column`` is left standing; other vertical text is turned.

    Raises: GlyphmillError if the quad is larger than any text.
    """
    if piece.quad is None:
        return image
    quad = np.roll(piece.quad, 1, axis=0) if manner == "column" else piece.quad
    width, height = _sides(quad)
    along = _MARGIN * (width if manner == "column" else height)
    across = along if piece.lines == 1 else 0.0
    return _cut(image, quad, across, along) if manner == "column" else _cut(image, quad, along, across)


def _sides(quad: NDArray[np.float64]) -> tuple[float, float]:
    """Mean width and height of a quad, px, each at least 1."""
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return max(float(top + bottom) / 2, 1.0), max(float(right + left) / 2, 1.0)


def _cut(image: Pixels, quad: NDArray[np.float64], beside: float, above: float) -> Pixels:
    """What a quad holds, with margins at its sides, and above and below it, px."""
    width, height = _sides(quad)
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    box = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    if np.abs(quad - box).max() < _STRAIGHT_PX:
        return _slice(image, x0 - beside, y0 - above, x1 + beside, y1 + above)
    size = round(width + 2 * beside), round(height + 2 * above)
    if size[0] * size[1] > _MOST_PIXELS:
        raise GlyphmillError(
            f"a text of {size[0]:,} x {size[1]:,} px in an image of {image.shape[1]} x {image.shape[0]}"
        )
    left, top = beside, above
    right, bottom = beside + width, above + height
    target = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    # OpenCV counts from the centres of pixels, labels from their corners.
    matrix = cv2.getPerspectiveTransform((quad - 0.5).astype(np.float32), (target - 0.5).astype(np.float32))
    return np.asarray(cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def _slice(image: Pixels, x0: float, y0: float, x1: float, y1: float) -> Pixels:
    """The pixels of a box, as far as they lie in the image; at least one."""
    height, width = image.shape[:2]
    left, top = min(max(int(x0), 0), width - 1), min(max(int(y0), 0), height - 1)
    right, bottom = max(min(int(np.ceil(x1)), width), left + 1), max(min(int(np.ceil(y1)), height), top + 1)
    return np.ascontiguousarray(image[top:bottom, left:right])
