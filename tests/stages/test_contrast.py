"""How well ink can be seen: lightness by CIE 15, and what noise takes away of its difference."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.core.rng import field_stream
from glyphmill.stages.canvas.contrast import Cells, least_kept, lightness, seen_contrast

Image = NDArray[np.uint8]


def bars(em: int, ink: int = 60, ground: int = 200) -> tuple[Image, Image]:
    """Strokes of a tenth of an em on a plain ground, uint8 (h, w, 3), and their coverage."""
    cover = np.zeros((2 * em, 6 * em), np.uint8)
    for left in range(em, 5 * em, em // 2):
        cover[em // 2 : 3 * em // 2, left : left + max(2, em // 10)] = 255
    return np.repeat(np.where(cover, ink, ground).astype(np.uint8)[..., None], 3, axis=2), cover


def noisy(image: Image, sigma: float) -> Image:
    noise = field_stream(1).normal(0, sigma, image.shape[:2])
    return np.clip(image + noise[..., None], 0, 255).astype(np.uint8)


def test_lightness_is_that_of_cie() -> None:
    """Within 0.7 of L* 0 to 100, in any color; black is 0, and white 255."""
    colors = field_stream(2).integers(0, 256, (60, 60, 3)).astype(np.uint8)
    colors[:30] //= 6
    star = cv2.cvtColor(colors.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    assert np.abs(lightness(colors) / 2.55 - star).max() < 0.7
    ends = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    assert lightness(ends).tolist() == [[0, 255]]


def test_colors_of_one_lightness_have_no_contrast() -> None:
    """Red on the gray that is as light: its hue shows, its lightness does not."""
    _, cover = bars(40)
    image = np.where(cover[..., None] > 0, np.uint8([255, 0, 0]), np.uint8([127, 127, 127]))
    assert seen_contrast(image.astype(np.uint8), cover, cell_px=40) < 0.03


def test_noise_takes_contrast_away() -> None:
    """The more of it, the more; what is plain keeps all of it."""
    image, cover = bars(24)
    found = [seen_contrast(noisy(image, sigma), cover, cell_px=24) for sigma in (0, 8, 20, 40, 80)]
    assert found[0] == pytest.approx(0.55, abs=0.05)
    assert found == sorted(found, reverse=True)
    assert found[0] - found[1] < 0.05
    assert found[-1] < 0.65 * found[0]


def test_noise_that_drowns_small_letters_spares_large_ones() -> None:
    lost = []
    for em in (16, 64):
        image, cover = bars(em)
        plain, worn = (seen_contrast(each, cover, cell_px=em) for each in (image, noisy(image, 40)))
        lost.append(plain - worn)
    assert lost[0] > 2 * lost[1]


def test_shading_is_no_noise() -> None:
    """A ground that darkens from side to side costs less than a hundredth."""
    image, cover = bars(32, ink=0)
    shade = np.linspace(1, 0.6, image.shape[1])[None, :, None]
    shaded = (image * shade).astype(np.uint8)
    darkest = seen_contrast(np.full_like(image, int(200 * 0.6)) * (cover[..., None] == 0), cover, cell_px=32)
    assert seen_contrast(shaded, cover, cell_px=32) > darkest - 0.01


def test_what_is_hidden_does_not_count() -> None:
    """Noise under a patch that is meant to hide is not held against the rest."""
    image, cover = bars(24)
    hidden = np.zeros(cover.shape, np.uint8)
    hidden[:, :72] = 255
    worn = image.copy()
    worn[:, :72] = noisy(image, 120)[:, :72]
    plain = seen_contrast(image, cover, cell_px=24, hidden=hidden)
    assert seen_contrast(worn, cover, cell_px=24, hidden=hidden) == pytest.approx(plain, abs=0.01)
    assert seen_contrast(worn, cover, cell_px=24) < plain


def test_ink_without_surroundings_and_no_ink() -> None:
    image, cover = bars(24)
    assert seen_contrast(image, np.full_like(cover, 255), cell_px=24) >= 0
    assert seen_contrast(image, np.zeros_like(cover), cell_px=24) == 1.0
    assert seen_contrast(image[:1, :1], np.full((1, 1), 255, np.uint8), cell_px=24) >= 0


def test_what_is_kept_is_the_least_of_all_letters() -> None:
    """One stroke that loses half of its ink counts, however many are whole; ink that is added makes up for none."""
    _, cover = bars(24)
    assert least_kept(cover, np.maximum(cover, np.roll(cover, 1, axis=1)), cell_px=24) == 1
    worn = np.maximum(cover, np.roll(cover, 24, axis=0))
    worn[12:36, 24:27] //= 2
    assert least_kept(cover, worn, cell_px=12) == pytest.approx(0.5, abs=0.01)


def test_neighbourhoods_are_summed_up_whatever_their_size() -> None:
    """Of pages with more levels than 32 bits hold, too."""
    cover = np.full((3000, 3000), 255, np.uint8)
    for cell_px in (64, 1000, 1e9):
        sums = Cells(cover, cell_px).ink(cover)
        assert sums.sum(dtype=np.float64) == pytest.approx(255 * cover.size)
