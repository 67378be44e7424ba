"""Effects stage; lines through the middle of text, which stays readable beneath them; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glyphmill.config.fields import Choices, Distribution, Number, Pick
from glyphmill.core.unit import Unit
from glyphmill.pixels.coverage import scaled
from glyphmill.pixels.paths import Reals
from glyphmill.pixels.rules import STYLES
from glyphmill.stages.ink.inked import Inked, Layer
from glyphmill.stages.inkfx._along import Stretches
from glyphmill.stages.inkfx._rule import RuleConfig, RuleParams, draw, ruled

#: Ink of a pen that crosses other ink lets some of it through.
_OPAQUE = 0.88


class Config(RuleConfig):
    """Settings of lines through text."""

    rise: Distribution = Number(
        (-0.04, 0.06), lo=-1, hi=1, unit="em", about="how far above the middle of the letters the line runs"
    )
    style: Choices = Pick(STYLES, default=("straight", "hand", "double"), about="by ruler, by hand, a pair, or a wave")


@dataclass(frozen=True, kw_only=True)
class Params(RuleParams):
    """Drawn values; names and units as in ``Config``."""

    rise: float


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with lines: of the same ink, or of another pen upon it."""
    if params.thickness == 0:
        return inked
    rise = params.rise * inked.em_px

    def place(found: Stretches, thickness: float) -> Reals:
        return found.middle + rise

    cover = ruled(params, inked, place)
    if params.paint == "ink":
        return inked.with_mask(np.maximum(inked.mask, cover))
    return inked.above(Layer(scaled(cover, _OPAQUE), np.array(params.color, np.uint8)))


UNIT = Unit(
    id="strike_through",
    stage="effects",
    summary="Lines through all or some words, ruled or by hand. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"thickness": 0},
)
