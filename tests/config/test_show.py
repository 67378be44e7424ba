"""Printing a config: the nested form, whole, and loadable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from glyphmill.config.load import load_config, load_text
from glyphmill.config.model import JobConfig
from glyphmill.config.show import show
from glyphmill.core.registry import Registry, discover

Load = Callable[..., JobConfig]
Spec = Callable[[Any], str]

ROOT = Path(__file__).parents[2]


def test_show_is_the_resolved_nested_form(load: Load, spec: Spec) -> None:
    """Every default is written out, whatever form it came in."""
    text = show(
        load(spec("text: {language: de}\nfont_size_max: 40\nrotation_angle_max: 5\nlayout: {align: {left: 3, top: 1}}"))
    )
    assert (
        text
        == """\
total_images: 10
seed: 0
output: {format: png, mode: rgb, compression: fast}
limits: {max_pixels: 50000000, max_characters: 20000, max_background_pixels: 89000000, max_rejected: 0.5, attempts: 3,
  sample_seconds: 60}
specifications:
- name: one
  proportion: 1
  text:
    direction: left_to_right
    language: de
    length: [10, 50]
    lines: 1
    line_break: word
    missing: refont
  font:
    size: [32, 40]
    axes: {}
    features: {}
  layout:
    align: {left: 0.75, top: 0.25}
    line_spacing: 1
    overlap: 0
    kerning: true
  color:
    mode: uniform
    rgb: [0, 0, 0]
    palette_size: [2, 5]
    start: [0, 0, 0]
    end: [0, 0, 0]
  canvas: {width: 100, min_contrast: 0.2, quality: 3, smallest: 1}
  warp:
  - rotation:
      angle: {min: 0, max: 5, distribution: normal}
"""
    )


@given(name=st.text(min_size=1).filter(str.strip), language=st.text(min_size=1).filter(str.strip))
@settings(deadline=None)
def test_any_text_survives(name: str, language: str, load: Load) -> None:
    """Text that looks like a number, a date or a flag, or holds anything else, loads again as it was."""
    job = {"total_images": 1, "specifications": [{"name": name, "proportion": 1, "text": {"language": language}}]}
    config = load(yaml.safe_dump(job, default_style='"', allow_unicode=False).replace('"1"', "1").replace("!!int ", ""))
    assert config.specifications[0].name == name
    assert load(show(config)) == config


@pytest.mark.parametrize(
    "name", ["no", "1e3", "010", "12:30", "2024-01-01", "~", "null", "0x1F", ".nan", "<<", "- a", "#x", "é", "1_0"]
)
def test_text_that_yaml_would_read_otherwise_is_quoted(name: str, load: Load) -> None:
    """Each trap, as a name."""
    config = load(f"total_images: 1\nspecifications:\n- name: '{name}'\n  proportion: 1\n")
    assert load(show(config)).specifications[0].name == name


def test_groups_and_resources_survive(every: Registry, tmp_path: Path) -> None:
    """Odds, groups, weighted folders and the encoding load again; relative paths come out absolute."""
    text = """\
total_images: 3
resources: {fonts: f, backgrounds: [{path: b, weight: 0.3}, c], corpora: t, encoding: utf-16, health: h.json}
output: {format: jpeg, quality: {values: [10, 90], weights: [1, 2]}}
specifications:
- name: one
  proportion: 1
  background: {solid: {weight: 0.3}, paper: null}
  curve: {arc: {p: 0.3, weight: 2, radius: {min: 1, max: 2, distribution: beta, alpha: 3}}}
  warp:
  - some_of: [{elastic: {weight: 0.7, p: 0.2}}, {one_of: [grid, optical]}]
    n: 1
    p: 0.9
"""
    config = load_text(text, "a", every, folder=tmp_path)
    assert load_text(show(config), "b", every) == config
    assert str(tmp_path / "f") in show(config)


def test_starter_ships_and_loads() -> None:
    """The starter in the repository is the one in the package, it has no warnings, and it prints and loads."""
    registry = discover()
    packaged = ROOT / "src" / "glyphmill" / "config" / "starter.yaml"
    assert (ROOT / "batch_config.yaml").read_bytes() == packaged.read_bytes()
    config = load_config(packaged, registry)
    assert config.warnings == ()
    assert load_text(show(config), "again", registry) == config
