"""Effects stage; strokes of a translucent marker on the paper under text; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.rules import marker
from glyphmill.stages.ink.inked import Inked, Layer
from glyphmill.stages.inkfx._along import stretches
from glyphmill.stages.inkfx._rule import WORDS

#: Dyes as they look on white paper at full density.
_DYES = {
    "yellow": (252, 240, 20),
    "green": (130, 240, 60),
    "pink": (255, 110, 170),
    "orange": (255, 168, 30),
    "blue": (90, 200, 250),
}


class Config(Settings):
    """Settings of a highlighter."""

    opacity: Distribution = Number((0.45, 0.85), lo=0, hi=1, about="how dense the dye is")
    thickness: Distribution = Number((0.8, 1.15), lo=0, hi=5, unit="em", about="width of the strokes")
    dye: Choices = Pick((*_DYES, "drawn"), default=tuple(_DYES), about="color of the dye; drawn: out of `color`")
    color: ColorRange = Color(((120, 160, 40), (255, 255, 160)), about="color of the dye where it is drawn")
    words: Choices = Pick(WORDS, default=("some", "line"), about="whole lines of text, or some words")
    share: Distribution = Number((0.2, 0.6), lo=0, hi=1, about="how many of the words, where it is some; at least one")
    style: Choices = Pick(("hand", "straight"), default=("hand", "straight"), about="by hand, or along a ruler")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    opacity: float
    thickness: float
    dye: str
    color: tuple[int, int, int]
    words: str
    share: float
    style: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with strokes on the background: the color of the ink has to be readable on them."""
    if params.opacity == 0 or params.thickness == 0:
        return inked
    rng = field_stream(params.seed)
    cover = np.zeros(inked.mask.shape, np.uint8)
    em_px, straight = inked.em_px, params.style == "straight"
    found = stretches(inked.labels, params.words, params.share, rng)
    off = found.middle + rng.uniform(-0.06, 0.06, len(found.path)) * em_px
    marker(cover, found.path, off, params.thickness * em_px, em_px, params.opacity, rng, straight=straight)
    return inked.on_ground(Layer(cover, np.array(_DYES.get(params.dye, params.color), np.uint8)))


UNIT = Unit(
    id="highlighter",
    stage="effects",
    summary="Strokes of a translucent marker under all or some words. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"opacity": 0},
)
