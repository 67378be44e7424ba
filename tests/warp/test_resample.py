"""Pixels follow the map: where a dot lands, what lies beyond an edge, how sharp it stays, how often it is resampled."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from glyphmill import resample as module
from glyphmill.augmentations import apply_rotation, apply_scale, apply_shear, apply_wave
from glyphmill.core.lattice import first_lattice
from glyphmill.core.page import Page
from glyphmill.core.unit import Unit
from glyphmill.core.warpmap import ByInverse, Homography
from glyphmill.resample import Image, resample
from tests.warp.cases import unit_id, units, visible

SIZE = (260, 120)
_SPOT_PX = 1.0


def pixel_centers(width: int, height: int) -> np.ndarray:
    return np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), axis=-1)


def spot(x: float, y: float) -> Image:
    """A small bright dot on black, at x, y."""
    away = pixel_centers(*SIZE) - (x, y)
    return np.rint(255 * np.exp(-(away**2).sum(axis=2) / (2 * _SPOT_PX**2))).astype(np.uint8)


def detailed(width: int = 260, height: int = 120) -> Image:
    """A picture with detail at every scale, without black."""
    noise = np.random.default_rng(0).integers(60, 250, (height, width, 3), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.0) | 32, np.uint8)


def sources(page: Page) -> tuple[module.Plane, module.Plane]:
    """Where the pixels of a page come from, by splines through a lattice, however plain its warps are."""
    assert page.map is not None
    lattice = first_lattice(page.map, (0, 0), page.width, page.height)
    return module._sources(page.map.inverse, lattice, page.map.inverse(lattice.points()))


@pytest.mark.parametrize("unit", units(), ids=unit_id)
def test_a_dot_lands_where_its_label_says(unit: Unit) -> None:
    """The center of a dot in the picture is within a quarter of a pixel of where the map takes it."""
    rng = np.random.default_rng(5)
    for seed in range(6):
        page = visible(unit, seed, SIZE)
        x, y = rng.uniform(0.1, 0.9, 2) * SIZE
        shown = resample(spot(x, y), page, 0).astype(np.float64)
        center = (shown[..., None] * pixel_centers(page.width, page.height)).sum(axis=(0, 1)) / shown.sum()
        assert np.abs(center - page.forward(np.array([[x, y]]))[0]).max() < 0.25


@pytest.mark.parametrize("unit", units(), ids=unit_id)
def test_pixels_come_from_where_the_map_says(unit: Unit) -> None:
    """At every pixel, what is sampled is as good as the exact place, but for a few creases."""
    for seed in range(4):
        page = visible(unit, seed, (300, 90))
        assert page.map is not None
        columns, rows = sources(page)
        centers = pixel_centers(page.width, page.height).reshape(-1, 2)
        off = np.stack([columns, rows], axis=-1).reshape(-1, 2) - page.map.inverse(centers)
        assert np.abs(off).max() < 0.2
        assert np.quantile(np.abs(off), 0.98) < 0.06


def test_splines_pass_through_their_nodes_and_follow_cubics() -> None:
    """At nodes a spline is the node; where nodes lie on a cubic it is the cubic, but near the ends."""
    rng = np.random.default_rng(0)
    nodes = rng.normal(0, 10, (24, 40))
    shape = (nodes.shape[0] - 4, nodes.shape[1] - 4)
    (found,) = module._values(module._coefficients(nodes[None]), (0.0,), 2, shape)
    assert np.abs(found - nodes[2:-2, 2:-2]).max() < 3e-3
    y, x = np.mgrid[-2:22, -2:38] / 10
    cubic = x**3 - 2 * x * y**2 + y
    (found,) = module._values(module._coefficients(cubic[None]), (0.0, 0.5), 2, (40, 72))
    y, x = np.mgrid[0:40, 0:72] / 20
    assert np.abs(found - (x**3 - 2 * x * y**2 + y))[6:-8, 6:-8].max() < 1e-4


def test_a_fine_wave_does_not_hide_between_nodes() -> None:
    """A wave whose length divides the lattice's step is seen all the same."""
    page = apply_wave(Page.of(300, 90), amplitude=0.6, length=4.0, fit="keep")
    assert page.map is not None
    columns, rows = sources(page)
    exact = page.map.inverse(pixel_centers(300, 90).reshape(-1, 2))
    assert np.abs(np.stack([columns, rows], axis=-1).reshape(-1, 2) - exact).max() < 0.2


@pytest.mark.parametrize("unit", units(), ids=unit_id)
@pytest.mark.parametrize("border", ["reflect", "replicate"])
def test_no_corner_is_black(unit: Unit, border: module.Border) -> None:
    """What lies beyond an edge is picture, never black, unless asked for."""
    image = detailed()
    for seed in range(4):
        assert resample(image, visible(unit, seed, SIZE), border).min() >= image.min() - 1


