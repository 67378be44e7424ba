"""Degrade stage; coffee rings, tide marks and foxing on the paper; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings, Whole
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_stains


class Config(Settings):
    """Settings of stains."""

    strength: Distribution = Number((0.15, 0.6), lo=0, hi=1, about="how dark they are; text stays readable below 0.7")
    kind: Choices = Pick(
        ("coffee", "water", "foxing"),
        default=("coffee", "water", "foxing"),
        about="rings of a cup, dried puddles, or colonies of rust-colored spots",
    )
    count: Distribution = Whole((1, 3), lo=0, hi=100, about="how many")
    size: Distribution = Number((70, 280), lo=0, hi=20000, unit="px", about="diameter of each, give or take a fifth")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    kind: str
    count: int
    size: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The stained image."""
    return add_stains(image, params.kind, params.strength, params.count, params.size, field_stream(params.seed))


UNIT = Unit(
    id="stains",
    stage="degrade",
    summary="Rings of a coffee cup, tide marks of water or foxing, as clear dyes over the page. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
