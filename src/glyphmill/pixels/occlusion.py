"""What lies in front of an image: how much it hides, what is seen of it, and the shadow that it throws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from numpy.random import Generator

from glyphmill.pixels.arrays import Image
from glyphmill.pixels.blur import gaussian
from glyphmill.pixels.fields import Pixels, Size
from glyphmill.pixels.planes import spread
from glyphmill.pixels.strokes import Stroke, area, draw
from glyphmill.pixels.things import THINGS

KINDS = tuple(THINGS)

_FOCUS_PX = 0.6  # blur of what is nearer than the text


@dataclass(frozen=True)
class Front:
    """What lies in front of an image of this size.

    Attributes:
        cover: how much of each pixel is hidden, uint8 (h, w).
        paint: what is seen in its place, uint8 (h, w, 3).
        shadow: the light that its shadow takes, uint8 (h, w).
    """

    cover: Pixels
    paint: Image
    shadow: Pixels


def in_front(size: Size, kind: str, amount: float, thickness_px: float, shadow: float, rng: Generator) -> Front:
    """Things of one kind over a share of the image, the last of them as thin as is left of that share.

    Where too many would be needed, they are thicker: nearer, not more.
    """
    width, height = size
    cover = np.zeros((height, width), np.uint8)
    paint = np.zeros((height, width, 3), np.uint8)
    make, most, power = THINGS[kind]
    left = amount * width * height
    angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0.8, 2.4)
    # of two: the first strip of a fence is mostly outside
    one = max((area(thing, size) for thing in islice(make(size, thickness_px, amount, rng), 2)), default=0.0)
    thickness_px *= max(1.0, left / max(most * one, 1.0)) ** (1 / power)
    away *= thickness_px
    strokes: list[Stroke] = []
    for thing in islice(make(size, thickness_px, amount, rng), 2 * most):
        if left <= 0:
            break
        more = area(thing, size)
        share = min(1.0, left / more) if more > 0 else 1.0
        left -= more
        strokes += [stroke.thinned(share) for stroke in thing] if share < 1 else thing
    draw(cover, paint, strokes)
    cover = gaussian(cover, _FOCUS_PX)
    cast = np.zeros_like(cover)
    if shadow > 0 and kind != "scratches":
        cast = _soft(_moved(cover, away * math.cos(angle), away * math.sin(angle)), 0.5 + 0.35 * away, shadow)
    return Front(cover, paint, cast)


def _moved(plane: Pixels, dx: float, dy: float) -> Pixels:
    """A plane moved by (dx, dy) px, rounded; what lies at its border goes on beyond it."""
    height, width = plane.shape
    right, down = round(min(max(dx, -width), width)), round(min(max(dy, -height), height))
    wider = cv2.copyMakeBorder(plane, max(down, 0), max(-down, 0), max(right, 0), max(-right, 0), cv2.BORDER_REPLICATE)
    top, left = max(-down, 0), max(-right, 0)
    return np.asarray(wider[top : top + height, left : left + width], np.uint8)


def _soft(plane: Pixels, sigma_px: float, share: float) -> Pixels:
    """A share of a plane, blurred."""
    return np.asarray(cv2.convertScaleAbs(gaussian(plane, sigma_px), alpha=share), np.uint8)


def occlude(color: Image, front: Front) -> Image:
    """An image with something in front of it."""
    paint = front.paint if color.ndim == 3 else np.asarray(cv2.cvtColor(front.paint, cv2.COLOR_RGB2GRAY), np.uint8)
    left = cv2.multiply(cv2.bitwise_not(front.cover), cv2.bitwise_not(front.shadow), scale=1 / 255)
    # pages are large: what is made is written over what it is made of
    rest, cover = (spread(np.array(plane), color) for plane in (left, front.cover))
    cv2.multiply(color, rest, dst=rest, scale=1 / 255)
    cv2.multiply(paint, cover, dst=cover, scale=1 / 255)
    return np.asarray(cv2.add(rest, cover, dst=rest), np.uint8)


def hidden_by(front: Front) -> Pixels:
    """What is hidden, uint8 (h, w). Shadow hides nothing; that it touches a pixel counts as 1 of 255."""
    return np.asarray(cv2.max(front.cover, cv2.threshold(front.shadow, 0, 1, cv2.THRESH_BINARY)[1]), np.uint8)
