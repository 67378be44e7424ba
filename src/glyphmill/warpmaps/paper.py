"""Sheets of paper as they lie and stand: on a bottle or in a book, with a curled corner, or once folded."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.random import Generator

from glyphmill.core.warpmap import WarpMap
from glyphmill.warpmaps.affine import IDENTITY, Size
from glyphmill.warpmaps.sheet import section, seen

Axis = Literal["vertical", "horizontal"]
Side = Literal["top_left", "top", "top_right", "right", "bottom_right", "bottom", "bottom_left", "left"]

_STEEPEST = math.radians(66)  # of paper that is still to be read
_BEYOND = 0.1  # of the page on each side, over which a bend goes on
_EYE = 2.5  # distance of the camera, in lengths of the longer side
_CURL_EYE = 1.6  # the same for a curl, which is looked at from near
_CREASE = 0.05  # width of a crease, in panels
_UNEVEN = 0.2  # how far creases stray from even spacing, in panels

_TOWARDS: dict[Side, tuple[int, int]] = {
    "top_left": (-1, -1),
    "top": (0, -1),
    "top_right": (1, -1),
    "right": (1, 0),
    "bottom_right": (1, 1),
    "bottom": (0, 1),
    "bottom_left": (-1, 1),
    "left": (-1, 0),
}


def cylinder_map(size: Size, *, arc: float, axis: Axis = "vertical", tilt: float = 0.0, center: float = 0.5) -> WarpMap:
    """A page around a cylinder.

    Args:
        arc: degrees that the page takes of the cylinder; less where it would pass 66 on one side of the line that is
            closest. Negative is the hollow of a cylinder.
        axis: of the cylinder; a bottle stands vertical.
        tilt: degrees by which the camera looks from above (from the left, for a horizontal axis).
        center: where the line that is closest lies, as a share of the side: 0.5 a label on a bottle, near 0 or 1 the
            page of a book.
    """
    if arc == 0 == tilt:
        return IDENTITY
    length = size[0] if axis == "vertical" else size[1]
    whole = math.radians(min(abs(arc), math.degrees(_STEEPEST) / max(center, 1 - center)))
    bend = math.copysign(whole, arc)
    more = 1 + 2 * _BEYOND
    first, last = -_BEYOND * length, (1 + _BEYOND) * length
    low, high = ((share * more - _BEYOND - center) * bend for share in (0.0, 1.0))
    flat = length / 2
    eye = center * length
    bent = section([first - flat, first, last, last + flat], [0.0, low, high, 0.0], eye=eye)
    axes = ((1.0, 0.0), (0.0, 1.0)) if axis == "vertical" else ((0.0, 1.0), (1.0, 0.0))
    looked_at = (eye, size[1] / 2) if axis == "vertical" else (size[0] / 2, eye)
    return seen(bent, axes=axes, eye=looked_at, distance=_EYE * max(size), tilt=math.radians(tilt))


def page_curl_map(size: Size, *, side: Side, lift: float, reach: float, turn: float = 0.0) -> WarpMap:
    """A corner or an edge that rises from the table.

    Args:
        side: which one.
        lift: degrees at which the paper stands where it ends, up to 66.
        reach: how far from the corner or edge the bend begins, in lengths of the shorter side.
        turn: degrees by which the line of the bend is turned, counter-clockwise.
    """
    if lift <= 0 or reach <= 0:
        return IDENTITY
    dx, dy = _TOWARDS[side]
    towards = math.atan2(dy, dx) - math.radians(turn)
    axes = ((math.cos(towards), math.sin(towards)), (-math.sin(towards), math.cos(towards)))
    middle = np.array(size) / 2
    corners = np.array([[x, y] for x in (0, size[0]) for y in (0, size[1])]) - middle
    end = float((corners @ np.array(axes[0])).max())
    bend = reach * min(size)
    begin = end - bend
    angle = -min(math.radians(lift), _STEEPEST)
    more = 1 + _BEYOND
    bent = section([begin, end + _BEYOND * bend, end + (_BEYOND + more) * bend], [0.0, angle * more, 0.0], eye=0.0)
    return seen(bent, axes=axes, eye=(float(middle[0]), float(middle[1])), distance=_CURL_EYE * max(size))


def fold_map(
    size: Size, *, creases: int, angle: float, axis: Axis = "vertical", tilt: float = 0.0, rng: Generator
) -> WarpMap:
    """A letter that was folded and lies open: flat panels that stand at a slant, rounded where they meet.

    Args:
        creases: how many; they lie about evenly.
        angle: degrees by which a panel is tilted at most; panels tilt in turns this way and that.
        axis: of the creases.
        tilt: degrees by which the camera looks from above (from the left, for horizontal creases).
        rng: where creases lie exactly and how much each panel is tilted.
    """
    if creases < 1 or angle == 0:
        return IDENTITY
    length = float(size[0] if axis == "vertical" else size[1])
    panel = length / (creases + 1)
    lines = (np.arange(1, creases + 1) + rng.uniform(-_UNEVEN, _UNEVEN, creases)) * panel
    slants = math.radians(angle) * rng.uniform(0.6, 1.0, creases + 1) * (1 - 2 * (np.arange(creases + 1) % 2))
    slants = np.clip(slants * (1 if rng.random() < 0.5 else -1), -_STEEPEST, _STEEPEST)
    half = _CREASE * panel / 2
    beyond = _BEYOND * length
    knots, angles = [-2 * beyond - panel / 2, -beyond], [0.0, float(slants[0])]
    for line, before, after in zip(lines.tolist(), slants[:-1].tolist(), slants[1:].tolist(), strict=True):
        knots += [line - half, line + half]
        angles += [before, after]
    knots += [length + beyond, length + 2 * beyond + panel / 2]
    angles += [float(slants[-1]), 0.0]
    bent = section(knots, angles, eye=length / 2)
    axes = ((1.0, 0.0), (0.0, 1.0)) if axis == "vertical" else ((0.0, 1.0), (1.0, 0.0))
    looked_at = (size[0] / 2, size[1] / 2)
    return seen(bent, axes=axes, eye=looked_at, distance=_EYE * max(size), tilt=math.radians(tilt))
