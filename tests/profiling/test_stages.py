"""The stage budget adds up, and hooks leave no trace."""

from __future__ import annotations

from importlib import import_module

import pytest

from glyphmill.profiling import stages
from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.result import Profile
from glyphmill.profiling.stages import HOOKS, STAGES, Stopwatch, hooked
from glyphmill.profiling.work import Work, workplace


def test_a_stage_is_counted_without_those_within_it() -> None:
    """Whatever is in no stage is counted as other."""
    times = iter(range(100))
    watch = Stopwatch(clock=lambda: float(next(times)), cpu_clock=lambda: 0.0)
    watch.enter("compose")  # 1 s of other
    watch.enter("warp")  # 1 s of compose
    watch.leave()  # 1 s of warp
    watch.leave()  # 1 s of compose
    watch.stop()  # 1 s of other
    assert {stage: seconds for stage, seconds in watch.seconds.items() if seconds} == {
        "other": 2,
        "compose": 2,
        "warp": 1,
    }


def test_every_stage_is_entered_and_they_add_up(profiled: tuple[Profile, Work]) -> None:
    """The sum is the time of the pass by construction; what is in no stage is little."""
    found = profiled[0]
    assert tuple(found.stages_s) == STAGES
    assert all(found.stages_s[stage] > 0 for stage in STAGES)
    assert sum(found.stages_s.values()) == pytest.approx(found.plain_s)
    # of the processor, which a busy machine does not lend to the wrong stage
    assert sum(found.stages_cpu_s.values()) == pytest.approx(found.cpu_s)
    assert found.stages_cpu_s["other"] < 0.05 * found.cpu_s


def test_hooks_are_gone_after_the_pass_even_after_an_error(profiled: tuple[Profile, Work]) -> None:
    def originals() -> list[object]:
        found = []
        for _, module, path in HOOKS:
            owner: object = import_module(module)
            for part in path.split("."):
                owner = getattr(owner, part)
            found.append(owner)
        return found

    def fail() -> None:
        with hooked(Stopwatch()):
            assert originals() != before
            raise ZeroDivisionError

    before = originals()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert originals() == before


def test_hooks_do_not_change_an_image(profiled: tuple[Profile, Work]) -> None:
    work = profiled[1]
    plain = work.job.sample(0, 0).encoded()
    with workplace() as root, hooked(Stopwatch()):
        assert work.images(root).count == work.limit
        assert work.job.sample(0, 0).encoded() == plain


def test_a_hook_that_leads_nowhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "HOOKS", (("warp", "glyphmill.generator", "OCRDataGenerator._gone"),))
    with pytest.raises(ProfileError, match="_gone"), hooked(Stopwatch()):
        pass
