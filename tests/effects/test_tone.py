"""Laws of tone and color."""

from __future__ import annotations

import numpy as np
import pytest

from glyphmill.effects import (
    apply_brightness_contrast,
    apply_color_cast,
    apply_gamma,
    apply_invert,
    apply_posterize,
    to_gray,
)


def picture() -> np.ndarray:
    return np.random.default_rng(2).integers(30, 200, (40, 60, 3), dtype=np.uint8)


@pytest.mark.parametrize("factor", [0, 0.3, 1, 1.7, 1e9])
def test_brightness_multiplies(factor: float) -> None:
    """Levels are multiplied and cut off at white."""
    image = picture()
    expected = np.clip(image * factor, 0, 255)
    assert np.abs(apply_brightness_contrast(image, brightness=factor) - expected).max() <= 0.5


@pytest.mark.parametrize("factor", [0, 0.4, 1, 1.3])
def test_contrast_is_about_the_mean(factor: float) -> None:
    """The mean luma stays, deviations from it are multiplied; at 0 only the mean is left."""
    image = picture()
    mean = (image.reshape(-1, 3).mean(axis=0) * (0.299, 0.587, 0.114)).sum()
    made = apply_brightness_contrast(image, contrast=factor)
    assert np.abs(made - np.clip(mean + (image - mean) * factor, 0, 255)).max() <= 0.51


def test_both_are_one_after_the_other() -> None:
    """Brightness and contrast at once are brightness, then contrast, rounded once."""
    image = picture()
    both = apply_brightness_contrast(image, brightness=0.7, contrast=1.4)
    steps = apply_brightness_contrast(apply_brightness_contrast(image, brightness=0.7), contrast=1.4)
    assert np.abs(both.astype(int) - steps).max() <= 2


def test_gamma_keeps_black_and_white() -> None:
    """Ends stay; the middle gets darker above 1 and lighter below."""
    image = np.array([[0, 128, 255]], np.uint8)
    for exponent, sign in ((2.2, -1), (0.5, 1)):
        made = apply_gamma(image, exponent).astype(int)
        assert made[0, 0] == 0
        assert made[0, 2] == 255
        assert np.sign(made[0, 1] - 128) == sign


@pytest.mark.parametrize(("temperature", "kelvin_rgb"), [(2700, (255, 167, 87)), (4000, (255, 206, 166))])
def test_color_cast_follows_the_black_body(temperature: float, kelvin_rgb: tuple[int, ...]) -> None:
    """White takes the color of the light; nothing is blown out. Source: black body colors by M. Charity."""
    white = np.full((1, 1, 3), 255, np.uint8)
    made = apply_color_cast(white, temperature)[0, 0].astype(float)
    # Those colors are relative to D65, ours to the black body of 6500 K, which is a little pinker.
    neutral = np.array((255, 249, 253)) / 255
    assert made.max() == 255
    assert np.abs(made * neutral / (made * neutral).max() * 255 - kelvin_rgb).max() < 12


def test_tint_runs_from_green_to_magenta() -> None:
    """Above 0 green gains on red and blue, below 0 it loses."""
    gray = np.full((1, 1, 3), 128, np.uint8)
    for tint in (0.01, -0.01):
        red, green, blue = apply_color_cast(gray, 6500, tint)[0, 0].astype(int)
        assert (green - red) * tint > 0
        assert (green - blue) * tint > 0


def test_cool_is_blue_and_warm_is_red() -> None:
    """The further from 6500 K, the stronger."""
    gray = np.full((1, 1, 3), 128, np.uint8)
    ratios = [float(np.divide(*apply_color_cast(gray, k)[0, 0, [0, 2]])) for k in (2500, 4000, 6500, 9000, 14000)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[2] == 1


def test_gray_has_no_color() -> None:
    """All channels are luma, or what one lamp shows."""
    image = picture()
    made = to_gray(image)
    assert (np.ptp(made, axis=2) == 0).all()
    assert np.abs(made[..., 0] - image @ np.array((0.299, 0.587, 0.114))).max() < 1
    for channel, seen in enumerate(("red", "green", "blue")):
        assert (to_gray(image, seen) == image[..., channel, None]).all()
    with pytest.raises(ValueError, match="seen: got 'ultraviolet'; expected one of luma"):
        to_gray(image, "ultraviolet")


def test_invert_twice_is_nothing() -> None:
    """A negative of a negative is the picture."""
    assert np.array_equal(apply_invert(apply_invert(picture())), picture())
    assert (apply_invert(picture()) == 255 - picture()).all()


@pytest.mark.parametrize("levels", [2, 3, 16, 256])
def test_posterize_leaves_as_many_levels(levels: int) -> None:
    """There are that many, black and white among them, and each pixel takes the nearest."""
    ramp = np.arange(256, dtype=np.uint8)[None]
    made = apply_posterize(ramp, levels)
    assert len(np.unique(made)) == levels
    assert made[0, 0] == 0
    assert made[0, 255] == 255
    assert np.abs(made.astype(int) - ramp).max() <= 255 / (levels - 1) / 2 + 0.5
