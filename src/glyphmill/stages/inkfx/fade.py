"""Effects stage; ink that ran low: pale patches, streaks and lines; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_fade
from glyphmill.stages.ink.inked import Inked


class Config(Settings):
    """Settings of ink that ran low."""

    amount: Distribution = Number((0.1, 0.6), lo=0, hi=1, about="share of the ink that is lost where it is faintest")
    mode: Choices = Pick(
        ("toner", "pen", "pressure", "nozzle"),
        default=("toner", "pen", "pressure", "nozzle"),
        about="toner: a cartridge nearly empty, pale patches and bands in grains; pen: one that runs dry, scratchy; "
        "pressure: type that prints unevenly, smooth; nozzle: clogged ones of an ink jet, pale lines",
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    mode: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, inked: Inked) -> Inked:
    """The ink where there is still some."""
    rng = field_stream(params.seed)
    return inked.with_mask(apply_fade(inked.mask, params.amount, rng, mode=params.mode, em_px=inked.em_px))


UNIT = Unit(
    id="fade",
    stage="effects",
    summary="Ink that ran low: spent toner, a dry pen, uneven pressure, clogged nozzles. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
)
