"""Rows 36 and 37 of what has to be survived: boxes off the ink after a warp, and text pushed out of the frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from glyphmill.core.registry import discover
from glyphmill.run.generate import generate
from glyphmill.run.outcome import Rejected
from glyphmill.run.verify import verify
from tests.jobs import open_job

TEXTS = {
    "left_to_right": {"language": "en"},
    "right_to_left": {"language": "he"},
    "top_to_bottom": {"language": "ja"},
    "bottom_to_top": {"language": "el"},
}
WARPS = sorted(unit.id for unit in discover().stage("warp"))


def specification(direction: str, **stages: Any) -> dict[str, Any]:
    text = {"direction": direction, "length": [4, 8], **TEXTS[direction]}
    return {"text": text, "font": {"size": [20, 28]}, **stages}


@pytest.mark.parametrize("direction", TEXTS)
def test_f36_boxes_stay_on_the_ink(direction: str, tmp_path: Path) -> None:
    """Every warp, in every direction: each cluster's box is within 1 px of the ink of that cluster alone."""
    job = open_job([specification(direction, warp=[{warp: {}}]) for warp in WARPS], 2 * len(WARPS))
    assert generate(job, tmp_path).written == len(job)
    report = verify(tmp_path, labels=True, fonts=[font.path for font in job.catalogue.fonts.usable])
    assert report.ok, report.faults[:3]
    assert report.errors is not None
    assert report.errors.whole.max <= 1.0


@pytest.mark.parametrize("warp", WARPS)
def test_f37_the_canvas_grows_with_a_warp(warp: str) -> None:
    """Text on a canvas without any padding, under every warp: nothing of it is cut off."""
    job = open_job([specification(direction, canvas={"padding": 0}, warp=[{warp: {}}]) for direction in TEXTS], 4)
    for sample in job:
        label = sample.label_for("x.png")
        assert all("visible" not in box for box in label["bboxes"])
        assert all(box["x0"] >= -0.5 and box["y0"] >= -0.5 for box in label["bboxes"])
        assert all(box["x1"] <= label["width"] + 0.5 and box["y1"] <= label["height"] + 0.5 for box in label["bboxes"])


def test_f37_text_larger_than_the_canvas() -> None:
    """A canvas smaller than its text grows or the sample is rejected, as is set; neither cuts anything off."""
    growing, refusing = (
        specification("left_to_right", canvas={"width": 9, "height": 9, "overflow": policy})
        for policy in ("grow", "reject")
    )
    for sample in open_job([growing], 3):
        assert sample.image.shape[1] > 9
        assert "visible" not in json.dumps(sample.label_for("x.png")["bboxes"])
    for outcome in open_job([refusing], 3).outcomes():
        assert isinstance(outcome, Rejected)
        assert (outcome.unit, outcome.reason) == ("canvas", "too_small")


def test_f37_what_is_cut_off_is_flagged() -> None:
    """Padding below zero cuts text off on purpose: each box that loses ink says how much of it can be seen."""
    job = open_job([specification("left_to_right", canvas={"padding": -6})], 3)
    for sample in job:
        seen = [box.get("visible", 1) for box in sample.label_for("x.png")["bboxes"] if box["ink"]]
        assert min(seen) < 1
        assert all(0 <= share <= 1 for share in seen)
