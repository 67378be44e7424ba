"""Warp stage; bends the page as a thin plate; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_thin_plate
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Whole
from glyphmill.core.page import Page
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a thin plate."""

    points: Distribution = Whole((5, 9), lo=4, hi=64, about="how many points move")
    shift: Distribution = Number((2, 8), lo=0, hi=10000, unit="px", about="how far each moves along x and along y")


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    points: int
    shift: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_thin_plate(
        page, points=params.points, shift=params.shift, rng=field_stream(params.seed), fit=params.fit
    )


UNIT = Unit(
    id="thin_plate",
    stage="warp",
    summary="Moves a few points of the page and bends it in between as a thin plate. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
