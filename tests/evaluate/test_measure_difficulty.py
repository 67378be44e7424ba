"""The strengths that `scripts/measure_difficulty.py` walks through, of every unit that has one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from glyphmill.core.unit import Unit
from scripts.measure_difficulty import NEARLY_OFF, STRENGTHS, rank_correlation, walks
from tests.jobs import registry

UNITS = [unit for stage in ("degrade", "effects") for unit in registry().stage(stage)]
WALKED = [unit for unit in UNITS if any(walks(unit))]


@pytest.mark.parametrize("unit", WALKED, ids=lambda unit: f"{unit.stage}.{unit.id}")
def test_strengths_grow_through_the_default_range(unit: Unit) -> None:
    """Away from off, to an end of the range, and each is a setting that loads."""
    for walk in walks(unit):
        off = {**unit.off, **dict([NEARLY_OFF.get((unit.stage, unit.id), ("", 0.0))])}[walk.setting]
        away = [abs(value - off) for value in walk.values]
        assert all(near < far for near, far in pairwise([0.0, *away]))
        assert 1 <= len(walk.values) <= STRENGTHS
        default = unit.config.model_fields[walk.setting].default
        assert walk.values[-1] == pytest.approx(default.min) or walk.values[-1] == pytest.approx(default.max)
        for value in walk.values:
            unit.config.model_validate({walk.setting: value})


def test_whatever_has_a_strength_is_walked() -> None:
    """Those with a value that does nothing, and the codecs, whose quality is one the other way round."""
    walked = {(unit.stage, unit.id) for unit in WALKED}
    assert walked >= {(unit.stage, unit.id) for unit in UNITS if unit.off} | set(NEARLY_OFF)


def test_a_range_around_off_is_walked_both_ways() -> None:
    brightness = registry().get("degrade", "brightness")
    assert brightness is not None
    up, down = walks(brightness)
    assert up.values[-1] > 1 > down.values[-1]


def test_rank_correlation_is_of_ranks() -> None:
    assert rank_correlation([0, 1, 5, 9]) == pytest.approx(1)
    assert rank_correlation([9, 5, 1, 0]) == pytest.approx(-1)
    assert rank_correlation([3, 3, 3]) == 0
    assert rank_correlation([0, 0, 0, 0, 0, 1]) == pytest.approx(0.6547, abs=1e-4)
