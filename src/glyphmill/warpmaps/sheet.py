"""A bent sheet of paper before a camera: bottle, book page, curled corner, folded letter.

Paper bends along one direction only. Its cross-section is a chain of arcs, given by their curvature along the paper,
so lengths on the paper are true. A camera looks straight at it, from so far that no part of it hides another; beyond
the page the sheet becomes flat again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points

Values = NDArray[np.float64]

_PER_ARC = 48  # samples of each arc from which the place on the paper is looked up
_NEWTON_STEPS = 2
_LEAST_SLOPE = 0.1  # of the picture against the paper: below, the camera looks along the paper
_STEP_BACK = 1.3
_FURTHEST = 1e4


@dataclass(frozen=True)
class Section:
    """The cross-section of a sheet: place along the picture and depth, by length along the paper.

    Attributes:
        knots: where arcs begin and end, px along the paper, (k + 1,); it is straight before and after.
        curvature: 1 / px of each arc, (k,); positive turns away from the camera.
        start: angle before the first knot, radians; the sheet lies flat at 0.
        eye: where the camera looks at, px along the paper; place and depth are 0 there.
    """

    knots: Values
    curvature: Values
    eye: float
    start: float = 0.0

    @cached_property
    def _ends(self) -> tuple[Values, Values, Values]:
        """Angle, place and depth at each knot."""
        lengths = np.diff(self.knots)
        angle = self.start + np.concatenate([[0.0], np.cumsum(self.curvature * lengths)])
        chord = lengths * np.sinc(self.curvature * lengths / 2 / math.pi)
        middle = (angle[1:] + angle[:-1]) / 2
        place = np.concatenate([[0.0], np.cumsum(chord * np.cos(middle))])
        depth = np.concatenate([[0.0], np.cumsum(chord * np.sin(middle))])
        _, x, z = self._along(np.array([self.eye]), angle, place, depth)
        return angle, place - x, depth - z

    def at(self, s: Values) -> tuple[Values, Values, Values]:
        """Angle, place and depth at lengths (n,)."""
        return self._along(s, *self._ends)

    def _along(self, s: Values, angle: Values, place: Values, depth: Values) -> tuple[Values, Values, Values]:
        before = np.clip(np.searchsorted(self.knots, s, side="right") - 1, 0, len(self.knots) - 1)
        curvature = np.append(self.curvature, 0.0)[before] * (s >= self.knots[0])
        length = s - self.knots[before]
        # a chord lies between the directions of its ends
        half = curvature * length / 2
        chord, middle = length * np.sinc(half / math.pi), angle[before] + half
        return middle + half, place[before] + chord * np.cos(middle), depth[before] + chord * np.sin(middle)


@dataclass(frozen=True)
class Sheet:
    """A bent sheet as the camera sees it.

    Attributes:
        section: its cross-section.
        axes: unit directions on the page, rows: along the bend, and along its straight lines.
        eye: point of the page that the camera looks at, px.
        nearness: 1 / distance of the camera, 1 / px; 0 is infinitely far.
        tilt: how much the camera looks from above, radians: what is further away moves up along the second axis.
    """

    section: Section
    axes: tuple[tuple[float, float], tuple[float, float]]
    eye: tuple[float, float]
    nearness: float
    tilt: float

    def forward(self, points: Points) -> Points:
        s, t = self._split(points)
        _, place, depth = self.section.at(s + self.section.eye)
        scale = 1 / (1 + depth * self.nearness)
        return self._joined(place * scale, (t * math.cos(self.tilt) - depth * math.sin(self.tilt)) * scale)

    def inverse(self, points: Points) -> Points:
        u, t = self._split(points)
        s = self._length_at(u)
        _, _, depth = self.section.at(s)
        t = (t * (1 + depth * self.nearness) + depth * math.sin(self.tilt)) / math.cos(self.tilt)
        return self._joined(s - self.section.eye, t)

    def _split(self, points: Points) -> tuple[Values, Values]:
        away = (points - np.array(self.eye)) @ np.array(self.axes).T
        return away[:, 0], away[:, 1]

    def _joined(self, s: Values, t: Values) -> Points:
        return np.asarray(np.array(self.eye) + np.column_stack([s, t]) @ np.array(self.axes))

    def _picture(self, s: Values) -> tuple[Values, Values]:
        """Place in the picture, px along the bend from the eye, and its slope."""
        angle, place, depth = self.section.at(s)
        scale = 1 / (1 + depth * self.nearness)
        return place * scale, (np.cos(angle) - place * scale * self.nearness * np.sin(angle)) * scale

    @cached_property
    def _table(self) -> tuple[Values, Values]:
        parts = np.arange(_PER_ARC) / _PER_ARC
        knots = self.section.knots
        s = np.append((knots[:-1, None] + np.diff(knots)[:, None] * parts).ravel(), knots[-1])
        return s, self._picture(s)[0]

    def _length_at(self, u: Values) -> Values:
        """Length along the paper of places in the picture."""
        s, places = self._table
        found = np.interp(u, places, s)
        for end, beyond in ((0, u < places[0]), (-1, u > places[-1])):
            slope = self._picture(s[[end]])[1]
            found = np.where(beyond, s[end] + (u - places[end]) / slope, found)
        for _ in range(_NEWTON_STEPS):
            place, slope = self._picture(found)
            found = found - (place - u) / slope
        return np.asarray(found)

    @cached_property
    def clearest(self) -> float:
        """The least slope of the picture along the bend: above 0 no part of the sheet hides another."""
        s, _ = self._table
        return float(np.min(self._picture(s)[1] * (1 + self.section.at(s)[2] * self.nearness > 0.2)))


def section(knots: Sequence[float], angles: Sequence[float], *, eye: float) -> Section:
    """A cross-section by its angles (radians) at lengths along the paper; arcs in between, flat at both ends."""
    places, turns = np.array(knots, np.float64), np.array(angles, np.float64)
    return Section(places, np.diff(turns) / np.diff(places), eye, float(turns[0]))


def seen(
    bent: Section,
    *,
    axes: tuple[tuple[float, float], tuple[float, float]],
    eye: tuple[float, float],
    distance: float,
    tilt: float = 0.0,
) -> Sheet:
    """The sheet from this distance (px), or from so far that no part of it hides another."""
    while True:
        sheet = Sheet(bent, axes, eye, 1 / distance, tilt)
        if sheet.clearest >= _LEAST_SLOPE:
            return sheet
        distance *= _STEP_BACK
        if distance > _FURTHEST * np.ptp(bent.knots):
            return Sheet(bent, axes, eye, 0.0, tilt)
