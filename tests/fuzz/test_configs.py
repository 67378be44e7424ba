"""However a config is damaged, it is a job or it has problems, each with its line; never a traceback."""

from __future__ import annotations

import contextlib
import copy
import io
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import event, given
from hypothesis import strategies as st

from glyphmill import Job
from glyphmill.catalogue.backgrounds import open_backgrounds
from glyphmill.catalogue.catalogue import Catalogue
from glyphmill.cli.app import run
from glyphmill.config.flat_table import CURVE_KEY, KEYS, ROWS, FlatSetting
from glyphmill.config.load import load_text
from glyphmill.config.model import WeightedFolder
from glyphmill.config.numbers import NumberSpec
from glyphmill.config.show import show
from glyphmill.core.errors import ConfigError, Problem
from glyphmill.core.unit import SHAPES
from glyphmill.run.outcome import Rejected
from tests.catalogue.imagemaking import encoded, picture
from tests.fuzz.cases import Edits, bounded, cases, edited, edits
from tests.fuzz.trees import NUMBER_EDITS, TREE_EDITS, TreeEdits, grown
from tests.jobs import catalogue, registry

STARTER = files("glyphmill.config").joinpath("starter.yaml").read_bytes()
MARKS = b"""*a &a !!python/object:os.system <<: ? - [ ] { } : ' " | > %YAML --- .nan .inf null 1e999 -1 0x \xff\xfe"""
PIECES = st.sampled_from([*MARKS.split(), b"\t", b"\n", b"---\n", b": ", b"- "])

NESTED = """
total_images: 9
seed: 3
resources: {encoding: utf-8}
output: {format: jpeg, mode: gray, quality: [30, 95]}
limits: {max_pixels: 1000000, max_characters: 500, max_rejected: 0.5, attempts: 2}
defaults: {text: {language: en}, font: {size: {min: 9, max: 30, distribution: normal}, axes: {wght: [100, 900]}}}
specifications:
  - name: one
    proportion: 0.25
    text: {length: {values: [3, 9], weights: [1, 2]}, direction: {left_to_right: 2, top_to_bottom: 1}, lines: [1, 3]}
    font: {category: [sans, serif], features: {liga: 0}}
    color: {mode: gradient, rgb: ["#000000", [9, 9, 9]]}
  - {name: two, proportion: 0.75, text: {language: de, missing: drop}, layout: {align: [left, center]}}
"""


@lru_cache(maxsize=1)
def whole() -> list[Any]:
    """Configs as plain data: in the nested form with every unit, the starter, in the flat form with every key."""
    nested = yaml.safe_load(NESTED)
    for stage, shape in SHAPES.items():
        units = [unit.id for unit in registry().stage(stage)]
        if stage == "encode" or shape == "single" or not units:
            continue
        made: Any = {name: {"weight": 2} for name in units}
        if shape == "chain":
            made = [{name: {"p": 0.5}} for name in units]
            made.append({"one_of": [{name: {}} for name in units]})
        nested["specifications"][0][stage] = made
    flat = {"name": "flat", "proportion": 1, CURVE_KEY: "none"}
    flat |= {key: _flat_value(setting, part) for key, (_, setting, part) in ROWS.items()}
    return [nested, yaml.safe_load(STARTER), {"total_images": 5, "specifications": [flat]}]


@lru_cache(maxsize=1)
def written_out() -> Any:
    """The first of them with every default."""
    return yaml.safe_load(show(load_text(yaml.safe_dump(whole()[0], sort_keys=False), "job.yaml", registry())))


def _flat_value(setting: FlatSetting, part: str) -> Any:
    """What a flat key is by default."""
    if part == "distribution":
        return "uniform"
    if isinstance(setting.parser, NumberSpec) and setting.parser.default is not None:
        return setting.parser.default.min if part == "min" else setting.parser.default.max
    return setting.default if setting.default is not None else "*.txt"


