"""Every warp, whatever its settings: there and back, nowhere folded, the same for a seed, nothing at no strength."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.augmentations import apply_fold, apply_perspective_warp
from glyphmill.core.page import Page
from glyphmill.core.rng import stream
from glyphmill.core.unit import Unit
from glyphmill.core.warpmap import jacobian, least_stretch
from glyphmill.warpmaps.fields import elastic_map, thin_plate_map
from glyphmill.warpmaps.projective import perspective_map
from glyphmill.warpmaps.radial import optical_map
from glyphmill.warpmaps.wave import wave_map
from tests.warp.cases import SIZES, VISIBLE, drawn, extreme, inside, unit_id, units, visible

#: For each warp, settings without any effect.
IDLE: dict[str, list[dict[str, Any]]] = {
    "rotation": [{"angle": 0}, {"angle": 360}],
    "shear": [{"x": 0, "y": 0}],
    "scale": [{"factor": 1, "aspect": 1}],
    "perspective": [{}, {"magnitude": 0, "focal": 0.3}],
    "elastic": [{}, {"alpha": 30}, {"sigma": 5}],
    "grid": [{}, {"steps": 0, "limit": 9}, {"steps": 1, "limit": 9}, {"steps": 5, "limit": 0}],
    "optical": [{}, {"limit": 0, "model": "fisheye"}],
    "cylinder": [{"arc": 0, "tilt": 0}],
    "page_curl": [{"lift": 0}, {"reach": 0}],
    "fold": [{"creases": 0}, {"angle": 0}],
    "wave": [{"amplitude": 0}],
    "thin_plate": [{"shift": 0}],
}
FAINT: dict[str, dict[str, Any]] = {
    "rotation": {"angle": 0.01},
    "shear": {"x": 0.001, "y": 0},
    "scale": {"factor": 1.001},
    "perspective": {"magnitude": 0.001, "yaw": 0.01},
    "elastic": {"alpha": 0.1, "sigma": 5},
    "grid": {"steps": 4, "limit": 0.01},
    "optical": {"limit": -0.0005},
    "cylinder": {"arc": 0.1, "tilt": 0.1},
    "page_curl": {"lift": 0.1},
    "fold": {"angle": 0.1, "tilt": 0.1},
    "wave": {"amplitude": 0.01},
    "thin_plate": {"shift": 0.01},
}


@pytest.mark.fuzz
@pytest.mark.parametrize("unit", units(), ids=unit_id)
@given(seed=st.integers(0, 2**40))
def test_the_strongest_warps_neither_fold_nor_lose_points(unit: Unit, seed: int) -> None:
    """At any settings: there and back within .05 px on the page and 10 % beyond, no fold, finite far away."""
    rng = stream(seed, 0, 0, unit.id)
    size = SIZES[seed % len(SIZES)]
    page = unit.apply(drawn(unit, rng, extreme(unit, rng)), Page.of(*size))
    warp = page.map
    if warp is None:
        return
    before = inside(size, rng, 60, margin=0.1)
    after = inside((page.width, page.height), rng, 60, margin=0.1)
    assert np.abs(warp.inverse(warp.forward(before)) - before).max() < 0.05
    assert np.abs(warp.forward(warp.inverse(after)) - after).max() < 0.05
    assert least_stretch(warp, page.width, page.height, 16) > 0
    far = rng.normal(0, 1e6, (8, 2))
    assert np.isfinite(warp.inverse(far)).all()
    assert np.isfinite(warp.forward(far)).all()


@pytest.mark.parametrize("unit", units(), ids=unit_id)
def test_a_grown_page_holds_what_was_on_it(unit: Unit) -> None:
    """No point of the page leaves it by more than half a pixel."""
    for seed in range(20):
        size = SIZES[seed % len(SIZES)]
        page = visible(unit, seed, size)
        moved = page.forward(inside(size, np.random.default_rng(seed), 300))
        assert moved.min() > -0.5
        assert (moved < np.array([page.width, page.height]) + 0.5).all()


@pytest.mark.parametrize("unit", units(), ids=unit_id)
def test_a_kept_page_keeps_its_size(unit: Unit) -> None:
    page = visible(unit, 1, (300, 90), fit="keep")
    assert (page.width, page.height) == (300, 90)
    assert page.map is not None


@pytest.mark.parametrize("unit", units(), ids=unit_id)
def test_the_same_seed_makes_the_same_map(unit: Unit) -> None:
    one, two = (visible(unit, 4, (300, 90)).forward(inside((300, 90), np.random.default_rng(0), 50)) for _ in range(2))
    assert np.array_equal(one, two)


def test_another_seed_makes_another_map() -> None:
    points = inside((300, 90), np.random.default_rng(0), 50)
    for unit in units():
        one, two = (visible(unit, seed, (300, 90)).forward(points) for seed in (1, 2))
        assert not np.array_equal(one, two), unit.id


def test_every_warp_has_settings_without_effect() -> None:
    assert set(IDLE) == {unit.id for unit in units()}


@pytest.mark.parametrize(("unit", "settings"), [(unit, settings) for unit in units() for settings in IDLE[unit.id]])
def test_no_strength_is_no_warp(unit: Unit, settings: dict[str, Any]) -> None:
    page = Page.of(80, 50)
    assert unit.apply(drawn(unit, stream(0, 0, 0, unit.id), settings), page) is page


@pytest.mark.parametrize("unit", units(), ids=unit_id)
def test_little_strength_is_little_warp(unit: Unit) -> None:
    """No warp jumps as its strength leaves 0: a thousandth of it moves nothing by more than a pixel."""
    page = unit.apply(drawn(unit, stream(3, 0, 0, unit.id), {**FAINT[unit.id], "fit": "keep"}), Page.of(300, 90))
    points = inside((300, 90), np.random.default_rng(0), 200)
    assert np.abs(page.forward(points) - points).max() < 1.0


@pytest.mark.parametrize("seed", range(40))
def test_chains_of_warps_come_back(seed: int) -> None:
    """Several warps on one page, in any order: there and back within .05 px, and no fold."""
    rng = np.random.default_rng(seed)
    page = Page.of(400, 120)
    for index in rng.permutation(len(units()))[:4]:
        unit = units()[index]
        page = unit.apply(drawn(unit, stream(seed, 0, 0, unit.id), VISIBLE.get(unit.id, {})), page)
    assert page.map is not None
    points = inside((400, 120), rng, 200, margin=0.1)
    assert np.abs(page.map.inverse(page.forward(points)) - points).max() < 0.05
    assert least_stretch(page.map, page.width, page.height, 24) > 0


def test_rotation_is_counter_clockwise_and_quarter_turns_are_exact() -> None:
    rotation = next(unit for unit in units() if unit.id == "rotation")
    page = rotation.apply(drawn(rotation, stream(0, 0, 0, "rotation"), {"angle": 90}), Page.of(100, 40))
    assert (page.width, page.height) == (40, 100)
    # what was right is above
    assert np.allclose(page.forward(np.array([[100.0, 20.0], [0.0, 0.0]])), [[20.0, 0.0], [0.0, 100.0]])


def test_perspective_moves_each_corner_inward_within_its_bound() -> None:
    corners = np.array([[0, 0], [300, 0], [300, 100], [0, 100.0]])
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    for seed in range(50):
        moved = (
            perspective_map((300, 100), magnitude=0.4, rng=np.random.default_rng(seed)).forward(corners) - corners
        ) * inward
        assert moved.min() > -1e-6
        assert moved.max() < 0.4 / 2 * 100 + 1e-6


def test_a_camera_shows_the_far_side_smaller() -> None:
    corners = np.array([[0, 0], [300, 0], [300, 100], [0, 100.0]])
    seen = perspective_map((300, 100), yaw=30).forward(corners)
    assert seen[3, 1] - seen[0, 1] > 100 > seen[2, 1] - seen[1, 1]
    seen = perspective_map((300, 100), pitch=30).forward(corners)
    assert seen[1, 0] - seen[0, 0] < 300 < seen[2, 0] - seen[3, 0]
    assert np.allclose(perspective_map((300, 100), roll=90, yaw=0).forward(corners[:1]), [[100, 200]])


def test_perspective_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="needs rng"):
        apply_perspective_warp(Page.of(9, 9), magnitude=0.1)
    with pytest.raises(ValueError, match="focal 0; expected a number above 0"):
        apply_perspective_warp(Page.of(9, 9), yaw=5, focal=0)


def test_elastic_noise_has_the_strength_of_smoothed_noise() -> None:
    """Its standard deviation is that of noise from -1 to 1, smoothed by a Gaussian, times alpha."""
    points = inside((900, 900), np.random.default_rng(0), 4000)
    warp = elastic_map((900, 900), alpha=30, sigma=8, rng=np.random.default_rng(1))
    moved = warp.inverse(points) - points
    assert np.allclose(moved.std(axis=0), 30 / np.sqrt(3) / (2 * np.sqrt(np.pi) * 8), rtol=0.08)


def test_a_bent_plate_passes_through_its_points() -> None:
    """No point moves further than a plate through points that move by at most 5 px could swing."""
    points = inside((400, 200), np.random.default_rng(0), 500)
    moved = thin_plate_map((400, 200), points=8, shift=5, rng=np.random.default_rng(3)).inverse(points) - points
    assert 1 < np.abs(moved).max() < 20


def test_barrel_follows_its_formula_and_pincushion_undoes_it() -> None:
    size, middle = (300, 100), np.array([150.0, 50.0])
    points = inside(size, np.random.default_rng(0), 200)
    away = points - middle
    r = np.hypot(*away.T)[:, None] / (np.hypot(*size) / 2)
    barrel = optical_map(size, limit=0.2)
    assert np.allclose(barrel.inverse(points), middle + away * (1 + 0.2 * r**2 + 0.2 * r**4))
    assert np.allclose(optical_map(size, limit=-0.2).inverse(barrel.inverse(points)), points)


def test_a_wave_moves_points_across_its_direction() -> None:
    points = np.array([[150.0, 50.0], [160.0, 20.0]])
    moved = wave_map((300, 100), amplitude=3, length=40).forward(points)
    assert np.allclose(moved, [[150, 50], [160, 20 - 3]])
    steep = wave_map((300, 100), amplitude=500, length=40)
    assert np.abs(jacobian(steep.forward, points)).max() < 1.01
    with pytest.raises(ValueError, match="length 0; expected a number above 0"):
        wave_map((300, 100), amplitude=1, length=0)


def test_folds_bend_lines_at_creases_alone() -> None:
    """Between its creases a folded line is as good as straight."""
    page = apply_fold(Page.of(600, 200), creases=1, angle=20.0, tilt=10.0, rng=np.random.default_rng(0))
    line = np.column_stack([np.linspace(20, 580, 113), np.full(113, 150.0)])
    bends = np.abs(np.diff(page.forward(line)[:, 1], 2))
    assert (bends > 0.05).sum() <= 16
    assert bends.max() > 0.1
