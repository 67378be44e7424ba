"""Images of any layout for kernels that know one: the color part, contiguous, apart from alpha."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

_CHANNELS = (1, 3, 4)


def on_color(image: Image, kernel: Callable[[Image], Image]) -> Image:
    """Apply a kernel to the color of an image and leave its alpha alone.

    Args:
        image: uint8 (h, w) or (h, w, 1, 3 or 4), in any memory layout; not modified.
        kernel: from uint8 (h, w) or (h, w, 3), C-contiguous, not to be modified, to a new array of that shape.

    Returns: a new array of the shape of ``image``.
    Raises: TypeError, ValueError if ``image`` is none of these.
    """
    check(image)
    if image.ndim == 2:
        return kernel(np.ascontiguousarray(image))
    if image.shape[2] == 1:
        return kernel(np.ascontiguousarray(image[:, :, 0]))[:, :, None]
    made = kernel(np.ascontiguousarray(image[:, :, :3]))
    if image.shape[2] == 3:
        return made
    return np.asarray(cv2.merge((*cv2.split(made), np.ascontiguousarray(image[:, :, 3]))), np.uint8)


def check(image: Any) -> None:
    """Raise TypeError or ValueError unless this is an image that kernels take."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        given = f"{image.dtype} array" if isinstance(image, np.ndarray) else type(image).__name__
        raise TypeError(f"got a {given}; expected an image as a uint8 array")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in _CHANNELS) or image.size == 0:
        raise ValueError(f"got an image of shape {image.shape}; expected (h, w) or (h, w, 1, 3 or 4), not empty")


def in_range(name: str, value: float, lo: float | None = None, hi: float | None = None) -> None:
    """Raise ValueError, naming the argument, if a number is out of its bounds."""
    if (lo is not None and not value >= lo) or (hi is not None and not value <= hi):
        allowed = f"{lo:g} to {hi:g}" if lo is not None and hi is not None else f"at least {lo:g}"
        raise ValueError(f"{name}: got {value:g}; expected {allowed}")
