"""Warp stage; turns the page; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_rotation
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a rotation."""

    angle: Distribution = Number(0, lo=-360, hi=360, unit="degrees", kind="normal", about="counter-clockwise")


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    angle: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_rotation(page, angle=params.angle, fit=params.fit)


UNIT = Unit(
    id="rotation",
    stage="warp",
    summary="Rotates the page; the canvas grows to hold it. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
