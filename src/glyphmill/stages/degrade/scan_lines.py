"""Degrade stage; draws the lines of a picture tube or of a fax; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_scan_lines


class Config(Settings):
    """Settings of lines."""

    strength: Distribution = Number((0.1, 0.6), lo=0, hi=1, about="how much is seen of it")
    pitch: Distribution = Number((2, 3.5), lo=1, hi=100, unit="px", about="from line to line")
    kind: Choices = Pick(
        ("tube", "fax"), default=("tube", "fax"), about="dark between lines, or rows that hold one value"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    pitch: float
    kind: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image in lines."""
    return apply_scan_lines(image, params.strength, params.pitch, field_stream(params.seed), kind=params.kind)


UNIT = Unit(
    id="scan_lines",
    stage="degrade",
    summary="Lines: the dark between those of a picture tube, or the coarse rows of a fax. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
