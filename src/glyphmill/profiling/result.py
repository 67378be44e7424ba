"""A profile as a value: what was measured, ready to be told, saved and compared."""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glyphmill.profiling.diagnosis import Diagnosis
from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.functions import Functions, Key, file_of, module_of

SCHEMA = "glyphmill.profile/1"


@dataclass(frozen=True)
class Profile:
    """What was measured.

    Attributes:
        config: the config file, as it was named.
        requested: images that were asked for; those made and those rejected.
        made: images that were really made.
        attempts: plans that were tried.
        rejected: of each index without an image: index, unit, reason and detail.
        raised: ``total_images`` of the config, where more were asked for; else None.
        pixels: of one image, on average.
        versions, machine: what it was measured with.
        startup_s: seconds before the measured images: ``imports``, ``open`` (config, fonts and texts), ``first pass``.
        plain_s: seconds of all images without any profiler, to disk.
        cpu_s: processor time of the same.
        profiled_s, profiled_cpu_s: the same of these images under cProfile; None if another profiler was at work.
        watching: that other profiler; None if there was none.
        stages_s: seconds of each stage, of all images; their sum is ``plain_s``.
        stages_cpu_s: processor seconds of each stage; their sum is ``cpu_s``.
        functions: what cProfile measured, as pstats holds it; empty if another profiler was at work.
        diagnosis: what stands out; None without functions.
    """

    config: str
    requested: int
    made: int
    attempts: int
    rejected: tuple[Mapping[str, Any], ...]
    raised: int | None
    pixels: float
    versions: Mapping[str, str]
    machine: str
    startup_s: Mapping[str, float]
    plain_s: float
    cpu_s: float
    profiled_s: float | None
    profiled_cpu_s: float | None
    watching: str | None
    stages_s: Mapping[str, float]
    stages_cpu_s: Mapping[str, float]
    functions: Mapping[Key, Any] = field(repr=False)
    diagnosis: Diagnosis | None

    @property
    def image_s(self) -> float | None:
        """Seconds of one image that was really made; None if none was."""
        return self.plain_s / self.made if self.made else None

    @property
    def overhead(self) -> float | None:
        """How many times longer the images take under cProfile, by processor time: others cannot add to it."""
        return None if self.profiled_cpu_s is None or not self.cpu_s else self.profiled_cpu_s / self.cpu_s

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; functions are listed by their own time."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        rows = [
            {
                "file": file_of(row.key),
                "line": row.key[1],
                "function": row.key[2],
                "calls": row.calls,
                "primitive_calls": row.primitive,
                "own_s": round(row.own_s, 7),
                "total_s": round(row.total_s, 7),
            }
            for row in sorted(Functions(self.functions).by_key.values(), key=lambda row: -row.own_s)
        ]
        diagnosis = None if self.diagnosis is None else self.diagnosis.to_dict()
        return {"schema": SCHEMA, **plain, "image_s": self.image_s, "diagnosis": diagnosis, "functions": rows}


#: Attributes that are JSON values as they are.
_PLAIN = (
    "config",
    "requested",
    "made",
    "attempts",
    "rejected",
    "raised",
    "pixels",
    "versions",
    "machine",
    "startup_s",
    "plain_s",
    "cpu_s",
    "profiled_s",
    "profiled_cpu_s",
    "watching",
    "stages_s",
    "stages_cpu_s",
)


@dataclass(frozen=True)
class Saved:
    """A saved profile, as much of it as a comparison needs.

    Attributes:
        name: of the file.
        made: images in it.
        image_s: seconds of one image without the profiler, and those of the processor; None if the file does not say.
        stages_ms: of one image, on the clock and of the processor; empty if the file does not say.
        functions: (file, name, number among those of that name) -> calls, own and total ms, of one image.
        about: config, versions and machine, as far as the file says.
    """

    name: str
    made: int
    image_s: tuple[float, float] | None
    stages_ms: Mapping[str, tuple[float, float]]
    functions: Mapping[tuple[str, str, int], tuple[float, float, float]]
    about: Mapping[str, str]


def load(path: Path) -> Saved:
    """A profile that was saved as JSON, or the statistics of any cProfile run of the generator.

    Raises: ProfileError if the file cannot be read or is neither.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: {error.strerror or error}") from error
    try:
        try:
            told = json.loads(data)
        except ValueError:
            return _from_stats(path, marshal.loads(data))
        return _from_json(path, told)
    except (ValueError, KeyError, TypeError, EOFError, AttributeError) as error:
        raise ProfileError(
            f"{path}: this is no saved profile. Profile with an output that ends in .json or .prof, and compare those"
        ) from error


def _from_json(path: Path, data: Mapping[str, Any]) -> Saved:
    if data["schema"] != SCHEMA:
        raise ValueError(data["schema"])
    made = int(data["made"])
    rows = [
        ((row["file"], row["line"], row["function"]), row["calls"], row["own_s"], row["total_s"])
        for row in data["functions"]
    ]
    about = {"config": data["config"], "machine": data["machine"], **data["versions"]}
    each = 1000 / max(made, 1)
    stages = {stage: (each * s, each * data["stages_cpu_s"][stage]) for stage, s in data["stages_s"].items()}
    image = (data["plain_s"] / made, data["cpu_s"] / made) if made else None
    return Saved(path.name, made, image, stages, _numbered(rows, made), about)


def _from_stats(path: Path, data: Mapping[Key, Any]) -> Saved:
    rows = [(key, calls, own, total) for key, (_, calls, own, total, _) in data.items()]
    made = sum(calls for key, calls, _, _ in rows if (module_of(key), key[2]) == ("generator.py", "generate_from_plan"))
    if not made:
        raise ProfileError(f"{path}: no image is made in this profile: it has no call of generate_from_plan")
    return Saved(path.name, made, None, {}, _numbered(rows, made), {})


def _numbered(
    rows: list[tuple[Key, int, float, float]], made: int
) -> dict[tuple[str, str, int], tuple[float, float, float]]:
    """By file and name, not by line: lines move with every edit."""
    numbers: dict[tuple[str, str], int] = {}
    found = {}
    for (file, _, function), calls, own, total in sorted(((file_of(row[0]), *row[0][1:]), *row[1:]) for row in rows):
        name = (file, function)
        numbers[name] = numbers.get(name, -1) + 1
        images = max(made, 1)
        found[(*name, numbers[name])] = (calls / images, 1000 * own / images, 1000 * total / images)
    return found
