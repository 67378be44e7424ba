"""Degrade stage; makes a copy of a copy; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_photocopy


class Config(Settings):
    """Settings of a photocopy."""

    strength: Distribution = Number((0.2, 0.8), lo=0, hi=1, about="how far all of it goes")
    specks: Distribution = Number((0, 1.5), lo=0, hi=50, about="black specks; 1 is a copier that is due for service")
    streaks: Distribution = Number((0, 1.5), lo=0, hi=50, about="streaks along the feed; 1 is about one in 170 px")
    edge: Distribution = Number((0, 6), lo=0, hi=2000, unit="px", about="width of the black bands at one or two sides")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    specks: float
    streaks: float
    edge: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The copy, gray."""
    return apply_photocopy(
        image,
        params.strength,
        field_stream(params.seed),
        specks=params.specks,
        streaks=params.streaks,
        edge=params.edge,
    )


UNIT = Unit(
    id="photocopy",
    stage="degrade",
    summary="A copy of a copy, gray: hard contrast, specks, streaks and black edge bands. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
