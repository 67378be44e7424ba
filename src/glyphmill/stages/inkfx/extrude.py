"""Effects stage; letters become solid bodies with shaded sides; labels unchanged: they are those of the faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_extrude
from glyphmill.pixels.coverage import Coverage, scaled
from glyphmill.stages.ink.inked import Inked, Layer

#: Light on a side that looks away, as a share of that on a side in full light.
_AWAY = 0.5
#: Gray that the ink's color is mixed with on the sides, away and lit: sides of dark letters are lighter than their
#: faces, those of light letters darker, or faces and sides would run together; and the share of the gray.
_GRAY, _GRAY_SHARE = (80.0, 158.0), 0.74


class Config(Settings):
    """Settings of solid letters."""

    depth: Distribution = Number((2, 9), lo=0, hi=1000, unit="px", about="how far back the bodies go")
    angle: Distribution = Number((-150, -30), lo=-360, hi=360, unit="degrees", about="where they go; -90 is down")
    paint: Choices = Pick(
        ("drawn", "ink"), default=("drawn", "ink"), about="whether the sides have a color of their own"
    )
    color: ColorRange = Color(((70, 50, 40), (190, 170, 170)), about="color of the sides where it is their own")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    depth: float
    angle: float
    paint: str
    color: tuple[int, int, int]


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with its bodies beneath."""
    if params.depth == 0:
        return inked
    body, lit = apply_extrude(inked.mask, params.depth, params.angle)
    if params.paint == "drawn":
        return inked.beneath(Layer(body, _shaded(lit, [(_AWAY * level, level) for level in params.color])))
    gray = Layer(scaled(body, _GRAY_SHARE), _shaded(lit, [_GRAY] * 3))
    return inked.beneath(gray).beneath(Layer(body, None))


def _shaded(lit: Coverage, levels: list[tuple[float, float]]) -> NDArray[np.uint8]:
    """Levels of each channel where light does not come and where it does, by the light there: uint8 (h, w, 3)."""
    tables = [np.rint(np.linspace(dark, light, 256)).astype(np.uint8) for dark, light in levels]
    return np.asarray(cv2.merge([cv2.LUT(lit, table) for table in tables]), np.uint8)


UNIT = Unit(
    id="extrude",
    stage="effects",
    summary="Solid letters: bodies that go back into the depth, with shaded sides. Labels are those of the faces.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"depth": 0},
)
