"""Laws of lines along text: each lies where a pen or a printer puts it, in every direction and along curves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.core.labels import Labels
from glyphmill.core.registry import discover
from glyphmill.effects import draw_marker, draw_rule
from glyphmill.pixels.paths import Path
from glyphmill.pixels.rules import STYLES, marker, painted, rule
from glyphmill.stages.ink.inked import Inked
from tests.jobs import open_job

Coverage = NDArray[np.uint8]

ENGLISH = {"language": "en", "length": 44, "lines": 2}
PAGES: dict[str, dict[str, Any]] = {
    "lines": {"text": ENGLISH},
    "right to left": {"text": {"language": "ar", "length": 24, "direction": "right_to_left"}},
    "down": {"text": {**ENGLISH, "direction": "top_to_bottom"}},
    "up": {"text": {**ENGLISH, "direction": "bottom_to_top"}},
    "arc": {"text": {**ENGLISH, "lines": 1}, "curve": {"arc": {"radius": 260}}},
    "sine": {"text": ENGLISH, "curve": {"sine": {"amplitude": 9, "frequency": 0.03}}},
}
COLUMN = {"text": {"language": "ja", "length": 12, "lines": 2, "direction": "top_to_bottom"}}
UNITS = ("underline", "strike_through", "highlighter")


@lru_cache(maxsize=8)
def page(name: str) -> Inked:
    job = open_job([COLUMN if name == "column" else PAGES[name]], 1)
    return job.generator.inked(job.plan(0))


def cover_of(unit_id: str, inked: Inked, seed: int = 0, **settings: Any) -> Coverage:
    """What a line covers, by itself."""
    unit = discover().get("effects", unit_id)
    assert unit is not None
    if unit_id != "highlighter":
        settings = {"paint": "drawn", **settings}
    params = unit.params(**unit.draw(unit.config(**settings), None, np.random.default_rng(seed)))
    made = unit.apply(params, inked)
    layers = (*made.ground, *made.under, *made.over)
    assert len(layers) == 1
    return layers[0].cover


def above_baseline(labels: Labels, cover: Coverage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heights of all covered pixels above the nearest baseline, px, and how much lies below that baseline's line."""
    ys, xs = np.nonzero(cover > 100)
    points = np.stack([xs, ys], axis=1) + 0.5
    heights, nearest, rooms = [], [], []
    sides = labels.line_polygons.shape[1] // 2
    share = np.linspace(0, 1, 40)
    for baseline, polygon in zip(labels.baselines, labels.line_polygons, strict=True):
        steps = np.linspace(0, 1, len(baseline))
        base, top, bottom = (
            np.stack([np.interp(share, steps, line[:, axis]) for axis in (0, 1)], axis=1)
            for line in (baseline, polygon[:sides], polygon[sides:][::-1])
        )
        tall = np.hypot(*(top - bottom).T)
        up = (top - bottom) / tall[:, None]
        away = points[:, None] - base
        index = np.argmin((away**2).sum(axis=2), axis=1)
        every = np.arange(len(points))
        heights.append((away[every, index] * up[index]).sum(axis=1))
        nearest.append((away[every, index] ** 2).sum(axis=1))
        rooms.append(((base - bottom) * up).sum(axis=1)[index])
    which = np.argmin(nearest, axis=0)
    every = np.arange(len(points))
    return np.array(heights)[which, every], np.array(rooms)[which, every]


