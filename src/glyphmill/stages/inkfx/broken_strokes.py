"""Effects stage; gaps and nibbled edges of worn type or a bad copy; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_broken_strokes
from glyphmill.stages.ink.inked import Inked


class Config(Settings):
    """Settings of worn strokes."""

    amount: Distribution = Number((0.08, 0.35), lo=0, hi=1, about="0 for none to 1, where hardly a stroke is whole")
    size: Distribution = Number((0.05, 0.11), lo=0, hi=2, unit="em", about="size of the gaps")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    size: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, inked: Inked) -> Inked:
    """The ink that is left; thin strokes break first."""
    rng = field_stream(params.seed)
    return inked.with_mask(apply_broken_strokes(inked.mask, params.amount, rng, size=params.size, em_px=inked.em_px))


UNIT = Unit(
    id="broken_strokes",
    stage="effects",
    summary="Worn type or a bad copy: nibbled edges, and gaps where strokes are thin. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
