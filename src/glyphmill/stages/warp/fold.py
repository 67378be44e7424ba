"""Warp stage; folds the page and opens it again; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_fold
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Whole
from glyphmill.core.page import Page
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings
from glyphmill.warpmaps.paper import Axis


class Config(WarpSettings):
    """Settings of a folded letter."""

    axis: Choices = Pick(("vertical", "horizontal"), default=("vertical", "horizontal"), about="of the creases")
    creases: Distribution = Whole((1, 3), lo=0, hi=20, about="how many; 0 is off")
    angle: Distribution = Number((8, 25), lo=0, hi=60, unit="degrees", about="how far panels are tilted")
    tilt: Distribution = Number(
        (-15, 15), lo=-60, hi=60, unit="degrees", kind="normal", about="how far the camera looks from above"
    )


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    axis: Axis
    creases: int
    angle: float
    tilt: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_fold(
        page,
        axis=params.axis,
        creases=params.creases,
        angle=params.angle,
        tilt=params.tilt,
        rng=field_stream(params.seed),
        fit=params.fit,
    )


UNIT = Unit(
    id="fold",
    stage="warp",
    summary="Folds the page and opens it again; panels stay at a slant. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