def check_text(text: str) -> None:
    """A text loads to a job, which is shown as a text that loads to the same job; or it has problems with lines."""
    problems: tuple[Problem, ...] | None = None
    try:
        with bounded():
            config = load_text(text, "job.yaml", registry())
    except ConfigError as error:
        problems = error.problems
    event("loaded" if problems is None else "refused")
    if problems is not None:
        assert problems
        for problem in problems:
            assert problem.message
            # Only what is said of the file as a whole has no line.
            assert not problem.key or 1 <= (problem.line or 0) <= text.count("\n") + 1, problem
        return
    again = load_text(show(config), "job.yaml", registry())
    assert replace(again, data={}, warnings=()) == replace(config, data={}, warnings=())


@pytest.mark.fuzz
@cases(0.1)
@given(changes=edits(len(STARTER), PIECES))
def test_a_damaged_file_ends_in_a_sentence(tmp_path_factory: pytest.TempPathFactory, changes: Edits) -> None:
    """On the command line: an exit code and a sentence that names the file."""
    path = tmp_path_factory.getbasetemp() / "job.yaml"
    path.write_bytes(edited(STARTER, changes))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["config", "show", str(path)])
    assert code in (0, 2), err.getvalue()
    assert "Traceback" not in err.getvalue()
    assert "job.yaml" in err.getvalue() or code == 0


@pytest.mark.fuzz
@cases(0.15)
@given(which=st.sampled_from((0, 0, 1)), changes=TREE_EDITS, flow=st.booleans())
def test_a_wrong_value_in_the_nested_form_is_a_problem(which: int, changes: TreeEdits, flow: bool) -> None:
    data = grown(copy.deepcopy(whole()[which]), changes)
    check_text(yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, sort_keys=False))


@pytest.mark.fuzz
@cases(0.1)
@given(left_out=st.sets(st.sampled_from(sorted(KEYS)), max_size=3), changes=TREE_EDITS)
def test_a_wrong_value_in_the_flat_form_is_a_problem(left_out: set[str], changes: TreeEdits) -> None:
    data = copy.deepcopy(whole()[2])
    (flat,) = data["specifications"]
    data["specifications"] = [{key: value for key, value in flat.items() if key not in left_out}]
    check_text(yaml.safe_dump(grown(data, changes), allow_unicode=True, sort_keys=False))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The pinned fonts, and a picture."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "one.png").write_bytes(encoded(picture(400, 300), "PNG"))
    return replace(catalogue(), backgrounds=open_backgrounds([WeightedFolder(str(folder))], 1_000_000))


@pytest.mark.fuzz
@cases(0.1)
@given(data=st.data(), changes=NUMBER_EDITS)
def test_odd_numbers_in_a_config_give_samples_or_counted_rejections(
    known: Catalogue, data: st.DataObject, changes: TreeEdits
) -> None:
    """Every default is written out, so that each may be the odd one; of a list of units one is kept."""
    job = copy.deepcopy(written_out())
    job["limits"] |= {"attempts": 1, "max_pixels": 4_000_000}
    specification = data.draw(st.sampled_from(job["specifications"]))
    for stage, section in specification.items():
        if stage in SHAPES and SHAPES[stage] == "choice":
            specification[stage] = dict([data.draw(st.sampled_from(sorted(section.items(), key=str)))])
        elif stage in SHAPES and SHAPES[stage] == "chain":
            specification[stage] = [data.draw(st.sampled_from(section))]
    job["specifications"] = [{**grown(specification, changes), "proportion": 1}]
    try:
        config = load_text(yaml.safe_dump(job, sort_keys=False), "job.yaml", registry())
        opened = Job(config, known, registry())
    except ConfigError:
        event("refused")
        return
    with bounded():
        outcome = opened.generate(0)
    if isinstance(outcome, Rejected):
        event(f"{outcome.unit}: {outcome.reason}")
        assert outcome.reason not in ("unexpected_error", "out_of_memory"), outcome.detail
    else:
        event("sample")
        assert outcome.encoded()


def test_undamaged_configs_load() -> None:
    """What the tests above damage is sound: they would find nothing otherwise."""
    for data in whole():
        load_text(yaml.safe_dump(data, sort_keys=False), "job.yaml", registry())
