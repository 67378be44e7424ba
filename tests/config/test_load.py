"""What a right config loads to."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glyphmill.config.load import load_config, load_text
from glyphmill.config.model import Entry, Group, JobConfig, Limits, Resources, WeightedFolder
from glyphmill.core.errors import ConfigError
from glyphmill.core.registry import Registry, discover
from glyphmill.sampling import Distribution

Load = Callable[..., JobConfig]
Spec = Callable[[Any], str]

EXAMPLE = """\
total_images: 1000
seed: 7
defaults: {font: {size: [24, 48]}}
specifications:
  - name: labels
    proportion: 0.6
    text: {direction: left_to_right, corpus: labels.txt, length: [3, 30], lines: [1, 2]}
    color: {mode: uniform, rgb: [[0, 0, 0], [60, 60, 90]]}
    curve: {arc: {p: 0.3, radius: [150, 300], concave: true}}
    warp:
      - rotation: {angle: {min: -5, max: 5, distribution: normal}}
      - one_of:
          - elastic: {alpha: [10, 40], sigma: 6}
          - grid: {steps: 4, limit: [2, 8]}
    degrade:
      - noise: {p: 0.5, amount: {min: 0, max: 0.1, distribution: exponential}}
      - jpeg: {quality: [40, 95]}
  - {name: scans, proportion: 0.4, preset: scan, text: {language: de}}
"""
PRESETS = {"scan": {"degrade": [{"blur": {"radius": [0, 1]}}], "font": {"size": 20}, "text": {"language": "en"}}}


def test_example_of_the_documentation_loads(load: Load) -> None:
    """The nested form, with a preset, loads to what it says."""
    config = load(EXAMPLE, presets=PRESETS)
    labels, scans = config.specifications
    assert (config.total_images, config.seed, config.output.unit, config.mode) == (1000, 7, "png", "rgb")
    assert [(made.name, made.proportion) for made in config.specifications] == [("labels", 0.6), ("scans", 0.4)]
    assert labels.single["font"].size == Distribution(24, 48)
    assert labels.single["text"].length == Distribution(3, 30, integer=True)
    assert labels.single["color"].rgb.hi == (60, 60, 90)
    (arc,) = labels.choice["curve"]
    assert (arc.unit, arc.p, arc.config.radius, arc.config.concave) == ("arc", 0.3, Distribution(150, 300), True)
    rotation, group = labels.chain["warp"]
    assert isinstance(rotation, Entry)
    assert rotation.config.angle == Distribution(-5, 5, "normal")
    assert isinstance(group, Group)
    assert (group.kind, [entry.unit for entry in group.entries]) == ("one_of", ["elastic", "grid"])
    noise, jpeg = labels.chain["degrade"]
    assert (noise.p, jpeg.p) == (0.5, 1.0)
    assert scans.single["font"].size == Distribution.constant(20)
    assert scans.single["text"].language == "de"
    assert [entry.unit for entry in scans.chain["degrade"]] == ["blur"]
    assert config.warnings == ()


def test_unknown_preset_lists_those_known(load: Load) -> None:
    """The problem names the presets there are, and the nearest."""
    with pytest.raises(ConfigError) as caught:
        load(EXAMPLE.replace("scan,", "scna,"), presets={**PRESETS, "photo": {}})
    (problem,) = caught.value.problems
    assert str(problem) == (
        "line 18  specifications[1].preset: got 'scna': unknown preset; expected one of scan, photo. "
        "Did you mean 'scan'?"
    )


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("20", Distribution.constant(20)),
        ("20.0", Distribution.constant(20)),
        ("[20, 30]", Distribution(20, 30)),
        ("[20, 20]", Distribution.constant(20)),
        ("{min: 20, max: 30}", Distribution(20, 30)),
        ("{max: 40}", Distribution(32, 40)),
        ("{min: 20}", Distribution(20, 32)),
        ("{min: 20, max: null, distribution: null}", Distribution(20, 32)),
        ("{value: 25}", Distribution.constant(25)),
        ("{min: 25, max: 25, distribution: constant}", Distribution.constant(25)),
        ("{values: [20, 30]}", Distribution.choice([20, 30])),
        ("{values: [20, 30, 40], weights: [1, 0, 3]}", Distribution.choice([20, 40], [1, 3])),
        ("{distribution: choice, values: [20]}", Distribution.constant(20)),
        ("{min: 20, max: 30, distribution: beta}", Distribution(20, 30, "beta")),
        ("{min: 20, max: 30, alpha: 3}", Distribution(20, 30, "beta", alpha=3)),
        *(
            (f"{{min: 20, max: 30, distribution: {kind}}}", Distribution(20, 30, kind))
            for kind in ("normal", "lognormal")
        ),
        ("null", Distribution.constant(32)),
        ("1.5e+1", Distribution.constant(15)),
        ("0x20", Distribution.constant(32)),
        ("+20", Distribution.constant(20)),
    ],
)
def test_spellings_of_a_number(spelling: str, expected: Distribution, load: Load, spec: Spec) -> None:
    """Every spelling of a number loads to one type."""
    assert load(spec(f"font: {{size: {spelling}}}")).specifications[0].single["font"].size == expected


def test_pair_is_uniform_and_mapping_has_the_own_distribution(load: Load, spec: Spec) -> None:
    """``[min, max]`` is uniform everywhere; ``{min, max}`` takes the setting's own distribution."""
    config = load(spec(["degrade:", "- blur: {radius: [1, 2]}", "- blur: {radius: {min: 1, max: 2}}"]))
    pair, mapping = config.specifications[0].chain["degrade"]
    assert pair.config.radius == Distribution(1, 2, "uniform")
    assert mapping.config.radius == Distribution(1, 2, "exponential")


