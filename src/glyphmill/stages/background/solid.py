"""Background stage; one flat color; nothing to source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Color, ColorRange, Settings
from glyphmill.core.unit import Unit
from glyphmill.stages.background._texture import is_default


class Config(Settings):
    """Settings of a flat background."""

    color: ColorRange = Color(((247, 247, 247), (255, 255, 255)), about="its color")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values: RGB."""

    color: tuple[int, ...]


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    ground = getattr(context, "ground", None)
    return {"color": ground if ground is not None and is_default(config, "color") else config.color.draw(rng)}


def apply(params: Params, size: tuple[int, int], resources: Any) -> NDArray[np.uint8]:
    """One color: uint8 (H, W, 3), RGB, of size (width, height)."""
    width, height = size
    red, green, blue = params.color
    if red == green == blue:
        return np.full((height, width, 3), red, np.uint8)
    # Row by row, because copying rows is many times faster than spreading three bytes over each pixel.
    page = np.empty((height, width, 3), np.uint8)
    page[:] = np.full((width, 3), (red, green, blue), np.uint8)
    return page


UNIT = Unit(
    id="solid",
    stage="background",
    summary="One flat color. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
