"""Relief: what light from the side shows of letters that stand out of a surface or are sunk into it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.coverage import Coverage, scaled, shifted, toned

#: Standard deviation of the slope of an edge, as a share of the depth; and of the sharpest edge there is, px.
_SLOPE, _SHARPEST_PX = 0.45, 0.6
#: Strokes narrower than the slope never reach full height, and would show too weakly.
_GAIN = 1.35
#: Darkness of the floor of sunken letters, and of the shadow that their rim throws on it.
_FLOOR, _INNER = 0.16, 0.75


def slopes(mask: Coverage, depth_px: float, angle_deg: float, gloss: float = 0.0) -> tuple[Coverage, Coverage]:
    """Light on the sides of raised letters that face it, and shade on those that look away.

    Args:
        depth_px: width of the slope at the edges.
        angle_deg: where light comes from, counter-clockwise, 0 is the right.
        gloss: 0 for a dull surface to 1 for a polished one, whose highlights are narrower and brighter.

    Source: the Lambertian reflectance map of a shallow surface, Horn, "Robot Vision", 1986.
    """
    sigma = _SLOPE * depth_px
    height = gaussian(mask, sigma)
    x, y = _toward(angle_deg)
    along = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32) / 8
    # what makes a full edge across the light give full coverage
    full = math.sqrt(2 * math.pi * (sigma**2 + _SHARPEST_PX**2)) * _GAIN
    kernel = (x * along + y * along.T) * full
    averted, facing = (
        np.asarray(cv2.filter2D(height, -1, sign * kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)
        for sign in (1, -1)
    )
    if gloss > 0:
        level = np.arange(256) / 255
        facing = toned(facing, 255 * (1 + gloss / 2) * level ** (1 + 1.5 * gloss))
    return facing, averted


def sunken(mask: Coverage, depth_px: float, angle_deg: float, gloss: float = 0.0) -> tuple[Coverage, Coverage]:
    """Light and shade of letters sunk into the surface: lit far rims, the near rim's shadow, and a darker floor."""
    facing, averted = slopes(mask, depth_px, angle_deg + 180, gloss)
    x, y = _toward(angle_deg)
    open_ = gaussian(shifted(mask, -x * depth_px, -y * depth_px), _SLOPE * depth_px)
    inner = cv2.multiply(mask, cv2.bitwise_not(open_), scale=_INNER / 255)
    shade = cv2.add(cv2.max(inner, scaled(averted, 0.6)), scaled(mask, _FLOOR))
    return facing, np.asarray(shade, np.uint8)


def _toward(angle_deg: float) -> tuple[float, float]:
    """The direction to a light, y down."""
    turn = math.radians(angle_deg)
    return math.cos(turn), -math.sin(turn)
