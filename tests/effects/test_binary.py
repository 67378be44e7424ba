"""Two levels out of many."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.effects import apply_binarize

Image = NDArray[np.uint8]

METHODS = ("otsu", "sauvola", "threshold", "ordered", "blue_noise")
DITHERS = ("ordered", "blue_noise")


def page(ink: int = 40, paper: int = 220, shape: tuple[int, int] = (60, 90)) -> Image:
    """Strokes of 3 px every 18 px."""
    image = np.full(shape, paper, np.uint8)
    for left in range(8, shape[1] - 4, 18):
        image[8:-8, left : left + 3] = ink
    return image


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (77, 131), (50, 60, 3)], ids=str)
def test_nothing_but_black_and_white(method: str, shape: tuple[int, ...]) -> None:
    """Of any image, and all channels are equal."""
    image = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    made = apply_binarize(image, method)
    assert np.isin(made, (0, 255)).all()
    if made.ndim == 3:
        assert (made == made[..., :1]).all()


@pytest.mark.parametrize("method", METHODS)
def test_what_is_black_and_white_stays(method: str) -> None:
    """Once more changes nothing."""
    image = page(0, 255)
    assert np.array_equal(apply_binarize(image, method, window=41), image)


@pytest.mark.parametrize("method", ["otsu", "sauvola", "threshold"])
@pytest.mark.parametrize(("ink", "paper"), [(40, 220), (90, 150), (220, 40)])
def test_ink_and_paper_part(method: str, ink: int, paper: int) -> None:
    """Dark ink on light paper and light ink on dark paper are told apart, with little contrast too."""
    made = apply_binarize(page(ink, paper), method, k=0.15)
    assert np.array_equal(made, np.where(page(ink, paper) == max(ink, paper), 255, 0))


def test_sauvola_follows_the_light() -> None:
    """Under a shadow that makes paper darker than ink in the light, ink and paper still part."""
    light = np.linspace(0.2, 1.0, 180)
    strokes = page(60, 230, (60, 180))
    made = apply_binarize((strokes * light).astype(np.uint8), "sauvola", window=25, k=0.2)
    assert (made == np.where(strokes == 230, 255, 0)).mean() > 0.99
    assert (apply_binarize((strokes * light).astype(np.uint8), "otsu") == made).mean() < 0.9


@pytest.mark.parametrize("method", DITHERS)
@pytest.mark.parametrize("level", [20, 64, 128, 200, 240])
def test_dither_keeps_the_mean(method: str, level: int) -> None:
    """The share of white is the level's, in every neighborhood of a few pixels."""
    image = np.full((72, 128), level, np.uint8)
    image[:2, :64], image[:2, 64:] = 0, 255  # so that the range is not stretched
    made = apply_binarize(image, method)[8:]
    assert made.mean() == pytest.approx(level, abs=2.5)
    cells = made.reshape(4, 16, 8, 16).mean(axis=(1, 3))
    assert np.abs(cells - level).max() < 14


@pytest.mark.parametrize("level", [26, 230])
def test_blue_noise_keeps_its_dots_apart(level: int) -> None:
    """Of a light tone hardly two dots touch; white noise of that tone has many that do."""
    image = np.full((66, 128), level, np.uint8)
    image[:2, :64], image[:2, 64:] = 0, 255
    dots = apply_binarize(image, "blue_noise")[2:] == (0 if level > 128 else 255)
    touching = (dots[1:] & dots[:-1]).sum() + (dots[:, 1:] & dots[:, :-1]).sum()
    assert dots.mean() == pytest.approx(0.1, abs=0.02)
    assert touching < 0.02 * dots.sum()


def test_refuses_other_methods() -> None:
    """The message names those that there are."""
    with pytest.raises(ValueError, match=r"otsu, sauvola, threshold, ordered, blue_noise"):
        apply_binarize(page(), "niblack")
