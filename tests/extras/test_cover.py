"""Which group covers a pixel most: one pass over all groups says what filling each alone says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glyphmill.stages.extra import windows as windows_module
from glyphmill.stages.extra.cover import largest
from glyphmill.stages.extra.windows import Windows
from glyphmill.stages.ink.polygon import fill

WIDTH, HEIGHT = 23, 17


def stars(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Star-shaped polygons, some of them partly or wholly outside of the image."""
    points, starts = [], []
    for _ in range(count):
        corners = int(rng.integers(3, 9))
        angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
        radius = rng.uniform(1, 9, corners)[:, None]
        center = rng.uniform(-6, 30, 2)
        starts.append(sum(map(len, points)))
        points.append(center + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return np.concatenate(points), np.array(starts)


def one_by_one(points: np.ndarray, starts: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The same, each group filled alone on an image of its own."""
    ends = np.append(starts[1:], len(points))
    filled = []
    for number in range(int(group.max(initial=-1)) + 1):
        members = np.flatnonzero(group == number)
        own = [points[starts[k] : ends[k]] for k in members]
        firsts = np.cumsum([0, *map(len, own)])[:-1]
        blank = np.zeros((HEIGHT, WIDTH), np.uint8)
        filled.append(fill(np.concatenate(own), firsts, WIDTH, HEIGHT) if own else blank)
    if not filled:
        return np.zeros((HEIGHT, WIDTH), np.uint16)
    stack = np.stack(filled)
    return np.where(stack.max(axis=0) >= 128, stack.argmax(axis=0) + 1, 0)


@given(seed=st.integers(0, 10**6), count=st.integers(1, 12), groups=st.integers(1, 6))
@settings(deadline=None, max_examples=60)
def test_one_pass_is_as_good_as_many(seed: int, count: int, groups: int) -> None:
    """Any polygons in any groups and in any order, across all edges of the image; -1 is no group."""
    rng = np.random.default_rng(seed)
    points, starts = stars(rng, count)
    group = rng.integers(-1, groups, count)
    made = largest(points, starts, group, WIDTH, HEIGHT)
    assert made.dtype == np.uint16
    assert np.array_equal(made, one_by_one(points, starts, group))


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mask is the same whether groups are filled together or apart."""
    points, starts = stars(np.random.default_rng(5), 40)
    group = np.arange(40) % 25
    whole = largest(points, starts, group, WIDTH, HEIGHT)
    monkeypatch.setattr(windows_module, "_BATCH_PIXELS", 50)
    assert np.array_equal(largest(points, starts, group, WIDTH, HEIGHT), whole)


def test_the_first_of_equals_has_the_pixel() -> None:
    """Two groups with the same outline; and half a pixel is enough, less is not."""
    square = np.array([[2.0, 2.0], [6.0, 2.0], [6.0, 5.5], [2.0, 5.5]])
    low = square + np.array([0.0, 0.25])
    mask = largest(np.concatenate([square, square]), np.array([0, 4]), np.array([3, 1]), 9, 8)
    expected = np.zeros((8, 9), np.uint16)
    expected[2:6, 2:6] = 2
    assert np.array_equal(mask, expected)
    shifted = largest(low, np.array([0]), np.array([0]), 9, 8)
    assert np.array_equal(np.flatnonzero(shifted.any(axis=1)), [2, 3, 4, 5])


def test_nothing_covers_nothing() -> None:
    """No polygons, and polygons of no group."""
    none = np.zeros(0, np.int64)
    assert not largest(np.zeros((0, 2)), none, none, 4, 3).any()
    square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0], [0.0, 3.0]])
    assert not largest(square, np.array([0]), np.array([-1]), 4, 3).any()


def test_strips_cover_their_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pixel of each window once, in any size of strip."""
    monkeypatch.setattr(windows_module, "_BATCH_PIXELS", 12)
    boxes = np.array([[0.2, 0.2, 5.5, 9.1], [3, 3, 3, 3], [-5, -5, -1, -1], [7.5, -3, 40, 2.5]])
    windows = Windows.around(boxes, 20, 10)
    strips, owner = windows.strips()
    assert (strips.sizes <= 13).all()
    whole, x, y = windows.pixels()
    part, part_x, part_y = strips.pixels()
    assert sorted(zip(whole, x, y, strict=True)) == sorted(zip(owner[part], part_x, part_y, strict=True))
    assert sorted(np.concatenate(list(strips.batches())).tolist()) == np.flatnonzero(strips.sizes).tolist()
