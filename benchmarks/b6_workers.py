"""B6: what two workers make of the machine that one has, and a Ray cluster in their place."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import CommandError, Cost, cost_of_command
from benchmarks.place import environment
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Target

TITLE = "The embedded default with one worker and with two, PNG and JSON in a folder"
#: So few that each worker has one range of them already, and so many that the last range of a run weighs little.
FEW, MANY = 100, 1100
WORKERS = (1, 2)


def run(scale: Scale) -> Result:
    """Run whole commands, few and many images with each number of workers, in turn."""
    few, many = (0, 51) if scale.quick else (FEW, MANY)
    each: dict[int, list[Cost]] = {workers: [] for workers in WORKERS}
    for number in range(scale.runs + (not scale.quick)):
        for workers in WORKERS:
            start = _cost(scale, workers, few) if few else Cost(0, 0)
            full = _cost(scale, workers, many)
            if number or scale.quick:  # the first warms up
                each[workers].append(_difference(full, start).each(many - few))
    one, two = (each[workers] for workers in WORKERS)
    cpu = tuple(alone.cpu_s / both.cpu_s for alone, both in zip(one, two, strict=True))
    wall = tuple(alone.wall_s / (2 * both.wall_s) for alone, both in zip(one, two, strict=True))
    figures = [
        Figure("efficiency of 2 workers, by CPU time", "of 1", cpu, Target(">=", 0.95)),
        Figure("efficiency of 2 workers, by the clock", "of 1", wall),
        Figure("overhead of a local Ray cluster of 2 CPUs", "x", (), Target("<=", 1.1), why_not=_NO_RAY),
    ]
    for workers, costs in each.items():
        name = f"{workers} worker" + "s" * (workers > 1)
        figures.append(Figure(f"{name}: CPU", "ms an image", tuple(1e3 * cost.cpu_s for cost in costs)))
        figures.append(Figure(f"{name}: wall", "ms an image", tuple(1e3 * cost.wall_s for cost in costs)))
    return Result(TITLE, tuple(figures), settings={"images": [few, many]}, notes=(_NOTE,))


_NO_RAY = "runs on Ray are not part of Glyphmill yet"
_NOTE = (
    "An image's cost is what a run of many images costs beyond a run of few, so that starting processes, which B8 "
    "measures, is left out. Efficiency by CPU time is CPU an image with one worker over that with two: what workers "
    "add by talking, and take from each other in caches and memory. Efficiency by the clock needs a machine that does "
    "nothing else, with two cores of its own."
)


def _cost(scale: Scale, workers: int, count: int) -> Cost:
    with tempfile.TemporaryDirectory(dir=scale.folder) as fresh:
        out = Path(fresh) / "out"
        command = [sys.executable, "-m", "glyphmill", "generate", "--out", str(out), "--count", str(count)]
        try:
            return cost_of_command(
                [*command, "--workers", str(workers)], cwd=scale.folder, env=environment(scale.folder)
            )
        except CommandError as error:
            raise BenchmarkError(str(error)) from error


def _difference(more: Cost, less: Cost) -> Cost:
    """The cost beyond another, at least a microsecond: tiny runs drown in noise."""
    return Cost(max(more.cpu_s - less.cpu_s, 1e-6), max(more.wall_s - less.wall_s, 1e-6))
