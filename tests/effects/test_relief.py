"""Laws of letters in relief: light falls on the sides that face it, and hollows show it the other way round."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.core.registry import discover
from glyphmill.effects import apply_deboss, apply_emboss
from tests.jobs import open_job

Coverage = NDArray[np.uint8]

angles = st.floats(-360, 360)
depths = st.floats(0.5, 8)


def disc(radius: float = 18, side: int = 80) -> Coverage:
    ys, xs = np.indices((side, side)) + 0.5 - side / 2
    return np.clip((radius - np.hypot(xs, ys) + 0.5) * 255, 0, 255).astype(np.uint8)


def toward(angle: float) -> NDArray[np.float64]:
    turn = math.radians(angle)
    return np.array([math.cos(turn), -math.sin(turn)])


def lean(mask: Coverage) -> NDArray[np.float64]:
    """Where the middle of a mask lies from the middle of the canvas, px."""
    ys, xs = np.indices(mask.shape) + 0.5
    weight = mask / mask.sum()
    return np.array([(xs * weight).sum() - mask.shape[1] / 2, (ys * weight).sum() - mask.shape[0] / 2])


@given(angles, depths)
def test_raised_sides_face_the_light(angle: float, depth: float) -> None:
    """Of a raised disc the side to the light is bright and the other one in shade, whatever the angle."""
    light, shade = apply_emboss(disc(), depth, angle)
    assert lean(light) @ toward(angle) > 8
    assert lean(shade) @ toward(angle) < -8


@given(angles, depths)
def test_sunken_sides_face_it_from_within(angle: float, depth: float) -> None:
    """Of a sunken disc the far rim is bright, and the near one in shade."""
    light, shade = apply_deboss(disc(), depth, angle)
    assert lean(light) @ toward(angle) < -8
    assert lean(shade) @ toward(angle) > 1


@given(angles, depths)
def test_light_from_the_other_side_swaps_light_and_shade(angle: float, depth: float) -> None:
    """On a dull surface, what is lit from one side is in shade from the other."""
    light, shade = apply_emboss(disc(), depth, angle)
    other_light, other_shade = apply_emboss(disc(), depth, angle + 180)
    assert np.abs(light.astype(int) - other_shade).max() <= 1
    assert np.abs(shade.astype(int) - other_light).max() <= 1


@given(st.floats(0.5, 4), angles)
def test_what_is_flat_shows_nothing(depth: float, angle: float) -> None:
    """Far from edges there is neither light nor shade, but for the floor of what is sunken, which is darker."""
    mask = disc(30, 100)
    light, shade = apply_emboss(mask, depth, angle)
    for plane in (light, shade):
        assert plane[50, 50] == 0
        assert plane[2, 2] == 0
    light, shade = apply_deboss(mask, depth, angle)
    assert light[50, 50] == 0
    assert 15 < shade[50, 50] < 80
    assert shade[2, 2] == 0


def test_deeper_letters_have_wider_slopes() -> None:
    widths = [int((apply_emboss(disc(), depth, 120)[0] > 40).sum()) for depth in (1, 2, 4, 8)]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1] / 2


def test_gloss_narrows_highlights() -> None:
    """Polished surfaces throw light back from fewer places, and leave shade as it is."""
    dull, glossy = (apply_emboss(disc(), 4, 120, gloss) for gloss in (0, 1))
    assert (glossy[0] > 60).sum() < (dull[0] > 60).sum()
    assert np.array_equal(dull[1], glossy[1])


@pytest.mark.parametrize("kernel", [apply_emboss, apply_deboss])
@pytest.mark.parametrize(("depth", "gloss"), [(-1, 0), (1, -0.1), (1, 1.1)])
def test_wrong_numbers_are_named(kernel: object, depth: float, gloss: float) -> None:
    with pytest.raises(ValueError, match=r"(depth|gloss): got"):
        kernel(disc(), depth, 0, gloss)  # type: ignore[operator]


@pytest.mark.parametrize("unit_id", ["emboss", "deboss"])
def test_ink_is_kept_as_far_as_asked(unit_id: str) -> None:
    """With all of its ink a letter has its color, with less the surface shows through; relief is upon either."""
    job = open_job([{"text": {"language": "en", "length": 12}}], 1)
    inked = job.generator.inked(job.plan(0))
    unit = discover().get("effects", unit_id)
    assert unit is not None
    for share in (1.0, 0.5):
        drawn = unit.draw(unit.config(ink=share), None, np.random.default_rng(1))
        made = unit.apply(unit.params(**drawn), inked)
        assert np.abs(made.mask.astype(int) - inked.mask * share).max() <= 1
        assert len(made.over) == 2
