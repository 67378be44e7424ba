"""`output.extras`: names of what is written beside each image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from glyphmill.config.extras import EXTRAS
from glyphmill.config.jsonschema import job_schema
from glyphmill.config.model import JobConfig
from glyphmill.config.show import show
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry

Load = Callable[..., JobConfig]

JOB = "total_images: 1\nspecifications: [{name: one, proportion: 1}]\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ()),
        ("output: {extras: null}", ()),
        ("output: {extras: []}", ()),
        ("output: {extras: word_mask}", ("word_mask",)),
        ("output: {format: jpeg, extras: [region_map, cluster_mask]}", ("cluster_mask", "region_map")),
        (f"output: {{extras: [{', '.join(EXTRAS)}]}}", tuple(EXTRAS)),
    ],
)
def test_what_is_asked_for_is_read(load: Load, written: str, meant: tuple[str, ...]) -> None:
    """In the order in which they are made; none unless asked for; and printed so that it loads again."""
    config = load(JOB + written)
    assert config.extras == meant
    assert load(show(config)) == config
    assert config.data["output"].get("extras", []) == list(meant)


def test_all_wrong_names_are_told_with_their_lines(load: Load) -> None:
    """Misspelt, of the wrong kind, and twice."""
    with pytest.raises(ConfigError) as caught:
        load(JOB + "output:\n  extras:\n    - word_masks\n    - 3\n    - line_mask\n    - line_mask\n")
    known = ", ".join(EXTRAS)
    assert [str(problem) for problem in caught.value.problems] == [
        f"line 5  output.extras[0]: got the text 'word_masks'; expected one of {known}. Did you mean 'word_mask'?",
        f"line 6  output.extras[1]: got 3; expected one of {known}",
        "line 8  output.extras[3]: got 'line_mask' twice; remove one",
    ]
    with pytest.raises(ConfigError, match=r"line 3  output\.extras: got a mapping; expected one of"):
        load(JOB + "output: {extras: {word_mask: true}}\n")


@pytest.mark.parametrize(
    ("extras", "valid"),
    [
        ([], True),
        ("word_mask", True),
        (None, True),
        (list(EXTRAS), True),
        (["mask"], False),
        (["word_mask"] * 2, False),
    ],
)
def test_the_schema_says_the_same(every: Registry, extras: Any, valid: bool) -> None:
    """For editors."""
    data = {
        "total_images": 1,
        "specifications": [{"name": "one", "proportion": 1}],
        "output": {"format": "png", "extras": extras},
    }
    assert Draft202012Validator(job_schema(every)).is_valid(data) == valid
