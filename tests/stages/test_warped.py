"""Glyphs and their labels go together, in one call, to where each would go alone."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from glyphmill.core.labels import Labels
from glyphmill.core.page import Page
from glyphmill.core.warpmap import Homography, WarpMap
from glyphmill.generator import RenderedText
from glyphmill.stages.layout.warped import bent, by, points_of, shifted, warp
from glyphmill.warpmaps.fields import elastic_map
from tests.jobs import open_job

TEXTS: dict[str, dict[str, Any]] = {
    "latin": {"text": {"language": "en", "length": 16}},
    "arabic with ligatures": {"text": {"language": "ar", "length": 24, "direction": "right_to_left"}},
    "along an arc": {"text": {"language": "en", "length": 16}, "curve": {"arc": {"radius": 300}}},
}


@pytest.fixture(scope="module", params=TEXTS)
def text(request: pytest.FixtureRequest) -> RenderedText:
    """Text whose outlines are pliable: a warp follows."""
    job = open_job([{**TEXTS[request.param], "warp": [{"rotation": {"angle": 3}}]}], 1)
    return job.generator._render_text(job.plan(0))


def same(one: Labels, other: Labels) -> None:
    for each in fields(Labels):
        values = getattr(one, each.name), getattr(other, each.name)
        if isinstance(values[0], np.ndarray) and values[0].dtype == np.float64:
            assert values[0] == pytest.approx(values[1], abs=1e-9), each.name
        else:
            assert np.array_equal(*values), each.name


def test_a_shift_moves_all_of_it(text: RenderedText) -> None:
    """Outlines, origins and every point of the labels; what both share stays shared."""
    placed, labels = shifted(text.placed, text.labels, 3.5, -2.0)
    assert placed.origin[0, 0] == text.placed.origin[0, 0] + 3.5
    same(labels, text.labels.at(by(text.labels.points(), 3.5, -2.0)))
    assert np.array_equal(placed.origin, by(text.placed.origin, 3.5, -2.0))
    assert np.array_equal(placed.outline, by(text.placed.outline, 3.5, -2.0))
    assert (placed.outline is labels.outline) == (text.placed.outline is text.labels.outline)


@pytest.mark.parametrize("kind", ["elastic", "turned"])
def test_what_a_page_carries_ends_where_it_would_go_alone(text: RenderedText, kind: str) -> None:
    """Under a warp that bends glyphs, which then have no matrix, and under one that leaves them rigid."""
    size = text.width, text.height
    turn: WarpMap = Homography.affine(np.array([[0.9, -0.2], [0.2, 0.9]]))
    if kind == "elastic":
        turn = elastic_map(size, alpha=20, sigma=5, rng=np.random.default_rng(1))
    page = Page.of(*size, by(points_of(text.placed, text.labels), 0, 0)).warped(turn)
    placed, labels = bent(text.placed, text.labels, page)
    same(labels, text.labels.at(page.forward(text.labels.points())))
    alone = warp(text.placed, page)
    assert placed.origin == pytest.approx(alone.origin, abs=1e-9)
    assert placed.outline == pytest.approx(page.forward(text.placed.outline), abs=1e-9)
    assert (placed.matrix is None) == (alone.matrix is None)
    if placed.matrix is not None:
        assert np.array_equal(placed.matrix, alone.matrix)


def test_boxes_are_those_of_the_outlines(text: RenderedText) -> None:
    """Of each glyph its own; of a space none."""
    placed = text.placed
    owner = np.repeat(placed.contour_glyph, np.diff(np.append(placed.contours, len(placed.outline))))
    for glyph, box in enumerate(placed.boxes()):
        own = placed.outline[owner == glyph]
        if len(own):
            assert box.tolist() == [*own.min(axis=0), *own.max(axis=0)]
        else:
            assert np.isnan(box).all()
