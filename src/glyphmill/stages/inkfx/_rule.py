"""What lines under and through text have in common: their settings, and how they are laid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.pixels.paths import Reals
from glyphmill.pixels.rules import rule
from glyphmill.stages.ink.inked import Inked
from glyphmill.stages.inkfx._along import Stretches, stretches

WORDS = ("line", "some")


class RuleConfig(Settings):
    """Settings of lines along text."""

    thickness: Distribution = Number((0.04, 0.1), lo=0, hi=1, unit="em", about="how thick the line is")
    words: Choices = Pick(WORDS, default=WORDS, about="whole lines of text, or some words")
    share: Distribution = Number((0.2, 0.6), lo=0, hi=1, about="how many of the words, where it is some; at least one")
    paint: Choices = Pick(
        ("ink", "drawn"), default=("ink", "drawn"), about="whether it has the color of the ink, or its own"
    )
    color: ColorRange = Color(((0, 10, 40), (215, 60, 200)), about="its color where it has its own")


@dataclass(frozen=True, kw_only=True)
class RuleParams:
    """Drawn values; names and units as in ``RuleConfig``."""

    thickness: float
    words: str
    share: float
    paint: str
    color: tuple[int, int, int]
    style: str
    seed: int


def draw(config: RuleConfig, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``RuleParams`` and of what is added to them."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def ruled(params: RuleParams, inked: Inked, place: Callable[[Stretches, float], Reals]) -> NDArray[np.uint8]:
    """Coverage of the lines, uint8 (h, w).

    Args:
        place: heights of the middles of lines above their stretches, (s,), by these and the thickness of the lines, px.
    """
    rng = field_stream(params.seed)
    cover = np.zeros(inked.mask.shape, np.uint8)
    thickness = params.thickness * inked.em_px
    found = stretches(inked.labels, params.words, params.share, rng)
    rule(cover, found.path, place(found, thickness), thickness, inked.em_px, params.style, rng)
    return cover
