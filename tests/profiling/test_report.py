"""The report says what was measured, with pstats' own table and functions under the file that defines them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from glyphmill.profiling.engine import profile
from glyphmill.profiling.report import Sort, report
from glyphmill.profiling.result import Profile
from glyphmill.profiling.work import Work
from tests.profiling.conftest import COMPREHENSIVE

COLUMNS = "   ncalls  tottime  percall  cumtime  percall filename:lineno(function)"
ROW = re.compile(
    r"^ +(?P<calls>\d+)(?:/\d+)? +(?P<own>[\d.]+) +[\d.]+ +(?P<total>[\d.]+) +[\d.]+ (?P<name>\S+\(.*\)|\{.*\})$", re.M
)


def rows(text: str) -> list[re.Match[str]]:
    """The rows of the first table."""
    return list(ROW.finditer(text.split(COLUMNS)[1]))


def test_the_functions_of_the_comprehensive_config_show_in_the_default_view() -> None:
    """Under the files that define them, as pstats names them."""
    text = report(profile(COMPREHENSIVE, limit=6)[0])
    for name in (
        r"generator\.py:\d+\(generate_from_plan\)",
        r"generator\.py:\d+\(_render_text\)",
        r"effects\.py:\d+\(add_noise\)",
        r"augmentations\.py:\d+\(apply_elastic_distortion\)",
    ):
        assert re.search(name, text), name


def test_the_header_says_with_what_and_on_what(profiled: tuple[Profile, Work], config: Path) -> None:
    text = report(profiled[0])
    for words in (str(config), "3 of 3 really made", "Python 3.", "Glyphmill", "NumPy", "OpenCV", "HarfBuzz", "cores"):
        assert words in text
    assert "start-up" in text
    assert re.search(r"the profiler makes it \d+\.\d\d times as long", text)


@pytest.mark.parametrize(("sort", "column"), [("cumulative", "total"), ("time", "own"), ("calls", "calls")])
def test_tables_are_sorted_by_what_was_asked_for(profiled: tuple[Profile, Work], sort: Sort, column: str) -> None:
    """As many rows as asked for."""
    found = [float(row[column]) for row in rows(report(profiled[0], sort=sort, top=7))]
    assert len(found) == 7
    assert found == sorted(found, reverse=True)


def test_time_is_that_of_one_image_really_made(profiled: tuple[Profile, Work]) -> None:
    """Rejected ones are named, and do not make it look faster."""
    why = {"index": 2, "unit": "ink", "reason": "no_ink", "detail": "draws nothing"}
    found = replace(profiled[0], made=2, plain_s=1.0, cpu_s=0.5, rejected=(why,))
    text = report(found)
    assert "2 of 3 really made" in text
    assert "rejected  index 2: ink: no_ink (draws nothing)" in text
    assert "time per image really made   0.5000 s" in text
    assert "images a second              2.0" in text


def test_nothing_made_is_said(profiled: tuple[Profile, Work]) -> None:
    found = replace(profiled[0], made=0, pixels=0.0, functions={}, diagnosis=None)
    assert "none of 3 images could be made" in report(found)


def test_more_images_than_the_config_has_are_made_and_said(config: Path) -> None:
    said: list[str] = []
    found, work = profile(config, limit=6, progress=said.append)
    assert (found.made, found.raised, work.limit) == (6, 4, 6)
    assert "total_images was raised to 6" in report(found)
    assert any("raised to 6" in line for line in said)
    assert any("s left" in line for line in said)


def test_retries_are_told(profiled: tuple[Profile, Work]) -> None:
    assert "3 of 3 really made in 5 attempts" in report(replace(profiled[0], attempts=5))
