"""Wear of paper and print, copiers and dirt."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.effects import (
    add_creases,
    add_dust_and_scratches,
    add_stains,
    apply_bleed_through,
    apply_book_binding,
    apply_photocopy,
    apply_thermal_fading,
)

Image = NDArray[np.uint8]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def page(height: int = 120, width: int = 260) -> Image:
    """Dark blue bars on cream paper, more of them at the left; uint8 (h, w, 3)."""
    image = np.full((height, width, 3), (240, 234, 220), np.uint8)
    for top in range(16, height - 10, 24):
        for left in range(14, width // 2, 12):
            image[top : top + 10, left : left + 4] = (30, 34, 60)
    return image


INK = page()[..., 0] < 100

#: Kernels as functions of their strength, the image and a stream.
WEAR: dict[str, Callable[[Image, float], Image]] = {
    "bleed_through": lambda image, strength: apply_bleed_through(image, strength, 1.0, rng(), shift_y=0.1),
    "thermal": lambda image, strength: apply_thermal_fading(image, strength, rng(), dead=0.02),
    "crease": lambda image, strength: add_creases(image, strength, 2, rng(), direction="cross", angle=2),
    "book_binding": lambda image, strength: apply_book_binding(image, strength, 0.4, rng()),
    "coffee": lambda image, strength: add_stains(image, "coffee", strength, 2, 120, rng()),
    "water": lambda image, strength: add_stains(image, "water", strength, 2, 120, rng()),
    "foxing": lambda image, strength: add_stains(image, "foxing", strength, 2, 120, rng()),
    "photocopy": lambda image, strength: apply_photocopy(image, strength, rng(), edge=4),
}
DYES = ("bleed_through", "coffee", "water", "foxing")

each = pytest.mark.parametrize("wear", WEAR.values(), ids=WEAR)


def difference(one: Image, other: Image) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@each
def test_stronger_is_further_from_the_page(wear: Callable[[Image, float], Image]) -> None:
    """At strength 0 nothing changes, and from there on each step changes more."""
    changes = [difference(wear(page(), strength), page()) for strength in (0, 0.15, 0.3, 0.6, 1.0)]
    assert changes[0] == 0
    assert all(less < more for less, more in pairwise(changes))


@each
def test_ink_stays_darker_than_paper_around_it(wear: Callable[[Image, float], Image]) -> None:
    """At a strength that is usual, text is there still: by the mean of ink and paper of each quarter."""
    made = wear(page(), 0.35).astype(np.float64).mean(axis=2)
    for part in np.array_split(np.arange(len(made)), 4):
        ink, around = INK[part, :130], ~INK[part, :130]
        assert made[part, :130][ink].mean() < 0.6 * made[part, :130][around].mean()


@pytest.mark.parametrize("name", DYES)
def test_dyes_only_darken(name: str) -> None:
    """Stains and the print of the other side take light and give none."""
    assert (WEAR[name](page(), 1.0) <= page()).all()


def test_the_other_side_is_mirrored() -> None:
    """Marks of the left half show through in the right half, at their own height, and where the shift takes them."""
    change = page().astype(int) - apply_bleed_through(page(), 0.5, 0.5, rng())
    assert change[:, 132:].mean() > 10 * max(change[:, :128].mean(), 0.01)
    mirrored = INK[:, ::-1]
    assert change[mirrored].mean() > 20 * max(change[~mirrored & ~INK].mean(), 0.01)
    moved = page().astype(int) - apply_bleed_through(page(), 0.5, 0.5, rng(), shift_y=0.1)
    assert np.array_equal(np.roll(change, 12, 0)[:, 132:] > 30, moved[:, 132:] > 30)


def test_blank_paper_has_a_blank_back() -> None:
    """Grain of the paper is not print."""
    blank = (235 + rng().normal(0, 2, (60, 90, 1))).astype(np.uint8).repeat(3, 2)
    assert np.array_equal(apply_bleed_through(blank, 1.0, 1.0, rng()), blank)


def test_thermal_print_fades_to_the_paper() -> None:
    """It never becomes darker, blank paper does not change, and a dead element leaves a column blank."""
    made = apply_thermal_fading(page(), 0.6, rng())
    assert (made >= page()).all()
    assert (made <= page().max(axis=(0, 1))).all()
    assert np.array_equal(made[:, 180:], page()[:, 180:])
    dead = apply_thermal_fading(page(), 0.6, rng(3), dead=0.2)
    columns = dead[:, :130, 0].astype(float).mean(axis=0)
    assert np.abs(np.diff(columns)).max() > 30


def test_a_crease_is_a_line() -> None:
    """Wear and relief stay near the fold, light and dark lie side by side, and print on the ridge is lost."""
    made = add_creases(page(), 1.0, 1, rng(1), direction="horizontal")
    rows = np.flatnonzero((made != page()).any(axis=(1, 2)))
    assert 0 < len(rows) < 70
    plain = np.full((120, 200), 200, np.uint8)
    change = add_creases(plain, 1.0, 1, rng(1), direction="horizontal").astype(int) - 200
    profile = change.mean(axis=1)
    assert profile.min() < -20
    assert profile.max() > 3
    assert abs(int(profile.argmin()) - int(profile.argmax())) <= 4
    upright = add_creases(np.ascontiguousarray(plain.T), 1.0, 1, rng(1), direction="vertical").astype(int) - 200
    assert upright.mean(axis=0).min() < -20


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_it_darkens_towards_the_spine(side: str) -> None:
    """Each step away from the spine is lighter, and beyond the reach the page is as it was."""
    plain = np.full((100, 200), 220, np.uint8)
    made = apply_book_binding(plain, 0.5, 0.4, rng(), side=side)
    turned = {"left": made, "right": made[:, ::-1], "top": made.T, "bottom": made[::-1].T}[side]
    profile = turned.mean(axis=0)
    assert (np.diff(profile) >= -0.6).all()
    assert profile[0] < 80
    assert (turned[:, turned.shape[1] // 2 :] == 220).all()
    shining = apply_book_binding(plain, 0.5, 0.4, rng(), side=side, gloss=0.1)
    assert shining.max() > 222


def test_a_copy_is_gray_and_hard() -> None:
    """Ink becomes toner, paper becomes white, no color is left, and bands lie at the border only."""
    made = apply_photocopy(page(), 0.8, rng(), specks=0, streaks=0)
    assert (made == made[..., :1]).all()
    assert made[..., 0][INK].mean() < 70
    assert np.median(made[..., 0][~INK]) > 240
    banded = apply_photocopy(page(), 0.8, rng(), specks=0, streaks=0, edge=5)
    black = (banded[..., 0] < 60) & ~INK
    assert black.any()
    assert not black[20:-20, 200:-20].any()


def test_specks_come_by_the_area() -> None:
    """Four times the area has four times the dust, and no dust means no change."""
    counts = []
    for side in (400, 800):
        plain = np.full((side, side), 128, np.uint8)
        made = add_dust_and_scratches(plain, 2, rng(), dark=0.5)
        counts.append((made != 128).sum())
        assert (made < 100).any()
        assert (made > 150).any()
        assert np.array_equal(add_dust_and_scratches(plain, 0, rng()), plain)
    assert counts[1] / counts[0] == pytest.approx(4, rel=0.25)


@pytest.mark.parametrize(("dark", "seen"), [(0.0, (False, True)), (1.0, (True, True))])
def test_dust_is_as_dark_as_asked(dark: float, seen: tuple[bool, bool]) -> None:
    """The share of dark specks goes from none to all; scratches are light in any case."""
    made = add_dust_and_scratches(np.full((300, 300), 128, np.uint8), 3, rng(), dark=dark)
    assert (bool((made < 126).any()), bool((made > 130).any())) == seen


@pytest.mark.parametrize("kind", ["coffee", "water"])
def test_stains_are_darkest_at_their_rim(kind: str) -> None:
    """What a liquid carries dries at its edge: the middle of a stain is lighter than its darkest parts."""
    plain = np.full((400, 400, 3), 240, np.uint8)
    for seed in range(8):
        made = add_stains(plain, kind, 0.8, 1, 160, rng(seed))
        center = rng(seed).uniform(0, 400), 0
        change = 240 - made.astype(int).mean(axis=2)
        y, x = np.nonzero(change > 0.6 * change.max())
        if len(x) > 20 and 100 < center[0] < 300 and 100 < y.mean() < 300:
            assert np.hypot(x - x.mean(), y - y.mean()).mean() > 30
        assert change.max() > 30


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: apply_bleed_through(page(), 2, 1, rng()), "strength"),
        (lambda: apply_thermal_fading(page(), 0.5, rng(), dead=2), "dead"),
        (lambda: add_creases(page(), 0.5, 1, rng(), direction="askew"), "direction"),
        (lambda: apply_book_binding(page(), 0.5, 0.3, rng(), side="middle"), "side"),
        (lambda: add_stains(page(), "wine", 0.5, 1, 100, rng()), "kind"),
        (lambda: apply_photocopy(page(), 0.5, rng(), edge=-1), "edge"),
        (lambda: add_dust_and_scratches(page(), -1, rng()), "amount"),
    ],
)
def test_refuses_what_is_out_of_range(call: Callable[[], Image], name: str) -> None:
    """The message names the argument."""
    with pytest.raises(ValueError, match=name):
        call()
