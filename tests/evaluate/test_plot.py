"""The plot: a file that shows every group, as SVG and as PNG."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from glyphmill.evaluate.drawing import Box, Drawing, Words, png, svg
from glyphmill.evaluate.evaluate import evaluate
from glyphmill.evaluate.plot import plot
from tests.evaluate.conftest import FakeEngine
from tests.jobs import registry


def test_every_group_has_a_bar_as_long_as_its_rate(dataset: Path) -> None:
    """All on one scale, and nothing lies outside of the sheet."""
    engine = FakeEngine(lambda piece: piece.text * 2 if piece.facts.script == "Jpan" else piece.text)
    report = evaluate(dataset, engine, registry=registry())
    drawing = plot(report, "a <title>")
    bars = [mark for mark in drawing.marks if isinstance(mark, Box)]
    words = [mark.text for mark in drawing.marks if isinstance(mark, Words)]
    rows = list(report.rows())
    assert len(bars) == len(rows)
    longest = max(score.cer.value for _, score in rows)
    scale = max(bar.width for bar in bars) / longest
    for bar, (group, score) in zip(bars, rows, strict=True):
        assert bar.width == pytest.approx(max(score.cer.value * scale, 1.0), abs=0.01)
        assert bar.x + bar.width <= drawing.width
        assert bar.y + bar.height <= drawing.height
        assert any(text.startswith(group.name[:40]) for text in words)


def test_an_svg_is_well_formed_whatever_the_names() -> None:
    """Markup in a name stays text; what XML cannot hold is replaced."""
    names = ["<script>&amp;", "\x00\x1b]0;x\ud800", "漢字"]
    marks = tuple(Words(0, 20, name, 12, (0, 0, 0)) for name in names)
    root = ElementTree.fromstring(svg(Drawing(100, 100, (255, 255, 255), marks)))
    texts = [element.text for element in root if element.tag.endswith("text")]
    assert texts == ["<script>&amp;", "??]0;x?", "漢字"]


def test_a_png_has_the_size_and_the_colors_asked_for() -> None:
    drawing = Drawing(60, 40, (10, 20, 30), (Box(10, 10, 20, 15, (200, 100, 50)),))
    image = cv2.imdecode(np.frombuffer(png(drawing), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert image.shape == (40, 60, 3)
    assert image[5, 5].tolist() == [10, 20, 30]
    assert (image == (200, 100, 50)).all(axis=2).sum() == 20 * 15
