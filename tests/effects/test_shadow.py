"""Laws of what ink throws: shadows at their offset, bodies along their way, light around tubes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.core.registry import discover
from glyphmill.effects import apply_block_shadow, apply_drop_shadow, apply_extrude, apply_neon_glow
from glyphmill.stages.ink.inked import Inked
from tests.jobs import open_job

Coverage = NDArray[np.uint8]


def letters(seed: int = 0, size: tuple[int, int] = (70, 90), margin: int = 25) -> Coverage:
    """Strokes of many shapes, far from the borders."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(size, np.uint8)
    inner = mask[margin:-margin, margin:-margin]
    for _ in range(6):
        top, left = rng.integers(0, inner.shape[0] - 4), rng.integers(0, inner.shape[1] - 4)
        high, wide = rng.permutation([int(rng.integers(2, 5)), int(rng.integers(8, 20))])
        inner[top : top + high, left : left + wide] = 255
    return mask


def moved(mask: Coverage, dx: int, dy: int) -> Coverage:
    """The mask elsewhere, what leaves the canvas lost."""
    made = np.zeros_like(mask)
    height, width = mask.shape
    ys, xs = np.nonzero(mask)
    kept = (ys + dy >= 0) & (ys + dy < height) & (xs + dx >= 0) & (xs + dx < width)
    made[ys[kept] + dy, xs[kept] + dx] = mask[ys[kept], xs[kept]]
    return made


def center(mask: Coverage) -> tuple[float, float]:
    ys, xs = np.indices(mask.shape)
    weight = mask / mask.sum()
    return float((xs * weight).sum()), float((ys * weight).sum())


@given(st.integers(-100, 100), st.integers(-100, 100))
def test_hard_shadow_is_the_mask_at_the_offset(dx: int, dy: int) -> None:
    """Without softness a shadow is the ink, moved by whole pixels, cut at the canvas."""
    assert np.array_equal(apply_drop_shadow(letters(), dx, dy, 0), moved(letters(), dx, dy))


@given(st.floats(-8, 8), st.floats(-8, 8), st.floats(0, 4))
def test_shadow_lies_at_the_offset_and_keeps_its_ink(dx: float, dy: float, radius: float) -> None:
    """However soft, and for parts of a pixel, its center has moved by the offset and all of it is there."""
    mask = letters()
    shadow = apply_drop_shadow(mask, dx, dy, radius)
    (x0, y0), (x1, y1) = center(mask), center(shadow)
    assert x1 - x0 == pytest.approx(dx, abs=0.15)
    assert y1 - y0 == pytest.approx(dy, abs=0.15)
    assert int(shadow.sum()) == pytest.approx(int(mask.sum()), rel=0.06)


def test_nothing_beyond_the_border_throws_a_shadow() -> None:
    """Ink that touches the border is not carried on beyond it: the shadow grows weaker there as it does elsewhere."""
    mask = np.zeros((40, 40), np.uint8)
    mask[:, :10] = 255
    shadow = apply_drop_shadow(mask, 15, 0, 2)
    assert shadow[20, 20] > 245
    assert shadow[20, 5:12].max() < 30
    assert shadow[0, 20] < 0.7 * shadow[20, 20]


@pytest.mark.parametrize("far", [1e5, -1e5, 1e12, math.inf])
def test_far_shadows_are_nothing(far: float) -> None:
    """An offset beyond the canvas leaves nothing of a shadow, at no cost."""
    assert not apply_drop_shadow(letters(), far, 0, 3).any()
    assert not apply_block_shadow(letters(), 0, far, 3).any()


def test_the_softest_shadow_is_nearly_nothing() -> None:
    """A softness far beyond the canvas neither fails nor shows."""
    assert apply_drop_shadow(letters(), 2, 2, 1e9).max() < 60


@given(st.integers(-10, 10), st.integers(-10, 10))
def test_block_shadow_is_the_box_around_all_ink(dx: int, dy: int) -> None:
    """Without blocks of its own the shadow is the bounding box of the ink, moved."""
    mask = letters()
    ys, xs = np.nonzero(mask)
    box = np.zeros_like(mask)
    box[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] = 255
    shadow = apply_block_shadow(mask, dx, dy, 0).astype(int)
    assert np.abs(shadow - moved(box, dx, dy)).max() <= 64  # polygons have soft edges
    assert ((shadow == 255) == (moved(box, dx, dy) == 255)).all()


@given(st.integers(1, 12), st.sampled_from([0, 90, 180, 270, -90]))
def test_body_is_the_greatest_of_all_its_places(depth: int, angle: int) -> None:
    """Doubling the way finds the same body as stepping along it pixel by pixel."""
    mask = letters()
    dx, dy = round(math.cos(math.radians(angle))), -round(math.sin(math.radians(angle)))
    stepped = np.max([moved(mask, dx * step, dy * step) for step in range(depth + 1)], axis=0)
    body, _ = apply_extrude(mask, depth, angle)
    assert np.abs(body.astype(int) - stepped).max() <= 1


