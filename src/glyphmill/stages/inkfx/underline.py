"""Effects stage; lines under text, or beside vertical text, along its baseline; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glyphmill.config.fields import Choices, Distribution, Number, Pick
from glyphmill.core.unit import Unit
from glyphmill.pixels.paths import Reals
from glyphmill.pixels.rules import STYLES
from glyphmill.stages.ink.inked import Inked, Layer
from glyphmill.stages.inkfx._along import Stretches
from glyphmill.stages.inkfx._rule import RuleConfig, RuleParams, draw, ruled

#: Room that two lines, or a wave, take, in the thickness of one.
_ROOM = {"double": 1.8, "wavy": 2.0}


class Config(RuleConfig):
    """Settings of underlines."""

    distance: Distribution = Number(
        (0.06, 0.14), lo=0, hi=1, unit="em", about="from the baseline to the line, which stays above the descent"
    )
    style: Choices = Pick(STYLES, default=("straight", "hand", "double"), about="by ruler, by hand, a pair, or a wave")


@dataclass(frozen=True, kw_only=True)
class Params(RuleParams):
    """Drawn values; names and units as in ``Config``."""

    distance: float


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with lines: of the same ink, or of another pen beneath it."""
    if params.thickness == 0:
        return inked
    distance = params.distance * inked.em_px

    def place(found: Stretches, thickness: float) -> Reals:
        half = thickness / 2 * _ROOM.get(params.style, 1.0)
        below = -np.minimum(distance + half, np.maximum(-found.bottom - half, half))
        # upright glyphs fill their box: the line runs along its side, where the lines of a column begin
        return np.where(found.axial, found.top + half, below)

    cover = ruled(params, inked, place)
    if params.paint == "ink":
        return inked.with_mask(np.maximum(inked.mask, cover))
    return inked.beneath(Layer(cover, np.array(params.color, np.uint8)))


UNIT = Unit(
    id="underline",
    stage="effects",
    summary="Lines under all or some words, beside them in upright columns, ruled or by hand. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"thickness": 0},
)
