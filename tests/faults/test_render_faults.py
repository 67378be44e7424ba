"""Faults that show only when a sample is made: nothing is clipped, nothing grows past its budget, nothing is tofu."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glyphmill.config.load import load_text
from glyphmill.core.registry import discover
from glyphmill.run.job import Job
from glyphmill.run.outcome import Rejected
from tests.catalogue.fontmaking import Ink, build_font, subset_font

DIRECTIONS = ["left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top"]


def job(fonts: Path, *, text: str = "", direction: str = "left_to_right", extra: str = "", limits: str = "{}") -> Job:
    (fonts / "corpus.txt").write_text(text + "\n", encoding="utf-8")
    registry = discover()
    config = load_text(
        f"""
total_images: 1
resources: {{fonts: [{fonts}], corpora: {fonts}}}
limits: {limits}
specifications:
  - name: only
    proportion: 1
    text: {{corpus: corpus.txt, take: line, length: 500, direction: {direction}{extra}}}
    font: {{size: 40}}
    canvas: {{padding: 0}}
    background: {{solid: {{}}}}
""",
        "fault.yaml",
        registry,
    )
    return Job.open(config, registry)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_f28_overshoot_is_not_clipped(tmp_path: Path, direction: str) -> None:
    """Glyphs that leave their advance and the line box on all sides are whole in the image, without any padding."""
    far = Ink(-900, -700, 1500, 1900)
    (tmp_path / "Far.ttf").write_bytes(build_font("aXb", inks={"X": far}, family="Far"))
    made = job(tmp_path, text="aXb", direction=direction)
    rendered = made.generator._render_text(made.plan(0))
    box = rendered.labels.boxes()[1]
    width, height = box[2] - box[0], box[3] - box[1]
    assert sorted([width, height]) == pytest.approx([2.4 * 40, 2.6 * 40], abs=0.01)
    assert 0 <= box[0] < box[2] <= rendered.width
    assert 0 <= box[1] < box[3] <= rendered.height
    # the coverage of a whole rectangle is its area
    x0, y0, x1, y1 = (round(edge) for edge in box)
    assert rendered.ink.mask[y0:y1, x0:x1].sum() / 255 == pytest.approx(width * height, rel=0.01)


def test_f24_pixel_budget(tmp_path: Path) -> None:
    """Text that would need a canvas past the budget is given up before the canvas is made, and counted."""
    (tmp_path / "Wide.ttf").write_bytes(build_font("ab", family="Wide"))
    outcome = job(tmp_path, text="ab" * 200, limits="{max_pixels: 20000}").generate(0)
    assert isinstance(outcome, Rejected)
    assert (outcome.unit, outcome.reason) == ("canvas", "pixel_budget")
    assert "limits.max_pixels is 20000" in outcome.detail


@pytest.mark.parametrize("policy", ["refont", "fallback"])
def test_f22_another_font_stands_in(tmp_path: Path, policy: str) -> None:
    """Where one font lacks letters, another that has them sets them; no glyph is the missing one."""
    (tmp_path / "Latin.ttf").write_bytes(subset_font("NotoSans[wght].ttf", "abc xyz"))
    (tmp_path / "Hebrew.ttf").write_bytes(subset_font("NotoSansHebrew[wght].ttf", "אבג דה"))
    made = job(tmp_path, text="abc אבג xyz", extra=f", missing: {policy}")
    rendered = made.generator._render_text(made.plan(0))
    assert rendered.layout.gid.all()
    assert set(rendered.layout.font.tolist()) == {0, 1}
    assert made.generate(0).label["text"] == "abc אבג xyz"


def test_f22_dropped_characters_leave_the_label(tmp_path: Path) -> None:
    """With the policy ``drop`` the label says what is in the image, no more."""
    (tmp_path / "Latin.ttf").write_bytes(subset_font("NotoSans[wght].ttf", "abc xyz"))
    sample = job(tmp_path, text="abc אבג xyz", extra=", missing: drop").generate(0)
    assert sample.label["text"] == "abc xyz"


@pytest.mark.parametrize("policy", ["refont", "fallback", "reject"])
def test_f22_nothing_has_it(tmp_path: Path, policy: str) -> None:
    """A character that no font has is a counted reject that names it, not a box."""
    (tmp_path / "Latin.ttf").write_bytes(subset_font("NotoSans[wght].ttf", "abc xyz"))
    outcome = job(tmp_path, text="abc ガ xyz", extra=f", missing: {policy}").generate(0)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "missing_glyph"
    assert "U+30AC" in outcome.detail


def test_f16_long_clusters_cost_nothing(tmp_path: Path) -> None:
    """A thousand marks on one base are refused by name before they are shaped."""
    (tmp_path / "Latin.ttf").write_bytes(subset_font("NotoSans[wght].ttf", "abc\u0301"))
    outcome = job(tmp_path, text="a" + "\u0301" * 1000).generate(0)
    assert isinstance(outcome, Rejected)
    assert outcome.reason in ("long_cluster", "empty_text")


def test_images_are_never_empty(tmp_path: Path) -> None:
    """The smallest text still makes an image of whole pixels with its ink inside."""
    (tmp_path / "Dot.ttf").write_bytes(build_font(".", inks={".": Ink(0, 0, 30, 30)}, family="Dot"))
    made = job(tmp_path, text=".")
    rendered = made.generator._render_text(made.plan(0))
    assert min(rendered.ink.mask.shape) >= 1
    assert np.count_nonzero(rendered.ink.mask) >= 1
