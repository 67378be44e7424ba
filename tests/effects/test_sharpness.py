"""Laws of blur, of lost resolution and of sharpening."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest

from glyphmill.effects import apply_blur, apply_defocus, apply_downscale, apply_motion_blur, apply_sharpen
from glyphmill.pixels.coarse import coarsely

Kernel = Callable[[np.ndarray], np.ndarray]


def dot(side: int = 81, width: int = 3) -> np.ndarray:
    image = np.zeros((side, side), np.uint8)
    middle = side // 2
    image[middle - width // 2 : middle + width // 2 + 1, middle - width // 2 : middle + width // 2 + 1] = 255
    return image


def spread_of(image: np.ndarray) -> tuple[float, float]:
    """Standard deviations of the light along x and y."""
    weight = image.astype(float)
    found = []
    for axis in (0, 1):
        line = weight.sum(axis=axis)
        at = np.arange(len(line))
        mean = (line * at).sum() / line.sum()
        found.append(float(((line * (at - mean) ** 2).sum() / line.sum()) ** 0.5))
    return found[0], found[1]


BLURS: dict[str, Kernel] = {
    "gaussian_narrow": lambda image: apply_blur(image, 1.4),
    "gaussian_wide": lambda image: apply_blur(image, 5),
    "defocus_narrow": lambda image: apply_defocus(image, 2.3),
    "defocus_wide": lambda image: apply_defocus(image, 7),
    "motion": lambda image: apply_motion_blur(image, 9, 33),
    "motion_bent": lambda image: apply_motion_blur(image, 12, 200, 0.3),
    "downscale": lambda image: apply_downscale(image, 1.7),
}


@pytest.mark.parametrize("name", BLURS)
def test_blur_keeps_the_mean(name: str) -> None:
    """Light is spread, not made or lost; a plain image stays plain."""
    image = np.random.default_rng(1).integers(0, 256, (120, 160), dtype=np.uint8)
    assert BLURS[name](image).mean() == pytest.approx(image.mean(), abs=1.5)
    assert (BLURS[name](np.full((50, 40, 3), 77, np.uint8)) == 77).all()


@pytest.mark.parametrize("name", [name for name in BLURS if name != "downscale"])
def test_blur_stays_in_place(name: str) -> None:
    """What is blurred is where it was, within half a pixel, so that labels still fit."""
    weight = BLURS[name](dot(121, 9)).astype(float)
    y, x = (np.arange(121) - 60).reshape(-1, 1), (np.arange(121) - 60).reshape(1, -1)
    assert abs((weight * x).sum() / weight.sum()) < 0.6
    assert abs((weight * y).sum() / weight.sum()) < 0.6


@pytest.mark.parametrize("radius", [0.8, 2, 2.9, 3, 4.5, 9])
def test_gaussian_has_its_deviation(radius: float) -> None:
    """A blur of radius r adds r squared to the variance."""
    image = dot(121, 41)
    across = spread_of(apply_blur(image, radius))[0] ** 2 - spread_of(image)[0] ** 2
    assert across == pytest.approx(radius**2, rel=0.12, abs=0.1)


@pytest.mark.parametrize("radius", [1.4, 2.6, 3.3, 5.3, 8, 20])
def test_a_wide_gaussian_is_one_however_it_is_made(radius: float) -> None:
    """A step becomes the integral of the bell, within a fiftieth of it, at any place of the coarser pixels."""
    across = np.arange(211)
    for at in (100, 101, 102, 103):
        image = np.repeat(np.where(across < at, 0, 250).astype(np.uint8)[None], 61, axis=0)
        bell = np.array([NormalDist(at, radius).cdf(x + 0.5) for x in across]) * 250
        assert np.abs(apply_blur(image, radius)[30] - bell).max() <= 0.02 * 250 + 1


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (7, 3), (33, 200)])
def test_work_on_fewer_pixels_keeps_size_and_place(size: tuple[int, int]) -> None:
    """What is left as it is comes back at its place: a slope stays that slope, but for its ends."""
    slope = np.repeat(np.arange(size[1], dtype=np.uint8)[None], size[0], axis=0)
    made = coarsely(slope, 4, lambda small: small)
    assert made.shape == slope.shape
    inside = slice(4, -4)
    assert np.abs(made[:, inside].astype(int) - slope[:, inside]).max(initial=0) <= 1


def test_blur_of_any_radius() -> None:
    """Radii far beyond the image are taken."""
    image = np.random.default_rng(0).integers(0, 256, (9, 30, 3), dtype=np.uint8)
    assert np.ptp(apply_blur(image, 1e6).astype(int), axis=(0, 1)).max() <= 60
    assert apply_defocus(image, 150).shape == image.shape


@pytest.mark.parametrize("radius", [1.5, 3, 3.4, 6])
def test_defocus_is_a_disc(radius: float) -> None:
    """A point becomes a disc of that radius: about even inside, nothing outside, the same across as down."""
    made = apply_defocus(dot(41, 1), radius).astype(int)
    y, x = np.mgrid[-20:21, -20:21]
    away = np.hypot(x, y)
    assert made[away > radius + 2.5].max() == 0
    inside = made[away < radius - 1]
    assert inside.min() >= 0.5 * inside.max()
    assert np.abs(made - made.T).max() <= 1


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
@pytest.mark.parametrize("length", [3, 10, 41])
def test_motion_runs_along_its_angle(length: float, angle: float) -> None:
    """A dot becomes a line of that length and direction, counter-clockwise."""
    made = apply_motion_blur(dot(121, 3), length, angle) > 2
    y, x = np.nonzero(made)
    along = (x - 60) * np.cos(np.radians(angle)) - (y - 60) * np.sin(np.radians(angle))
    aside = (x - 60) * np.sin(np.radians(angle)) + (y - 60) * np.cos(np.radians(angle))
    assert np.ptp(along) == pytest.approx(length + 2, abs=2.5)
    assert np.ptp(aside) <= 5


def test_bent_motion_leaves_its_line() -> None:
    """The bend is the height of the arc."""
    y = np.nonzero(apply_motion_blur(dot(121, 1), 40, 0, 0.25) > 2)[0]
    assert np.ptp(y) == pytest.approx(10, abs=1)


@pytest.mark.parametrize("enlarge", ["nearest", "linear", "cubic"])
def test_downscale_leaves_as_many_pixels_as_it_says(enlarge: str) -> None:
    """Stripes of single pixels are gone after halving; blocks of two that lie on its grid are not."""
    fine = np.tile(np.array([0, 255], np.uint8), (32, 32))
    assert np.ptp(apply_downscale(fine, 2, enlarge).astype(int)) <= 1
    coarse = np.repeat(np.repeat(np.eye(16, dtype=np.uint8) * 255, 4, 0), 4, 1)
    made = apply_downscale(coarse, 2, "nearest")
    assert np.array_equal(made, coarse)


def test_sharpening_makes_rims() -> None:
    """Beside an edge the dark side gets darker and the bright side brighter; what is plain stays."""
    image = np.full((20, 60), 80, np.uint8)
    image[:, 30:] = 170
    made = apply_sharpen(image, 1.5, 1.5)
    assert made[10, 29] < 80
    assert made[10, 30] > 170
    assert made[10, 5] == 80
    assert made[10, 55] == 170
