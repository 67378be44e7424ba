"""Pinned plans: what the planner draws today, it drew when they were pinned, so that old plans and runs stay valid."""

from __future__ import annotations

from pathlib import Path

from glyphmill.plan.plan import Plan
from glyphmill.run.job import Job
from tests.jobs import open_job

FILE = Path(__file__).parent / "plans.jsonl"
COUNT = 1_000_000
#: Index and attempt. The far ones are planned alone, as all are.
PLANNED = ((0, 0), (1, 0), (1, 1), (2, 0), (3, 0), (4, 0), (123_456, 0), (999_999, 2))


def job() -> Job:
    """Four specifications that draw from every kind of distribution and take one of several units."""
    specifications = [
        {
            "name": "labels",
            "text": {"language": "en", "length": [3, 30], "lines": {"distribution": "choice", "values": [1, 2]}},
            "font": {"size": {"min": 20, "max": 60, "distribution": "normal"}, "axes": {"wght": [200, 800]}},
            "layout": {
                "letter_spacing": {"min": 0, "max": 5, "distribution": "exponential"},
                "align": ["start", "end"],
            },
            "color": {"mode": {"uniform": 3, "gradient": 1}, "rgb": [[0, 0, 0], [90, 90, 90]]},
            "canvas": {"padding": {"min": 2, "max": 40, "distribution": "lognormal"}, "placement": "random"},
        },
        {
            "name": "signs",
            "text": {"language": "ar", "direction": "right_to_left"},
            "font": {"size": {"min": 20, "max": 60, "distribution": "beta"}},
            "color": {"mode": "per_glyph", "palette_size": [2, 4]},
        },
        {
            "name": "columns",
            "text": {"language": "ja", "direction": ["top_to_bottom", "bottom_to_top"], "lines": 3, "length": 24},
            "layout": {"orientation": ["mixed", "upright"]},
        },
        {
            "name": "verse",
            "text": {"language": "he", "direction": "right_to_left", "missing": "fallback"},
            "font": {"size": {"min": 20, "max": 60, "distribution": "truncated_normal"}, "bold": [0, 0.03]},
        },
    ]
    defaults = {"background": {"solid": {"weight": 2}, "gradient": {}, "noise": {}}}
    return open_job(specifications, COUNT, seed=7, defaults=defaults)


def test_plans_are_the_pinned_ones(update_golden: bool) -> None:
    """Literal plans of a few indices, far ones and later attempts among them."""
    drawn = job()
    lines = [drawn.plan(index, attempt).to_json() for index, attempt in PLANNED]
    if update_golden:
        FILE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    pinned = FILE.read_text(encoding="utf-8").splitlines()
    for (index, attempt), line, expected in zip(PLANNED, lines, pinned, strict=True):
        assert line == expected, f"index {index}, attempt {attempt}"


def test_a_pinned_plan_is_read_back_and_replayed() -> None:
    """A line of the file is all that it takes to make its sample."""
    drawn = job()
    for (index, attempt), line in zip(PLANNED, FILE.read_text(encoding="utf-8").splitlines(), strict=True):
        plan = Plan.from_json(line)
        assert (plan.index, plan.attempt) == (index, attempt)
        assert plan == drawn.plan(index, attempt)
        assert drawn.generator.generate_from_plan(plan).encoded() == drawn.sample(index, attempt).encoded()


def test_no_plan_names_a_place_on_a_machine() -> None:
    assert "/" not in FILE.read_text(encoding="utf-8").replace("glyphmill.plan/1", "")
