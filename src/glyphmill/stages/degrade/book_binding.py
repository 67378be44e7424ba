"""Degrade stage; the page darkens towards the spine at one side; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_book_binding


class Config(Settings):
    """Settings of the shadow of a spine."""

    strength: Distribution = Number((0.2, 0.65), lo=0, hi=1, unit="share of the light", about="lost at the spine")
    reach: Distribution = Number((0.12, 0.5), lo=0, hi=2, unit="share of the image", about="how far the bend goes")
    side: Choices = Pick(("left", "right", "top", "bottom"), default=("left", "right"), about="where the spine is")
    gloss: Distribution = Number((0, 0.1), lo=0, hi=1, unit="share of the light", about="gained where paper shines")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    strength: float
    reach: float
    side: str
    gloss: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image of a page beside a spine."""
    return apply_book_binding(
        image,
        params.strength,
        params.reach,
        field_stream(params.seed),
        side=params.side,
        gloss=params.gloss,
    )


UNIT = Unit(
    id="book_binding",
    stage="degrade",
    summary="The page bends into a spine: ever darker towards it, with a sheen on the bend. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"strength": 0},
)
