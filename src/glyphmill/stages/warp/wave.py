"""Warp stage; sways the page in a sine wave; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_wave
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a wave."""

    amplitude: Distribution = Number(
        (1, 4), lo=0, hi=10000, unit="px", about="less where it would be steeper than 45 degrees"
    )
    length: Distribution = Number((60, 240), lo=4, hi=100000, unit="px", about="from crest to crest")
    direction: Distribution = Number(0, lo=-360, hi=360, unit="degrees", about="0 runs along x and moves up and down")
    phase: Distribution = Number((0, 6.283), lo=-1000, hi=1000, unit="radians", about="in the middle of the page")


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    amplitude: float
    length: float
    direction: float
    phase: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_wave(
        page,
        amplitude=params.amplitude,
        length=params.length,
        direction=params.direction,
        phase=params.phase,
        fit=params.fit,
    )


UNIT = Unit(
    id="wave",
    stage="warp",
    summary="Sways the page in a sine wave. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
