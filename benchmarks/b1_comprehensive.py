"""B1: the comprehensive config, PNG and JSON in a folder, against the least that such images can cost."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import mean, median

from benchmarks.lane import Lane
from benchmarks.measure import Cost
from benchmarks.place import ROOT, environment
from benchmarks.result import Figure, Result, Scale, Target

TITLE = "The comprehensive config, PNG and JSON in a folder, one worker"
CONFIG = ROOT / "test_configs" / "comprehensive_test.yaml"
IMAGES = 100
_OURS = "ours"
_PARTS = ("remap", "blur", "field", "encode")
_TIMES, _MOST_MS = 2.0, 10.0


def run(scale: Scale) -> Result:
    """Write the dataset and do the parts of the floor for its very images, in turn."""
    env, count = environment(scale.folder), max(5, scale.count(IMAGES))
    costs: dict[str, list[Cost]] = {name: [] for name in (_OURS, *_PARTS)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=scale.folder)))
        ours = stack.enter_context(Lane("dataset", {"config": str(CONFIG), "count": count}, env=env))
        kept = folder / "kept"
        ours.batch(out=str(kept))  # warms up; every later run writes the same files
        floor = stack.enter_context(Lane("floor", {"images": str(kept)}, env=env))
        images = floor.facts["images"]
        for number in range(scale.runs + 1):
            out = folder / str(number)
            made = {_OURS: ours.batch(out=str(out))} | {part: floor.batch(part=part) for part in _PARTS}
            shutil.rmtree(out)
            if number:  # the first warms the floor up
                for name, cost in made.items():
                    costs[name].append(cost.each(images))
        sizes = floor.facts["megapixels"]
    return Result(
        TITLE,
        tuple(_figures(costs)),
        settings={
            "config": CONFIG.relative_to(ROOT).as_posix(),
            "indices": count,
            "images": images,
            "megapixels an image": {"mean": round(mean(sizes), 4), "median": round(median(sizes), 4)},
        },
        notes=(_FLOOR_NOTE, _SHARE_NOTE),
    )


_FLOOR_NOTE = (
    "The floor is what no generator that does this work can stay under: for each image that the run wrote, one "
    "bilinear remap of its size (of four channels, which OpenCV does in half the time of three), one 5 x 5 Gaussian "
    "blur, one random byte a pixel, and one encoding by the PNG encoder's setting `fast`."
)
_SHARE_NOTE = (
    "The run itself is planning, making, encoding and writing, labels included, and what indices cost that are "
    "rejected or tried again. Starting the process and opening the job are B8's."
)


def _figures(costs: dict[str, list[Cost]]) -> list[Figure]:
    ours = costs[_OURS]
    floors = [sum(each) for each in zip(*([cost.cpu_s for cost in costs[part]] for part in _PARTS), strict=True)]
    ratios = tuple(cost.cpu_s / floor for cost, floor in zip(ours, floors, strict=True))
    cpu_ms = tuple(1e3 * cost.cpu_s for cost in ours)
    figures = [
        Figure("CPU, over the floor", "x", ratios, Target("<=", _TIMES)),
        Figure("CPU", "ms an image", cpu_ms, Target("<=", _MOST_MS)),
        Figure("wall", "ms an image", tuple(1e3 * cost.wall_s for cost in ours)),
        Figure("floor: CPU", "ms an image", tuple(1e3 * floor for floor in floors)),
    ]
    parts = {part: tuple(1e3 * cost.cpu_s for cost in costs[part]) for part in _PARTS}
    return [*figures, *(Figure(f"floor, {part}: CPU", "ms an image", values) for part, values in parts.items())]
