"""Warp stage; makes the page larger, smaller, wider or higher; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_scale
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a change of size."""

    factor: Distribution = Number(1, lo=0.1, hi=10, unit="x", about="enlargement")
    aspect: Distribution = Number(1, lo=0.1, hi=10, unit="x", about="stretch: above 1 wider and lower by as much")


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    factor: float
    aspect: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_scale(page, factor=params.factor, aspect=params.aspect, fit=params.fit)


UNIT = Unit(
    id="scale",
    stage="warp",
    summary="Scales the page, and stretches it one way. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