@pytest.mark.parametrize(
    ("spelling", "lo", "hi"),
    [
        ("[1, 2, 3]", (1, 2, 3), (1, 2, 3)),
        ("'#0a0B0c'", (10, 11, 12), (10, 11, 12)),
        ("[[1, 2, 3], [4, 5, 6]]", (1, 2, 3), (4, 5, 6)),
        ("['#010203', [4, 5, 6]]", (1, 2, 3), (4, 5, 6)),
        ("{max: [4, 5, 6]}", (0, 0, 0), (4, 5, 6)),
        ("{min: null, max: '#040506'}", (0, 0, 0), (4, 5, 6)),
    ],
)
def test_spellings_of_a_color(spelling: str, lo: Any, hi: Any, load: Load, spec: Spec) -> None:
    """Every spelling of a colour loads to one type."""
    rgb = load(spec(f"color: {{rgb: {spelling}}}")).specifications[0].single["color"].rgb
    assert (rgb.lo, rgb.hi) == (lo, hi)


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("left", {"left": 1}),
        ("[left, top]", {"left": 0.5, "top": 0.5}),
        ("{left: 3, top: 1, right: 0}", {"left": 0.75, "top": 0.25}),
    ],
)
def test_spellings_of_a_pick(spelling: str, expected: Any, load: Load, spec: Spec) -> None:
    """A word, a list and a mapping of weights load to one type."""
    align = load(spec(f"layout: {{align: {spelling}}}")).specifications[0].single["layout"].align
    assert dict(zip(align.values, align.weights, strict=True)) == expected


