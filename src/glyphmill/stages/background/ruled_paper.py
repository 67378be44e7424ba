"""Background stage; exercise-book paper with printed lines and a margin; labels unchanged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick
from glyphmill.core.rng import field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.background._lines import fade, parallel_lines
from glyphmill.stages.background._sheet import SheetParams, SheetSettings, draw_sheet, make_sheet
from glyphmill.stages.background._texture import print_ink, tone


class Config(SheetSettings):
    """Settings of ruled paper."""

    line_color: ColorRange = Color(((96, 132, 180), (140, 176, 214)), about="color of the lines")
    spacing: Distribution = Number((28, 46), lo=3, unit="px", about="from line to line")
    thickness: Distribution = Number((0.9, 1.7), lo=0.1, hi=20, unit="px", about="of a line")
    opacity: Distribution = Number((0.45, 0.85), lo=0, hi=1, about="of the print")
    fade: Distribution = Number((0, 0.5), lo=0, hi=1, about="how far the print is worn away in places")
    tilt: Distribution = Number((-0.8, 0.8), lo=-45, hi=45, unit="degrees", kind="normal", about="of the sheet")
    margin: Choices = Pick(("left", "right", "none"), default=("left", "none"), about="side of the margin line")
    margin_color: ColorRange = Color(((204, 84, 96), (232, 130, 136)), about="color of the margin line")
    margin_width: Distribution = Number((24, 90), lo=0, unit="px", about="from the side to the margin line")


@dataclass(frozen=True, kw_only=True)
class Params(SheetParams):
    """Drawn values; ``phase`` is the place of the first line as a fraction of the spacing."""

    line_color: tuple[int, ...]
    spacing: float
    thickness: float
    phase: float
    opacity: float
    fade: float
    tilt: float
    margin: str
    margin_color: tuple[int, ...]
    margin_width: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        **draw_sheet(config, context, rng),
        "line_color": tone(config.line_color, rng),
        "spacing": config.spacing.draw(rng),
        "thickness": config.thickness.draw(rng),
        "phase": rng.random(),
        "opacity": config.opacity.draw(rng),
        "fade": config.fade.draw(rng),
        "tilt": config.tilt.draw(rng),
        "margin": config.margin.draw(rng),
        "margin_color": tone(config.margin_color, rng),
        "margin_width": config.margin_width.draw(rng),
    }


def apply(params: Params, size: tuple[int, int], resources: Any) -> NDArray[np.uint8]:
    """The paper: uint8 (H, W, 3), RGB, of size (width, height)."""
    wear = field_stream(params.seed + 1)  # beside the sheet's own stream
    page = make_sheet(params, size)
    lines = parallel_lines(size, params.spacing, params.thickness, params.phase, params.tilt, upright=False)
    page = print_ink(page, fade(wear, lines, params.opacity, params.fade), params.line_color)
    if params.margin == "none":
        return page
    at = params.margin_width if params.margin == "left" else size[0] - params.margin_width
    line = parallel_lines(size, math.inf, params.thickness * 1.2, at, params.tilt, upright=True)
    return print_ink(page, fade(wear, line, params.opacity, params.fade), params.margin_color)


UNIT = Unit(
    id="ruled_paper",
    stage="background",
    summary="Exercise-book paper with printed lines and a margin. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
