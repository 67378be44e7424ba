"""Background stage; a wall of bricks or blocks in running bond, bare or painted; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.drawing import drawn
from glyphmill.config.fields import Color, ColorRange, Distribution, Number, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Plane, Size, grain, smooth_noise
from glyphmill.pixels.lab import from_lab, to_lab
from glyphmill.stages.background._texture import own_tone, tint
from glyphmill.stages.background._wear import mix


class Config(Settings):
    """Settings of a wall of bricks; amounts are gray levels of 255."""

    color: ColorRange = Color(((186, 136, 112), (226, 196, 170)), about="of the bricks, or of the paint on them")
    height: Distribution = Number((22, 70), lo=3, hi=5000, unit="px", about="of a row, with its joint")
    aspect: Distribution = Number((2.2, 3.8), lo=0.5, hi=20, about="length of a brick by its height")
    joint: Distribution = Number((0.06, 0.16), lo=0, hi=0.5, unit="share of the height", about="width of joints")
    mortar: Distribution = Number((-22, 26), lo=-100, hi=100, unit="L*", about="how much lighter mortar is than brick")
    tones: Distribution = Number((2, 14), lo=0, hi=80, unit="levels", about="how far bricks differ")
    relief: Distribution = Number((4, 18), lo=0, hi=100, unit="levels", about="light and shade of their edges")
    rough: Distribution = Number((3, 9), lo=0, hi=80, unit="levels", about="how rough they are")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``; ``first`` is where rows begin, ``bond`` how they are offset."""

    color: tuple[int, ...]
    height: float
    aspect: float
    joint: float
    mortar: float
    tones: float
    relief: float
    rough: float
    first: tuple[float, float]
    bond: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        **drawn(config, rng),
        "color": own_tone(config, context, rng),
        "first": (rng.random(), rng.random()),
        "bond": (0.5, 1 / 3, 0.25)[int(rng.random() * 3)],
        "seed": field_seed(rng),
    }


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The wall: uint8 (H, W, 3), RGB, of size (width, height)."""
    rng = field_stream(params.seed)
    width, height = size
    tall, wide = params.height, params.height * params.aspect
    # Edges of bricks are not straight.
    stray = smooth_noise(rng, size, max(4.0, tall * 0.35)) * np.float32(0.024 * tall)
    down = (np.arange(height, dtype=np.float32) + 0.5)[:, None] / tall + params.first[1] + stray / tall
    row = np.floor(down)
    along = (np.arange(width, dtype=np.float32) + 0.5)[None] / wide + params.first[0] + row * params.bond - stray / wide
    column = np.floor(along)
    v, u = (down - row - 0.5) * tall, (along - column - 0.5) * wide
    # Distance to the edge of the brick, px, above 0 inside.
    edge = np.minimum(tall / 2 - np.abs(v), wide / 2 - np.abs(u)) - params.joint * tall / 2
    brick = np.clip(edge + 0.5, 0, 1)
    levels = _tones(rng, row, column) * np.float32(params.tones)
    levels += smooth_noise(rng, size, max(5.0, tall * 0.5)) * np.float32(params.rough)
    levels += smooth_noise(rng, size, 3.0) * np.float32(params.rough * 0.7)
    # Light from above: the upper edge shines, the lower one lies in its own shade, and mortar in that of the brick.
    rim = np.clip(1 - np.abs(edge - 1) / max(1.5, tall * 0.05), 0, 1)
    levels -= rim * np.sign(v) * np.float32(params.relief)
    cv2.scaleAdd(grain(rng, size), 0.25 * params.rough + 1, levels, dst=levels)
    page = tint(np.asarray(levels, np.float32), params.color)
    lab = to_lab(params.color)
    mortar = from_lab([min(max(float(lab[0]) + params.mortar, 5.0), 97.0), lab[1] * 0.35, lab[2] * 0.45])
    shade = smooth_noise(rng, size, 4.0) * np.float32(params.rough) + grain(rng, size) * np.float32(2)
    shade -= np.clip(-edge, 0, None) * (v < 0) * np.float32(params.relief * 2 / max(params.joint * tall, 1.0))
    color = np.clip(np.rint(mortar), 0, 255).astype(int).tolist()
    filled = tint(np.asarray(shade, np.float32), (color[0], color[1], color[2]))
    return mix(filled, page, np.asarray(brick * 255, np.uint8))


def _tones(rng: Generator, row: Plane, column: Plane) -> Plane:
    """A normal deviate for each brick, by whole rows and columns, float32 (H, W)."""
    row_low, column_low = float(row.min()), float(column.min())
    rows, columns = int(row.max() - row_low) + 1, int(column.max() - column_low) + 1
    table = rng.standard_normal(rows * columns).astype(np.float32)
    return np.asarray(table[((row - row_low) * columns + (column - column_low)).astype(np.int32)], np.float32)


UNIT = Unit(
    id="brick",
    stage="background",
    summary="A wall of bricks or blocks, bare or painted. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
