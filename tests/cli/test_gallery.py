"""`gallery` shows every unit at three strengths; `verify --labels` prints its table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import pytest

from glyphmill.core.registry import discover
from glyphmill.preview.examples import STRENGTHS, examples_of
from tests.cli.conftest import Command

SHOWN = [unit for stage in ("curve", "warp", "background") for unit in discover().stage(stage)]


@pytest.mark.parametrize("unit", SHOWN, ids=lambda unit: f"{unit.stage}.{unit.id}")
def test_each_unit_has_examples_with_settings_that_load(unit: object) -> None:
    """As many as there are strengths, each a section of a specification; where a unit has numbers, they differ."""
    examples = examples_of(unit)
    assert len(examples) == len(STRENGTHS)
    for example in examples:
        section = example.section[unit.stage]
        settings = section[0][unit.id] if isinstance(section, list) else section[unit.id]
        unit.config.model_validate(settings)
    if unit.stage != "background":
        assert len({example.caption for example in examples}) == len(STRENGTHS)


def test_a_page_holds_every_unit_with_its_settings(glyphmill: Command, tmp_path: Path) -> None:
    """Curves and warps if nothing else is asked for, each named with its settings, boxes shown, nothing loaded."""
    code, out, err = glyphmill("gallery", "--json")
    assert (code, err) == (0, "")
    units = [unit for unit in SHOWN if unit.stage in ("curve", "warp")]
    assert json.loads(out) == {"out": "gallery.html", "examples": len(STRENGTHS) * len(units)}
    page = (tmp_path / "gallery.html").read_text("utf-8")
    for unit in units:
        assert page.count(f'data-specification="{unit.stage}.{unit.id}"') == len(STRENGTHS)
        assert all(example.caption in page for example in examples_of(unit))
    assert page.count(" checked>") == 3
    assert not re.search(r'(src|href)="(?!data:)', page)


def test_a_picture_shows_one_stage_in_a_language(glyphmill: Command, tmp_path: Path) -> None:
    """As wide as asked for; another language and direction give other pictures."""
    arguments = ("gallery", "--stage", "curve", "--width", "700")
    assert glyphmill(*arguments, "--out", "a.png")[0] == 0
    assert glyphmill(*arguments, "--out", "b.png", "--language", "ja", "--direction", "top_to_bottom")[0] == 0
    a, b = (cv2.imread(str(tmp_path / name)) for name in ("a.png", "b.png"))
    assert a.shape[1] == b.shape[1] == 700
    assert a.shape != b.shape


def test_it_refuses_what_it_cannot_write_or_set(glyphmill: Command) -> None:
    """A file type and a language that are not known are bad usage."""
    assert glyphmill("gallery", "--out", "gallery.gif")[0] == 2
    assert glyphmill("gallery", "--stage", "curve", "--language", "qqq")[0] == 2


def test_verify_prints_how_far_boxes_are_from_ink(glyphmill: Command, config: Path) -> None:
    """A row for all clusters, for each warp, direction and script."""
    config.write_text(
        config.read_text().replace(
            "    background: {solid: {}}\n  - name: vertical",
            "    background: {solid: {}}\n    warp: [{rotation: {angle: 5}}]\n  - name: vertical",
        )
    )
    assert glyphmill("generate", config, "--out", "data")[0] == 0
    code, out, err = glyphmill("verify", "data", "--labels")
    assert (code, err) == (0, "")
    for words in ("99 %", "warp.rotation", "straight", "top_to_bottom", "Latn"):
        assert words in out
    told = json.loads(glyphmill("verify", "data", "--labels", "--sample", "2", "--json")[1])
    assert told["labels"]["all"]["p99"] <= 1.0
    assert told["checks"]["labels"]["checked"] == 2
