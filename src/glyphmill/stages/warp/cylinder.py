"""Warp stage; lays the page around a cylinder; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_cylinder_warp
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings
from glyphmill.warpmaps.paper import Axis


class Config(WarpSettings):
    """Settings of a cylinder."""

    axis: Choices = Pick(("vertical", "horizontal"), default="vertical", about="of the cylinder")
    arc: Distribution = Number(
        (30, 110), lo=-132, hi=132, unit="degrees", about="how much of the cylinder the page takes; below 0 its hollow"
    )
    tilt: Distribution = Number(
        (-12, 12), lo=-60, hi=60, unit="degrees", kind="normal", about="how far the camera looks from above"
    )
    center: Distribution = Number(
        0.5, lo=0, hi=1, about="where the line that is closest lies: 0.5 a bottle, near 0 or 1 the page of a book"
    )


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    axis: Axis
    arc: float
    tilt: float
    center: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_cylinder_warp(
        page, axis=params.axis, arc=params.arc, tilt=params.tilt, center=params.center, fit=params.fit
    )


UNIT = Unit(
    id="cylinder",
    stage="warp",
    summary="Lays the page around a cylinder: a bottle, the page of a book. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
