"""B10: what warps cost: each alone, and five on one page, which are resampled once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from benchmarks.result import Figure, Result, Scale, Target
from glyphmill.augmentations import (
    apply_elastic_distortion,
    apply_optical_distortion,
    apply_perspective_warp,
    apply_rotation,
    apply_wave,
)
from glyphmill.core.page import Page
from glyphmill.resample import resample

TITLE = "Warps of a 600 x 200 page: maps, pixels and 2,500 points of labels"
_SIZE = (600, 200)
_POINTS = 2500
_REPEATS = 100

Warp = Callable[[Page], Page]
_WARPS: dict[str, Warp] = {
    "rotation": lambda page: apply_rotation(page, angle=7),
    "perspective": lambda page: apply_perspective_warp(page, magnitude=0.3, rng=np.random.default_rng(1)),
    "elastic": lambda page: apply_elastic_distortion(page, alpha=40, sigma=6, rng=np.random.default_rng(2)),
    "optical": lambda page: apply_optical_distortion(page, limit=0.2),
    "wave": lambda page: apply_wave(page, amplitude=3, length=120),
}


def run(scale: Scale) -> Result:
    """CPU time of single warps and of all five, in turns."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (_SIZE[1], _SIZE[0], 3), dtype=np.uint8)
    points = rng.random((_POINTS, 2)) * _SIZE
    chains = {name: [warp] for name, warp in _WARPS.items()} | {"all five": list(_WARPS.values())}
    found: dict[str, list[float]] = {name: [] for name in chains}
    for number in range(scale.runs + 1):
        for name, chain in chains.items():
            cost = _cost_ms(chain, image, points, scale.count(_REPEATS))
            if number:  # the first warms up
                found[name].append(cost)
    ratios = tuple(five / one for five, one in zip(found["all five"], found["elastic"], strict=True))
    figures = [Figure(name, "CPU ms", tuple(values)) for name, values in found.items()]
    figures.append(Figure("all five against elastic alone", "x", ratios, Target("<=", 1.5)))
    return Result(TITLE, tuple(figures), settings={"size": list(_SIZE), "points": _POINTS})


def _cost_ms(chain: Sequence[Warp], image: np.ndarray, points: np.ndarray, repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        page = Page.of(*_SIZE)
        for warp in chain:
            page = warp(page)
        resample(image, page)
        page.forward(points)
    return (time.process_time() - start) / repeats * 1000
