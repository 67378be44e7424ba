"""One profile: the images made without a profiler by the stopwatch, then under cProfile, then read."""

from __future__ import annotations

import cProfile
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

from glyphmill.profiling.diagnosis import diagnose, suspects
from glyphmill.profiling.functions import Functions, Key
from glyphmill.profiling.loops import count_lines
from glyphmill.profiling.machine import machine, other_profiler, versions
from glyphmill.profiling.result import Profile
from glyphmill.profiling.stages import Stopwatch, hooked
from glyphmill.profiling.work import Made, Work, open_work, workplace
from glyphmill.run.job import PathName

#: Seconds between two lines of progress, and from which on fewer images are suggested.
_EVERY, _LONG = 5.0, 30.0
#: Passes over the images that follow the first one, in times of it: plain, under cProfile, under a trace.
_PASSES_LEFT = 4


def profile(
    config: PathName,
    *,
    limit: int = 10,
    fonts: tuple[PathName, ...] = (),
    backgrounds: tuple[PathName, ...] = (),
    corpora: PathName | None = None,
    progress: Callable[[str], None] = lambda line: None,
    imports_s: float = 0.0,
    name: str | None = None,
) -> tuple[Profile, Work]:
    """Profile the first images of a config.

    Args:
        config: the YAML file.
        limit: how many images; more than the config has are made by raising its number.
        fonts, backgrounds, corpora: resources in place of the config's.
        progress: takes a line now and then.
        imports_s: seconds that it took to come here, for the record.
        name: what the results call the config; its path if not given.

    Returns: the profile, and the work itself, for what else is to be measured on it.
    Raises: ProfileError, ConfigError, CatalogueError.
    """
    start = perf_counter()
    work = open_work(config, limit=limit, fonts=fonts, backgrounds=backgrounds, corpora=corpora)
    opened = perf_counter() - start
    if work.raised is not None:
        progress(f"the config has {work.raised} images; total_images is raised to {limit} for this profile")
    teller = _Teller(limit, progress)
    # Fonts are opened, caches filled and modules imported here, so that what is measured is how it goes on.
    start = perf_counter()
    with workplace() as root:
        work.images(root, after=teller.first)
    first = perf_counter() - start
    teller.estimate(first)
    watch, made = _plain(work)
    watching = other_profiler()
    profiled_s, profiled_cpu_s, stats = (None, None, {}) if watching else _profiled(work)
    functions = Functions(stats)
    diagnosis = None
    if made.count and stats:
        diagnosis = diagnose(
            functions,
            work.job.registry,
            images=made.count,
            pixels=made.pixels / made.count,
            lines=count_lines(work, suspects(functions)),
        )
    found = Profile(
        config=name or str(config),
        requested=limit,
        made=made.count,
        attempts=made.attempts,
        rejected=tuple(
            {"index": one.index, "unit": one.unit, "reason": one.reason, "detail": one.detail} for one in made.rejected
        ),
        raised=work.raised,
        pixels=made.pixels / made.count if made.count else 0.0,
        versions=versions(),
        machine=machine(),
        startup_s={"imports": imports_s, "open": opened, "first pass": first},
        plain_s=sum(watch.seconds.values()),
        cpu_s=sum(watch.cpu_seconds.values()),
        profiled_s=profiled_s,
        profiled_cpu_s=profiled_cpu_s,
        watching=watching,
        stages_s=watch.seconds,
        stages_cpu_s=watch.cpu_seconds,
        functions=stats,
        diagnosis=diagnosis,
    )
    return found, work


def _plain(work: Work) -> tuple[Stopwatch, Made]:
    """The stages of the images without a profiler, and the images."""
    watch = Stopwatch()
    with workplace() as root, hooked(watch):
        watch.start()
        made = work.images(root)
        watch.stop()
    return watch, made


def _profiled(work: Work) -> tuple[float, float, dict[Key, Any]]:
    """Seconds and processor seconds of the images under cProfile, and what it measured."""
    profiler = cProfile.Profile()
    with workplace() as root:
        start, cpu = perf_counter(), process_time()
        profiler.enable()
        try:
            work.images(root)
        finally:
            profiler.disable()
        seconds, cpu = perf_counter() - start, process_time() - cpu
    profiler.create_stats()
    return seconds, cpu, dict(vars(profiler)["stats"])


class _Teller:
    """Says how far the first pass is, and how long the rest will take."""

    def __init__(self, total: int, progress: Callable[[str], None]) -> None:
        self._total, self._progress = total, progress
        self._start = self._last = perf_counter()

    def first(self, index: int) -> None:
        now = perf_counter()
        done = index + 1
        if now - self._last < _EVERY or done == self._total:
            return
        self._last = now
        left = (now - self._start) / done * (self._total * (1 + _PASSES_LEFT) - done)
        self._progress(f"{done} of {self._total} images of the first pass; about {left:.0f} s left{self._hint(left)}")

    def estimate(self, first_s: float) -> None:
        left = first_s * _PASSES_LEFT
        self._progress(
            f"first pass: {self._total} images in {first_s:.1f} s; about {left:.0f} s left{self._hint(left)}"
        )

    def _hint(self, left: float) -> str:
        return "; a smaller --limit is quicker" if left > _LONG else ""
