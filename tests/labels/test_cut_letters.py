"""Letters that the border of the image cuts: the box is that of the rest of their ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.core.geometry import bounds_inside
from glyphmill.core.unit import Unit
from glyphmill.run.job import Job
from glyphmill.run.label_errors import cluster_ink, differences
from tests.jobs import open_job, registry
from tests.labels.geometry import TEXTS, section_of, strengths_of

Boxes = NDArray[np.float64]

WARPS = registry().stage("warp")
#: A letter T whose stem is 2 px wide, in a box of 10 x 12 px.
T = [(0, 0), (10, 0), (10, 2), (6, 2), (6, 12), (4, 12), (4, 2), (0, 2)]
#: A square ring, 30 px wide, around one of 10 px: the inner one winds the other way.
RING = [[(0, 0), (30, 0), (30, 30), (0, 30)], [(10, 10), (10, 20), (20, 20), (20, 10)]]


def inside(*groups: list[list[tuple[float, float]]], width: int = 10, height: int = 10) -> Boxes:
    """The boxes of groups of polygons in an image."""
    polygons = [polygon for group in groups for polygon in group]
    points = np.array([point for polygon in polygons for point in polygon], np.float64).reshape(-1, 2)
    lengths = [len(polygon) for polygon in polygons]
    contours = np.array([sum(lengths[:number]) for number in range(len(lengths))], np.int64)
    counts = np.array([sum(len(polygon) for polygon in group) for group in groups], np.int64)
    return bounds_inside(points, contours, counts, width, height)


def moved(polygon: list[tuple[float, float]], dx: float, dy: float) -> list[tuple[float, float]]:
    return [(x + dx, y + dy) for x, y in polygon]


def test_of_a_t_cut_at_its_stem_the_bar_is_left() -> None:
    """The rest of a letter may be smaller than its box where the border does not cut that."""
    assert inside([moved(T, -7, 0)]).tolist() == [[0, 0, 3, 2]]
    assert inside([moved(T, -5, 0)]).tolist() == [[0, 0, 5, 10]]
    assert inside([moved(T, 0, -5)]).tolist() == [[4, 0, 6, 7]]


def test_a_letter_larger_than_the_image_fills_it() -> None:
    """Corners of the image that lie in the ink count, though no edge of the outline is near."""
    assert inside([moved(RING[0], -5, -5)]).tolist() == [[0, 0, 10, 10]]
    assert inside([[(-5, -5), (4, -5), (4, 20), (-5, 20)]]).tolist() == [[0, 0, 4, 10]]


def test_where_the_ink_passes_by_there_is_no_box() -> None:
    """Neither beyond a corner nor in the hole of a letter."""
    assert np.isnan(inside([[(-9, 0), (0, -9), (-9, -9)]])).all()
    assert np.isnan(inside([[moved(polygon, -10.5, -10.5) for polygon in RING][k] for k in (0, 1)], width=9, height=9))[
        0
    ].all()


def test_each_group_has_its_own_box() -> None:
    """Polygons of several clusters do not meddle; a cluster without points has no box."""
    boxes = inside([moved(T, -7, 0)], [], [moved(T, 6, 3), moved(T, 0, -5)], width=10, height=10)
    assert boxes[[0, 2]].tolist() == [[0, 0, 3, 2], [4, 0, 10, 10]]
    assert np.isnan(boxes[1]).all()


sides = st.tuples(st.integers(-20, 30), st.integers(1, 25))


@given(st.lists(st.tuples(sides, sides), min_size=1, max_size=6), st.integers(1, 12), st.integers(1, 12))
def test_the_box_is_that_of_the_parts_inside(bars: list[tuple[tuple[int, int], ...]], width: int, height: int) -> None:
    """Of letters of upright bars, wherever they lie, the box is that of the bars as cut by the image."""
    group, parts = [], []
    for (x, w), (y, h) in bars:
        group.append([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
        part = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
        if part[0] < part[2] and part[1] < part[3]:
            parts.append(part)
    found = inside([[(float(x), float(y)) for x, y in polygon] for polygon in group], width=width, height=height)[0]
    if parts:
        low, high = np.array(parts)[:, :2].min(axis=0), np.array(parts)[:, 2:].max(axis=0)
        assert (found[:2] <= low).all()
        assert (found[2:] >= high).all()
        touching = np.array([(x, y, x + w, y + h) for (x, w), (y, h) in bars], np.float64)
        reach = (touching[:, 2:] >= 0).all(axis=1) & (touching[:, :2] <= (width, height)).all(axis=1)
        clipped = np.clip(touching[reach], 0, [width, height, width, height])
        np.testing.assert_array_equal(found, [*clipped[:, :2].min(axis=0), *clipped[:, 2:].max(axis=0)])


def cut_job(unit: Unit, seed: int = 1) -> Job:
    """Text of every language in every direction on a page that keeps its size and cuts what leaves it."""
    settings = {**strengths_of(unit)[1], "fit": "keep"}
    specifications = [
        {**text, "canvas": {"padding": 0, "around": "ink"}, **section_of(unit, settings)} for text in TEXTS
    ]
    return open_job(specifications, len(specifications), seed=seed)


@pytest.mark.parametrize("unit", WARPS, ids=lambda unit: unit.id)
def test_the_box_of_a_cut_letter_is_where_its_ink_is(unit: Unit) -> None:
    """In pixels: |box - ink| of letters that the border cuts, under every warp, is at most 1 px at the 99th percentile.

    Resampling blurs ink across the border. So a box is right between those for borders 1 px further in and out, and
    letters of which nothing is left that far in are not compared.
    """
    errors, job = [np.zeros(0)], cut_job(unit)
    for plan in map(job.plan, range(len(job))):
        there = cluster_ink(job.generator, plan)
        labels, width, height = there.labels, there.width, there.height
        share = labels.seen(width, height)[1]
        larger = labels.shifted(1, 1).seen(width + 2, height + 2)[0] - 1
        smaller, left = labels.shifted(-1, -1).seen(max(width - 2, 1), max(height - 2, 1))
        brackets = np.stack([larger, smaller + 1], axis=1)
        brackets = np.clip(brackets, 0, [width, height, width, height])
        compared = labels.ink & ~labels.shared & (share < 1) & (left > 0) & ~np.isnan(there.found[:, 0, 0])
        # each border of the ink, from where it is certain to where it begins, against both boxes
        certain = differences(there.found[compared][:, 1], brackets[compared])
        begins = differences(there.found[compared][:, 0], brackets[compared])
        errors.append(np.minimum(certain, begins).max(axis=1))
    found = np.concatenate(errors)
    assert len(found) > 15, "there are letters enough to speak of"
    assert np.percentile(found, 99) <= 1.0


def test_a_label_says_what_is_left() -> None:
    """A letter outside has no area and no share; one inside has no ``visible``; white space keeps its advance."""
    job = open_job([{"text": {"language": "en", "length": [20, 30]}}], 1)
    text = job.generator._render_text(job.plan(0))
    labels, width, height = text.labels, text.width, text.height
    whole = labels.to_dict(width, height)["bboxes"]
    assert not any("visible" in box for box in whole)
    away = labels.shifted(-width / 2, 0)
    for box, tight in zip(away.to_dict(width, height)["bboxes"], away.boxes().tolist(), strict=True):
        area = (box["x1"] - box["x0"]) * (box["y1"] - box["y0"])
        if tight[0] >= 0:
            assert "visible" not in box
        elif tight[2] <= 0:
            assert box["visible"] == 0
            assert area == 0
        else:
            assert 0 < box["visible"] < 1
            assert box["y0"] >= round(tight[1], 2)
            assert box["y1"] <= round(tight[3], 2)


def test_letters_within_the_image_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outlines are only looked at where the border cuts."""
    job = open_job([{"text": {"language": "en", "length": [20, 30]}}], 1)
    labels = job.generator._render_text(job.plan(0)).labels
    monkeypatch.setattr("glyphmill.core.labels.bounds_inside", None)
    assert labels.seen(4000, 4000)[1].tolist() == [1.0] * len(labels.spans)
    assert len(replace(labels, contours=labels.contours[:0]).seen(4000, 4000)[0]) == len(labels.spans)
