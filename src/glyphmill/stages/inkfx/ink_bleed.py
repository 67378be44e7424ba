"""Effects stage; ink that spreads into the fibers of paper; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_ink_bleed
from glyphmill.stages.ink.inked import Inked


class Config(Settings):
    """Settings of ink that spreads."""

    radius: Distribution = Number(
        (0.3, 1.6), lo=0, hi=200, unit="px", about="how far ink gets into the paper around it"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    radius: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with what it spreads to."""
    return inked.with_mask(apply_ink_bleed(inked.mask, params.radius, field_stream(params.seed)))


UNIT = Unit(
    id="ink_bleed",
    stage="effects",
    summary="Ink that spreads into paper: fuller letters with edges feathered along fibers. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"radius": 0},
)