@given(st.floats(0, 20), st.floats(-180, 180), st.integers(0, 4))
def test_body_holds_its_face_and_its_lit_sides(depth: float, angle: float, seed: int) -> None:
    """No part of a face is outside its body, and no lit side either but for soft edges; the body's end is there."""
    mask = letters(seed)
    body, lit = apply_extrude(mask, depth, angle)
    assert (body >= mask).all()
    assert ((lit == 0) | (body > 0)).mean() > 0.97
    turn = math.radians(angle)
    end = apply_drop_shadow(mask, depth * math.cos(turn), -depth * math.sin(turn), 0)
    assert (body >= end).all()


def test_sides_differ() -> None:
    """Of a box that goes back to the right and down, the sides to the right are lit and those below are not."""
    mask = np.zeros((60, 60), np.uint8)
    mask[15:30, 15:30] = 255
    body, lit = apply_extrude(mask, 12, -45)
    assert body[33, 25] > 200
    assert body[25, 33] > 200
    assert lit[25, 33] > 150
    assert lit[33, 25] < 60


@given(st.floats(0.5, 12), st.integers(0, 4))
def test_glow_falls_off_and_the_core_is_inside(radius: float, seed: int) -> None:
    """A tube's light is strongest at the tube, and its core lies within it."""
    mask = letters(seed)
    glow, core = apply_neon_glow(mask, radius)
    assert (core <= mask).all()
    assert glow[mask == 255].mean() > glow[mask == 0].mean()
    assert glow[:2].mean() <= glow[mask == 255].mean() / 2


def test_wider_glow_reaches_further() -> None:
    mask = letters()
    reach = [int((apply_neon_glow(mask, radius)[0] > 10).sum()) for radius in (1, 3, 6, 9)]
    assert reach == sorted(reach)
    assert reach[0] < reach[-1]


@pytest.mark.parametrize(
    "call",
    [
        lambda mask: apply_drop_shadow(mask, 1, 1, -1),
        lambda mask: apply_block_shadow(mask, 1, 1, -1),
        lambda mask: apply_extrude(mask, -1, 0),
        lambda mask: apply_neon_glow(mask, -0.1),
        lambda mask: apply_drop_shadow(mask[None], 1, 1, 1),
        lambda mask: apply_extrude(mask[:0], 1, 0),
    ],
)
def test_wrong_numbers_and_shapes_are_named(call: Any) -> None:
    with pytest.raises(ValueError, match="got"):
        call(letters())


# units


def inked_of(specification: dict[str, Any]) -> Inked:
    job = open_job([specification], 1)
    return job.generator.inked(job.plan(0))


def applied(unit_id: str, inked: Inked, **settings: Any) -> Inked:
    unit = discover().get("effects", unit_id)
    assert unit is not None
    params = unit.params(**unit.draw(unit.config(**settings), None, np.random.default_rng(0)))
    made = unit.apply(params, inked)
    assert isinstance(made, Inked)
    return made


LINES = {"text": {"language": "en", "length": 40, "lines": 2}}


@pytest.mark.parametrize("alpha", [0, 64, 255])
def test_alpha_is_how_dense_a_shadow_is(alpha: int) -> None:
    """The fourth number of the color thins the shadow, the other three are its color."""
    inked = inked_of(LINES)
    made = applied("drop_shadow", inked, offset_x=3, offset_y=2, radius=0, color=[9, 8, 7, alpha])
    (shadow,) = made.under
    assert shadow.color is not None
    assert shadow.color.tolist() == [9, 8, 7]
    assert int(shadow.cover.max()) == pytest.approx(alpha, abs=1)
    assert made.mask is inked.mask


@pytest.mark.parametrize("direction", ["left_to_right", "top_to_bottom", "bottom_to_top"])
def test_block_shadow_lies_behind_all_lines(direction: str) -> None:
    """A shadow of the block covers the boxes of all lines and the space between them; one a line only those."""
    inked = inked_of({"text": {"language": "en", "length": 40, "lines": 2, "direction": direction}})
    settings = {"offset_x": 0.001, "offset_y": 0, "radius": 0, "color": [0, 0, 0, 255]}
    (block,) = applied("block_shadow", inked, around="block", **settings).ground
    (lines,) = applied("block_shadow", inked, around="lines", **settings).ground
    low = inked.labels.line_polygons.min(axis=(0, 1))
    high = inked.labels.line_polygons.max(axis=(0, 1))
    area = float(np.prod(high - low))
    assert block.cover.sum() / 255 == pytest.approx(area, rel=0.02)
    assert (block.cover.astype(int) - lines.cover).min() >= -64
    assert lines.cover.sum() <= block.cover.sum()


def test_sides_of_ink_are_not_lost_in_its_color() -> None:
    """Sides in the color of the ink are mixed with gray, so that a face stands out from them whatever its color."""
    made = applied("extrude", inked_of(LINES), depth=6, angle=-60, paint="ink")
    body, gray = made.under
    assert body.color is None
    assert gray.cover.max() < 255
    assert np.array_equal(gray.cover > 0, body.cover > 0)


def test_night_falls_with_neon() -> None:
    """Neon darkens its background, and a tube has its own color upon the ink unless it takes that of the ink."""
    inked = inked_of(LINES)
    red = applied("neon", inked, strength=1, radius=6, night=0.9, light="red")
    own = applied("neon", inked, strength=1, radius=6, night=0.9, light="ink")
    assert int(red.ground[0].cover.min()) == pytest.approx(0.9 * 255, abs=1)
    assert len(red.over) == len(own.over) + 1
    assert own.under[0].color is None
