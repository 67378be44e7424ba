"""Laws of pictures of displays, of lines and of print passes, and of how strength grows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from glyphmill import effects


def rng(seed: int = 4) -> np.random.Generator:
    return np.random.default_rng(seed)


def flat(level: int, size: tuple[int, int] = (120, 160)) -> np.ndarray:
    return np.full((*size, 3), level, np.uint8)


@pytest.mark.parametrize("pitch", [2.5, 4, 7.3])
def test_display_pixels_keep_the_light(pitch: float) -> None:
    """The mean light of a mid-tone stays, in each channel, though its pixels are anything but even."""
    image = flat(110)
    made = effects.apply_screen_pixels(image, 0.6, pitch, rng(), angle=2)
    light = ((made / 255) ** 2.2).mean(axis=(0, 1))
    assert light == pytest.approx((110 / 255) ** 2.2, rel=0.03)
    assert np.ptp(made, axis=2).mean() > 30


def test_display_pixels_repeat_at_their_pitch() -> None:
    """An upright display repeats itself after whole pixels, to the right and down."""
    made = effects.apply_screen_pixels(flat(120), 0.8, 5, rng()).astype(int)
    assert np.abs(made[:, 5:] - made[:, :-5]).max() <= 4
    assert np.abs(made[5:] - made[:-5]).max() <= 4


def test_display_pixels_leave_the_dark_dark() -> None:
    """Where a display emits nothing, its pixels are not seen."""
    assert not effects.apply_screen_pixels(flat(0), 1, 4, rng()).any()
    assert not effects.apply_moire(flat(0), 1, 9, 30, rng()).any()


def test_moire_without_color_is_gray() -> None:
    """Fringes of the channels coincide at color 0 and do not at color 1."""
    gray = effects.apply_moire(flat(200), 0.5, 12, 30, rng(), color=0)
    assert (np.ptp(gray, axis=2) == 0).all()
    assert np.ptp(effects.apply_moire(flat(200), 0.5, 12, 30, rng(), color=1).astype(int), axis=2).mean() > 20


def test_moire_has_its_period() -> None:
    """Near the middle, fringes across x are about a period apart."""
    made = effects.apply_moire(flat(200, (40, 400)), 0.4, 20, 0, rng(), color=0)[20, 120:280, 0].astype(float)
    spectrum = np.abs(np.fft.rfft(made - made.mean()))
    assert 160 / spectrum.argmax() == pytest.approx(20, rel=0.25)


def test_tube_lines_are_dark_rows() -> None:
    """Every row is even, and dark rows come back at the pitch."""
    made = effects.apply_scan_lines(flat(200), 0.5, 4, rng()).astype(int)
    assert (np.ptp(made, axis=(1, 2)) == 0).all()
    assert np.array_equal(made[4:], made[:-4])
    assert made.max() > 190
    assert made.min() < 140


def test_fax_rows_hold_one_value() -> None:
    """At full strength rows come in groups as high as the pitch, each a row of the picture."""
    image = rng().integers(0, 256, (90, 30, 3), dtype=np.uint8)
    made = effects.apply_scan_lines(image, 1, 3, rng(), kind="fax")
    changes = np.nonzero((made[1:] != made[:-1]).any(axis=(1, 2)))[0]
    assert (np.diff(changes) == 3).all()
    assert {row.tobytes() for row in made} <= {row.tobytes() for row in image}


def test_bands_change_ink_and_not_paper() -> None:
    """Paper stays as it is, whatever its color; ink differs from row to row, alike along each row."""
    image = flat(0) + np.array((240, 232, 210), np.uint8)
    assert np.array_equal(effects.apply_banding(image, 0.8, 20, rng()), image)
    image[:, 20:28] = 40
    made = effects.apply_banding(image, 0.8, 20, rng())
    assert np.array_equal(made[:, :18], image[:, :18])
    assert np.ptp(made[:, 24].astype(int), axis=0).min() > 30
    assert (np.ptp(made[:, 21:27].astype(int), axis=1) <= 2).all()


STRONGER: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "blur": lambda image, share: effects.apply_blur(image, 4 * share),
    "defocus": lambda image, share: effects.apply_defocus(image, 6 * share),
    "motion_blur": lambda image, share: effects.apply_motion_blur(image, 14 * share, 20, 0.1),
    "downscale": lambda image, share: effects.apply_downscale(image, 1 + 4 * share),
    "sharpen": lambda image, share: effects.apply_sharpen(image, 3 * share),
    "gaussian_noise": lambda image, share: effects.add_gaussian_noise(image, 40 * share, rng()),
    "sensor_noise": lambda image, share: effects.add_sensor_noise(image, 40 * share, rng(), rows=0.2),
    "brightness": lambda image, share: effects.apply_brightness_contrast(image, brightness=1 - share),
    "contrast": lambda image, share: effects.apply_brightness_contrast(image, contrast=1 - share),
    "gamma": lambda image, share: effects.apply_gamma(image, 1 + 2 * share),
    "color_cast": lambda image, share: effects.apply_color_cast(image, 6500 - 4000 * share),
    "scan_lines": lambda image, share: effects.apply_scan_lines(image, share, 3, rng()),
    "fax": lambda image, share: effects.apply_scan_lines(image, share, 3, rng(), kind="fax"),
    "banding": lambda image, share: effects.apply_banding(image, share, 20, rng()),
    "moire": lambda image, share: effects.apply_moire(image, share, 12, 40, rng()),
    "screen_pixels": lambda image, share: effects.apply_screen_pixels(image, share, 4, rng(), angle=2),
}


@pytest.mark.parametrize("name", STRONGER)
def test_more_is_more(name: str) -> None:
    """The further from where it is off, the further the picture is from what it was."""
    image = np.full((90, 120, 3), (236, 230, 214), np.uint8)
    image[20:70:7, 15:100] = (30, 30, 60)
    image[15:75, 20:100:11] = (30, 30, 60)
    off = [np.abs(STRONGER[name](image, share).astype(int) - image).mean() for share in (0, 0.25, 0.5, 0.75, 1)]
    assert off[0] == 0
    assert all(after > before for before, after in pairwise(off))
