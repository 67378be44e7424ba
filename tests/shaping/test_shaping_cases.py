"""Pinned shaping: the glyphs that the layout stage sets, over scripts and directions, as lines of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shaping.setting import CASES, cases_of, described, rewrite

FILES = sorted(CASES.glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_glyphs_are_the_pinned_ones(file: Path, update_golden: bool) -> None:
    """Each case of a file gives the glyphs, clusters and places that its line says."""
    cases = list(cases_of(file))
    made = {case.name: described(case) for case in cases}
    if update_golden:
        rewrite(file, made)
        return
    wrong = [f"{case.name}\n  expected {case.expected}\n  set      {made[case.name]}" for case in cases
             if case.expected != made[case.name]]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_names_of_cases_are_unique() -> None:
    names = [case.name for file in FILES for case in cases_of(file)]
    assert len(names) == len(set(names))
