"""The spline field: what it is at a point, how steep it is there, and that its map is followed closely both ways."""

from __future__ import annotations

import numpy as np
import pytest

from glyphmill.warpmaps.fields import elastic_map
from glyphmill.warpmaps.spline import MOST_SLOPE, Displacement, SplineField, interpolating

RNG = np.random.default_rng(3)
FIELD = SplineField(RNG.normal(0, 4, (9, 14)) + 1j * RNG.normal(0, 4, (9, 14)), (-12.0, -20.0), (12.0, 10.0))
POINTS = RNG.uniform(-60, 260, (500, 2))


def basis(t: np.ndarray) -> np.ndarray:
    """The cubic B-spline around 0, knots 1 apart."""
    t = np.abs(t)
    return np.where(t < 1, 2 / 3 - t**2 + t**3 / 2, np.where(t < 2, (2 - t) ** 3 / 6, 0.0))


def test_a_field_is_the_sum_of_its_splines() -> None:
    """Within the lattice, and far beyond it, where it stays as it is at the border."""
    rows, columns = FIELD.coefficients.shape
    x = np.clip((POINTS[:, 0] + 12) / 12, -2, columns)
    y = np.clip((POINTS[:, 1] + 20) / 10, -2, rows)
    wide = np.pad(FIELD.coefficients, 4, mode="edge")
    weights_x, weights_y = (basis(t[:, None] - np.arange(-4, n + 4)) for t, n in ((x, columns), (y, rows)))
    expected = np.einsum("nr,rc,nc->n", weights_y, wide, weights_x)
    assert np.abs(FIELD.at(POINTS) - expected).max() < 1e-4


def test_slopes_are_those_of_the_field() -> None:
    total, along_x, along_y = FIELD.with_slopes(POINTS)
    assert np.abs(total - FIELD.at(POINTS)).max() < 1e-4
    for slope, nudge in ((along_x, (0.5, 0.0)), (along_y, (0.0, 0.5))):
        assert np.abs(FIELD.at(POINTS + nudge) - FIELD.at(POINTS - nudge) - slope).max() < 5e-3


def test_no_slope_changes_faster_than_the_sharpest() -> None:
    """Within the lattice and across its border, from which on the field stays as it is."""
    points = np.random.default_rng(4).uniform(-60, 260, (4000, 2))
    direction = np.random.default_rng(5).uniform(0, 2 * np.pi, 4000)
    along = np.stack([np.cos(direction), np.sin(direction)], axis=1)

    def slope(at: np.ndarray) -> np.ndarray:
        _, along_x, along_y = FIELD.with_slopes(at)
        return np.asarray(along_x * along[:, 0] + along_y * along[:, 1])

    change = np.abs(slope(points + along / 2) - slope(points - along / 2))
    assert 0.2 * FIELD.sharpest < change.max() < FIELD.sharpest


@pytest.mark.parametrize("step", [4, 8, 16])
def test_unevenness_is_that_of_fourth_differences(step: int) -> None:
    """Of independent coefficients, on lattices finer and coarser than that of the field."""
    warp = elastic_map((2000, 2000), alpha=10, sigma=4, rng=np.random.default_rng(0))
    assert isinstance(warp, Displacement)
    x, y = np.meshgrid(np.arange(100, 1900, step), np.arange(100, 1900, 5), indexing="ij")
    moved = warp.field.at(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    assert np.diff(moved.real, 4, axis=0).std() == pytest.approx(warp.unevenness(step), rel=0.15)


def test_the_steepest_place_is_found() -> None:
    """No slope that is found elsewhere is much above it, and a limited field keeps to its limit."""
    fine = np.stack(np.meshgrid(np.linspace(-30, 180, 300), np.linspace(-40, 100, 300)), axis=-1).reshape(-1, 2)
    for field in (FIELD, FIELD.limited()):
        _, along_x, along_y = field.with_slopes(fine)
        slopes = np.stack([along_x, along_y], axis=-1)
        found = np.linalg.svd(np.stack([slopes.real, slopes.imag], axis=1), compute_uv=False).max()
        assert found == pytest.approx(field.steepest(), rel=0.1)
    assert FIELD.steepest() > MOST_SLOPE
    assert FIELD.limited().steepest() == pytest.approx(MOST_SLOPE, rel=1e-5)


@pytest.mark.parametrize(("alpha", "sigma"), [(40, 6), (400, 6), (4000, 30), (60, 2.3)])
def test_forward_is_as_close_as_it_is_said_to_be(alpha: float, sigma: float) -> None:
    warp = elastic_map((600, 200), alpha=alpha, sigma=sigma, rng=np.random.default_rng(0))
    points = np.random.default_rng(1).uniform(-50, 650, (3000, 2))
    assert np.abs(warp.inverse(warp.forward(points)) - points).max() < 0.01


def test_many_points_are_moved_like_few() -> None:
    """Points are moved some thousands at a time, which changes none of them."""
    warp = Displacement(interpolating(RNG.normal(0, 1, (5, 7)) + 0j, (0.0, 0.0), (40.0, 40.0)).limited())
    points = np.random.default_rng(1).uniform(0, 200, (20_001, 2))
    for move in (warp.forward, warp.inverse):
        few = np.concatenate([move(part) for part in np.array_split(points, 100)])
        assert np.abs(move(points) - few).max() < 1e-9
    assert warp.forward(points[:0]).shape == (0, 2)
