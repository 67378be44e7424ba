"""Laws of ink that spreads, fades and breaks, of strokes around letters and of what letters are filled with."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from glyphmill.effects import (
    apply_broken_strokes,
    apply_fade,
    apply_ink_bleed,
    apply_ink_texture,
    apply_outline,
)
from glyphmill.pixels.ink import FADES
from glyphmill.pixels.streaks import streaks
from glyphmill.pixels.textures import TEXTURES

Coverage = NDArray[np.uint8]
Kernel = Callable[[Coverage, float, Generator], Coverage]


def bar(width: int, size: tuple[int, int] = (120, 90)) -> Coverage:
    """An upright bar in the middle, far from the sides and up to the top and the bottom."""
    mask = np.zeros(size, np.uint8)
    left = (size[1] - width) // 2
    mask[:, left : left + width] = 255
    return mask


def letters(seed: int = 0) -> Coverage:
    """Thin and thick strokes with soft edges."""
    mask, rng = np.zeros((80, 240), np.uint8), default_rng(seed)
    for _ in range(14):
        (x, y), (u, v) = rng.integers(0, (240, 80), (2, 2)).tolist()
        cv2.line(mask, (x, y), (u, v), 255, int(rng.integers(1, 7)), cv2.LINE_AA)
    return mask


WORN: dict[str, Kernel] = {
    "broken_strokes": apply_broken_strokes,
    **{
        f"fade-{mode}": (lambda mask, amount, rng, mode=mode: apply_fade(mask, amount, rng, mode=mode))
        for mode in FADES
    },
}


@given(st.floats(0, 12), st.integers(0, 99))
def test_bleeding_only_adds_ink(radius: float, seed: int) -> None:
    """No pixel has less ink than before, and none far from ink has any."""
    mask = letters(seed)
    made = apply_ink_bleed(mask, radius, default_rng(seed))
    assert (made >= mask).all()
    away = cv2.distanceTransform((mask == 0).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    assert not made[away > 2.5 * radius + 2].any()


def test_ink_that_bleeds_has_a_dark_core_and_an_uneven_fringe() -> None:
    """It is no blur: the bar stays black, grows, and its sides are no longer straight."""
    mask = bar(8)
    made = apply_ink_bleed(mask, 3, default_rng(1))
    assert (made[mask == 255] == 255).all()
    assert (made > 128).sum(axis=1).mean() > 9
    assert (made > 60).sum(axis=1).std() > 0.5
    assert ((made > 20) & (made < 200)).sum(axis=1).mean() > 1.5


def test_more_radius_is_more_ink() -> None:
    """From nothing on, in small steps."""
    mask = letters()
    inks = [apply_ink_bleed(mask, radius, default_rng(1)).sum() for radius in (0, 0.05, 0.2, 0.5, 1, 2, 4)]
    assert inks == sorted(inks)
    assert inks[1] < 1.02 * inks[0]


@pytest.mark.parametrize("name", WORN)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 99))
def test_wear_only_takes_ink(name: str, one: float, other: float, seed: int) -> None:
    """No pixel has more ink than before, and none has more of it where more is taken."""
    mask = letters(seed)
    less, more = (WORN[name](mask, amount, default_rng(seed)) for amount in sorted((one, other)))
    assert (less <= mask).all()
    assert (more.astype(int) <= less.astype(int) + 1).all()


@pytest.mark.parametrize("mode", FADES)
def test_fading_takes_its_share_at_most(mode: str) -> None:
    """Where ink is faintest no more than the amount is gone; somewhere nearly as much is."""
    mask = np.full((200, 400), 255, np.uint8)
    for seed in range(4):
        made = apply_fade(mask, 0.6, default_rng(seed), mode=mode)
        assert made.min() >= 255 * 0.4 - 1
        assert made.min() < 255 * 0.65
        assert made.mean() > 255 * 0.5


def test_thin_strokes_break_first() -> None:
    """A hairline loses far more of itself than a stem, and a stem more at its edges than in its middle."""
    hairline, stem = bar(2), bar(12)
    kept = [[apply_broken_strokes(mask, 0.3, default_rng(seed)) for seed in range(8)] for mask in (hairline, stem)]
    lost = [
        1 - np.mean([made.sum() for made in group]) / mask.sum()
        for group, mask in zip(kept, (hairline, stem), strict=True)
    ]
    assert lost[0] > 0.05
    assert lost[0] > 3 * lost[1]
    middle, edge = (
        np.mean([made[:, columns].mean() for made in kept[1]]) for columns in (slice(43, 47), slice(39, 40))
    )
    assert middle > edge


@given(st.floats(0, 9))
def test_a_stroke_is_as_wide_as_asked(width: float) -> None:
    """On both sides of a bar, to a twentieth of a pixel."""
    mask = bar(11)
    grown = apply_outline(mask, width).sum() / 255 / len(mask)
    stroke = apply_outline(mask, width, hollow=True)
    assert grown - 11 == pytest.approx(2 * width, abs=0.05)
    assert stroke.sum() / 255 / len(mask) == pytest.approx(2 * width, abs=0.05)
    assert not stroke[mask == 255].any()


@pytest.mark.parametrize("width", [0.5, 1, 2, 3.3, 7])
def test_a_stroke_is_round(width: float) -> None:
    """A disc grows to a disc, to within a tenth of the width or of a pixel."""
    mask = np.zeros((161, 161), np.uint8)
    cv2.circle(mask, (80, 80), 40, 255, -1, cv2.LINE_AA)
    radii = [math.sqrt(cover.sum() / 255 / math.pi) for cover in (mask, apply_outline(mask, width))]
    assert radii[1] - radii[0] == pytest.approx(width, abs=max(0.12 * width, 0.1))


@pytest.mark.parametrize("kind", TEXTURES)
def test_textures_keep_the_mean(kind: str) -> None:
    """White and black lie on ink alone, never more than it, and gray ink keeps its mean to a few levels."""
    mask = letters()
    light, dark = apply_ink_texture(mask, kind, 0.6, default_rng(3))
    assert (np.maximum(light, dark) <= mask).all()
    assert not (light.astype(bool) & dark.astype(bool)).any()
    gray = np.full(mask.shape, 127.5) * (1 - light / 255) + light
    gray *= 1 - dark / 255
    ink = mask == 255
    assert gray[ink].mean() == pytest.approx(127.5, abs=5)
    assert gray[ink].std() > 8


@pytest.mark.parametrize("angle", [0, 30, 90, 140])
def test_streaks_run_their_way(angle: float) -> None:
    """Neighbors along a streak are alike, those across are not."""
    plane = streaks(default_rng(0), (300, 300), 24, 1.5, angle).astype(np.float32) - 128
    shifted = []
    for turn in (angle, angle + 90):
        dx, dy = 8 * math.cos(math.radians(turn)), -8 * math.sin(math.radians(turn))
        moved = cv2.warpAffine(plane, np.array([[1, 0, dx], [0, 1, dy]]), (300, 300))
        shifted.append(float((moved * plane)[20:-20, 20:-20].mean() / (plane**2).mean()))
    assert shifted[0] > 0.3
    assert abs(shifted[1]) < 0.1


@pytest.mark.parametrize(
    "call",
    [
        lambda mask, rng: apply_ink_bleed(mask.astype(np.float32), 1, rng),
        lambda mask, rng: apply_ink_bleed(np.zeros((0, 4), np.uint8), 1, rng),
        lambda mask, rng: apply_ink_bleed(mask[..., None], 1, rng),
        lambda mask, rng: apply_ink_bleed(mask, -1, rng),
        lambda mask, rng: apply_ink_bleed(mask, math.nan, rng),
        lambda mask, rng: apply_fade(mask, 1.1, rng),
        lambda mask, rng: apply_fade(mask, 0.5, rng, mode="moth"),
        lambda mask, rng: apply_broken_strokes(mask, -0.1, rng),
        lambda mask, rng: apply_outline(mask, -2),
        lambda mask, rng: apply_ink_texture(mask, "felt", 0.5, rng),
        lambda mask, rng: apply_ink_texture(mask, "wood", 2, rng),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[Coverage, Generator], Any]) -> None:
    """With what was given and what is expected."""
    with pytest.raises((TypeError, ValueError), match=r"got .*; expected"):
        call(bar(3), default_rng(0))