def inside(polygon: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels whose centers are in a convex polygon."""
    ys, xs = np.indices(shape) + 0.5
    step = np.roll(polygon, -1, axis=0) - polygon
    turns = [dx * (ys - y) - dy * (xs - x) for (x, y), (dx, dy) in zip(polygon, step, strict=True)]
    return np.all(np.array(turns) >= 0, axis=0) | np.all(np.array(turns) <= 0, axis=0)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("style", ["straight", "double"])
def test_underline_lies_between_baseline_and_descent(name: str, style: str) -> None:
    """Under every line of text, in each direction and along curves, and nowhere else."""
    inked = page(name)
    cover = cover_of("underline", inked, style=style, words="line", thickness=0.06, distance=0.08)
    height, room = above_baseline(inked.labels, cover)
    assert len(height) > 100
    assert height.max() < 1
    assert (height > -room - 1).all()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("seed", range(4))
def test_underline_by_hand_stays_near(name: str, seed: int) -> None:
    """A hand strays, but neither up into the letters nor into the next line."""
    inked = page(name)
    cover = cover_of("underline", inked, seed, style="hand", words="line")
    height, _ = above_baseline(inked.labels, cover)
    assert height.max() < 0.1 * inked.em_px
    assert height.min() > -0.4 * inked.em_px


@pytest.mark.parametrize("name", PAGES)
def test_strike_runs_through_the_letters(name: str) -> None:
    """Above the baseline and below the top, in each direction and along curves."""
    inked = page(name)
    cover = cover_of("strike_through", inked, style="straight", words="line", thickness=0.06, rise=0)
    height, _ = above_baseline(inked.labels, cover)
    assert height.min() > 0.05 * inked.em_px
    assert height.max() < 0.6 * inked.em_px


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("name", ["lines", "right to left", "down", "up"])
def test_whole_lines_reach_every_word(unit_id: str, name: str) -> None:
    inked = page(name)
    cover = cover_of(unit_id, inked, words="line", style="straight")
    for polygon in inked.labels.word_polygons:
        assert (cover[inside(polygon, cover.shape)] > 100).any()


@pytest.mark.parametrize("unit_id", UNITS)
@pytest.mark.parametrize("name", ["lines", "right to left", "down", "up"])
@pytest.mark.parametrize("seed", range(5))
def test_the_least_share_is_one_word(unit_id: str, name: str, seed: int) -> None:
    """With a share of nothing one word has a line, over its whole length, and no word beyond the next has any."""
    inked = page(name)
    cover = cover_of(unit_id, inked, seed, words="some", share=0, style="straight")
    polygons = inked.labels.word_polygons
    ys, xs = np.nonzero(cover > 60)
    size = np.ptp(xs) + 1, np.ptp(ys) + 1
    along = 0 if name in ("lines", "right to left") else 1
    lengths = np.ptp(polygons[:, :, along], axis=1)
    middle = np.array([xs.mean(), ys.mean()]) + 0.5
    word = int(np.argmin(np.hypot(*(polygons.mean(axis=1) - middle).T)))
    slack = (1.6 if unit_id == "highlighter" else 0.1) * inked.em_px
    assert abs(size[along] - lengths[word]) <= slack
    assert (cover[inside(polygons[word], cover.shape)] > 60).any()


@pytest.mark.parametrize("name", PAGES)
def test_chosen_neighbors_are_one_stretch(name: str) -> None:
    """With all words chosen the line runs on between them, as that under a whole line does."""
    inked = page(name)
    some, whole = (
        cover_of("underline", inked, words=words, share=1, style="straight", thickness=0.06, distance=0.1)
        for words in ("some", "line")
    )
    assert ((some > 100) & (whole < 50)).sum() <= 4
    # punctuation belongs to no word
    assert (some > 100).sum() > 0.75 * (whole > 100).sum()


@pytest.mark.parametrize("seed", range(3))
def test_upright_columns_have_their_line_at_the_side(seed: int) -> None:
    """Beside vertical text whose letters stand upright the line runs down the right of each column."""
    inked = page("column")
    cover = cover_of("underline", inked, seed, words="line", style="straight")
    right = inked.labels.line_polygons[:, :, 0].max(axis=1)
    xs = np.nonzero((cover > 100).any(axis=0))[0] + 0.5
    away = np.abs(xs[:, None] - right[None]).min(axis=1)
    assert len(xs) >= 2
    assert away.max() < 0.15 * inked.em_px
    assert all(np.abs(xs - edge).min() < 0.15 * inked.em_px for edge in right)


@pytest.mark.parametrize("unit_id", ["underline", "strike_through"])
def test_a_line_of_the_same_ink_is_ink(unit_id: str) -> None:
    """In the ink's own color a line joins the mask, so that what befalls the letters befalls it, and hides none."""
    inked = page("lines")
    unit = discover().get("effects", unit_id)
    assert unit is not None
    params = unit.params(**unit.draw(unit.config(paint="ink", words="line"), None, np.random.default_rng(0)))
    made = unit.apply(params, inked)
    assert (made.mask >= inked.mask).all()
    assert made.mask.sum() > inked.mask.sum()
    assert (made.ground, made.under, made.over) == ((), (), ())


@given(st.floats(0.3, 9), st.floats(0, 1), st.floats(0, 1))
def test_a_line_is_as_thick_as_asked(thickness: float, x: float, y: float) -> None:
    """A ruled line covers its length times its thickness, wherever in a pixel it lies, to a quarter of a pixel."""
    path = np.array([(10 + x, 20 + y), (90 + x, 20 + y)])
    cover = draw_rule((100, 40), path, thickness, np.random.default_rng(0))
    assert cover.sum() / 255 == pytest.approx(80 * thickness, rel=0.03, abs=1 if thickness < 1 else 21)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("turn", [0, 0.6, 1.57, 2.5])
def test_lines_follow_their_path(style: str, turn: float) -> None:
    """Whatever the style, the middle of the covered pixels is the middle of the path, and none strays far."""
    center, reach = np.array([60.0, 60.0]), np.array([np.cos(turn), np.sin(turn)]) * 40
    cover = draw_rule((120, 120), np.array([center - reach, center + reach]), 3, np.random.default_rng(2), style=style)
    ys, xs = np.nonzero(cover > 60)
    away = np.stack([xs, ys], axis=1) + 0.5 - center
    side = np.array([-reach[1], reach[0]]) / 40
    assert np.abs(away.mean(axis=0)).max() < 5
    assert np.abs(away @ side).max() < 9
    assert np.ptp(away @ reach / 40) > 60


@given(st.floats(0.1, 1), st.integers(0, 9))
def test_marker_is_as_dense_as_asked(opacity: float, seed: int) -> None:
    """Within its stroke a marker has the mean density asked for, in streaks; outside it leaves nothing."""
    path = np.array([(20.0, 40.0), (140.0, 40.0)])
    cover = draw_marker((160, 80), path, 24, opacity, np.random.default_rng(seed))
    assert cover[34:46, 30:130].mean() == pytest.approx(min(255, 255 * opacity), rel=0.12)
    assert not cover[:20].any()
    assert not cover[62:].any()


BENT = np.array([[(10.0, 20.0), (60.0, 26.0), (110.0, 20.0)], [(12.0, 60.0), (60.0, 60.0), (108.0, 66.0)]])
UP = np.broadcast_to(np.array([0.0, -1.0]), BENT.shape)


@pytest.mark.parametrize("style", ["straight", "double", "wavy"])
def test_paths_together_are_as_each_alone(style: str) -> None:
    """Where a line lies does not depend on what else is drawn along with it."""
    together, apart = np.zeros((90, 120), np.uint8), np.zeros((90, 120), np.uint8)
    rng = np.random.default_rng(0)
    rule(together, Path.of(BENT, UP), 0.0, 3, 20, style, rng)
    for row in (0, 1):
        rule(apart, Path.of(BENT[[row]], UP[[row]]), 0.0, 3, 20, style, rng)
    assert together.any()
    assert np.array_equal(together, apart)


@given(st.floats(-30, 150), st.floats(0, 60), st.floats(0, 40))
def test_a_stretch_lies_on_its_path_and_goes_on_straight(along: float, start: float, length: float) -> None:
    """Along the path between its own ends; past them in the direction that it has there, at the same pace."""
    whole = Path.of(BENT, UP)
    which, size = np.array([1]), np.array([length])
    part = whole.cut(which, np.array([start]), np.array([start]) + size)
    zero = np.zeros(1, np.int64)
    at, _, _ = part.places(zero, np.array([along]))
    held = np.clip([along], 0, size)
    base, _, ahead = whole.places(which, start + held)
    assert at == pytest.approx(base + ahead * (along - held), abs=1e-6)
    assert part.sizes == pytest.approx(size)


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_drawn_along_no_stretches(style: str) -> None:
    none = Path.of(BENT, UP).cut(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    canvas, rng = np.zeros((90, 120), np.uint8), np.random.default_rng(0)
    rule(canvas, none, 0.0, 3, 20, style, rng)
    marker(canvas, none, 0.0, 20, 20, 0.5, rng, straight=False)
    assert not canvas.any()


@given(st.lists(st.tuples(st.integers(-20, 300), st.integers(-20, 3000), st.integers(1, 255)), min_size=1, max_size=8))
def test_polygons_join_by_maximum(places: list[tuple[int, int, int]]) -> None:
    """In any order and however far apart they are."""
    expected, canvas, turned = (np.zeros((2900, 260), np.uint8) for _ in range(3))
    square = np.array([(0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0)])
    polygons, levels = [square + np.array([x, y]) for x, y, _ in places], [level for *_, level in places]
    for x, y, level in places:
        part = expected[max(y, 0) : max(y + 30, 0), max(x, 0) : max(x + 40, 0)]
        np.maximum(part, level, out=part)
    painted(canvas, polygons, levels)
    painted(turned, polygons[::-1], levels[::-1])
    assert np.array_equal(canvas, turned)
    # edges are filled over by less than a sample
    assert (canvas >= expected).all()
    assert (canvas != expected).sum() <= 180 * len(places)


def test_wrong_values_are_named() -> None:
    path, rng = np.array([(1.0, 1.0), (9.0, 1.0)]), np.random.default_rng(0)
    with pytest.raises(ValueError, match="thickness: got -1"):
        draw_rule((10, 10), path, -1, rng)
    with pytest.raises(ValueError, match="style: got 'dotty'"):
        draw_rule((10, 10), path, 1, rng, style="dotty")
    with pytest.raises(ValueError, match="expected points"):
        draw_rule((10, 10), path[:1], 1, rng)
    with pytest.raises(ValueError, match="opacity: got 2"):
        draw_marker((10, 10), path, 1, 2, rng)
