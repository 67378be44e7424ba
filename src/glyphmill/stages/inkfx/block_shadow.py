"""Effects stage; the whole block of text throws a soft shadow, as a plate would; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.geometry import Points
from glyphmill.core.unit import Unit
from glyphmill.effects import apply_block_shadow
from glyphmill.pixels.coverage import scaled
from glyphmill.stages.ink.inked import Inked, Layer


class Config(Settings):
    """Settings of the shadow of a block of text."""

    offset_x: Distribution = Number((-4, 5), unit="px", about="how far to the right it falls; none where both are 0")
    offset_y: Distribution = Number((1, 5), unit="px", about="how far down it falls")
    radius: Distribution = Number((0, 8), lo=0, unit="px", about="standard deviation of its softness")
    color: ColorRange = Color(
        ((0, 0, 0, 128), (0, 0, 0, 128)), about="its color and, as the fourth number, how dense it is"
    )
    around: Choices = Pick(
        ("block", "lines"), default="block", about="one shadow behind all of the text, or one a line"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    offset_x: float
    offset_y: float
    radius: float
    color: tuple[int, int, int, int]
    around: str


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return drawn(config, rng)


def apply(params: Params, inked: Inked) -> Inked:
    """The ink with the shadow on the background: the color of the ink has to be readable on it."""
    if params.offset_x == 0 and params.offset_y == 0:
        return inked
    polygons = inked.labels.line_polygons
    blocks = [_box(polygons, inked.labels.baselines[0])] if params.around == "block" else list(polygons)
    shadow = apply_block_shadow(inked.mask, params.offset_x, params.offset_y, params.radius, blocks)
    *rgb, alpha = params.color
    return inked.on_ground(Layer(scaled(shadow, alpha / 255), np.array(rgb, np.uint8)))


def _box(polygons: NDArray[np.float64], baseline: Points) -> Points:
    """The rectangle around all lines, (n, 2 s, 2), that lies along the first one: (4, 2)."""
    chord = baseline[-1] - baseline[0]
    length = float(np.hypot(*chord))
    along = chord / length if length > 0 else np.array([1.0, 0.0])
    axes = np.stack([along, [-along[1], along[0]]])
    places = polygons.reshape(-1, 2) @ axes.T
    (u0, v0), (u1, v1) = places.min(axis=0), places.max(axis=0)
    return np.asarray(np.array([(u0, v0), (u1, v0), (u1, v1), (u0, v1)]) @ axes)


UNIT = Unit(
    id="block_shadow",
    stage="effects",
    summary="A soft shadow of the whole block of text, or of each line. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
    off={"offset_x": 0, "offset_y": 0},
)
