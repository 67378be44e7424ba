"""A plan is a pure function of config, catalogue, seed, index and attempt, and a value that JSON carries whole."""

import json
from dataclasses import replace

import pytest

from glyphmill.core.errors import RenderError
from glyphmill.core.unit import STAGES
from glyphmill.plan.plan import Plan

MIXED = """
total_images: 60
seed: 11
specifications:
  - name: latin
    proportion: 0.5
    text: {language: en, direction: [left_to_right, bottom_to_top], lines: [1, 3]}
    font: {size: [20, 40], axes: {wght: [200, 800]}}
    color: {mode: {uniform: 2, per_glyph: 1, gradient: 1}, rgb: [[0, 0, 0], [120, 120, 120]]}
    background: {solid: {weight: 2}, paper: {weight: 1}}
    canvas: {padding: [2, 20], placement: random}
  - name: arabic
    proportion: 0.5
    text: {language: ar, direction: right_to_left}
    font: {size: 30}
"""


@pytest.fixture(scope="module")
def mixed(open_job):
    return open_job(MIXED)


def test_json_carries_a_plan_whole(mixed):
    """``Plan.from_json(p.to_json()) == p``, and the text of the JSON is the same again."""
    for index in range(len(mixed)):
        plan = mixed.plan(index)
        assert Plan.from_json(plan.to_json()) == plan
        assert Plan.from_json(plan.to_json()).to_json() == plan.to_json()


def test_plans_do_not_depend_on_order(mixed, open_job):
    """Backwards, alone, or in another job of the same config: the same plan for an index."""
    forwards = [mixed.plan(index) for index in range(len(mixed))]
    assert [mixed.plan(index) for index in reversed(range(len(mixed)))] == forwards[::-1]
    assert open_job(MIXED).plan(37) == forwards[37]


def test_attempts_and_seeds_differ(mixed, open_job):
    """Another attempt or another seed is another plan."""
    assert mixed.plan(3, attempt=1) != replace(mixed.plan(3), attempt=1)
    assert open_job(MIXED.replace("seed: 11", "seed: 12")).plan(3).steps != mixed.plan(3).steps


def test_a_setting_of_one_unit_shifts_no_other(mixed, open_job):
    """Drawing more in one unit leaves what the others draw as it was."""
    other = open_job(MIXED.replace("canvas: {padding: [2, 20]", "canvas: {padding: [3, 90], blend: [normal, multiply]"))
    for index in range(20):
        ours, theirs = mixed.plan(index), other.plan(index)
        same = [step for step in ours.steps if step.stage != "canvas"]
        assert [step for step in theirs.steps if step.stage != "canvas"] == same


def test_steps_follow_the_flow(mixed):
    """Steps stand in the order of the stages, and each names a unit that exists."""
    for index in range(10):
        stages = [step.stage for step in mixed.plan(index).steps]
        assert stages == sorted(stages, key=STAGES.index)
        assert all(mixed.registry.get(step.stage, step.unit) for step in mixed.plan(index).steps)


def test_counts_are_exact(mixed):
    """Half of sixty images is thirty."""
    names = [mixed.plan(index).specification for index in range(len(mixed))]
    assert names.count("latin") == names.count("arabic") == 30


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "not JSON"),
        ("[1]", "JSON object; got list"),
        ('{"schema": "glyphmill.plan/99"}', "'glyphmill.plan/99'"),
        ('{"schema": "glyphmill.plan/1", "seed": 1}', "'index'"),
    ],
)
def test_what_is_not_a_plan_is_refused_by_name(text, message):
    """A broken plan gives an error that says what is wrong, never a KeyError."""
    with pytest.raises(RenderError, match=message):
        Plan.from_json(text)


def test_plans_are_plain_json(mixed):
    """No NumPy value hides in a plan: the standard library writes it, and numbers come back as they were."""
    plan = mixed.plan(5).to_dict()
    assert json.loads(json.dumps(plan)) == json.loads(mixed.plan(5).to_json())
