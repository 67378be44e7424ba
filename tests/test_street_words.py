"""The word crops of ``test_configs/street_words.yaml``: nearly always made, of many kinds, labelled with their word."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from glyphmill.core.errors import Reject
from glyphmill.generator import Sample
from glyphmill.run.job import Job
from glyphmill.run.label_check import label_problems

CONFIG = Path(__file__).parents[1] / "test_configs" / "street_words.yaml"
COUNT = 100


@pytest.fixture(scope="module")
def job() -> Job:
    return Job.from_yaml(CONFIG)


@pytest.fixture(scope="module")
def samples(job: Job) -> list[Sample]:
    """The first plans that can be carried out, each at its first attempt."""
    made = []
    for index in range(COUNT):
        try:
            made.append(job.generator.generate_from_plan(job.plan(index)))
        except Reject:
            continue
    return made


def test_few_crops_are_refused(samples: list[Sample]) -> None:
    """More than nine in ten first plans give text that can still be seen."""
    assert len(samples) > 0.9 * COUNT


def test_every_kind_is_there(job: Job, samples: list[Sample]) -> None:
    """All specifications make crops, and vertical writing is among them."""
    made = Counter(sample.plan.specification for sample in samples)
    assert set(made) == {spec.name for spec in job.config.specifications}
    assert len({sample.label["direction"] for sample in samples}) > 1


def test_labels_are_the_word(samples: list[Sample]) -> None:
    """A label is sound, and holds one word."""
    for sample in samples:
        label = sample.label_for("x.jpg")
        assert list(label_problems(label)) == []
        assert label["text"] == sample.plan.of("text").params["text"]
        assert not any(map(str.isspace, label["text"]))


def test_light_and_dark_text_alike(samples: list[Sample]) -> None:
    """Neither dark on light nor light on dark is rare."""
    lighter = []
    for sample in samples:
        color = sample.plan.of("color").params
        lighter.append(np.mean(color["candidates"][0][0]) > np.mean(color["ground"]))
    assert 0.25 < np.mean(lighter) < 0.75


def test_crops_vary(samples: list[Sample]) -> None:
    """Heights go from a dozen px to a hundred, some crops cut into their word, and no two have the same chain."""
    heights = sorted(min(sample.image.shape[:2]) for sample in samples)
    assert heights[0] <= 20
    assert heights[-1] >= 70
    assert any("visible" in box for sample in samples for box in sample.label["bboxes"])
    chains = Counter(tuple(step.unit for step in sample.plan.steps) for sample in samples)
    assert chains.most_common(1)[0][1] < 0.1 * COUNT
