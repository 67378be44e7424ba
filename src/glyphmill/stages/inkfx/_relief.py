"""What raised and sunken letters have in common: their settings, and the finish of their surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.pixels.coverage import Coverage, scaled
from glyphmill.stages.ink.inked import Inked, Layer

BLACK, WHITE = (np.full(3, level, np.uint8) for level in (0, 255))


@dataclass(frozen=True)
class Finish:
    """How a material shows relief: width of its slopes, as a share of the depth; gloss; strength of its shade."""

    width: float
    gloss: float
    shade: float


FINISHES = {"paper": Finish(1.15, 0.0, 0.55), "plastic": Finish(0.85, 0.5, 0.7), "metal": Finish(0.65, 1.0, 0.85)}


class ReliefConfig(Settings):
    """Settings of letters in relief."""

    strength: Distribution = Number((0.4, 0.95), lo=0, hi=1, about="density of light and shade at the edges")
    depth: Distribution = Number((1, 3.5), lo=0, hi=100, unit="px", about="width of the slopes at the edges")
    ink: Distribution = Number(
        (0.45, 0.95), lo=0, hi=1, about="how much of its color the ink keeps; the rest is the bare surface"
    )
    angle: Distribution = Number(
        (60, 150), lo=-360, hi=360, unit="degrees", about="where the light comes from; 90 is from above"
    )
    finish: Choices = Pick(
        tuple(FINISHES), default=tuple(FINISHES), about="surface: soft paper, plastic, or polished metal"
    )


@dataclass(frozen=True, kw_only=True)
class ReliefParams:
    """Drawn values; names and units as in ``ReliefConfig``."""

    strength: float
    depth: float
    ink: float
    angle: float
    finish: str


def lit(params: ReliefParams, inked: Inked, light: Coverage, shade: Coverage) -> Inked:
    """The ink, as far as it is there, with shade and light upon it."""
    strength, finish = params.strength, FINISHES[params.finish]
    kept = inked.with_mask(scaled(np.ascontiguousarray(inked.mask), params.ink))
    return kept.above(Layer(scaled(shade, strength * finish.shade), BLACK)).above(Layer(scaled(light, strength), WHITE))
