"""B11: what each effect and degradation costs a megapixel, at its default settings; Augraphy's beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks.lane import Lane
from benchmarks.measure import cost_of
from benchmarks.peers import AUGRAPHY, PeerUnavailableError, peer_environment
from benchmarks.place import environment
from benchmarks.result import BenchmarkError, Figure, Result, Scale, Target
from glyphmill.config.load import load_text
from glyphmill.core.registry import Registry, discover
from glyphmill.core.unit import Stage, Unit
from glyphmill.run.job import Job
from glyphmill.run.memory import keep_freed_memory
from glyphmill.stages.canvas.compose import lay
from glyphmill.stages.ink.inked import Inked, Layer

TITLE = "Effects and degradations at their default settings on a page of text of one megapixel"
_SIDE = 1000
_REPEATS, _PEER_REPEATS = 8, 3
_LIMIT_MS, _TIMES = 25, 10
_STAGES: tuple[Stage, ...] = ("effects", "degrade")

#: Unit -> the augmentation of Augraphy 8.2.6 that imitates the same thing. Not LensFlare, for degrade.glare: it takes
#: two minutes and a half of CPU time an image, which nobody should have to wait for.
ALIKE = {
    "degrade.binarize": "Dithering",
    "degrade.bleed_through": "BleedThrough",
    "degrade.book_binding": "BookBinding",
    "degrade.brightness": "Brightness",
    "degrade.cast_shadow": "ShadowCast",
    "degrade.downscale": "Rescale",
    "degrade.dust_and_scratches": "DirtyScreen",
    "degrade.gamma": "Gamma",
    "degrade.gaussian_noise": "SubtleNoise",
    "degrade.jpeg": "Jpeg",
    "degrade.moire": "Moire",
    "degrade.photocopy": "BadPhotoCopy",
    "degrade.banding": "DirtyDrum",
    "degrade.crease": "Folding",
    "degrade.screen_pixels": "LCDScreenPattern",
    "degrade.sensor_noise": "LowLightNoise",
    "degrade.stains": "Stains",
    "degrade.uneven_light": "LightingGradient",
    "effects.broken_strokes": "LinesDegradation",
    "effects.fade": "LowInkRandomLines",
    "effects.highlighter": "Markup",
    "effects.ink_bleed": "InkBleed",
    "effects.outline": "Hollow",
    "effects.texture": "Letterpress",
}


@dataclass(frozen=True)
class Subject:
    """What units are measured on: a page of text, as ink and as pixels."""

    inked: Inked
    image: np.ndarray


def run(scale: Scale) -> Result:
    """CPU time of each unit of ours and, in turn with it, of the peer's."""
    cv2.setNumThreads(1)
    keep_freed_memory()  # as workers do
    registry = discover()
    units = [unit for stage in _STAGES for unit in registry.stage(stage)]
    repeats, peer_repeats = scale.count(_REPEATS), scale.count(_PEER_REPEATS)
    job = Job.open(load_text(_config(units, repeats), "units", registry), registry)
    subject = _subject(job)
    work = {name_of(unit): _work(job, registry, unit, subject) for unit in units}
    found: dict[str, list[float]] = {name: [] for name in work}
    theirs: dict[str, list[float]] = {name: [] for name in ALIKE if name in work}
    with ExitStack() as stack:
        lane, absent = _peer(stack, scale, subject.image)
        for number in range(scale.runs + 1):
            for name, apply in work.items():
                cost = cost_of(apply).each(repeats).cpu_s * 1000
                if number:  # the first warms up
                    found[name].append(cost)
                if lane and name in theirs and number < 3:  # the peer's take seconds each, and vary little
                    peer_cost = lane.batch(name=ALIKE[name], count=peer_repeats).each(peer_repeats).cpu_s * 1000
                    if number:
                        theirs[name].append(peer_cost)
        versions = lane.facts["versions"] if lane else {}
    figures = [Figure(name, "CPU ms / MP", tuple(costs), Target("<=", _LIMIT_MS)) for name, costs in found.items()]
    return Result(
        TITLE,
        (*figures, *_against(found, theirs, scale, absent)),
        settings={"size": [_SIDE, _SIDE], "repeats": repeats, "peer's repeats": peer_repeats, "peer": versions},
        notes=(_ALIKE_NOTE,),
    )


