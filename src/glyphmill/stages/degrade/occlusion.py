"""Degrade stage; thin things in front of the image; labels keep their geometry, ``visible`` is lowered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.effects import Image, add_occlusion, occlusion_cover


class Config(Settings):
    """Settings of occlusion."""

    amount: Distribution = Number((0.01, 0.1), lo=0, hi=1, unit="share of the image", about="how much they hide")
    kind: Choices = Pick(
        ("wires", "twigs", "poles", "leaves", "fence", "scratches"),
        default=("wires", "twigs", "poles", "leaves", "fence", "scratches"),
        about="what is in front; scratches are those of a pane of glass",
    )
    thickness: Distribution = Number(
        (2, 5), lo=0.1, hi=500, unit="px", about="of a wire; the other things are in proportion to it"
    )
    shadow: Distribution = Number(
        (0, 0.4), lo=0, hi=0.8, unit="share of the light", about="what their shadow takes; it hides nothing"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    amount: float
    kind: str
    thickness: float
    shadow: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "seed": field_seed(rng)}


def apply(params: Params, image: Image) -> Image:
    """The image behind them."""
    return add_occlusion(
        image,
        params.kind,
        params.amount,
        field_stream(params.seed),
        thickness=params.thickness,
        shadow=params.shadow,
    )


def hides(params: Params, size: tuple[int, int]) -> Image:
    """The coverage of what is in front: uint8 (h, w); a pixel that only shadow touches counts as 1 of 255."""
    return occlusion_cover(
        size,
        params.kind,
        params.amount,
        field_stream(params.seed),
        thickness=params.thickness,
        shadow=params.shadow,
    )


UNIT = Unit(
    id="occlusion",
    stage="degrade",
    summary="Wires, twigs, poles, leaves, a fence or scratched glass in front; visible says what is left.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"amount": 0},
    hides=hides,
)
