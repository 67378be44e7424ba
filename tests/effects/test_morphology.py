"""Ink grown and thinned by pixel values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glyphmill.effects import apply_dilation, apply_erosion, apply_erosion_dilation

Image = NDArray[np.uint8]


def bar(width: int = 8, ink: int = 20, paper: int = 230) -> Image:
    """An upright bar of ink."""
    image = np.full((40, 60), paper, np.uint8)
    image[:, 26 : 26 + width] = ink
    return image


def darkness(image: Image) -> float:
    return float((255 - image.astype(np.float64)).sum())


@pytest.mark.parametrize("kernel", [0, 1])
@pytest.mark.parametrize("operation", ["erode", "dilate"])
def test_kernels_below_two_do_nothing(kernel: int, operation: str) -> None:
    """0 and 1 are the identity."""
    assert np.array_equal(apply_erosion_dilation(bar(), kernel, operation), bar())


@pytest.mark.parametrize(("kernel", "change"), [(2, 2), (3, 2), (4, 4), (5, 4), (7, 6)])
def test_a_bar_changes_by_one_less_than_the_odd_side(kernel: int, change: int) -> None:
    """An even side counts as the next odd one, and half of it goes to either side."""
    for operation, width in (("dilate", 8 + change), ("erode", 8 - change)):
        made = apply_erosion_dilation(bar(), kernel, operation)
        assert np.array_equal(made, np.roll(bar(width), (8 - width) // 2, 1))


def test_a_kernel_of_any_size_ends_at_the_image() -> None:
    """A side that no image has is as good as one across the image."""
    assert (apply_erosion_dilation(bar(), 10**9, "dilate") == 20).all()


@pytest.mark.parametrize("thickness", [0.25, 1.0, 1.5, 2.75, 4.0])
def test_a_bar_changes_by_its_thickness_on_both_sides(thickness: float) -> None:
    """What is gained or lost is the thickness times the length of both edges, fractions too."""
    edge = 2 * 40 * (230 - 20)
    made = apply_dilation(bar(), thickness)
    assert darkness(made) - darkness(bar()) == pytest.approx(thickness * edge, rel=0.01)
    made = apply_erosion(bar(10), thickness)
    assert darkness(bar(10)) - darkness(made) == pytest.approx(thickness * edge, rel=0.01)


@given(st.floats(0, 6), st.floats(0, 6))
def test_more_is_more(one: float, other: float) -> None:
    """The thicker, the darker, at every pixel."""
    less, more = sorted((one, other))
    image = bar(9)
    assert (apply_dilation(image, more) <= apply_dilation(image, less)).all()
    assert (apply_erosion(image, more) >= apply_erosion(image, less)).all()


@pytest.mark.parametrize("thickness", [0.5, 1.0, 2.6])
def test_light_ink_is_the_other_way_round(thickness: float) -> None:
    """To thin dark ink is to grow light ink: one is the other on the negative."""
    image = bar(9)
    negative = 255 - apply_dilation(255 - image, thickness)
    assert np.abs(negative.astype(int) - apply_erosion(image, thickness)).max() <= 1


def test_a_dot_grows_into_a_disk() -> None:
    """No direction is preferred by more than an octagon does."""
    image = np.full((41, 41), 255, np.uint8)
    image[20, 20] = 0
    y, x = np.nonzero(apply_dilation(image, 8) == 0)
    away = np.hypot(x - 20, y - 20)
    assert away.max() <= 9
    outside = np.hypot(*np.meshgrid(np.arange(41) - 20, np.arange(41) - 20))
    assert (apply_dilation(image, 8)[outside <= 7.9] == 0).all()


def test_refuses_what_it_cannot_do() -> None:
    """Names of operations and negative sizes are checked."""
    with pytest.raises(ValueError, match="operation"):
        apply_erosion_dilation(bar(), 3, "open")
    with pytest.raises(ValueError, match="thickness"):
        apply_erosion(bar(), -1)
