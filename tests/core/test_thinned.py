"""Polylines are written with as few points as the eye needs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.core.shapes import thinned


def away(points: np.ndarray, line: np.ndarray) -> float:
    """How far the furthest of some points is from a polyline."""
    start, chord = line[:-1], np.diff(line, axis=0)
    inner = points[:, None] - start
    along = np.clip((inner * chord).sum(axis=2) / np.maximum((chord**2).sum(axis=1), 1e-12), 0, 1)
    return float(np.hypot(*np.moveaxis(inner - along[..., None] * chord, 2, 0)).min(axis=1).max())


@given(
    st.integers(1, 6), st.floats(0, 12), st.floats(0.1, 9), st.floats(0, 6.3), st.floats(5, 800), st.integers(0, 2**31)
)
def test_no_point_is_further_than_the_tolerance(
    halvings: int, amplitude: float, waves: float, phase: float, length: float, seed: int
) -> None:
    """Ends are kept, and what is left out lies within .2 px (and the rounding) of what is left."""
    t = np.linspace(0, 1, 2**halvings + 1)
    wave = np.stack([t * length, amplitude * np.sin(waves * t * 6.28 + phase)], axis=1)
    rough = wave + np.random.default_rng(seed).normal(0, 0.3, wave.shape)
    lines = np.stack([wave, rough, wave[::-1]])
    for line, kept in zip(lines, thinned(lines), strict=True):
        assert kept[0] == pytest.approx(line[0], abs=0.006)
        assert kept[-1] == pytest.approx(line[-1], abs=0.006)
        assert away(line, np.array(kept)) <= 0.2 + 0.01


def test_straight_lines_keep_their_ends_alone() -> None:
    """However many points they came with, even if all are the same."""
    t = np.linspace(0, 1, 65)
    lines = np.stack([np.stack([t * 300, t * 40], axis=1), np.zeros((65, 2))])
    assert thinned(lines) == [[[0.0, 0.0], [300.0, 40.0]], [[0.0, 0.0], [0.0, 0.0]]]


@pytest.mark.parametrize(("n", "count"), [(3, 17), (2, 65), (4, 3), (1, 2), (0, 2), (0, 17)])
def test_each_line_is_thinned_as_it_is_alone(n: int, count: int) -> None:
    """Lines come out one after the other, and nothing is nothing."""
    lines = np.random.default_rng(0).normal(0, 1, (n, count, 2)).cumsum(axis=1)
    assert thinned(lines) == [kept for line in lines for kept in thinned(line[None])]
