"""Degrade stage; makes a negative; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_invert


class Config(Settings):
    """There is nothing to set."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """Nothing is drawn."""


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The negative."""
    return apply_invert(image)


UNIT = Unit(
    id="invert",
    stage="degrade",
    summary="Negative: white becomes black. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
