"""Warp stage; slants the page; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_shear
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a shear."""

    x: Distribution = Number(
        (-0.2, 0.2), lo=-2, hi=2, kind="normal", about="how far upper parts lean to the right (shift per height)"
    )
    y: Distribution = Number(0, lo=-2, hi=2, kind="normal", about="how far right parts rise (shift per width)")


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    x: float
    y: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_shear(page, x=params.x, y=params.y, fit=params.fit)


UNIT = Unit(
    id="shear",
    stage="warp",
    summary="Slants the page along x and y. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
