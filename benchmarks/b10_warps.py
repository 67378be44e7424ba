"""B10: what warps cost: each alone, and five on one page, which are resampled once; and labels under the five."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

import cv2
import numpy as np

from benchmarks.b2_clean_line import open_inputs
from benchmarks.result import Figure, Result, Scale, Target
from glyphmill.augmentations import (
    apply_elastic_distortion,
    apply_optical_distortion,
    apply_perspective_warp,
    apply_rotation,
    apply_wave,
)
from glyphmill.core.labels import Labels
from glyphmill.core.page import Page
from glyphmill.resample import resample
from glyphmill.run.job import Job
from glyphmill.run.memory import keep_freed_memory

TITLE = "Warps of a 600 x 200 page: maps, pixels and 2,500 points of labels; labels of a line under five warps"
_SIZE = (600, 200)
_POINTS = 2500
_REPEATS = 100

_LABELS = "labels of 100 clusters under all five"
#: A line of 100 clusters; its warp moves nothing, but gives outlines and polygons the points that warps need.
CONFIG = """\
total_images: 1
seed: 10
specifications:
  - name: long-line
    proportion: 1.0
    text: {language: en, length: 100}
    font: {size: 32}
    canvas: {padding: 4}
    warp: [{rotation: {angle: 0}}]
resources: {fonts: [NotoSans-Regular.ttf]}
output: {format: png}
"""

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
    keep_freed_memory()  # as workers do
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (_SIZE[1], _SIZE[0], 3), dtype=np.uint8)
    points = rng.random((_POINTS, 2)) * _SIZE
    chains = {name: [warp] for name, warp in _WARPS.items()} | {"all five": list(_WARPS.values())}
    labels, page = _line(scale)
    tasks: dict[str, Callable[[], object]] = {
        name: partial(_made, chain, image, points) for name, chain in chains.items()
    }
    tasks[_LABELS] = lambda: labels.at(page.forward(labels.points())).boxes()
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(scale.runs + 1):
        for name, task in tasks.items():
            cost = _cost_ms(task, scale.count(_REPEATS))
            if number:  # the first warms up
                found[name].append(cost)
    ratios = tuple(five / one for five, one in zip(found["all five"], found["elastic"], strict=True))
    targets = {_LABELS: Target("<=", 1.0)}
    figures = [Figure(name, "CPU ms", tuple(values), targets.get(name)) for name, values in found.items()]
    figures.append(Figure("all five against elastic alone", "x", ratios, Target("<=", 1.5)))
    settings = {
        "size": list(_SIZE),
        "points": _POINTS,
        "clusters of the line": len(labels.spans),
        "points of its labels": sum(array.size // 2 for array in _points(labels)),
        "config of the line": CONFIG,
    }
    return Result(TITLE, tuple(figures), settings=settings)


def _line(scale: Scale) -> tuple[Labels, Page]:
    """The labels of a straight line, and its page under all five warps."""
    config = open_inputs(scale).with_name("long_line.yaml")
    config.write_text(CONFIG, encoding="utf-8")
    job = Job.from_yaml(config)
    sample = job.generator.generate_from_plan(job.plan(0))
    page = Page.of(sample.image.shape[1], sample.image.shape[0])
    for warp in _WARPS.values():
        page = warp(page)
    return sample.labels, page


def _points(labels: Labels) -> tuple[np.ndarray, ...]:
    return labels.outline, labels.quads, labels.word_polygons, labels.line_polygons, labels.baselines


def _made(chain: Sequence[Warp], image: np.ndarray, points: np.ndarray) -> None:
    """A page under warps: its map, its pixels and its labels."""
    page = Page.of(*_SIZE)
    for warp in chain:
        page = warp(page)
    resample(image, page)
    page.forward(points)


def _cost_ms(task: Callable[[], object], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        task()
    return (time.process_time() - start) / repeats * 1000