_ALIKE_NOTE = (
    "Each repeat has other drawn values. What an effect adds to a page is laid on it within the time measured. "
    "The peer's augmentation is the one named after the same thing, at its own defaults, on the same page; it works on "
    "pixels where ours works on ink."
)


def name_of(unit: Unit) -> str:
    """``stage.id``, as tables and configs of this benchmark name it."""
    return f"{unit.stage}.{unit.id}"


def _config(units: Sequence[Unit], repeats: int) -> str:
    """A page of text, once for each unit and repeat."""
    return json.dumps(
        {
            "total_images": len(units) * repeats,
            "seed": 11,
            "defaults": {
                "text": {"language": "en", "length": 1200, "lines": 26},
                "font": {"size": 26},
                "canvas": {"width": _SIDE, "height": _SIDE},
                "background": {"paper": {}},
            },
            "specifications": [
                {"name": name_of(unit), "proportion": 1 / len(units), unit.stage: [{unit.id: {}}]} for unit in units
            ],
        }
    )


def _subject(job: Job) -> Subject:
    plan = job.plan(0)
    plain = replace(plan, steps=tuple(step for step in plan.steps if step.stage not in _STAGES))
    image = job.generator.generate_from_plan(plain).image[:_SIDE, :_SIDE]
    inked = job.generator.inked(plain)
    return Subject(inked, np.ascontiguousarray(image))


def _work(job: Job, registry: Registry, unit: Unit, subject: Subject) -> Callable[[], None]:
    """All repeats of one unit."""
    plans = (job.plan(index) for index in range(len(job)))
    drawn = [plan.all(unit.stage)[0].params for plan in plans if plan.specification == name_of(unit)]
    params = [unit.params(**values) for values in drawn]

    def degrade() -> None:
        for each in params:
            unit.apply(each, subject.image)

    def effect() -> None:
        for each in params:
            made = unit.apply(each, subject.inked)
            for layer in (*made.ground, *made.under, *made.over):
                color = layer.color if layer.color is not None else np.array((20, 20, 30), np.uint8)
                lay(subject.image.copy(), Layer(layer.cover, color))

    return degrade if unit.stage == "degrade" else effect


def _peer(stack: ExitStack, scale: Scale, image: np.ndarray) -> tuple[Lane | None, str]:
    """The peer's lane; or why there is none."""
    if not scale.peers:
        return None, "peers were left out"
    page = scale.subfolder("units") / "page.png"
    cv2.imwrite(str(page), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    try:
        python = AUGRAPHY.interpreter(scale.subfolder("peers"))
        env = peer_environment(environment(scale.folder))
        return stack.enter_context(Lane("augraphy", {"image": str(Path(page))}, env=env, python=python)), ""
    except (PeerUnavailableError, BenchmarkError) as error:
        return None, str(error)


def _against(found: dict[str, list[float]], theirs: dict[str, list[float]], scale: Scale, absent: str) -> list[Figure]:
    """The peer's cost as a multiple of ours: each, and in the median."""
    target = Target(">=", _TIMES)
    name_of_all = f"{AUGRAPHY.name} against ours, median of {len(theirs)}"
    if absent:
        return [Figure(name_of_all, "x", (), target, absent)]
    times = {name: [cost / median(found[name]) for cost in costs] for name, costs in theirs.items()}
    rows = [Figure(f"{AUGRAPHY.name} {ALIKE[name]} against {name}", "x", tuple(each)) for name, each in times.items()]
    overall = median(math.exp(np.log(each).mean()) for each in times.values())
    return [*rows, Figure(name_of_all, "x", (overall,) * scale.runs, target)]
