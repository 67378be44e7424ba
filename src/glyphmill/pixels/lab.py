"""CIE Lab of sRGB colors in plain NumPy: for a few colors at a time, with the same result on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Colors = NDArray[np.float64]

#: sRGB to XYZ over the white of D65. Source: IEC 61966-2-1.
_TO_XYZ = np.array(
    [
        [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
        [0.2126, 0.7152, 0.0722],
        [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
    ]
)
_TO_RGB = np.linalg.inv(_TO_XYZ)
_EDGE = 6 / 29


def to_lab(rgb: Any) -> Colors:
    """L* 0 to 100, a* and b* of colors (..., 3), 0 to 255. Source: CIE 15."""
    level = np.asarray(rgb, np.float64) / 255
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T
    root = np.where(xyz > _EDGE**3, np.cbrt(xyz), xyz / (3 * _EDGE**2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def from_lab(lab: Any) -> Colors:
    """Colors (..., 3), 0 to 255, each channel cut to that; the way back of ``to_lab``."""
    lab = np.asarray(lab, np.float64)
    y = (lab[..., 0] + 16) / 116
    root = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    xyz = np.where(root > _EDGE, root**3, 3 * _EDGE**2 * (root - 4 / 29))
    linear = np.clip(xyz @ _TO_RGB.T, 0, 1)
    level = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(level * 255, np.float64)


def rounded(rgb: Any) -> tuple[int, int, int]:
    """One color as whole numbers."""
    red, green, blue = np.clip(np.rint(np.asarray(rgb, np.float64)), 0, 255).astype(int).tolist()
    return red, green, blue
