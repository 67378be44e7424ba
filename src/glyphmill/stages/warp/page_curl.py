"""Warp stage; lifts a corner or an edge; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_page_curl
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings
from glyphmill.warpmaps.paper import Side

_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_SIDES = (*_CORNERS, "top", "right", "bottom", "left")


class Config(WarpSettings):
    """Settings of a curled page."""

    side: Choices = Pick(_SIDES, default=_CORNERS, about="which corner or edge")
    lift: Distribution = Number((30, 66), lo=0, hi=66, unit="degrees", about="how steep the paper stands where it ends")
    reach: Distribution = Number(
        (0.4, 1.2), lo=0, hi=5, about="how far from there the bend begins (lengths of the shorter side)"
    )
    turn: Distribution = Number(
        (-15, 15), lo=-30, hi=30, unit="degrees", kind="normal", about="turn of the line along which the paper bends"
    )


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    side: Side
    lift: float
    reach: float
    turn: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_page_curl(
        page, side=params.side, lift=params.lift, reach=params.reach, turn=params.turn, fit=params.fit
    )


UNIT = Unit(
    id="page_curl",
    stage="warp",
    summary="Lifts a corner or an edge of the page. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