def test_a_border_of_one_color_is_that_color() -> None:
    page = apply_rotation(Page.of(*SIZE), angle=30)
    assert resample(detailed(), page, (1, 2, 3))[0, 0].tolist() == [1, 2, 3]
    assert resample(detailed()[..., 0], page, 7)[0, 0] == 7


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
def test_channels_are_kept(channels: int | None) -> None:
    """Gray, gray with an axis of its own, color and color with coverage come back as they are."""
    image = np.full((30, 50) if channels is None else (30, 50, channels), 90, np.uint8)
    page = apply_rotation(Page.of(50, 30), angle=5)
    shown = resample(image, page)
    assert shown.shape == (page.height, page.width, *image.shape[2:])
    assert (shown == 90).all()


def test_a_page_without_warps_is_copied() -> None:
    image = detailed()
    shown = resample(image, Page.of(*SIZE))
    assert np.array_equal(shown, image)
    assert not np.shares_memory(shown, image)


def test_an_identity_changes_no_pixel() -> None:
    image = detailed()
    assert np.array_equal(resample(image, Page.of(*SIZE).warped(Homography(np.eye(3)))), image)


def test_a_shift_by_whole_pixels_changes_no_pixel() -> None:
    image = detailed()
    page = Page.of(*SIZE).warped(Homography.affine(np.eye(2), (7, -4)), grow=False)
    assert np.array_equal(resample(image, page)[:-4, 7:], image[4:, :-7])


def test_a_quarter_turn_changes_no_pixel() -> None:
    image = detailed()
    assert np.array_equal(resample(image, apply_rotation(Page.of(*SIZE), angle=90)), np.rot90(image))


def test_the_image_must_have_the_size_of_the_page() -> None:
    with pytest.raises(ValueError, match="got an image of 260 x 120 px; expected 120 x 260"):
        resample(detailed(), Page.of(120, 260))


def test_many_warps_resample_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many warps are pending, pixels are moved one time."""
    calls: list[int] = []
    remap = cv2.remap
    monkeypatch.setattr(cv2, "remap", lambda *args, **more: (calls.append(1), remap(*args, **more))[1])
    page = Page.of(*SIZE)
    for number, unit in enumerate(units(), 1):
        page = unit.apply(unit.params(**unit.draw(unit.config(), None, np.random.default_rng(number))), page)
    assert len(page.maps) >= 5
    resample(detailed(), page)
    assert len(calls) == 1


def test_five_warps_are_as_sharp_as_one() -> None:
    """Five slight warps lose no more detail than one that does the same."""

    def sharpness(page: Page) -> float:
        shown = resample(detailed(), page).astype(np.float64)[20:-20, 20:-20]
        return float(np.hypot(np.diff(shown, axis=0)[:, 1:], np.diff(shown, axis=1)[1:]).mean())

    one = apply_rotation(Page.of(*SIZE), angle=2.5, fit="keep")
    five = Page.of(*SIZE)
    for _ in range(5):
        five = apply_rotation(five, angle=0.5, fit="keep")
    mixed = Page.of(*SIZE)
    for x in (0.01, -0.01, 0.02, -0.02):
        mixed = apply_shear(mixed, x=x, fit="keep")
    mixed = apply_rotation(mixed, angle=2.5, fit="keep")
    assert sharpness(five) == pytest.approx(sharpness(one), rel=0.02)
    assert sharpness(mixed) == pytest.approx(sharpness(one), rel=0.02)


def test_a_page_made_smaller_does_not_alias() -> None:
    """Fine stripes become gray, not coarse stripes."""
    stripes = np.zeros((120, 260), np.uint8)
    stripes[:, ::2] = 255
    shown = resample(stripes, apply_scale(Page.of(*SIZE), factor=0.3))
    assert shown.std() < 25
    assert abs(float(shown.mean()) - 127.5) < 3


def test_a_large_page_is_made_in_parts_without_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts meet as if the page had been made at once, also where a side passes what OpenCV can take."""
    image = detailed(700, 300)
    page = apply_rotation(apply_wave(Page.of(700, 300), amplitude=6, length=90), angle=8)
    whole = resample(image, page).astype(int)
    monkeypatch.setattr(module, "_WHOLE", 1000)
    monkeypatch.setattr(module, "_TILE_PX", 128)
    monkeypatch.setattr(module, "_MOST_SIDE", 200)
    assert np.abs(resample(image, page).astype(int) - whole).max() <= 4


def test_a_very_long_page_is_warped() -> None:
    image = np.full((20, 40_000, 3), 200, np.uint8)
    page = apply_wave(Page.of(40_000, 20), amplitude=3, length=100)
    assert resample(image, page).min() == 200


def test_a_map_that_goes_far_away_costs_no_more() -> None:
    """Mirroring at a distance of millions of pages ends."""
    far = ByInverse(lambda points: points * 1e9)
    page = Page.of(*SIZE).warped(far, grow=False)
    assert resample(detailed(), page).shape == (120, 260, 3)
