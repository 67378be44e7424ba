"""Background stage; boards of wood, bare or painted, with grain and joints; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Plane, Size, grain, smooth_noise
from glyphmill.stages.background._streaks import streaks
from glyphmill.stages.background._texture import own_tone, tint

_STRETCH = 14.0
_JOINT = 34.0  # levels, at the middle of a joint
_POROUS = 0.35  # of the contrast


class Config(Settings):
    """Settings of boards; amounts are gray levels of 255."""

    color: ColorRange = Color(((170, 132, 92), (222, 192, 152)), about="of the wood, or of its paint")
    board: Distribution = Number((60, 240), lo=4, hi=10_000, unit="px", about="width of a board")
    ring: Distribution = Number((5, 16), lo=1, hi=500, unit="px", about="from one year's ring to the next")
    contrast: Distribution = Number((6, 22), lo=0, hi=100, unit="levels", about="of the rings")
    tones: Distribution = Number((2, 12), lo=0, hi=80, unit="levels", about="how far boards differ")
    grain: Distribution = Number((1, 4), lo=0, hi=60, unit="levels", about="of fibers and dust")
    direction: Choices = Pick(("along", "across"), default=("along", "across"), about="of boards, by the text")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    color: tuple[int, ...]
    board: float
    ring: float
    contrast: float
    tones: float
    grain: float
    direction: str
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {**drawn(config, rng), "color": own_tone(config, context, rng), "seed": field_seed(rng)}


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The boards: uint8 (H, W, 3), RGB, of size (width, height)."""
    rng = field_stream(params.seed)
    if params.direction == "across":
        levels = np.ascontiguousarray(_boards(rng, (size[1], size[0]), params).T)
    else:
        levels = _boards(rng, size, params)
    cv2.scaleAdd(grain(rng, size), params.grain, levels, dst=levels)
    return tint(levels, params.color, depth=0.8)


def _boards(rng: Generator, size: Size, params: Params) -> Plane:
    """Levels of boards that lie along x, float32 (H, W)."""
    height = size[1]
    first = rng.uniform(0, params.board)
    place = (np.arange(height, dtype=np.float32) + 0.5 + first) / params.board
    number = place.astype(np.int64)
    each = rng.standard_normal((int(number[-1]) + 1, 3)).astype(np.float32)[number]
    # Rings as a saw cut through the trunk shows them: far apart in the middle of a board, bent by knots and growth.
    bend = streaks(rng, size, max(8.0, params.board * 0.5), 5.0) * np.float32(1.8)
    bend += streaks(rng, size, max(4.0, params.ring), _STRETCH) * np.float32(0.35)
    across = ((place - number - 0.5 + 0.25 * each[:, 1]) * params.board) ** 2 / (params.board * 0.5)
    phase = (across / params.ring)[:, None] + bend + each[:, 2:3] * 3
    saw = phase - np.floor(phase)
    rings = saw * saw * (1.5 - saw)  # slowly darker through the summer, light again at once in spring
    levels = np.asarray((0.22 - rings) * np.float32(params.contrast) * 1.6, np.float32)
    levels -= np.maximum(streaks(rng, size, 2.0, 26.0) - 0.3, 0) * np.float32(_POROUS * 3 * params.contrast)
    levels += each[:, :1] * np.float32(params.tones)
    cv2.scaleAdd(smooth_noise(rng, size, max(30.0, max(size) / 3)), 4.0, levels, dst=levels)
    distance = np.abs(place - np.rint(place)) * params.board
    levels -= (np.clip(1.8 - distance, 0, 1) * np.float32(_JOINT))[:, None]
    return levels


UNIT = Unit(
    id="wood",
    stage="background",
    summary="Boards of wood, bare or painted. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
