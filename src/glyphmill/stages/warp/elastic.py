"""Warp stage; displaces the page by smooth noise; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_elastic_distortion
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number
from glyphmill.core.page import Page
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of an elastic distortion."""

    alpha: Distribution = Number(
        0,
        lo=0,
        hi=1000000,
        unit="px",
        kind="exponential",
        about="scale of the displacement: noise of this strength, then smoothed; 0 is off",
    )
    sigma: Distribution = Number(
        0, lo=0, hi=10000, unit="px", kind="exponential", about="how far it is smoothed; 0 is off"
    )


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    alpha: float
    sigma: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_elastic_distortion(
        page, alpha=params.alpha, sigma=params.sigma, rng=field_stream(params.seed), fit=params.fit
    )


UNIT = Unit(
    id="elastic",
    stage="warp",
    summary="Displaces the page by smooth random noise that never folds. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
