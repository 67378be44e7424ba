"""Background stage; what a photograph has behind text: things near and far, mostly blurred; labels unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Size, grain, smooth_noise
from glyphmill.stages.background._scene import PALETTES, paint_scene

_LIGHT = 24  # levels that the light on the scene varies by


class Config(Settings):
    """Settings of a cluttered, photo-like scene."""

    scene: Choices = Pick(tuple(PALETTES), default=tuple(PALETTES), about="what kind of place its colors come from")
    feature: Distribution = Number((40, 180), lo=8, hi=4000, unit="px", about="size of the things in it")
    density: Distribution = Number((0.6, 1.6), lo=0, hi=8, about="how many of them there are")
    blur: Distribution = Number((0, 5), lo=0, hi=60, unit="px", about="how far even the nearest are out of focus")
    contrast: Distribution = Number(
        (0.35, 0.75), lo=0, hi=2, about="1 leaves the scene as it is; less makes text readable"
    )
    lightness: Distribution = Number((140, 205), lo=0, hi=255, unit="levels", about="mean of the picture")
    grain: Distribution = Number((0.5, 4), lo=0, hi=60, unit="levels", about="noise of the sensor")


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    scene: str
    feature: float
    density: float
    blur: float
    contrast: float
    lightness: float
    grain: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "scene": config.scene.draw(rng),
        "feature": config.feature.draw(rng),
        "density": config.density.draw(rng),
        "blur": config.blur.draw(rng),
        "contrast": config.contrast.draw(rng),
        "lightness": config.lightness.draw(rng),
        "grain": config.grain.draw(rng),
        "seed": field_seed(rng),
    }


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The scene: uint8 (H, W, 3), RGB, of size (width, height)."""
    width, height = size
    rng = field_stream(params.seed)
    # Nothing in it is sharp to the pixel, so half the size is enough; the grain is not, and comes last.
    half = (width + 1) // 2, (height + 1) // 2
    picture = paint_scene(rng, half, params.scene, params.feature / 2, params.density, params.blur / 2)
    mean = float(np.mean(cv2.mean(picture)[:3]))
    picture = cv2.resize(picture, (half[0] * 2, half[1] * 2), interpolation=cv2.INTER_CUBIC)[:height, :width]
    light = smooth_noise(rng, size, max(width, height) / 1.5)
    cv2.addWeighted(light, _LIGHT * params.contrast, grain(rng, size), params.grain, 128, dst=light)
    uneven = cv2.cvtColor(cv2.convertScaleAbs(light), cv2.COLOR_GRAY2RGB)
    shift = params.lightness - mean * params.contrast - 128
    return np.asarray(cv2.addWeighted(picture, params.contrast, uneven, 1, shift, dst=uneven), np.uint8)


UNIT = Unit(
    id="clutter",
    stage="background",
    summary="A cluttered, photo-like scene, mostly out of focus. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
