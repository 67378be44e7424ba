"""The diagnosis names what was slowed down on purpose, with its kind, its numbers and what to change."""

from __future__ import annotations

import inspect
import random
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from glyphmill.config.flat_table import KEYS
from glyphmill.core.registry import discover
from glyphmill.core.unit import SHAPES
from glyphmill.profiling.diagnosis import SIGNS, diagnose
from glyphmill.profiling.engine import profile
from glyphmill.profiling.families import FILES, IMAGE, PIXEL_LOOP, PLANNING, TEXT, family_at, family_of, knob_of
from glyphmill.profiling.functions import Functions
from glyphmill.profiling.report import report
from glyphmill.profiling.result import Profile
from glyphmill.profiling.work import Work

Image = NDArray[np.uint8]


def add_noise(image: Image, amount: float, rng: Generator) -> Image:
    """As slow as it can be: every pixel by itself, one random number for each."""
    numbers = random.Random(0)
    height, width = image.shape[:2]
    for y in range(height):
        for x in range(width):
            if numbers.randint(0, 999) < 1000 * amount:
                image[y, x] = 255
    return image


def add_noise_quietly(image: Image, amount: float, rng: Generator) -> Image:
    """A loop without one call in it, which no count of calls can show."""
    height, width = image.shape[:2]
    for y in range(height):
        for x in range(width):
            if (x * 7919 + y * 104729) % 1000 < 1000 * amount:
                image[y, x] = 255
    return image


@pytest.mark.parametrize("slow", [add_noise, add_noise_quietly])
def test_a_pixel_loop_in_place_of_a_kernel_is_the_culprit(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: FunctionType
) -> None:
    """By name, with its family, the lines that ran, and the setting that it follows."""
    large = tmp_path / "large.yaml"
    large.write_text(config.read_text("utf-8") + "    canvas: {padding: 200}\n", encoding="utf-8")
    monkeypatch.setattr("glyphmill.stages.degrade.noise.add_noise", slow)
    found = profile(large, limit=3)[0]
    assert found.diagnosis is not None
    culprit = found.diagnosis.findings[0]
    assert culprit.function == f"test_diagnosis.py:{inspect.getsourcelines(slow)[1]}({slow.__name__})"
    assert culprit.family == PIXEL_LOOP
    assert "high tottime" in culprit.signs
    assert any("lines run at each call" in evidence for evidence in culprit.evidence)
    assert culprit.unit == "degrade.noise"
    assert culprit.keys == ("degrade.noise.amount", "noise_amount_min", "noise_amount_max")
    assert "whole arrays" in culprit.change
    if slow is add_noise:
        assert set(SIGNS[1:]) <= set(culprit.signs)
        assert any("(randint)" in evidence and "times an image" in evidence for evidence in culprit.evidence)
    text = report(found)
    assert f"1. {culprit.function}" in text
    assert "Pixel loop, for degrade.noise." in text


def test_honest_kernels_are_no_pixel_loops(profiled: tuple[Profile, Work]) -> None:
    diagnosis = profiled[0].diagnosis
    assert diagnosis is not None
    assert diagnosis.findings
    assert PIXEL_LOOP not in {one.family for one in diagnosis.findings}
    assert tuple(diagnosis.signs) == SIGNS


def key(path: str, name: str) -> tuple[str, int, str]:
    return (f"/somewhere/glyphmill/{path}", 1, name)


@pytest.mark.parametrize(
    ("path", "name", "family"),
    [
        ("augmentations.py", "apply_elastic_distortion", IMAGE),
        ("resample.py", "resample", IMAGE),
        ("pixels/blur.py", "blur", IMAGE),
        ("generator.py", "_render_text", TEXT),
        ("fontengine/harfbuzz.py", "shape", TEXT),
        ("stages/encode/png.py", "apply", FILES),
        ("export/files.py", "encode_sample", FILES),
        ("plan/planner.py", "plan", PLANNING),
        ("core/labels.py", "moved", None),
    ],
)
def test_the_family_follows_from_the_file(path: str, name: str, family: str | None) -> None:
    assert family_at(key(path, name)) == family


