"""Labels against pixels under every curve and every warp, alone and composed: four directions, four scripts.

The variable GLYPHMILL_COMPOSITIONS sets how many random compositions are drawn, 20 if it is not there.
"""

from __future__ import annotations

import os
from typing import Any

import cv2
import numpy as np
import pytest

from glyphmill.core.unit import Unit
from glyphmill.plan.plan import Plan
from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected
from tests.jobs import registry
from tests.labels.geometry import (
    Found,
    job_in_turn,
    job_under,
    measured,
    random_sections,
    section_of,
    strengths_of,
)

CURVES, WARPS = registry().stage("curve"), registry().stage("warp")
MODERATE, STRONG = 0, 1
COMPOSITIONS = int(os.environ.get("GLYPHMILL_COMPOSITIONS", "20"))

every_strength = pytest.mark.parametrize("strength", [MODERATE, STRONG], ids=["moderate", "strong"])


def name_of(unit: Unit) -> str:
    return unit.id


def assert_true(found: Found) -> None:
    assert found.lost == []
    assert np.percentile(found.errors, 99) <= 1.0, "a box is where the ink of its cluster is"
    assert np.median(found.errors) <= 0.35
    assert found.union.max() <= 1.0, "the boxes together reach as far as the ink, and no farther"
    assert found.outside <= 0.001, "ink lies in boxes"
    assert found.beyond == 0, "no pixel of ink lies outside of the image"


def outcomes(job: Job) -> list[Plan]:
    """The plans as used, after each has been replayed to the same bytes."""
    plans = []
    for outcome in job.outcomes():
        assert not isinstance(outcome, Rejected), outcome
        again = job.generator.generate_from_plan(Plan.from_json(outcome.plan.to_json()))
        assert again.encoded() == outcome.encoded()
        assert again.label == outcome.label
        plans.append(outcome.plan)
    return plans


def test_straight_text_is_the_measure() -> None:
    """What the laws below are held to, holds without any curve or warp."""
    assert_true(measured(job_under({}, times=3)))


@every_strength
@pytest.mark.parametrize("unit", CURVES, ids=name_of)
def test_boxes_follow_a_curve(unit: Unit, strength: int) -> None:
    """Clusters are placed along it, and no entry, no ink and no pixel of accuracy is lost."""
    assert_true(measured(job_under(section_of(unit, strengths_of(unit)[strength]), times=3)))


@every_strength
@pytest.mark.parametrize("scope", ["page", "ink"])
@pytest.mark.parametrize("unit", WARPS, ids=name_of)
def test_boxes_follow_a_warp(unit: Unit, scope: str, strength: int) -> None:
    """Boxes go through the same map as pixels, whether the paper comes along or not."""
    settings = {**strengths_of(unit)[strength], "scope": scope}
    assert_true(measured(job_under(section_of(unit, settings), times=3)))


def test_boxes_follow_random_compositions() -> None:
    """A curve and up to five warps of either scope, at random; scripts and directions take turns."""
    assert_true(measured(job_in_turn(random_sections(COMPOSITIONS, seed=2))))


@pytest.mark.parametrize("warps", range(6))
def test_an_image_is_resampled_at_most_once(warps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of warps: their maps are composed first."""
    calls = []
    remap = cv2.remap

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(args[0].shape)
        return remap(*args, **kwargs)

    chain = [{unit.id: {**strengths_of(unit)[MODERATE], "scope": "page"}} for unit in WARPS[:warps]]
    job = job_in_turn([{"warp": chain}])
    plan = job.plan(0)
    assert len(plan.all("warp")) == len(chain)
    monkeypatch.setattr(cv2, "remap", counted)
    job.generator.generate_from_plan(plan)
    assert len(calls) == min(len(chain), 1)


@pytest.mark.parametrize("unit", [*CURVES, *WARPS], ids=name_of)
def test_what_was_used_replays_to_the_same_bytes(unit: Unit) -> None:
    """The plan of a sample holds the values as used; replayed from JSON it gives the same image and label."""
    section = section_of(unit, strengths_of(unit)[STRONG])
    for plan in outcomes(job_under(section)):
        assert [step.unit for step in plan.all(unit.stage)] == [unit.id]


def test_compositions_replay_to_the_same_bytes() -> None:
    """As above, with a curve and several warps."""
    outcomes(job_in_turn(random_sections(16, seed=3)))
