"""Gradients of ink: the colors of both ends, in between, whatever way they run."""

import numpy as np
import pytest

from glyphmill.stages.color import color

ENDS = np.array([[10.0, 200.0, 30.0], [250.0, 20.0, 90.0]])


def gradient(angle: float, width: int = 60, height: int = 20) -> np.ndarray:
    params = color.Params(mode="gradient", candidates=(((0, 0, 0), (0, 0, 0)),), angle=angle)
    return color.apply(params, ENDS, width, height, None)


def test_rows_are_alike_where_it_runs_along_them():
    """And the same as where it is turned by next to nothing."""
    made = gradient(0.0)
    assert made.shape == (20, 60, 3)
    assert (made == made[0]).all()
    assert np.abs(made.astype(int) - gradient(1e-7)).max() <= 1


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 135.0, 180.0, 270.0, -45.0])
def test_it_runs_from_one_end_to_the_other(angle):
    """In no channel does it leave what lies between its ends, and it comes close to both."""
    made = gradient(angle, 200, 200).reshape(-1, 3).astype(float)
    low, high = ENDS.min(axis=0), ENDS.max(axis=0)
    assert (made >= low).all()
    assert (made <= high).all()
    assert (np.abs(made[:, None] - ENDS).max(axis=2).min(axis=0) <= 3).all()
