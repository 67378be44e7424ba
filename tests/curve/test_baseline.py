"""The curves themselves: circles and splines do what their formulas say."""

from __future__ import annotations

import numpy as np
import pytest

from glyphmill.stages.curve.baseline import Turn
from glyphmill.stages.curve.bezier import Spline


@pytest.mark.parametrize("radius", [3.0, 250.0, 1e6])
@pytest.mark.parametrize("side", [1, -1])
def test_a_turn_is_a_circle(radius: float, side: int) -> None:
    """All places are a radius from the center, which lies across the tangent at the origin."""
    heading = 0.4
    turn = Turn(side / radius, heading)
    found = turn.at(np.linspace(-2, 2, 101) * min(radius, 500))
    center = side * radius * 1j * np.exp(1j * heading)
    np.testing.assert_allclose(np.abs(found.place - center), radius, rtol=1e-12)
    np.testing.assert_allclose((found.tangent * np.conj(found.place - center)).real, 0, atol=1e-9 * radius)
    assert found.place[50] == 0


def test_a_spline_is_smooth() -> None:
    """Slopes and second derivatives are those of the heights, across joints and ends, and within their bounds."""
    controls = np.array([0.3, -0.8, 0.9, 0.1, -0.5])
    spline = Spline(controls, 200.0)
    x = np.linspace(-30, 230, 52001)
    height, slope, second = spline(x)
    np.testing.assert_allclose(np.gradient(height, x)[1:-1], slope[1:-1], atol=1e-5)
    np.testing.assert_allclose(np.gradient(slope, x)[1:-1], second[1:-1], atol=1e-4)
    assert np.abs(slope).max() <= spline.steepest
    assert np.abs(second).max() == pytest.approx(spline.most_bent, rel=1e-3)
    ends, _, _ = spline(np.array([0.0, 200.0]))
    np.testing.assert_allclose(ends, controls[[0, -1]], atol=1e-12)
    assert not second[x < 0].any()
