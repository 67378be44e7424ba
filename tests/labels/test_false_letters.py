"""Nothing that reads like a letter lies where no label says so: beyond the edge of a warped page there is no ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from glyphmill.core.unit import Unit
from glyphmill.run.job import Job
from tests.jobs import open_job, registry
from tests.labels.geometry import TEXTS, section_of, strengths_of

WARPS = registry().stage("warp")
#: How far from any ink pixels must be paper, px: resampling blurs, and enlarges what is blurred.
_APART_PX = 9


def job_close_to_the_edge(unit: Unit, fit: str) -> Job:
    """Black text that nearly touches the edge of its white page."""
    settings = {**strengths_of(unit)[1], "fit": fit}
    near: dict[str, Any] = {"canvas": {"padding": 1, "around": "ink"}}
    specifications = [{**text, **near, **section_of(unit, settings)} for text in TEXTS[::3]]
    return open_job(specifications, len(specifications))


@pytest.mark.parametrize("fit", ["grow", "keep"])
@pytest.mark.parametrize("unit", WARPS, ids=lambda unit: unit.id)
def test_what_lies_beyond_a_page_is_bare(unit: Unit, fit: str) -> None:
    """Where the ink of the plan is not, the paper is white: text is not mirrored at the edge of the page."""
    job = job_close_to_the_edge(unit, fit)
    for plan in map(job.plan, range(len(job))):
        image = job.generator.generate_from_plan(plan).image
        ink = (job.generator.ink_mask(plan) > 0).astype(np.uint8)
        around = cv2.dilate(ink, np.ones((2 * _APART_PX + 1, 2 * _APART_PX + 1), np.uint8)) > 0
        false = (image.min(axis=2) < 128) & ~around
        assert not false.any(), f"{np.count_nonzero(false)} px of ink that no label knows of"
