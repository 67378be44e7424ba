"""The JSON Schema says what the loader does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from glyphmill.config.jsonschema import job_schema
from glyphmill.config.model import JobConfig
from glyphmill.config.show import to_data
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry, discover

from .test_flat import NESTED, flat_specs
from .test_load import EXAMPLE, NAMES, PRESETS, TREES

Load = Callable[..., JobConfig]
Spec = Callable[[Any], str]

WRONG = Path(__file__).parent / "wrong"


@pytest.fixture(scope="module")
def validator(every: Registry) -> Draft202012Validator:
    return Draft202012Validator(job_schema(every))


def faults(validator: Draft202012Validator, data: Any) -> list[str]:
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(data)]


@pytest.mark.parametrize("registry", ["base", "some", "every", "real"])
def test_schema_is_a_schema(registry: str, request: pytest.FixtureRequest) -> None:
    """It is valid for draft 2020-12 and is JSON, for any set of units."""
    schema = job_schema(discover() if registry == "real" else request.getfixturevalue(registry))
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_example_is_valid(validator: Draft202012Validator, load: Load) -> None:
    """The example of the documentation, as written and as printed."""
    assert faults(validator, yaml.safe_load(EXAMPLE)) == []
    assert faults(validator, to_data(load(EXAMPLE, presets=PRESETS))) == []


def test_starter_is_valid() -> None:
    """The starter, against the real units."""
    text = Path(__file__).parents[2].joinpath("batch_config.yaml").read_text(encoding="utf-8")
    assert faults(Draft202012Validator(job_schema(discover())), yaml.safe_load(text)) == []


@pytest.mark.parametrize("both", NESTED.items(), ids=[key.partition(":")[0] for key in NESTED])
def test_both_forms_are_valid(both: tuple[str, str], validator: Draft202012Validator) -> None:
    """Each flat key, and what it means."""
    for text in both:
        spec = {"name": "one", "proportion": 1, **yaml.safe_load(text)}
        assert faults(validator, {"total_images": 1, "specifications": [spec]}) == []


@given(written=flat_specs())
@settings(deadline=None)
def test_flat_files_that_load_are_valid(written: dict[str, Any], validator: Draft202012Validator) -> None:
    """Whatever flat file loads is valid."""
    assert faults(validator, {"total_images": 1, "specifications": [{"name": "a", "proportion": 1, **written}]}) == []


@given(value=TREES, name=NAMES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_loads_is_valid(value: Any, name: str, validator: Draft202012Validator, load: Load) -> None:
    """The schema never refuses what the loader accepts."""
    job = {
        "total_images": 1,
        "specifications": [{"name": "a", "proportion": 1, "text": {"language": "de"}, name: value}],
    }
    try:
        load(yaml.safe_dump(job, allow_unicode=True))
    except ConfigError:
        return
    assert faults(validator, job) == []


@pytest.mark.parametrize(
    "stem",
    [
        "misspelt_top_key", "misspelt_section", "misspelt_setting", "misspelt_unit", "misspelt_word",
        "misspelt_distribution",
        "unit_of_another_stage", "out_of_bounds", "not_whole", "flag_as_number", "three_values", "quoted_number",
        "number_as_name", "negative_weight", "probability_over_one", "color_channel", "group_key", "chain_as_mapping",
        "no_specifications", "empty_specifications", "proportion_out_of_range", "wrong_format", "wrong_limits",
        "wrong_resources", "setting_of_another_format", "flat_misspelt", "flat_bad_distribution", "flat_curve_type",
        "flat_word", "section_as_text", "corpus_of_wrong_type",
    ],
)  # fmt: skip
def test_editors_see_what_is_wrong(stem: str, some: Registry) -> None:
    """What a schema can say, this one says."""
    (file,) = WRONG.glob(f"*_{stem}.yaml")
    assert faults(Draft202012Validator(job_schema(some)), yaml.safe_load(file.read_text(encoding="utf-8")))


def test_settings_have_descriptions_units_and_defaults(every: Registry) -> None:
    """An editor shows what a setting is, its unit and its default."""
    schema = job_schema(every)
    size = schema["$defs"]["font"]["anyOf"][0]["properties"]["size"]
    assert size["description"] == "font size (px)"
    assert size["default"] == 32
    key = schema["$defs"]["flat.rotation_angle_distribution"]
    assert key["description"] == "flat form of warp.rotation.angle"
    assert key["default"] == "normal"
