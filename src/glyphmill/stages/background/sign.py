"""Background stage; a painted or enamelled plate with border, corners, screws and wear; labels unchanged."""

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
from glyphmill.pixels import marks
from glyphmill.pixels.fields import Plane, Size, grain, smooth_noise
from glyphmill.stages.background._plate import add_screws, cells, on_wall
from glyphmill.stages.background._texture import is_default, own_tone, tint, tone
from glyphmill.stages.background._wear import dirt, mix, worn

_LEAST_SCREWED = 16  # px, of the shorter side: smaller plates have no room for screws


class Config(Settings):
    """Settings of a plate. Lengths are shares of the shorter side of the canvas."""

    color: ColorRange = Color(((206, 200, 184), (245, 243, 238)), about="of the plate")
    border_color: ColorRange = Color(((70, 70, 76), (130, 130, 136)), about="of the border")
    around_color: ColorRange = Color(((128, 126, 122), (196, 192, 184)), about="of the wall or the air behind it")
    margin: Distribution = Number((0, 0.06), lo=0, hi=0.4, kind="exponential", about="how far inside the plate ends")
    border: Distribution = Number((0, 0.045), lo=0, hi=0.3, about="thickness of the border; 0 for none")
    inset: Distribution = Number((0.015, 0.06), lo=0, hi=0.4, about="from the plate's edge to the border")
    radius: Distribution = Number((0, 0.2), lo=0, hi=0.5, about="of the plate's corners")
    screws: Choices = Pick(("none", "two", "four"), default=("none", "two", "four"), about="that hold it")
    surface: Choices = Pick(
        ("matt", "enamel", "reflective"), default=("matt", "enamel", "reflective"), about="what it is covered with"
    )
    slope: Distribution = Number((0, 16), lo=0, hi=120, unit="levels", about="by which the light on it changes")
    wear: Distribution = Number((0, 0.5), lo=0, hi=1, kind="exponential", about="dirt, scratches, chips and rust")
    grain: Distribution = Number((0.5, 2.5), lo=0, hi=60, unit="levels", about="roughness of the paint")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``; ``light`` is where it comes from, degrees counter-clockwise."""

    color: tuple[int, ...]
    border_color: tuple[int, ...]
    around_color: tuple[int, ...]
    margin: float
    border: float
    inset: float
    radius: float
    screws: str
    surface: str
    slope: float
    wear: float
    grain: float
    light: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``; with a family of colors, plate and border have its ground and its accent."""
    values = drawn(config, rng)
    values["color"] = own_tone(config, context, rng)
    accent = getattr(context, "accent", None) if getattr(context, "ground", None) is not None else None
    own = accent is not None and is_default(config, "border_color")
    values["border_color"] = accent if own else tone(config.border_color, rng)
    values["around_color"] = tone(config.around_color, rng)
    return {**values, "light": 30 + 120 * rng.random(), "seed": field_seed(rng)}


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The plate: uint8 (H, W, 3), RGB, of size (width, height)."""
    rng = field_stream(params.seed)
    width, height = size
    shorter = min(size)
    margin = params.margin * shorter
    box = (margin, margin, width - margin, height - margin)
    radius = params.radius * shorter
    page = tint(_plate(rng, size, params), params.color, depth=0.7)
    thickness, inset = params.border * shorter, params.inset * shorter
    if thickness >= 0.5:
        line = np.zeros((height, width), np.uint8)
        inner = tuple(side + inset * sense for side, sense in zip(box, (1, 1, -1, -1), strict=True))
        marks.frame(line, (inner[0], inner[1], inner[2], inner[3]), max(1.0, thickness), max(0.0, radius - inset))
        page = mix(page, np.array(params.border_color), line)
    inside = np.zeros((height, width), np.uint8)
    marks.fill_box(inside, box, radius)
    if params.screws != "none" and shorter >= _LEAST_SCREWED:
        add_screws(rng, page, box, {"two": 2, "four": 4}[params.screws], inset + thickness, shorter)
    if params.wear > 0.02:
        soft = cv2.blur(inside, (2 * round(shorter * 0.06) + 1,) * 2, borderType=cv2.BORDER_CONSTANT)
        near = (255 - soft.astype(np.float32)) / 255
        page = worn(rng, page, params.wear, near)
    if margin < 0.5 and radius < 1:
        return page
    return on_wall(rng, page, inside, params.color, params.around_color)


def _plate(rng: Generator, size: Size, params: Params) -> Plane:
    """Gray levels by which the plate differs from its color, float32 (H, W)."""
    width, height = size
    turn = np.deg2rad(params.light)
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - 0.5
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    levels = np.add.outer(-np.float32(np.sin(turn)) * y, np.float32(np.cos(turn)) * x) * np.float32(params.slope)
    cv2.scaleAdd(smooth_noise(rng, size, max(24.0, max(size) / 3)), 0.25 * params.slope, levels, dst=levels)
    if params.surface == "enamel":
        # enamel is not flat: what is mirrored in it is drawn out
        cv2.scaleAdd(smooth_noise(rng, size, 14.0), 1.5, levels, dst=levels)
        cv2.scaleAdd(smooth_noise(rng, size, max(20.0, min(size) / 1.5)), 6.0, levels, dst=levels)
    elif params.surface == "reflective":
        levels += cells(rng, size)
    if params.wear > 0:
        levels += dirt(rng, size, params.wear)
    return np.asarray(cv2.scaleAdd(grain(rng, size), params.grain, levels, dst=levels), np.float32)


UNIT = Unit(
    id="sign",
    stage="background",
    summary="A painted, enamelled or reflective plate with border, corners, screws and wear. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
