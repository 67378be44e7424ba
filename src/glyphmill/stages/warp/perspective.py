"""Warp stage; shows the page at a slant; labels follow the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.augmentations import apply_perspective_warp
from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Number
from glyphmill.core.page import Page
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.stages.warp._base import WarpParams, WarpSettings


class Config(WarpSettings):
    """Settings of a perspective."""

    magnitude: Distribution = Number(
        0,
        lo=0,
        hi=10,
        kind="exponential",
        about="each corner moves inward by up to magnitude / 2 of the shorter side; less where that squashes the page",
    )
    yaw: Distribution = Number(
        0, lo=-75, hi=75, unit="degrees", kind="normal", about="camera: how far the right side turns away"
    )
    pitch: Distribution = Number(
        0, lo=-75, hi=75, unit="degrees", kind="normal", about="camera: how far the upper side turns away"
    )
    roll: Distribution = Number(
        0, lo=-360, hi=360, unit="degrees", kind="normal", about="camera: turn of the page, counter-clockwise"
    )
    focal: Distribution = Number(
        1.5,
        lo=0.3,
        hi=100,
        about="camera: focal length and distance, in lengths of the longer side; further where that squashes the page",
    )


@dataclass(frozen=True, kw_only=True)
class Params(WarpParams):
    """Drawn values; names and units as in ``Config``."""

    magnitude: float
    yaw: float
    pitch: float
    roll: float
    focal: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, page: Page) -> Page:
    """The page with this warp pending."""
    return apply_perspective_warp(
        page,
        magnitude=params.magnitude,
        yaw=params.yaw,
        pitch=params.pitch,
        roll=params.roll,
        focal=params.focal,
        rng=field_stream(params.seed),
        fit=params.fit,
    )


UNIT = Unit(
    id="perspective",
    stage="warp",
    summary="Shows the page at a slant: corners that move inward, or a camera. Labels follow.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
