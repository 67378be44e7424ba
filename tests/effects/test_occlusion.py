"""What hides parts of an image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.core.registry import discover
from glyphmill.core.rng import stream
from glyphmill.effects import add_occlusion, apply_cutout, cutout_cover, occlusion_cover
from glyphmill.pixels.strokes import Stroke, draw

Image = NDArray[np.uint8]

KINDS = ("wires", "twigs", "poles", "leaves", "fence", "scratches")

each = pytest.mark.parametrize("kind", KINDS)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def page(height: int = 150, width: int = 400, level: int = 200) -> Image:
    return np.full((height, width, 3), level, np.uint8)


def share(cover: Image) -> float:
    return float(cover.mean() / 255)


@each
@pytest.mark.parametrize("amount", [0.02, 0.06, 0.1])
def test_they_hide_the_share_that_is_asked_for(kind: str, amount: float) -> None:
    """Within a third of it, over several images; where things overlap it is less."""
    found = [share(occlusion_cover((400, 150), kind, amount, rng(seed), shadow=0)) for seed in range(12)]
    assert 0.55 * amount < np.mean(found) < 1.3 * amount
    assert max(found) < 0.13


@each
def test_more_hides_more(kind: str) -> None:
    """On average over a few images, from nothing at 0."""
    shares = [
        np.mean([share(occlusion_cover((300, 100), kind, amount, rng(seed), shadow=0)) for seed in range(6)])
        for amount in (0, 0.01, 0.03, 0.08, 0.2)
    ]
    assert shares[0] == 0
    assert (np.diff(shares) > 0).all()


@each
def test_the_cover_says_what_is_hidden(kind: str) -> None:
    """Full cover shows nothing of the page, no cover all of it."""
    cover = occlusion_cover((400, 150), kind, 0.08, rng(3), thickness=4, shadow=0.3)
    light, dark = (add_occlusion(page(level=level), kind, 0.08, rng(3), thickness=4, shadow=0.3) for level in (250, 5))
    assert (light[cover == 0] == 250).all()
    assert (dark[cover == 0] == 5).all()
    assert np.array_equal(light[cover == 255], dark[cover == 255])
    if kind != "scratches":
        assert cover.max() > 200


@each
def test_shadow_hides_nothing(kind: str) -> None:
    """It darkens what it falls on, and counts as no more than touched."""
    plain, shaded = (occlusion_cover((400, 150), kind, 0.08, rng(5), shadow=shadow) for shadow in (0, 0.5))
    assert np.array_equal(np.where(plain > 0, shaded, 0), plain)
    assert set(np.unique(shaded[plain == 0]).tolist()) <= {0, 1}
    made = add_occlusion(page(), kind, 0.08, rng(5), shadow=0.5)
    only = (plain == 0) & (shaded > 0)
    assert (made[only] <= 200).all()
    assert only.any() == (kind != "scratches")
    if kind != "scratches":
        assert 60 < made[only].min() < 180


def test_at_defaults_at_most_an_eighth_is_hidden() -> None:
    """Whatever is drawn, on pages and on lines."""
    unit = discover().get("degrade", "occlusion")
    assert unit is not None
    assert unit.hides is not None
    for seed in range(60):
        params = unit.params(**unit.draw(unit.config(), None, stream(seed, 0, 0, "degrade.occlusion")))
        for size in ((320, 48), (500, 400)):
            assert share(unit.hides(params, size)) < 0.125


@given(st.permutations(range(4)))
def test_ribbons_cover_alike_in_any_order(order: list[int]) -> None:
    """What is seen through never lessens what is not."""
    path = np.stack([np.linspace(5, 75, 8), np.full(8, 20.0)], axis=1)
    strokes = [
        Stroke(path + np.array([0, 4 * number]), np.full(8, 5.0), (9.0, 9.0, 9.0), opacity=0.25 * (number + 1))
        for number in range(4)
    ]
    covers = []
    for each_order in (range(4), order):
        cover, paint = np.zeros((60, 80), np.uint8), np.zeros((60, 80, 3), np.uint8)
        draw(cover, paint, [strokes[number] for number in each_order])
        covers.append(cover)
    assert np.array_equal(*covers)
    assert covers[0].max() == 255


def test_the_number_of_things_is_bounded() -> None:
    """Of a share that would take thousands of fine things, thicker ones are made: strokes grow instead."""
    fine = occlusion_cover((800, 600), "wires", 0.1, rng(), thickness=0.2, shadow=0)
    assert share(fine) == pytest.approx(0.1, abs=0.02)
    column = fine[:, 400] > 127
    assert 1 <= (column[1:] & ~column[:-1]).sum() <= 16


@given(
    size=st.tuples(st.integers(1, 50), st.integers(1, 50)),
    width=st.integers(0, 80),
    height=st.integers(0, 80),
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    fill=st.sampled_from(["mean", "black", "white", "noise"]),
)
def test_cutout_is_one_rectangle(size: tuple[int, int], width: int, height: int, x: float, y: float, fill: str) -> None:
    """Of the size that is asked for, or what of it the image holds; all inside is erased, all outside is kept."""
    image = rng().integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
    cover = cutout_cover(size, width, height, x=x, y=y)
    made = apply_cutout(image, width, height, rng(1), x=x, y=y, fill=fill)
    wide, high = min(width, size[0]), min(height, size[1])
    assert np.isin(cover, (0, 255)).all()
    assert (cover == 255).sum() == wide * high
    assert np.array_equal(made[cover == 0], image[cover == 0])
    if wide and high:
        rows, columns = np.nonzero(cover)
        assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (wide, high)
        hole = made[cover == 255]
        if fill != "noise":
            assert (hole == hole[0]).all()
        if fill == "mean":
            assert np.abs(hole[0] - image.mean(axis=(0, 1))).max() <= 0.51


def test_refuses_what_it_does_not_know() -> None:
    """The message names the argument."""
    with pytest.raises(ValueError, match="kind"):
        add_occlusion(page(), "birds", 0.1, rng())
    with pytest.raises(ValueError, match="fill"):
        apply_cutout(page(), 4, 4, rng(), fill="red")
    with pytest.raises(ValueError, match="x"):
        apply_cutout(page(), 4, 4, rng(), x=1.5)
