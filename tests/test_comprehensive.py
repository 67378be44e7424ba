"""The comprehensive config uses all that the flat form has, and all of its images can be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from glyphmill.config.flat_table import KEYS
from glyphmill.config.load import load_config
from glyphmill.core.registry import discover
from glyphmill.run.job import Job
from glyphmill.run.label_errors import cluster_errors
from glyphmill.run.outcome import Rejected
from glyphmill.sampling import KINDS

CONFIG = Path(__file__).parents[1] / "test_configs" / "comprehensive_test.yaml"
WRITTEN = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["specifications"]


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_every_flat_key_is_used() -> None:
    """Parameters, their bounds and their distributions: none of the flat form is missing."""
    used = {key for specification in WRITTEN for key in specification}
    assert used >= KEYS


def test_every_distribution_is_used() -> None:
    """By name in the flat form; a choice by its values in the nested one."""
    named = {value for each in WRITTEN for key, value in each.items() if key.endswith("_distribution")}
    chosen = {"choice"} if any("values" in mapping for each in WRITTEN for mapping in walk(each)) else set()
    assert named | chosen == set(KINDS)


def test_every_direction_and_curve_is_used() -> None:
    """Four directions in the shares that the documents speak of, with the curves of the flat form."""
    directions = {each["text_direction"]: each["proportion"] for each in WRITTEN}
    assert directions == {"left_to_right": 0.4, "right_to_left": 0.3, "top_to_bottom": 0.2, "bottom_to_top": 0.1}
    assert {each.get("curve_type", "none") for each in WRITTEN} == {"none", "arc", "sine"}


def test_it_loads_without_a_warning() -> None:
    assert load_config(CONFIG, discover()).warnings == ()


@pytest.fixture(scope="module")
def samples() -> list[Any]:
    job = Job.from_yaml(CONFIG)
    return [job.generate(index) for index in range(len(job))]


def test_no_image_is_rejected_or_tiny(samples: list[Any]) -> None:
    """All of the hundred are made, and none is under 32 px on a side."""
    assert [outcome for outcome in samples if isinstance(outcome, Rejected)] == []
    assert min(min(sample.image.shape[:2]) for sample in samples) >= 32


def test_labels_are_true_under_all_of_it(samples: list[Any]) -> None:
    """Boxes lie on their ink: the median within .35 px, the 99th percentile within 1 px."""
    generator = Job.from_yaml(CONFIG).generator
    errors = np.concatenate([cluster_errors(generator, sample.plan) for sample in samples[::5]])
    found = errors[~np.isnan(errors)]
    assert len(found) > 200
    assert np.median(found) <= 0.35
    assert np.quantile(found, 0.99) <= 1.0
