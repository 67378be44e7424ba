"""The presets that come with Glyphmill: they load, they suit any script, and they are as hard as their names say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from glyphmill.config.presets import PRESETS
from glyphmill.evaluate.evaluate import evaluate
from glyphmill.evaluate.tesseract import Tesseract
from glyphmill.generator import Sample
from glyphmill.run.generate import generate
from glyphmill.run.outcome import Rejected
from tests.jobs import open_job, registry

SCRIPTS: dict[str, dict[str, Any]] = {
    "latin": {"language": "en", "length": [10, 30]},
    "arabic": {"language": "ar", "direction": "right_to_left", "length": [10, 25]},
    "japanese": {"language": "ja", "direction": "top_to_bottom", "length": [5, 12]},
}
IMAGES, LINES = 12, 40


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_loads_without_a_warning(name: str) -> None:
    """By itself, and over nothing else than the default config."""
    job = open_job([{"preset": name}], 1, defaults={})
    assert job.config.warnings == ()
    assert set(PRESETS[name]) <= {
        "color",
        "background",
        "scene",
        "canvas",
        "layout",
        "curve",
        "effects",
        "warp",
        "degrade",
    }


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_suits_any_script(name: str, script: str) -> None:
    """A dozen images of a script and direction, none of them rejected, no two alike."""
    job = open_job([{"preset": name, "text": SCRIPTS[script], "font": {"size": [20, 36]}}], IMAGES, defaults={})
    outcomes = [job.generate(index) for index in range(IMAGES)]
    assert [outcome for outcome in outcomes if isinstance(outcome, Rejected)] == []
    made = [outcome for outcome in outcomes if isinstance(outcome, Sample)]
    assert {sample.labels.direction for sample in made} == {SCRIPTS[script].get("direction", "left_to_right")}
    assert len({sample.image.tobytes() for sample in made}) == IMAGES


def error_rate(name: str, folder: Path) -> float:
    """Of all characters of Latin lines, 0 to 1, by Tesseract."""
    text = {"language": "en", "length": [20, 38]}
    job = open_job([{"preset": name, "text": text, "font": {"size": [20, 32]}}], LINES, defaults={})
    generate(job, folder)
    return next(score for _, score in evaluate(folder, Tesseract(), by=(), registry=registry()).rows()).cer.value


@pytest.mark.ocr
def test_presets_are_as_hard_as_they_say(tmp_path: Path) -> None:
    """Tesseract misreads next to nothing of clean lines, more of scans, and much of hard ones."""
    clean, scan, hard = (error_rate(name, tmp_path / name) for name in ("clean", "scan", "hard"))
    assert clean < 0.01
    assert clean < scan < hard
