"""What the tests of labels under geometry share: strengths of every curve and warp, jobs of them, and measurements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.unit import Unit
from glyphmill.core.warpmap import Homography
from glyphmill.plan.plan import Plan
from glyphmill.resample import resample
from glyphmill.run.job import Job
from glyphmill.run.label_errors import ClusterInk, cluster_ink, differences, ink_box
from tests.jobs import open_job, registry

Settings = dict[str, Any]

#: Coverage from which a pixel is more ink than paper.
_DARK = 128

LANGUAGES = ("en", "ar", "hi", "ja")
DIRECTIONS = ("left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top")

#: Text of every language in every direction, on one or two lines.
TEXTS = [
    {
        "text": {"language": language, "direction": direction, "length": [8, 24], "lines": [1, 2]},
        "font": {"size": [16, 40]},
    }
    for language in LANGUAGES
    for direction in DIRECTIONS
]

#: Settings of each unit, moderate first, then strong. A new curve or warp must add its own.
STRENGTHS: dict[str, tuple[Settings, Settings]] = {
    "curve.arc": ({"radius": [200, 400]}, {"radius": [10, 80], "concave": False, "max_span": 330}),
    "curve.bezier": ({"amplitude": [0.03, 0.1]}, {"amplitude": [0.3, 0.5], "points": [4, 7]}),
    "curve.circle": ({"radius": [100, 300]}, {"inside": True}),
    "curve.jitter": ({"offset": 2, "rotation": 5}, {"offset": 8, "rotation": 40, "scale": 0.4}),
    "curve.sine": (
        {"amplitude": [4, 12], "frequency": [0.01, 0.03]},
        {"amplitude": [30, 80], "frequency": [0.005, 0.06]},
    ),
    "warp.cylinder": ({"arc": [30, 80]}, {"arc": {"values": [-132, 132]}, "tilt": [20, 40], "center": [0, 1]}),
    "warp.elastic": ({"alpha": [10, 20], "sigma": 6}, {"alpha": 400, "sigma": [6, 10]}),
    "warp.fold": ({}, {"angle": [40, 60], "creases": [2, 4]}),
    "warp.grid": ({"steps": 4, "limit": [2, 4]}, {"steps": [5, 8], "limit": [20, 40]}),
    "warp.optical": ({"limit": [0.05, 0.2]}, {"limit": {"values": [-0.4, 1]}, "model": ["barrel", "fisheye"]}),
    "warp.page_curl": ({"lift": [20, 40]}, {"lift": [60, 66], "reach": [0.4, 2]}),
    "warp.perspective": ({"magnitude": [0.1, 0.3]}, {"yaw": [-50, 50], "pitch": [-40, 40], "focal": [0.8, 1.5]}),
    "warp.rotation": ({"angle": [-8, 8]}, {"angle": [-180, 180]}),
    "warp.scale": ({"factor": [0.8, 1.25]}, {"factor": [0.6, 2], "aspect": [0.7, 1.4]}),
    "warp.shear": ({"x": [-0.2, 0.2]}, {"x": [-1, 1], "y": [-0.3, 0.3]}),
    "warp.thin_plate": ({"shift": [2, 4]}, {"shift": [10, 30], "points": [8, 14]}),
    "warp.wave": ({"amplitude": [1, 3]}, {"amplitude": [6, 20], "length": [40, 120], "direction": [0, 360]}),
}


def strengths_of(unit: Unit) -> tuple[Settings, Settings]:
    """Moderate and strong settings of a unit."""
    name = f"{unit.stage}.{unit.id}"
    assert name in STRENGTHS, f"add moderate and strong settings of {name} to STRENGTHS in tests/labels/geometry.py"
    return STRENGTHS[name]


def section_of(unit: Unit, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The section of a specification in which this unit alone takes part."""
    named = {unit.id: dict(settings)}
    return {unit.stage: [named] if unit.stage == "warp" else named}


def job_under(section: Mapping[str, Any], *, times: int = 1) -> Job:
    """Text of every language in every direction under a section, so many times; vertical Japanese is among it."""
    specifications = [{**text, **section} for text in TEXTS]
    return open_job(specifications, len(specifications) * times)


def job_in_turn(sections: Sequence[Mapping[str, Any]]) -> Job:
    """One image under each section: languages and directions take turns."""
    specifications = [{**TEXTS[number % len(TEXTS)], **section} for number, section in enumerate(sections)]
    return open_job(specifications, len(specifications))