def test_a_shared_function_belongs_to_its_main_caller() -> None:
    shared, little, much = key("core/geometry.py", "bounds"), key("plan/planner.py", "plan"), key("resample.py", "part")
    stats = {
        shared: (2, 2, 1.0, 1.0, {little: (1, 1, 0.1, 0.1), much: (1, 1, 0.9, 0.9)}),
        little: (1, 1, 0.0, 0.1, {}),
        much: (1, 1, 0.0, 0.9, {}),
    }
    assert family_of(Functions(stats), shared) == IMAGE


def test_time_of_libraries_counts_for_who_calls_them() -> None:
    """Through other library functions too, in proportion; the profiler's own time counts for nobody."""
    kernel, other = key("effects.py", "kernel"), key("resample.py", "other")
    wrapper, inner = ("/usr/lib/x/site-packages/numpy/a.py", 5, "wrap"), ("~", 0, "<built-in method sum>")
    own = key("profiling/work.py", "make")
    stats = {
        own: (1, 1, 5.0, 20.0, {}),
        kernel: (1, 1, 1.0, 8.0, {own: (1, 1, 1.0, 8.0)}),
        other: (1, 1, 1.0, 4.0, {own: (1, 1, 1.0, 4.0)}),
        wrapper: (2, 2, 1.0, 10.0, {kernel: (1, 1, 0.7, 7.0), other: (1, 1, 0.3, 3.0)}),
        inner: (2, 2, 9.0, 9.0, {wrapper: (2, 2, 9.0, 9.0)}),
    }
    work = Functions(stats).work
    assert work[kernel] == pytest.approx(1 + 0.7 + 9 * 0.7)
    assert work[other] == pytest.approx(1 + 0.3 + 9 * 0.3)
    assert own not in work


def test_many_small_calls_are_a_sign() -> None:
    """Of the function and, with its time, of what makes them."""
    small, busy = key("effects.py", "small"), key("effects.py", "busy")
    stats = {
        busy: (1, 1, 1.0, 2.0, {}),
        small: (5000, 5000, 1.0, 1.0, {busy: (5000, 5000, 1.0, 1.0)}),
    }
    found = diagnose(Functions(stats), discover(), images=1, pixels=100_000, lines={})
    assert found.signs["high ncalls"] == ("effects.py:1(small) 5,000 an image",)
    by_name = {one.function: one for one in found.findings}
    assert set(SIGNS[1:]) <= set(by_name["effects.py:1(small)"].signs)
    assert by_name["effects.py:1(small)"].family == PIXEL_LOOP
    assert any(
        "called 5,000 times an image by effects.py:1(busy)" in e for e in by_name["effects.py:1(small)"].evidence
    )


def test_every_setting_that_is_named_exists() -> None:
    """Nested and flat, for every unit and every family."""
    registry = discover()
    spots = [key("warpmaps/spline.py", "at"), key("effects.py", "add_noise")]
    for unit in (None, *registry):
        for family in (PIXEL_LOOP, IMAGE, TEXT, FILES, PLANNING):
            for spot in spots:
                knob = knob_of(family, spot, unit)
                assert knob.change.endswith(".")
                for name in knob.keys:
                    assert name in KEYS or _exists(name, registry), name


def _exists(name: str, registry: object) -> bool:
    parts = name.split(".")
    if parts[0] == "output":
        units = discover().stage("encode")
        return parts[1] == "format" or any(parts[1] in unit.config.model_fields for unit in units)
    if len(parts) == 1:
        return parts[0] in SHAPES
    unit = discover().get(parts[0], parts[1] if len(parts) == 3 else parts[0])  # type: ignore[arg-type]
    return unit is not None and (parts[-1] in unit.config.model_fields or parts[-1] in ("p", "weight"))
