"""Background stage; woven cloth whose shaded, uneven threads pass over and under; labels unchanged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.fields import Choices, Color, ColorRange, Distribution, Number, Pick, Settings
from glyphmill.core.rng import field_seed, field_stream
from glyphmill.core.unit import Unit
from glyphmill.pixels.fields import Plane, Size, grain, smooth_noise
from glyphmill.stages.background._texture import own_tone, tint

#: Where the warp (upright thread) lies on top, by row and column of the smallest repeat.
_WEAVES: dict[str, tuple[tuple[int, ...], ...]] = {
    "plain": ((1, 0), (0, 1)),
    "twill": ((1, 1, 0, 0), (0, 1, 1, 0), (0, 0, 1, 1), (1, 0, 0, 1)),
    "basket": ((1, 1, 0, 0), (1, 1, 0, 0), (0, 0, 1, 1), (0, 0, 1, 1)),
}
_WOBBLE_PX = 60.0
_FUZZ = 0.09  # of the threads' shade
_SAMPLES = 24  # of each thread of a repeat
_DIP = 0.55  # how much darker a thread is where it goes under
_UNEVEN = 0.1  # of a thread's width
_CREST = 0.55  # mean brightness of cloth on the scale of its threads' shade


class Config(Settings):
    """Settings of woven cloth; amounts are gray levels of 255."""

    color: ColorRange = Color(((188, 182, 170), (236, 230, 220)), about="color of the cloth")
    weave: Choices = Pick(tuple(_WEAVES), default=tuple(_WEAVES), about="how threads cross")
    thread: Distribution = Number((3.5, 9), lo=2, hi=200, unit="px", about="from thread to thread")
    depth: Distribution = Number((14, 34), lo=0, hi=120, unit="levels", about="shade between threads")
    slub: Distribution = Number((0.8, 3.5), lo=0, hi=60, unit="levels", about="how far threads differ from each other")
    wobble: Distribution = Number((0.2, 1.2), lo=0, hi=20, unit="px", about="how far threads stray from straight")
    tilt: Distribution = Number((-12, 12), lo=-180, hi=180, unit="degrees", kind="normal", about="of the cloth")
    folds: Distribution = Number(
        (0, 6), lo=0, hi=60, unit="levels", about="soft light and shade of the lie of the cloth"
    )


@dataclass(frozen=True, kw_only=True)
class Params:
    """Drawn values; names and units as in ``Config``."""

    color: tuple[int, ...]
    weave: str
    thread: float
    depth: float
    slub: float
    wobble: float
    tilt: float
    folds: float
    seed: int


def draw(config: Config, context: Any, rng: Generator) -> dict[str, Any]:
    """The values of ``Params``."""
    return {
        "color": own_tone(config, context, rng),
        "weave": config.weave.draw(rng),
        "thread": config.thread.draw(rng),
        "depth": config.depth.draw(rng),
        "slub": config.slub.draw(rng),
        "wobble": config.wobble.draw(rng),
        "tilt": config.tilt.draw(rng),
        "folds": config.folds.draw(rng),
        "seed": field_seed(rng),
    }


def apply(params: Params, size: Size, resources: Any) -> NDArray[np.uint8]:
    """The cloth: uint8 (H, W, 3), RGB, of size (width, height)."""
    rng = field_stream(params.seed)
    map_x, map_y, flat = _lie(rng, params, size)
    levels = cv2.remap(_cloth(rng, params, flat), map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    cv2.scaleAdd(smooth_noise(rng, size, max(60.0, max(size) / 4), map_x), params.folds, levels, dst=levels)
    cv2.scaleAdd(grain(rng, size, map_x), _FUZZ * params.depth + 0.6, levels, dst=levels)
    return tint(levels, params.color)


def _lie(rng: Generator, params: Params, size: Size) -> tuple[Plane, Plane, Size]:
    """Where each pixel lies on the flat cloth: x and y, float32 (H, W), and the size of cloth that this takes."""
    width, height = size
    angle = math.radians(params.tilt)
    cos, sin = math.cos(angle), math.sin(angle)
    margin = math.ceil(params.wobble * 2) + 2
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    left, top = (
        min(0.0, -sin * height, cos * width, cos * width - sin * height),
        min(0.0, sin * width, cos * height, sin * width + cos * height),
    )
    flat = math.ceil(abs(cos) * width + abs(sin) * height), math.ceil(abs(sin) * width + abs(cos) * height)
    map_x = np.add.outer(np.float32(-sin) * y, np.float32(cos) * x + np.float32(margin - left))
    map_y = np.add.outer(np.float32(cos) * y, np.float32(sin) * x + np.float32(margin - top))
    if params.wobble > 0:
        for plane in (map_x, map_y):
            cv2.scaleAdd(smooth_noise(rng, size, _WOBBLE_PX), params.wobble, plane, dst=plane)
    return map_x, map_y, (flat[0] + 2 * margin, flat[1] + 2 * margin)


def _cloth(rng: Generator, params: Params, size: Size) -> Plane:
    """Straight cloth: float32 (H, W), differences from its color in levels."""
    width, height = size
    columns, rows = _threads(rng, width, params), _threads(rng, height, params)
    weave = np.array(_WEAVES[params.weave], bool)
    # One repeat of the pattern is drawn, then spread over the cloth by row and column.
    repeat = _repeat(weave)
    samples = len(repeat)
    levels = np.take(np.take(repeat, rows.at % samples, axis=0), columns.at % samples, axis=1)
    levels *= np.float32(params.depth)
    levels -= np.float32(_CREST * params.depth)
    over = np.take(
        np.take(weave, rows.at // _SAMPLES % len(weave), axis=0), columns.at // _SAMPLES % len(weave), axis=1
    )
    levels += np.where(over, columns.differ[None, :], rows.differ[:, None])
    return levels


def _repeat(weave: NDArray[np.bool_]) -> Plane:
    """Light on one repeat of a weave, 0..1: float32, ``_SAMPLES`` a thread each way.

    A thread is round across; along its length it dips where it goes under the next, and only there.
    """
    threads = len(weave)
    at = (np.arange(_SAMPLES) + 0.5) / _SAMPLES * 2 - 1
    x, y = at[None, :], at[:, None]
    light = np.empty((threads, _SAMPLES, threads, _SAMPLES), np.float32)
    for row in range(threads):
        for column in range(threads):
            top = weave[row, column]
            if top:
                across, along = x, y
                before, after = weave[row - 1, column], weave[(row + 1) % threads, column]
            else:
                across, along = y, x
                before, after = ~weave[row, column - 1], ~weave[row, (column + 1) % threads]
            dip = np.where(along < 0, not before, not after) * np.abs(along) ** 2.5 * _DIP
            # The light comes from above left, and falls a little flatter on threads that run across it.
            lit = (1 - np.abs(across) ** 2.2) * (1 - dip) * (1 - 0.18 * across) * (1.0 if top else 0.86)
            light[row, :, column, :] = lit
    return light.reshape(threads * _SAMPLES, threads * _SAMPLES)


@dataclass(frozen=True)
class _Threads:
    """Along one axis, per pixel: the sample of the weave (``_SAMPLES`` a thread), and its thread's own shade."""

    at: NDArray[np.int64]
    differ: Plane


def _threads(rng: Generator, length: int, params: Params) -> _Threads:
    count = math.ceil(length / (params.thread * (1 - _UNEVEN))) + 3
    # Threads are not all as thick, nor as bright.
    edges = np.concatenate([[0.0], np.cumsum(1 + rng.uniform(-_UNEVEN, _UNEVEN, count))]) * params.thread
    at = np.arange(length) + 0.5 + rng.random() * params.thread
    number = np.searchsorted(edges, at) - 1
    across = (at - edges[number]) / (edges[number + 1] - edges[number])
    differ = (rng.normal(0, params.slub, count + 1)).astype(np.float32)
    return _Threads(number * _SAMPLES + np.minimum((across * _SAMPLES).astype(np.int64), _SAMPLES - 1), differ[number])


UNIT = Unit(
    id="fabric",
    stage="background",
    summary="Woven cloth. Labels unchanged.",
    config=Config,
    params=Params,
    draw=draw,
    apply=apply,
)