def random_sections(count: int, seed: int) -> list[dict[str, Any]]:
    """A curve or none, and one to five warps, page and ink, moderate and strong, at random."""
    rng = np.random.default_rng(seed)
    curves, warps = registry().stage("curve"), registry().stage("warp")
    sections = []
    for _ in range(count):
        section: dict[str, Any] = {}
        if rng.random() < 0.7 or not warps:
            curve = curves[rng.integers(len(curves))]
            bend = str(rng.choice(["auto", "rigid", "bend"]))
            section |= section_of(curve, {**strengths_of(curve)[rng.integers(2)], "bend": bend})
        if warps:
            chosen = rng.choice(len(warps), min(len(warps), int(rng.integers(1, 6))), replace=False).tolist()
            section["warp"] = [
                {warps[k].id: {**strengths_of(warps[k])[rng.integers(2)], "scope": str(rng.choice(["page", "ink"]))}}
                for k in chosen
            ]
        sections.append(section)
    return sections


@dataclass(frozen=True)
class Found:
    """Labels against pixels over many images, px.

    Attributes:
        errors: |box - ink| of each cluster that has ink of its own.
        union: the same of all boxes together and all ink, of each image.
        outside: pixels of ink that no box touches, as a share of all ink.
        beyond: pixels of ink outside of the image.
        lost: what is wrong with entries, such as a cluster without ink.
    """

    errors: NDArray[np.float64]
    union: NDArray[np.float64]
    outside: float
    beyond: int
    lost: list[str]


def measured(job: Job) -> Found:
    """Labels and ink of every plan of a job."""
    errors, union, lost = [], [], []
    outside = beyond = ink = 0
    for plan in map(job.plan, range(len(job))):
        there = cluster_ink(job.generator, plan)
        mask = job.generator.ink_mask(plan)
        found = there.errors()
        errors.append(found[~np.isnan(found)])
        everything = ink_box(mask)
        inked = there.labels.boxes()[there.labels.ink]
        union.append(differences(_joined(inked), everything).max())
        dark = mask >= _DARK
        ink += np.count_nonzero(dark)
        outside += np.count_nonzero(dark) - _inside(inked, dark)
        beyond += ink_beyond(job, plan)
        lost += entries_lost(job, plan, there)
    return Found(np.concatenate(errors), np.array(union), outside / ink, beyond, lost)


def straightened(plan: Plan) -> Plan:
    """The plan without curve and warps."""
    return replace(plan, steps=tuple(step for step in plan.steps if step.stage not in ("curve", "warp")))


def entries_lost(job: Job, plan: Plan, there: ClusterInk) -> list[str]:
    """How the entries differ from those of the straight text, and which of them have no ink in the image."""
    straight = job.generator.generate_from_plan(straightened(plan)).labels
    labels = there.labels
    wrong = [f"{index}: no ink" for index in there.lost().tolist()]
    if not np.array_equal(labels.spans, straight.spans) or not np.array_equal(labels.ink, straight.ink):
        wrong.append("other clusters than in straight text")
    if len(labels.word_spans) != len(straight.word_spans) or len(labels.line_spans) != len(straight.line_spans):
        wrong.append("other words or lines than in straight text")
    return [f"{labels.text!r} {labels.direction}: {reason}" for reason in wrong]


def ink_beyond(job: Job, plan: Plan, margin: int = 40) -> int:
    """Pixels of ink around the image: the same page, seen through a window that is larger on every side."""
    text = job.generator._render_text(plan)
    page = job.generator._page(plan, text)
    x0, y0, x1, y1 = text.labels.outline.min(axis=0).tolist() + text.labels.outline.max(axis=0).tolist()
    out_of_canvas = max(-x0, -y0, x1 - text.width, y1 - text.height)
    if page.map is None or out_of_canvas > 1e-6:
        return math.ceil(max(out_of_canvas - 1e-6, 0))
    maps = (*page.maps, Homography.affine(np.eye(2), (margin, margin)))
    window = replace(page, width=page.width + 2 * margin, height=page.height + 2 * margin, maps=maps)
    ink = resample(text.ink.mask, window, border=(0,)) > 0
    return int(np.count_nonzero(ink) - np.count_nonzero(ink[margin:-margin, margin:-margin]))


def _joined(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _inside(boxes: NDArray[np.float64], ink: NDArray[np.bool_]) -> int:
    """Pixels of ink that a box touches."""
    pixels = np.concatenate([np.floor(boxes[:, :2]), np.ceil(boxes[:, 2:])], axis=1).astype(int)
    touched = np.zeros(ink.shape, bool)
    for x0, y0, x1, y1 in np.maximum(pixels, 0).tolist():
        touched[y0:y1, x0:x1] = True
    return int(np.count_nonzero(ink & touched))
