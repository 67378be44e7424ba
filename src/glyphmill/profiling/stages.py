"""The stage budget: which part of the work the time goes into, by a stopwatch that is set from call to call.

Nothing of it is in the generator. While a budget is taken, the few functions at which one part of the work ends and
the next begins are wrapped; there are some twenty such calls an image, of less than a microsecond each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from time import perf_counter, process_time
from typing import Any, Protocol

from glyphmill.profiling.errors import ProfileError

#: The parts of the work, in its order; ``other`` is what is in none of them.
STAGES = ("plan", "shape", "raster", "effects", "compose", "warp", "degrade", "label", "encode", "write", "other")

_GENERATOR = "glyphmill.generator"
_SPINE = "OCRDataGenerator"
#: Stage -> what begins it: module and name. What is called in between and not listed belongs to the stage it is in.
HOOKS: tuple[tuple[str, str, str], ...] = (
    ("plan", "glyphmill.plan.planner", "Planner.plan"),
    ("shape", _GENERATOR, f"{_SPINE}._render_text"),
    ("raster", _GENERATOR, "paint"),
    ("effects", _GENERATOR, f"{_SPINE}._effects"),
    ("compose", _GENERATOR, f"{_SPINE}.generate_from_plan"),
    ("compose", _GENERATOR, f"{_SPINE}._background"),
    ("warp", _GENERATOR, f"{_SPINE}._warp_ink"),
    ("warp", _GENERATOR, f"{_SPINE}._page"),
    ("warp", _GENERATOR, f"{_SPINE}._seen"),
    ("degrade", _GENERATOR, f"{_SPINE}._degrade"),
    ("label", _GENERATOR, f"{_SPINE}._make_extras"),
    ("label", "glyphmill.export.files", "encode_sample"),
    ("encode", _GENERATOR, "Sample.encoded"),
    ("write", "glyphmill.export.layout", "FilesWriter.add"),
    ("write", "glyphmill.export.durable", "name"),
)


class Watch(Protocol):
    """What hears where each stage begins and ends; stages nest."""

    def enter(self, stage: str) -> None:
        """A stage begins."""
        ...

    def leave(self) -> None:
        """The stage that began last ends, and the one around it goes on."""
        ...


class Stopwatch:
    """Seconds of each stage, without those of the stages within it.

    Args:
        clock: seconds, from any origin.
        cpu_clock: seconds of this process on a processor, which others on the machine do not add to.
    """

    def __init__(
        self, clock: Callable[[], float] = perf_counter, cpu_clock: Callable[[], float] = process_time
    ) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.cpu_seconds = dict.fromkeys(STAGES, 0.0)
        self._clock, self._cpu_clock = clock, cpu_clock
        self._open = ["other"]
        self.start()

    def enter(self, stage: str) -> None:
        self._take()
        self._open.append(stage)

    def leave(self) -> None:
        self._take()
        self._open.pop()

    def start(self) -> None:
        """Count from here on."""
        self._last, self._cpu_last = self._clock(), self._cpu_clock()

    def stop(self) -> None:
        """Count what has passed since the last stage began or ended."""
        self._take()

    def _take(self) -> None:
        now, cpu, stage = self._clock(), self._cpu_clock(), self._open[-1]
        self.seconds[stage] += now - self._last
        self.cpu_seconds[stage] += cpu - self._cpu_last
        self._last, self._cpu_last = now, cpu


@contextmanager
def hooked(watch: Watch) -> Iterator[None]:
    """Tell `watch` of the stages of all work in this process, for as long as the block lasts.

    Raises: ProfileError if a function that a stage begins with is gone.
    """
    originals: list[tuple[Any, str, Any]] = []
    try:
        for stage, module, path in HOOKS:
            owner: Any = import_module(module)
            *outer, name = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            function = getattr(owner, name, None)
            if function is None:
                raise ProfileError(f"the stage {stage!r} begins with {module}:{path}, which does not exist any more")
            originals.append((owner, name, function))
            setattr(owner, name, _watched(function, stage, watch))
        yield
    finally:
        for owner, name, function in originals:
            setattr(owner, name, function)


def _watched(function: Callable[..., Any], stage: str, watch: Watch) -> Callable[..., Any]:
    @wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        watch.enter(stage)
        try:
            return function(*args, **kwargs)
        finally:
            watch.leave()

    return watched
