"""Laws of light on pixels."""

from __future__ import annotations

import numpy as np
import pytest

from glyphmill.core.rng import field_stream
from glyphmill.effects import apply_cast_shadow, apply_glare, apply_uneven_light, apply_vignette
from glyphmill.pixels.light import GLARES, SHADOWS, Grid

PATTERNS = ("slope", "lamp", "patches")
GRAY = np.full((90, 160, 3), 200, np.uint8)
SEEDS = range(4)


def gain(left: float) -> float:
    """What is left of a pixel value where so much of the light is left."""
    return float(left ** (1 / 2.2))


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("seed", SEEDS)
def test_uneven_light_takes_as_much_as_it_says(pattern: str, seed: int) -> None:
    """The darkest place has lost ``amount`` of the light, the brightest none, and all colors the same share."""
    made = apply_uneven_light(GRAY, 0.5, field_stream(seed), pattern=pattern)
    assert int(made.min()) == pytest.approx(200 * gain(0.5), abs=2)
    assert int(made.max()) == pytest.approx(200, abs=2)
    colored = apply_uneven_light(np.full((90, 160, 3), (240, 120, 60), np.uint8), 0.5, field_stream(seed))
    assert np.abs(colored[..., 0] / 2 - colored[..., 1]).max() <= 1.5


def test_vignette_follows_the_cosine() -> None:
    """The middle keeps its light, the furthest corner loses ``amount`` of it, and it falls all the way out."""
    made = apply_vignette(GRAY, 0.6, field_stream(1)).astype(int)
    assert abs(made[45, 80, 0] - 200) <= 1
    assert made[0, 0, 0] == pytest.approx(200 * gain(0.4), abs=4)
    along = made[45, 80:, 0]
    assert (np.diff(along[::10]) <= 1).all()
    moved = apply_vignette(GRAY, 0.6, field_stream(1), center=(0.0, 0.0)).astype(int)
    assert moved[0, 0, 0] > moved[-1, -1, 0] + 50


@pytest.mark.parametrize("kind", SHADOWS)
def test_shadow_is_darker_and_blue(kind: str) -> None:
    """It never lightens, it is as deep as it says somewhere in some draws, and blue suffers least."""
    deepest = 255
    for seed in range(8):
        made = apply_cast_shadow(GRAY, 0.6, field_stream(seed), kind=kind, softness=0.05).astype(int)
        assert made.max() <= 200
        assert (made[..., 2] >= made[..., 0]).all()
        deepest = min(deepest, int(made[..., 0].min()))
    assert deepest == pytest.approx(200 * gain(0.4), abs=3)


def test_softness_is_the_width_of_the_edge() -> None:
    """A softer shadow has smaller steps from pixel to pixel."""
    steps = []
    for softness in (0.02, 0.3, 1.0):
        made = apply_cast_shadow(GRAY, 0.6, field_stream(2), kind="edge", softness=softness).astype(int)
        steps.append(max(np.abs(np.diff(made[..., 0], axis=axis)).max() for axis in (0, 1)))
    assert steps[0] > steps[1] >= steps[2]


@pytest.mark.parametrize("kind", GLARES)
@pytest.mark.parametrize("seed", SEEDS)
def test_glare_only_adds_light(kind: str, seed: int) -> None:
    """No pixel becomes darker, and where it is brightest black becomes ``amount`` of white."""
    black = np.zeros((90, 160, 3), np.uint8)
    made = apply_glare(black, 0.5, field_stream(seed), kind=kind)
    assert int(made[..., 1].max()) == pytest.approx(127, abs=2)
    lit = apply_glare(GRAY, 0.5, field_stream(seed), kind=kind)
    assert lit.min() >= 199


@pytest.mark.parametrize("kind", GLARES)
def test_glare_leaves_text_by_default(kind: str) -> None:
    """At the strongest default half of the contrast of black on white is left everywhere, nearly."""
    page = np.full((60, 200, 3), 245, np.uint8)
    page[20:40, ::4] = page[20:40, 1::4] = 20
    made = apply_glare(page, 0.55, field_stream(5), kind=kind).astype(int)
    assert (made[30, 2::4] - made[30, 0::4]).min() > 90


@pytest.mark.parametrize(
    "kernel", [lambda i, r: apply_uneven_light(i, 0.3, r, pattern="slope"), lambda i, r: apply_vignette(i, 0.3, r)]
)
def test_light_shows_no_bands(kernel: object) -> None:
    """Where light changes slowly, equal pixels do not stand in wide runs."""
    made = kernel(np.full((40, 1200, 3), 220, np.uint8), field_stream(3))  # type: ignore[operator]
    runs = np.diff(np.flatnonzero(np.diff(made[20, :, 0].astype(int))))
    assert runs.mean() < 8


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (64, 48)])
def test_grid_covers_the_image(size: tuple[int, int]) -> None:
    """The points of a field lie within the image, evenly around its middle."""
    grid = Grid.over(size, 40)
    assert abs(float(grid.x.mean())) < 1e-6
    assert abs(float(grid.y.mean())) < 1e-6
    assert float(np.abs(grid.x).max()) <= grid.half[0]
    assert grid.enlarged(grid.x + grid.y).shape == (size[1], size[0])


@pytest.mark.parametrize("amount", [-0.1, 1.1])
def test_amounts_are_shares(amount: float) -> None:
    """What is no share is refused by name."""
    for kernel in (apply_uneven_light, apply_cast_shadow, apply_vignette, apply_glare):
        with pytest.raises(ValueError, match="amount"):
            kernel(GRAY, amount, field_stream(1))
