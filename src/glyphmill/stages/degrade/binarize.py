"""Degrade stage; turns pixels into black or white; labels unchanged.

Source: Otsu, IEEE SMC 1979; Sauvola & Pietikäinen, Pattern Recognition 2000; Bayer, IEEE ICC 1973; Ulichney,
SPIE 1913, 1993.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_binarize


class Config(Settings):
    """Settings of binarization."""

    method: Choices = Pick(
        ("otsu", "sauvola", "threshold", "ordered", "blue_noise"),
        default=("otsu", "sauvola", "threshold", "ordered", "blue_noise"),
        about="one threshold found or given, one for each neighborhood, or a dither pattern",
    )
    threshold: Distribution = Number(
        (0.4, 0.65), lo=0, hi=1, unit="share of the range", about="of ``threshold``: where white begins"
    )
    window: Distribution = Number((15, 41), lo=3, hi=999, unit="px", about="of ``sauvola``: side of the neighborhood")
    k: Distribution = Number((0.1, 0.35), lo=0, hi=1, about="of ``sauvola``: how dark ink must be on a plain ground")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    method: str
    threshold: float
    window: float
    k: float


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image in black and white."""
    return apply_binarize(image, params.method, threshold=params.threshold, window=params.window, k=params.k)


UNIT = Unit(
    id="binarize",
    stage="degrade",
    summary="Black and white only: by Otsu, Sauvola, one threshold or a dither pattern. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
