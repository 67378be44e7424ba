"""Degrade stage; saves as lossy WebP and loads again; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Distribution, Settings, Whole
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_webp


class Config(Settings):
    """Settings of WebP."""

    quality: Distribution = Whole((5, 80), lo=1, hi=100, about="100 is best")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    quality: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image as it comes back."""
    return apply_webp(image, params.quality)


UNIT = Unit(
    id="webp",
    stage="degrade",
    summary="WebP: smooth patches and smeared detail, as of pictures from the web. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
