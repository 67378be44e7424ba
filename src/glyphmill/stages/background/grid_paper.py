"""Background stage; squared or graph paper, every few lines a stronger one; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Whole
from glyphmill.core.rng import field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Pixels, Size
from glyphmill.stages.background._lines import fade, parallel_lines
from glyphmill.stages.background._sheet import SheetParams, SheetSettings, draw_sheet, make_sheet
from glyphmill.stages.background._texture import print_ink, tone

_MAJOR_THICKNESS = 1.6  # of the stronger lines, in thicknesses of the others


class Config(SheetSettings):
    """Settings of grid paper."""

    line_color: ColorRange = Color(((110, 138, 170), (164, 190, 204)), about="color of the lines")
    spacing: Distribution = Number((14, 30), lo=3, unit="px", about="side of a square")
    thickness: Distribution = Number((0.7, 1.2), lo=0.1, hi=20, unit="px", about="of a line")
    opacity: Distribution = Number((0.4, 0.8), lo=0, hi=1, about="of the print")
    fade: Distribution = Number((0, 0.4), lo=0, hi=1, about="how far the print is worn away in places")
    tilt: Distribution = Number((-0.8, 0.8), lo=-45, hi=45, unit="degrees", kind="normal", about="of the sheet")
    style: Choices = Pick(("squared", "graph"), default=("squared", "graph"), about="graph: some lines are stronger")
    major: Distribution = Whole(5, lo=2, hi=100, about="of graph paper: every so many lines one is stronger")


@dataclass(frozen=True, kw_only=True)
class Params(SheetParams):
    """Drawn values.

    Attributes:
        phase: place of the first lines, x and y, as fractions of the pattern that repeats.
        major: every so many lines one is stronger; 1 if none is.
    """

    line_color: tuple[int, ...]
    spacing: float
    thickness: float
    phase: tuple[float, float]
    opacity: float
    fade: float
    tilt: float
    major: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        **draw_sheet(config, context, rng),
        "line_color": tone(config.line_color, rng),
        "spacing": config.spacing.draw(rng),
        "thickness": config.thickness.draw(rng),
        "phase": (rng.random(), rng.random()),
        "opacity": config.opacity.draw(rng),
        "fade": config.fade.draw(rng),
        "tilt": config.tilt.draw(rng),
        "major": config.major.draw(rng) if config.style.draw(rng) == "graph" else 1,
    }


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The paper: uint8 (H, W, 3), RGB, of size (width, height)."""
    every = params.major
    strength = 1.0 if every == 1 else 0.6
    lines = cv2.convertScaleAbs(_crossed(params, size, 1, every), alpha=strength)
    if every > 1:
        lines = cv2.max(lines, _crossed(params, size, every, every))
    wear = field_stream(params.seed + 1)  # beside the sheet's own stream
    return print_ink(make_sheet(params, size), fade(wear, lines, params.opacity, params.fade), params.line_color)


def _crossed(params: Params, size: Size, step: int, every: int) -> Pixels:
    """Coverage of every ``step``-th line both ways; phases count in ``every`` lines, so that all steps agree."""
    thickness = params.thickness * (_MAJOR_THICKNESS if step > 1 else 1.0)
    across, down = (
        parallel_lines(size, params.spacing * step, thickness, phase * every / step, params.tilt, upright=upright)
        for phase, upright in zip(params.phase, (True, False), strict=True)
    )
    return np.asarray(cv2.max(across, down), np.uint8)


UNIT = Unit(
    id="grid_paper",
    stage="background",
    summary="Squared or graph paper. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
