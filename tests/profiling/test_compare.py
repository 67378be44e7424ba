"""Two profiles side by side: matched by file and name, one image against one image."""

from __future__ import annotations

import json
import marshal
from dataclasses import replace
from pathlib import Path

import pytest

from glyphmill.profiling.compare import compare, comparison_text, speed_up
from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.output import Outputs
from glyphmill.profiling.result import Profile, Saved, load
from glyphmill.profiling.work import Work

NOISE = ("glyphmill/effects.py", "add_noise", 0)


def saved(name: str, image_s: float, noise_ms: float, *, more: bool = False) -> Saved:
    functions = {NOISE: (1.0, noise_ms, noise_ms), ("~", "<method 'sum'>", 0): (9.0, 0.5, 0.5)}
    if more:
        functions[("glyphmill/resample.py", "_new", 0)] = (2.0, 0.25, 0.5)
    stages = {"degrade": (noise_ms, noise_ms / 2), "warp": (3.0, 1.5)}
    return Saved(
        name, 10, (image_s, image_s / 3), stages, functions, {"config": "a.yaml", "NumPy": "2" if more else "1"}
    )


def test_before_after_and_speed_up_by_function_and_stage() -> None:
    """The greatest change comes first; what is new has no before."""
    found = compare(saved("old.json", 0.3, 210.3), saved("new.json", 0.1, 4.2, more=True))
    assert (found.image.before, found.image.after) == (300, 100)
    first = found.functions[0]
    assert (first.name, first.before, first.after) == ("effects.py(add_noise)", 210.3, 4.2)
    assert speed_up(first.before, first.after) == pytest.approx(50.07, abs=0.01)
    new = next(row for row in found.functions if row.name == "resample.py(_new)")
    assert (new.before, new.after) == (None, 0.25)
    degrade = found.stages[0]
    assert (degrade.name, degrade.before, degrade.cpu_before) == ("degrade", 210.3, 105.15)
    assert found.differs == ("NumPy: 1 before, 2 after",)
    text = comparison_text(found)
    assert "50.07x" in text
    assert "3.00x" in text
    assert "not the same: NumPy" in text
    assert json.dumps(found.to_dict())


@pytest.fixture
def files(profiled: tuple[Profile, Work], tmp_path: Path) -> tuple[Path, Path]:
    outputs = Outputs(*profiled, sort="cumulative", top=5)
    for name in ("a.json", "a.prof"):
        outputs.save(tmp_path / name)
    return tmp_path / "a.json", tmp_path / "a.prof"


def test_both_formats_hold_the_same_functions(files: tuple[Path, Path]) -> None:
    """Times are of one image; so a profile compared with itself has not changed."""
    whole, statistics = map(load, files)
    assert whole.functions.keys() == statistics.functions.keys()
    assert NOISE in whole.functions
    assert (whole.made, statistics.made) == (3, 3)
    assert statistics.stages_ms == {}
    for change in compare(whole, statistics).functions:
        assert change.before == pytest.approx(change.after, abs=1e-3)


def test_lines_may_move_between_two_profiles(files: tuple[Path, Path], tmp_path: Path) -> None:
    stats = marshal.loads(files[1].read_bytes())

    def moved(key: tuple[str, int, str]) -> tuple[str, int, str]:
        return (key[0], key[1] + 7, key[2]) if key[1] else key

    later = {
        moved(key): (*row[:4], {moved(caller): edge for caller, edge in row[4].items()}) for key, row in stats.items()
    }
    (tmp_path / "moved.prof").write_bytes(marshal.dumps(later))
    found = compare(load(files[1]), load(tmp_path / "moved.prof"))
    assert all(change.saved == 0 for change in found.functions)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.txt", b"ncalls tottime\n"),
        ("empty.prof", b""),
        ("other.json", b'{"schema": "something/1"}'),
        ("list.json", b"[1, 2]"),
        ("broken.json", b'{"schema":'),
        ("cut.prof", marshal.dumps({("a.py", 1, "f"): (1, 1, 0.1, 0.1, {})})[:-5]),
        ("number.prof", marshal.dumps(3)),
        ("unrelated.prof", marshal.dumps({("a.py", 1, "f"): (1, 1, 0.1, 0.1, {})})),
    ],
)
def test_what_is_no_profile_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ProfileError, match=name):
        load(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"gone\.json"):
        load(tmp_path / "gone.json")


def test_a_profile_without_images_is_compared_all_the_same(profiled: tuple[Profile, Work], tmp_path: Path) -> None:
    none = replace(profiled[0], made=0)
    Outputs(none, profiled[1], sort="time", top=3).save(tmp_path / "none.json")
    assert load(tmp_path / "none.json").image_s is None
