"""Laws of crops that cut into their text: negative padding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glyphmill.generator import Sample
from glyphmill.run.ink_check import ink_problems
from glyphmill.run.job import Job
from glyphmill.run.label_check import label_problems
from tests.jobs import open_job

WARPS: dict[str, list[Any]] = {
    "none": [],
    "rotation": [{"rotation": {"angle": 9}}],
    "elastic": [{"perspective": {"magnitude": 0.4}}, {"elastic": {"alpha": 60, "sigma": 6}}],
}


def cropped(padding: float, warp: str) -> Job:
    canvas = {"padding": padding, "around": "ink"}
    return open_job([{"text": {"language": "en", "take": "word"}, "canvas": canvas, "warp": WARPS[warp]}], 6)


def sample_of(job: Job, index: int) -> Sample:
    made = job.generate(index)
    assert isinstance(made, Sample), made
    return made


@pytest.mark.parametrize("warp", WARPS)
def test_it_cuts_the_finished_image(warp: str) -> None:
    """The image is that of no padding, less so many px on each side, with the same ink and the same background."""
    for index in range(6):
        whole, less = sample_of(cropped(0, warp), index), sample_of(cropped(-4, warp), index)
        assert less.image.shape[:2] == (whole.image.shape[0] - 8, whole.image.shape[1] - 8)
        inside = whole.image[4:-4, 4:-4].astype(int)
        assert np.abs(inside - less.image).max() <= (0 if warp == "none" else 3)


@pytest.mark.parametrize("warp", WARPS)
def test_labels_are_cut_with_it(warp: str) -> None:
    """Boxes end at the border, what is left of a cut letter is told, and boxes lie where the ink is."""
    shares = []
    for index in range(6):
        job = cropped(-6, warp)
        sample = sample_of(job, index)
        label = sample.label_for("x.jpg")
        assert list(label_problems(label)) == []
        assert list(ink_problems(label, job.generator.ink_mask(sample.plan))) == []
        shares += [box.get("visible", 1.0) for box in label["bboxes"]]
    assert min(shares) < 0.95


def test_no_more_than_a_quarter_goes() -> None:
    """However much is asked for, half of the image is left along each side."""
    for index in range(6):
        whole, rest = sample_of(cropped(0, "none"), index), sample_of(cropped(-1000, "none"), index)
        for side in (0, 1):
            assert rest.image.shape[side] == whole.image.shape[side] - 2 * (whole.image.shape[side] // 4)


def test_nothing_is_clipped_at_zero() -> None:
    """Without a negative padding every letter is whole."""
    for index in range(6):
        label = sample_of(cropped(0, "none"), index).label_for("x.jpg")
        assert all("visible" not in box for box in label["bboxes"])
