"""Warp stage; distorts the page as a lens does; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_optical_distortion
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings
from glyphmill.warpmaps.radial import LensModel


class Config(WarpSettings):
    """Settings of a lens."""

    limit: Distribution = Number(
        0,
        lo=-0.4,
        hi=1,
        kind="exponential",
        about="radial coefficient k1 = k2, at distances in half diagonals; above 0 barrel, below 0 pincushion, which "
        "enlarges the page and so stops at -0.4",
    )
    model: Choices = Pick(("barrel", "fisheye"), default="barrel", about="profile of the lens")


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    limit: float
    model: LensModel


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_optical_distortion(page, limit=params.limit, model=params.model, fit=params.fit)


UNIT = Unit(
    id="optical",
    stage="warp",
    summary="Distorts the page as a lens does: barrel, pincushion, fisheye. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
