"""Labels of text that something hides: ``visible`` says how much is left, and nothing else changes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glyphmill.core.geometry import visible_share
from glyphmill.generator import Sample
from tests.jobs import open_job, registry

Image = NDArray[np.uint8]

HIDING: dict[str, dict[str, Any]] = {
    "cutout": {"width": [20, 60], "height": [12, 40], "fill": "mean"},
    "occlusion": {"amount": [0.03, 0.1], "shadow": 0},
}
LANGUAGES = ("en", "ar", "hi", "ja")
IMAGES = 8

each = pytest.mark.parametrize("unit", HIDING)


def pair(unit: str, *, padding: int = 8, **settings: Any) -> list[tuple[Sample, Sample, Image]]:
    """Samples with and without the unit, and what it hides of each, uint8 (h, w)."""
    base = [
        {
            "text": {"language": language, "length": [15, 40], "lines": [1, 2]},
            "canvas": {"padding": padding, "min_contrast": 0},
        }
        for language in LANGUAGES
    ]
    degraded = [{**section, "degrade": [{unit: {**HIDING[unit], **settings}}]} for section in base]
    jobs = [open_job(sections, IMAGES, seed=3) for sections in (degraded, base)]
    found = registry().get("degrade", unit)
    assert found is not None
    assert found.hides is not None
    made = []
    for index in range(IMAGES):
        one, other = (job.generator.generate_from_plan(job.plan(index)) for job in jobs)
        (step,) = one.plan.all("degrade")
        height, width = one.image.shape[:2]
        made.append((one, other, found.hides(found.params(**step.params), (width, height))))
    return made


def hidden_share(sample: Sample, cover: Image) -> list[float]:
    """The mean cover of the pixels that each box touches, one box at a time."""
    height, width = cover.shape
    shares = []
    for x0, y0, x1, y1 in sample.labels.boxes().tolist():
        left, top = max(0, int(np.floor(x0))), max(0, int(np.floor(y0)))
        right, bottom = min(width, int(np.ceil(x1))), min(height, int(np.ceil(y1)))
        part = cover[top:bottom, left:right]
        shares.append(float(part.mean()) / 255 if part.size else 0.0)
    return shares


@each
def test_visible_is_lowered_by_what_is_hidden(unit: str) -> None:
    """For each cluster by the share of the pixels of its box, and for those that nothing covers not at all."""
    lowered = kept = 0
    for sample, _, cover in pair(unit):
        for entry, hidden in zip(sample.label["bboxes"], hidden_share(sample, cover), strict=True):
            assert entry.get("visible", 1.0) == pytest.approx(1 - hidden, abs=0.001)
            if hidden == 0:
                assert "visible" not in entry
            lowered, kept = lowered + (hidden > 0.01), kept + (hidden == 0)
    assert lowered > 10
    assert kept > 10


@each
def test_nothing_else_in_the_label_changes(unit: str) -> None:
    """Text, boxes, quads, words, lines and the size of the image are those without it."""
    for sample, without, _ in pair(unit):
        one, other = deepcopy(sample.label), deepcopy(without.label)
        for label in (one, other):
            for name in ("plan", "contrast"):
                del label[name]
            for entry in label["bboxes"]:
                entry.pop("visible", None)
        assert one == other


@each
def test_what_the_pixels_lost_is_what_is_hidden(unit: str) -> None:
    """Pixels that are covered have changed, and all others are those without it."""
    for sample, without, cover in pair(unit):
        changed = (sample.image != without.image).any(axis=2)
        assert not changed[cover == 0].any()
        assert changed[cover == 255].mean() > 0.95 if (cover == 255).any() else changed[cover > 64].any()


def test_what_the_border_cuts_and_something_hides_is_less_by_both() -> None:
    """Of a letter that is partly outside, ``visible`` is the share inside, times what is left of that."""
    both = 0
    for sample, _, cover in pair("cutout", padding=-6, width=400, height=14):
        height, width = cover.shape
        inside = visible_share(sample.labels.boxes(), width, height)
        for entry, share, hidden in zip(sample.label["bboxes"], inside, hidden_share(sample, cover), strict=True):
            assert entry.get("visible", 1.0) <= share + 0.001
            both += bool(share < 1 and hidden > 0 and entry.get("visible", 1.0) < share - 0.001)
    assert both


def test_a_text_that_is_all_hidden_is_not_visible() -> None:
    """A rectangle as large as the image leaves nothing."""
    for sample, _, _ in pair("cutout", width=10_000, height=10_000):
        assert all(entry["visible"] == 0 for entry in sample.label["bboxes"])
