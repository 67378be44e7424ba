"""Laws of noise."""

from __future__ import annotations

import numpy as np
import pytest

from glyphmill.effects import add_gaussian_noise, add_noise, add_sensor_noise

SIZE = (300, 400)


def flat(level: int) -> np.ndarray:
    return np.full((*SIZE, 3), level, np.uint8)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("amount", [0, 0.013, 0.5, 1])
def test_salt_and_pepper_counts(amount: float) -> None:
    """Exactly the share of pixels is lost, each to black or white in all channels, either about as often."""
    made = add_noise(flat(128), amount, rng())
    lost = (made != 128).all(axis=2)
    assert lost.sum() == int(amount * made.shape[0] * made.shape[1])
    assert set(np.unique(made)) <= {0, 128, 255}
    if amount == 1:
        assert abs((made == 255).mean() - 0.5) < 0.01


@pytest.mark.parametrize("sigma", [0.5, 1, 5, 20, 45])
@pytest.mark.parametrize("color", [False, True])
def test_gaussian_noise_has_its_deviation(sigma: float, color: bool) -> None:
    """Mean and deviation are those asked for."""
    off = add_gaussian_noise(flat(128), sigma, rng(), color=color).astype(float) - 128
    assert abs(off.mean()) < 0.02 * sigma + 0.02
    # Whole levels cannot deviate by less than they round; bytes have no tails beyond some three deviations.
    assert off.std() == pytest.approx(np.hypot(sigma, 1 / 12**0.5), rel=0.07)


def test_luminance_noise_has_no_color() -> None:
    """Unless each channel has its own noise, gray stays gray."""
    gray = add_gaussian_noise(flat(128), 9, rng())
    assert (np.ptp(gray, axis=2) == 0).all()
    assert np.ptp(add_gaussian_noise(flat(128), 9, rng(), color=True), axis=2).any()


def test_sensor_noise_grows_with_the_light() -> None:
    """Variance is a line over the level: photons, and above zero in the dark: reading."""
    levels = [60, 120, 190]
    variances = [add_sensor_noise(flat(level), 8, rng(), read=0.4, chroma=0).astype(float).var() for level in levels]
    expected = [8**2 * (0.16 + 0.84 * level / 255) for level in levels]
    assert variances == pytest.approx(expected, rel=0.08)


def test_sensor_noise_of_rows_and_colors() -> None:
    """Rows have something in common; blotches of color are wider than a pixel and leave brightness alone."""
    rows = add_sensor_noise(flat(128), 10, rng(), chroma=0, rows=0.5).astype(float) - 128
    alone = add_sensor_noise(flat(128), 10, rng(), chroma=0).astype(float) - 128
    assert rows.mean(axis=(1, 2)).std() == pytest.approx(5, rel=0.25)
    assert alone.mean(axis=(1, 2)).std() < 1
    blotched = add_sensor_noise(flat(128), 10, rng(), chroma=1).astype(float) - alone - 128
    assert blotched[..., 0].std() == pytest.approx(10, rel=0.35)
    assert abs(blotched.sum(axis=2).mean()) < 0.5
    neighbors = np.corrcoef(blotched[:, 1:, 0].ravel(), blotched[:, :-1, 0].ravel())[0, 1]
    assert neighbors > 0.7
