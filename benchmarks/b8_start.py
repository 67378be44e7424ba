"""B8: how long it takes to start: the help of the command, the import, the first image of the embedded default."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import CommandError, Cost, cost_of_command
from benchmarks.place import environment
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Target

TITLE = "Start: a fresh process from its start to its end"
# A rejected sample has no image, which ends the command with an error.
_FIRST = "from glyphmill import Job; Job.default().generate(0).image"
_BARE, _IMPORT, _JOB = "python -c pass", "import glyphmill", "from glyphmill import Job"
_WARM, _COLD = "first image, font cache warm", "first image, font cache empty"
_LAZY = (
    "`import glyphmill` alone loads next to nothing. What a program pays for NumPy, OpenCV, pydantic and the rest "
    "comes with the first name that it uses, so that is measured beside it."
)
_CACHES = (
    "The system's page cache and Python's byte code are warm throughout. An empty font cache means that every font "
    "that comes with Glyphmill is examined again, which happens once on a machine."
)
_TARGETS_S = {"glyphmill --help": 0.20, _IMPORT: 0.15, _WARM: 1.0, _COLD: 1.0}


def run(scale: Scale) -> Result:
    """Time fresh processes."""
    python = ["-c", "pass"], ["-c", _IMPORT], ["-c", _JOB]
    bare, imports, job = ([sys.executable, *arguments] for arguments in python)
    commands = {
        "glyphmill --help": [*_command(), "--help"],
        _BARE: bare,
        _IMPORT: imports,
        _JOB: job,
        _WARM: [sys.executable, "-c", _FIRST],
        _COLD: [sys.executable, "-c", _FIRST],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(scale.runs + 1):
        for name, command in commands.items():
            cost = _cost(command, scale, cold=name == _COLD)
            if number:  # the first warms up: byte code, the page cache, the font cache
                costs[name].append(cost)
    return Result(
        TITLE,
        tuple(_figures(costs)),
        settings={"commands": {name: " ".join(command) for name, command in _relative(commands).items()}},
        notes=(_LAZY, _CACHES),
    )


def _command() -> list[str]:
    installed = Path(sys.executable).with_name("glyphmill")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "glyphmill"]


def _relative(commands: dict[str, list[str]]) -> dict[str, list[str]]:
    """The commands without the folder of this environment, for the record."""
    return {name: [Path(command[0]).name, *command[1:]] for name, command in commands.items()}


def _cost(command: list[str], scale: Scale, *, cold: bool) -> Cost:
    with tempfile.TemporaryDirectory(dir=scale.folder) as fresh:
        env = environment(scale.folder, font_cache=Path(fresh) if cold else None)
        try:
            return cost_of_command(command, cwd=scale.folder, env=env)
        except CommandError as error:
            raise BenchmarkError(str(error)) from error


def _figures(costs: dict[str, list[Cost]]) -> list[Figure]:
    figures = []
    for name, values in costs.items():
        target = Target("<=", _TARGETS_S[name]) if name in _TARGETS_S else None
        figures.append(Figure(f"{name}: wall", "s", tuple(cost.wall_s for cost in values), target))
        figures.append(Figure(f"{name}: CPU", "s", tuple(cost.cpu_s for cost in values)))
    for name in (_IMPORT, _JOB):
        pairs = list(zip(costs[name], costs[_BARE], strict=True))
        walls = tuple(more.wall_s - bare.wall_s for more, bare in pairs)
        cpus = tuple(more.cpu_s - bare.cpu_s for more, bare in pairs)
        figures += [Figure(f"{name}, less bare Python: wall", "s", walls)]
        figures += [Figure(f"{name}, less bare Python: CPU", "s", cpus)]
    return figures