def test_groups_nest_and_take_their_odds(load: Load, spec: Spec) -> None:
    """Groups within groups, with p, weight and n; a bare word is a unit as it comes."""
    text = """\
warp:
- elastic
- some_of:
    - sequence: [{rotation: {angle: 3}}, grid]
      weight: 2
    - optical: {p: 0.5, weight: 3}
    - grid: null
  n: [1, 2]
  p: 0.25
- one_of: [rotation, {perspective: {weight: 0}}]
"""
    first, some, one = load(spec(text)).specifications[0].chain["warp"]
    assert (first.unit, first.p) == ("elastic", 1.0)
    assert (some.kind, some.p, some.n) == ("some_of", 0.25, Distribution(1, 2, integer=True))
    sequence, optical, grid = some.entries
    assert (sequence.kind, sequence.weight, [entry.unit for entry in sequence.entries]) == (
        "sequence",
        2,
        ["rotation", "grid"],
    )
    assert (optical.p, optical.weight, grid.weight) == (0.5, 3, 1)
    assert (one.n, [entry.weight for entry in one.entries]) == (None, [1, 0])


def test_defaults_merge_by_name_and_lists_replace(load: Load) -> None:
    """Mappings of ``defaults`` merge deep, lists are replaced, null brings the unit's default back."""
    text = """\
total_images: 10
defaults:
  font: {size: {min: 20, max: 40, distribution: beta, alpha: 3}, axes: {wght: 400}}
  layout: {overlap: 0.5}
  warp: [{rotation: {angle: 3}}]
  background: {solid: {weight: 2}}
specifications:
  - {name: a, proportion: 0.25}
  - {name: b, proportion: 0.25, font: {size: {min: 30}, axes: {wdth: 75}}, background: {paper: {}}}
  - {name: c, proportion: 0.25, font: {size: {distribution: normal}}, layout: {overlap: null}, warp: [grid]}
  - {name: d, proportion: 0.25, font: {size: {values: [20, 30]}}, layout: null, warp: null}
"""
    a, b, c, d = load(text).specifications
    size = [made.single["font"].size for made in (a, b, c, d)]
    assert size[:2] == [Distribution(20, 40, "beta", alpha=3), Distribution(30, 40, "beta", alpha=3)]
    assert size[2:] == [Distribution(20, 40, "normal"), Distribution.choice([20, 30])]
    assert [set(made.single["font"].axes) for made in (a, b)] == [{"wght"}, {"wght", "wdth"}]
    assert [made.single["layout"].overlap.max for made in (a, b, c, d)] == [0.5, 0.5, 0, 0]
    assert [[entry.unit for entry in made.chain["warp"]] for made in (a, b, c, d)] == [
        ["rotation"],
        ["rotation"],
        ["grid"],
        [],
    ]
    assert [(entry.unit, entry.weight) for entry in b.choice["background"]] == [("solid", 2), ("paper", 1)]


def test_anchors_aliases_and_merge_keys_work(load: Load) -> None:
    """Repetition by YAML's own means loads as if it were written out."""
    text = """\
total_images: 10
defaults: &base
  font: &font {size: 20, axes: {wght: 400}}
specifications:
  - {name: a, proportion: 0.5, font: {<<: *font, size: 30}}
  - name: b
    proportion: 0.5
    <<: [*base, {layout: {overlap: 0.1}}]
"""
    a, b = load(text).specifications
    assert (a.single["font"].size.min, b.single["font"].size.min) == (30, 20)
    assert a.single["font"].axes == b.single["font"].axes
    assert b.single["layout"].overlap.min == 0.1


