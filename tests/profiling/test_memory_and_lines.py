"""Memory at its peak, and time line by line."""

from __future__ import annotations

import sys
import tracemalloc

import pytest

from glyphmill.effects import add_noise
from glyphmill.generator import OCRDataGenerator
from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.lines import find_function, lines_text
from glyphmill.profiling.loops import count_lines
from glyphmill.profiling.memory import measure_memory, memory_text
from glyphmill.profiling.result import Profile
from glyphmill.profiling.work import Work


def test_the_peak_of_an_image_is_at_least_its_pixels(profiled: tuple[Profile, Work]) -> None:
    """What is held there adds up to no more than it, and tracing ends with the measurement."""
    found, work = profiled
    memory = measure_memory(work, top=5)
    assert memory.peak > 3 * found.pixels
    assert memory.heaviest in range(3)
    assert memory.resident is None or memory.resident > memory.peak
    assert {"compose", "warp", "encode"} <= memory.stages.keys()
    assert max(memory.stages.values()) <= memory.peak
    assert 0 < len(memory.top) <= 5
    assert not tracemalloc.is_tracing()
    text = memory_text(memory)
    assert "peak of one image" in text
    assert ".py:" in text


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("effects:add_noise", add_noise),
        ("glyphmill.effects:add_noise", add_noise),
        ("effects.py:add_noise", add_noise),
        ("generator:OCRDataGenerator._seen", OCRDataGenerator._seen),
    ],
)
def test_functions_are_found_by_module_and_name(name: str, function: object) -> None:
    assert find_function(name) is function


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("effects", "expected MODULE:FUNCTION"),
        ("effects:", "expected MODULE:FUNCTION"),
        ("effect:add_noise", "there is no module"),
        ("effects:add_nose", "Did you mean 'add_noise'"),
        ("effects:Image", "is not a Python function"),
    ],
)
def test_a_function_that_is_not_there_is_told_with_what_is_like_it(name: str, message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        find_function(name)


def test_lines_are_timed(profiled: tuple[Profile, Work]) -> None:
    text = lines_text(profiled[1], "effects:add_noise")
    assert "Function: add_noise" in text
    assert "% Time" in text


def test_line_profiler_may_be_missing(profiled: tuple[Profile, Work], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "line_profiler", None)
    with pytest.raises(ProfileError, match="pip install line_profiler"):
        lines_text(profiled[1], "effects:add_noise")


def test_another_profiler_is_left_alone(profiled: tuple[Profile, Work], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("lines", "memory", "calltree"):
        monkeypatch.setattr(f"glyphmill.profiling.{module}.other_profiler", lambda: "cProfile")
    with pytest.raises(ProfileError, match="cProfile watches"):
        lines_text(profiled[1], "effects:add_noise")
    with pytest.raises(ProfileError, match="cProfile watches"):
        measure_memory(profiled[1])


def test_no_lines_are_counted_under_a_debugger(profiled: tuple[Profile, Work]) -> None:
    code = add_noise.__code__
    key = (code.co_filename, code.co_firstlineno, code.co_name)
    assert count_lines(profiled[1], [key])[key].calls == 3
    before = sys.gettrace()
    sys.settrace(lambda frame, event, arg: None)
    try:
        assert count_lines(profiled[1], [key]) == {}
    finally:
        sys.settrace(before)
