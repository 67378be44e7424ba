"""The flat form's geometry: test_configs/flat_geometry.yaml uses all of it, and its images and labels are sound."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from glyphmill.config.flat_table import CURVE_KEY, CURVES, EFFECTS, SECTIONS
from glyphmill.config.load import load_text
from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected
from tests.jobs import catalogue, registry
from tests.labels.geometry import measured

CONFIG = Path(__file__).parents[2] / "test_configs" / "flat_geometry.yaml"
IMAGES = 66
_LEAST_SIDE_PX = 32
#: Settings of sections that move no letter.
_ELSEWHERE = {"corpus", "filter"}


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def job() -> Job:
    """Some images of each specification, on the pinned fonts."""
    text = yaml.safe_dump(content() | {"total_images": IMAGES}, sort_keys=False)
    return Job(load_text(text, CONFIG.name, registry()), catalogue(), registry())


def geometric_keys() -> set[str]:
    """The flat keys of all that sets, bends or warps lines."""
    sections = [unit for unit in SECTIONS if unit.stage in ("text", "font", "layout")]
    units = [*sections, *CURVES, *(unit for unit in EFFECTS if unit.stage == "warp")]
    settings = [setting for unit in units for setting in unit.settings if setting.setting not in _ELSEWHERE]
    return {CURVE_KEY} | {key for setting in settings for key in setting.keys.values()}


def test_the_config_uses_every_geometric_key() -> None:
    """Every flat key that moves letters is in the file, and curves of all kinds run in every direction."""
    specifications = content()["specifications"]
    used = {key for part in (content()["defaults"], *specifications) for key in part}
    assert geometric_keys() <= used, sorted(geometric_keys() - used)
    plans = [job().plan(index) for index in range(IMAGES)]
    for unit in (*CURVES, *EFFECTS):
        if unit.stage in ("curve", "warp"):
            assert any(step.unit == unit.unit for plan in plans for step in plan.all(unit.stage)), unit.path
    assert {part.get("arc_concave") for part in specifications} >= {True, False}
    for curve in ("arc", "sine", None):
        found = {part["text_direction"] for part in specifications if part.get(CURVE_KEY) == curve}
        assert len(found) == 4, curve


def test_its_images_hold_all_of_their_text() -> None:
    """No side is below 32 px, none is rejected, and no letter with ink reaches out of its image."""
    for index in range(IMAGES):
        outcome = job().generate(index)
        assert not isinstance(outcome, Rejected), outcome
        height, width = outcome.image.shape[:2]
        assert min(height, width) >= _LEAST_SIDE_PX
        assert not [box for box in outcome.label["bboxes"] if box["ink"] and "visible" in box]


def test_its_boxes_are_where_the_ink_is() -> None:
    """|box - ink| is at most 1 px at the 99th percentile, no ink lies outside of boxes, none beyond the image."""
    found = measured(job())
    assert len(found.errors) > 1000
    assert np.percentile(found.errors, 99) <= 1.0
    assert found.union.max() <= 1.0
    assert found.outside <= 0.001
    assert found.beyond == 0
    assert found.lost == []
