"""Readings are grouped by what made them, in an order that depends on nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.evaluate.engine import EngineError
from glyphmill.evaluate.groups import BINS, GROUPINGS, PLAIN, groups_of, kept, parsed
from glyphmill.evaluate.pieces import Facts
from tests.jobs import registry

PLAINLY = Facts("s", ("background.solid",), {}, "a.ttf", "Latn", "left_to_right", "en-Latn", 12)


def blurred(radius: float) -> Facts:
    return replace(PLAINLY, units=("background.solid", "degrade.blur"), strengths={"degrade.blur": radius})


@given(st.lists(st.floats(0, 50), min_size=1, max_size=60))
def test_each_strength_is_in_one_bin(radii: list[float]) -> None:
    """That it lies in; bins are in order, even, and at most five."""
    groups = groups_of([blurred(radius) for radius in radii], ["strength"], registry())[1:]
    assert len(groups) <= BINS
    assert sorted(place for group in groups for place in group.members) == list(range(len(radii)))
    spans = [group.span for group in groups if group.span]
    assert spans == sorted(spans)
    for group in groups:
        assert group.unit == "degrade.blur"
        assert group.name.startswith("degrade.blur radius ")
        assert group.span is not None
        low, high = group.span
        assert all(low <= radii[place] <= high for place in group.members)
        if len(set(radii)) > BINS:
            assert high - low == pytest.approx((max(radii) - min(radii)) / BINS)
        else:
            assert low == high


def test_a_strength_away_from_zero_is_a_distance() -> None:
    """Where a unit is off at 1, its strength is how far from 1 it is, and the name says so."""
    facts = [replace(PLAINLY, units=("degrade.contrast",), strengths={"degrade.contrast": 0.25})]
    assert groups_of(facts, ["strength"], registry())[1].name == "degrade.contrast |factor - 1| 0.25"


def test_groupings_come_in_their_order_and_names_sorted() -> None:
    """All first; text that nothing was done to before units; short before long."""
    facts = [
        replace(blurred(1), length=100, script="Thai"),
        replace(PLAINLY, length=3),
        replace(PLAINLY, length=11, script="Arab"),
        replace(PLAINLY, length=10),
    ]
    groups = groups_of(facts, reversed(GROUPINGS), registry())
    order = ["all", *GROUPINGS]
    assert [order.index(group.grouping) for group in groups] == sorted(order.index(g.grouping) for g in groups)
    named = {grouping: [g.name for g in groups if g.grouping == grouping] for grouping in order}
    assert named["all"] == ["all"]
    assert named["unit"] == [PLAIN, "background.solid", "degrade.blur"]
    assert named["script"] == ["Arab", "Latn", "Thai"]
    assert named["length"] == ["1 to 5", "6 to 10", "11 to 20", "81 and more"]


def test_nothing_read_is_no_group() -> None:
    assert groups_of([], GROUPINGS, registry()) == []


def test_only_leaves_what_has_one_name_of_each_grouping() -> None:
    """Names of one grouping are alternatives; different groupings must all agree."""
    only = parsed(["script=Latn", "script=Thai", "unit=degrade.blur"])
    assert kept(blurred(1), only)
    assert kept(replace(blurred(1), script="Thai"), only)
    assert not kept(PLAINLY, only)
    assert not kept(replace(blurred(1), script="Arab"), only)
    assert kept(PLAINLY, parsed([]))


@pytest.mark.parametrize("spelt", ["Latn", "skript=Latn", "script=", "strength=1", ""])
def test_a_misspelt_only_is_refused(spelt: str) -> None:
    with pytest.raises(EngineError, match=r"GROUPING=NAME.*specification"):
        parsed([spelt])