def test_resources_output_and_limits(every: Registry, tmp_path: Path) -> None:
    """Paths are relative to the config's folder; every limit and the encoder's settings are read."""
    (tmp_path / "jobs").mkdir()
    file = tmp_path / "jobs" / "job.yaml"
    file.write_text(
        """\
total_images: 5
seed: -3
resources:
  fonts: [fonts, ../more/*.otf, /abs/font.ttf]
  backgrounds: [photos, {path: scans, weight: 3}]
  corpora: texts
  encoding: latin-1
  health: last/health.json
output: {format: jpeg, mode: gray, quality: [40, 60]}
limits:
  {max_pixels: 1000, max_characters: 9, max_background_pixels: 77, max_rejected: 0, attempts: 1}
specifications: [{name: a, proportion: 0.9995}]
"""
    )
    config = load_config(file, every)
    here = tmp_path / "jobs"
    assert config.resources == Resources(
        (str(here / "fonts"), str(here / "../more/*.otf"), "/abs/font.ttf"),
        (WeightedFolder(str(here / "photos")), WeightedFolder(str(here / "scans"), 3.0)),
        str(here / "texts"),
        "iso8859-1",
        str(here / "last/health.json"),
    )
    assert (config.output.unit, config.mode, config.output.config.quality) == (
        "jpeg",
        "gray",
        Distribution(40, 60, integer=True),
    )
    assert config.limits == Limits(1000, 9, 77, 0.0, 1)
    assert config.seed == -3
    assert config.source == str(file)
    assert config.data["resources"]["fonts"] == ["fonts", "../more/*.otf", "/abs/font.ttf"]


def test_corpus_without_a_folder_is_looked_for_beside_the_config(every: Registry, tmp_path: Path) -> None:
    """Who names a corpus and no folder means the config's own; who names none gets what comes with Glyphmill."""
    text = "total_images: 1\nspecifications: [{name: a, proportion: 1, text: {%s}}]\n"
    assert load_text(text % "corpus: a.txt", "a", every, folder=tmp_path).resources.corpora == str(tmp_path)
    assert load_text(text % "language: de", "a", every, folder=tmp_path).resources.corpora is None


def test_config_is_a_value(load: Load) -> None:
    """It pickles, its data is JSON, and where it came from does not count."""
    real = load("total_images: 1\nspecifications: [{name: a, proportion: 1}]\n", registry=discover())
    assert pickle.loads(pickle.dumps(real)) == real
    config = load(EXAMPLE, presets=PRESETS)
    assert json.loads(json.dumps(config.data)) == config.data
    assert load("# moved\n" + EXAMPLE, presets=PRESETS) == config
    assert load(EXAMPLE.replace("seed: 7", "seed: 8"), presets=PRESETS) != config


def test_later_findings_get_their_line(load: Load) -> None:
    """A problem found after loading names the key as it was written, with its line."""
    config = load(EXAMPLE, presets=PRESETS)
    assert str(config.problem("specifications[0].text.corpus", "x")) == "line 7  specifications[0].text.corpus: x"
    assert str(config.problem("specifications[1].font.size", "x")) == "line 18  specifications[1].preset.font.size: x"
    assert str(config.problem("specifications[1].font.filter", "x")) == "specifications[1].font.filter: x"


NAMES = st.sampled_from(
    "total_images specifications defaults resources output limits name proportion preset text font layout color "
    "background canvas curve warp degrade effects size min max distribution values weights p weight "
    "one_of n rotation blur "
    "arc radius solid corpus axes format rotation_angle_min curve_type arc_radius_max text_color_min "
    "cutout_width_max font_size_min x".split()
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["normal", "arc", "rotation", "no", "1e3", "#ffffff", "left_to_right", "../x", "one"]),
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@given(top=st.dictionaries(NAMES, TREES, max_size=6), spec=st.dictionaries(NAMES, TREES, max_size=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_loads_or_is_refused(top: dict[str, Any], spec: dict[str, Any], load: Load) -> None:
    """Whatever the values are, the answer is a config or a list of problems that have keys."""
    whole = {"total_images": 3, "specifications": [{"name": "one", "proportion": 1, **spec}], **top}
    try:
        loaded = load(yaml.safe_dump(whole, allow_unicode=True))
    except ConfigError as error:
        problems = error.problems
    else:
        assert loaded.total_images > 0
        return
    assert problems
    assert all(problem.message for problem in problems)


@given(content=st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_load_or_are_refused(content: bytes, load: Load) -> None:
    """Bytes that are no config at all give problems, never another exception."""
    with pytest.raises(ConfigError):
        load(content)
