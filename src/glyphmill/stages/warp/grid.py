"""Warp stage; shakes the nodes of a grid; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_grid_distortion
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number, Whole
from glyphmill.core.page import Page
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a grid distortion."""

    steps: Distribution = Whole(2, lo=0, hi=1000, about="nodes per side; 0 and 1 are off")
    limit: Distribution = Number(
        0, lo=0, hi=10000, unit="px", kind="exponential", about="how far each node moves along x and along y"
    )


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    steps: int
    limit: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_grid_distortion(
        page, steps=params.steps, limit=params.limit, rng=field_stream(params.seed), fit=params.fit
    )


UNIT = Unit(
    id="grid",
    stage="warp",
    summary="Moves the nodes of a grid at random, smooth in between. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
