"""B6: what two workers make of the machine that one has, and a Ray cluster in their place."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import CommandError, Cost, cost_of_command
from benchmarks.place import ROOT, environment
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Target

TITLE = "The embedded default with one worker and with two, PNG and JSON in a folder"
#: So few that each worker has one range of them already, and so many that the last range of a run weighs little.
FEW, MANY = 100, 1100
WORKERS = (1, 2)
#: A cluster is compared from the moment on at which both of its workers surely work.
GOING = 200
BACKENDS = ("local", "ray")


def run(scale: Scale) -> Result:
    """Run whole commands, few and many images with each number of workers, in turn."""
    few, many = (0, 51) if scale.quick else (FEW, MANY)
    each: dict[int, list[Cost]] = {workers: [] for workers in WORKERS}
    going: dict[str, list[Cost]] = {backend: [] for backend in BACKENDS}
    why_not = _why_no_cluster()
    for number in range(scale.runs + (not scale.quick)):
        for workers in WORKERS:
            start = _cost(scale, workers, few) if few else Cost(0, 0)
            full = _cost(scale, workers, many)
            if number or scale.quick:  # the first warms up
                each[workers].append(_difference(full, start).each(many - few))
        if (number or scale.quick) and not why_not:
            for backend in BACKENDS:
                going[backend].append(_cost_going(scale, backend))
    one, two = (each[workers] for workers in WORKERS)
    cpu = tuple(alone.cpu_s / both.cpu_s for alone, both in zip(one, two, strict=True))
    wall = tuple(alone.wall_s / (2 * both.wall_s) for alone, both in zip(one, two, strict=True))
    ray = tuple(cluster.cpu_s / local.cpu_s for local, cluster in zip(*(going[name] for name in BACKENDS), strict=True))
    figures = [
        Figure("efficiency of 2 workers, by CPU time", "of 1", cpu, Target(">=", 0.95)),
        Figure("efficiency of 2 workers, by the clock", "of 1", wall),
        Figure("CPU on a local Ray cluster of 2 CPUs, over that of 2 workers", "x", ray, Target("<=", 1.1), why_not),
    ]
    for workers, costs in each.items():
        name = f"{workers} worker" + "s" * (workers > 1)
        figures.append(Figure(f"{name}: CPU", "ms an image", tuple(1e3 * cost.cpu_s for cost in costs)))
        figures.append(Figure(f"{name}: wall", "ms an image", tuple(1e3 * cost.wall_s for cost in costs)))
    for backend, costs in going.items():
        name = f"2 workers, {'on Ray' if backend == 'ray' else 'local'}, once they are going"
        figures.append(Figure(f"{name}: CPU", "ms an image", tuple(1e3 * cost.cpu_s for cost in costs), None, why_not))
        figures.append(
            Figure(f"{name}: wall", "ms an image", tuple(1e3 * cost.wall_s for cost in costs), None, why_not)
        )
    return Result(TITLE, tuple(figures), settings={"images": [few, many], "going": GOING}, notes=(_NOTE, _CLUSTER))


def _why_no_cluster() -> str:
    if find_spec("ray") is None:
        return "Ray is not installed"
    return "" if Path("/proc/self/stat").exists() else "this system does not tell what the processes of a cluster cost"


_NOTE = (
    "An image's cost is what a run of many images costs beyond a run of few, so that starting processes, which B8 "
    "measures, is left out. Efficiency by CPU time is CPU an image with one worker over that with two: what workers "
    "add by talking, and take from each other in caches and memory. Efficiency by the clock needs a machine that does "
    "nothing else, with two cores of its own."
)


_CLUSTER = (
    "The cost on Ray is that of every process of the cluster, Ray's own included, from when both workers work "
    "to the end of the last range; that of local workers is taken in the same way. Starting a cluster is left out."
)


def _cost_going(scale: Scale, backend: str) -> Cost:
    """The cost of an image with two workers, once they are going."""
    first, last = (50, 101) if scale.quick else (GOING, MANY)
    asked = json.dumps({"backend": backend, "workers": 2, "first": first, "last": last})
    command = [sys.executable, "-m", "benchmarks.steady", asked]
    done = subprocess.run(command, cwd=ROOT, env=environment(scale.folder), capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)} exits with {done.returncode}:\n{done.stderr[-2000:]}")
    cost = json.loads(done.stdout)
    return Cost(max(cost["cpu_s"], 1e-6), max(cost["wall_s"], 1e-6)).each(cost["images"])


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
