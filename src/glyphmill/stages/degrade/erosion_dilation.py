"""Degrade stage; thins or grows dark ink by a square, light ink the other way; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Pick, Settings, Whole
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, apply_erosion_dilation


class Config(Settings):
    """Settings of erosion or dilation."""

    kernel: Distribution = Whole(
        (1, 3), lo=0, unit="px", about="side of the square; an even one counts as the next odd one; 0 and 1 do nothing"
    )
    operation: Choices = Pick(
        ("dilate", "erode"), default=("dilate", "erode"), about="grow dark ink, or thin it; of light ink, the reverse"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    kernel: int
    operation: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, image: Image) -> Image:
    """The image with its dark ink thinned or grown."""
    return apply_erosion_dilation(image, params.kernel, params.operation)


UNIT = Unit(
    id="erosion_dilation",
    stage="degrade",
    summary="Dark ink thinned or grown by a square kernel; light ink on a dark ground, the reverse. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"kernel": 1},
)
