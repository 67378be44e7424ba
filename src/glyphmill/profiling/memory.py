"""Where memory goes: the peak of an image, by stage, and what is held at that moment."""

from __future__ import annotations

import sys
import tracemalloc
from collections import defaultdict
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any

from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.functions import place
from glyphmill.profiling.machine import other_profiler
from glyphmill.profiling.stages import STAGES, hooked
from glyphmill.profiling.work import Work, workplace

_MIB = 1 << 20
#: Share of the peak from which on what is held is looked at.
_NEAR = 0.98


@dataclass(frozen=True)
class Allocation:
    """What one line holds at the peak: where, bytes, and number of blocks."""

    place: str
    size: int
    blocks: int


@dataclass(frozen=True)
class Memory:
    """Memory of the images, bytes.

    Attributes:
        peak: the most that one image takes on top of what was held before it.
        heaviest: index of that image.
        stages: the most on top of what was held when a stage began; of all images.
        kept: what is held after all images and was not before: caches that still fill, or a leak.
        top: what is held near the peak of the heaviest image, the largest first.
        resident: the most of the whole process since it started, libraries and fonts included; None where the system
            does not say.
    """

    peak: int
    heaviest: int
    stages: dict[str, int]
    kept: int
    top: tuple[Allocation, ...]
    resident: int | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def measure_memory(work: Work, *, top: int = 10) -> Memory:
    """Make the images under tracemalloc, and the heaviest one again to see what is held at its peak.

    NumPy's arrays and the results of OpenCV are traced; what C code takes and gives back within a call is not.

    Raises: ProfileError if another profiler is at work.
    """
    if (watching := other_profiler()) is not None:
        raise ProfileError(f"{watching} watches this process; its memory cannot be traced at the same time")
    was_tracing = tracemalloc.is_tracing()
    tracemalloc.start()
    try:
        watch = _PeakWatch()
        with workplace() as root, hooked(watch):
            before = tracemalloc.get_traced_memory()[0]
            work.images(root, before=watch.begin, after=watch.end)
            kept = tracemalloc.get_traced_memory()[0] - before
        heaviest = max(watch.images, key=lambda index: watch.images[index])
        held = _held_at_peak(work, heaviest)
    finally:
        if not was_tracing:
            tracemalloc.stop()
    stages = {stage: watch.stages[stage] for stage in STAGES if stage in watch.stages}
    return Memory(watch.images[heaviest], heaviest, stages, kept, held[:top], _resident())


def _resident() -> int | None:
    try:
        import resource
    except ImportError:  # Windows has none
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class _PeakWatch:
    """The peak of each image and of each stage, above what was held when it began."""

    def __init__(self) -> None:
        self.images: dict[int, int] = {}
        self.stages: dict[str, int] = defaultdict(int)
        self._open: list[tuple[str, int]] = []
        #: the highest so far since each open stage began
        self._highest: list[int] = []

    def begin(self, index: int) -> None:
        self.enter("")

    def end(self, index: int) -> None:
        _, base, highest = self._close()
        self.images[index] = highest - base

    def enter(self, stage: str) -> None:
        self._note()
        self._open.append((stage, tracemalloc.get_traced_memory()[0]))
        self._highest.append(0)
        tracemalloc.reset_peak()

    def leave(self) -> None:
        stage, base, highest = self._close()
        self.stages[stage] = max(self.stages[stage], highest - base)

    def _close(self) -> tuple[str, int, int]:
        self._note()
        tracemalloc.reset_peak()
        stage, base = self._open.pop()
        return stage, base, self._highest.pop()

    def _note(self) -> None:
        peak = tracemalloc.get_traced_memory()[1]
        self._highest[:] = [max(highest, peak) for highest in self._highest]


def _held_at_peak(work: Work, index: int) -> tuple[Allocation, ...]:
    """What lines hold near the peak of one image: found once, then looked at when it comes again."""
    highest = _Highest()
    _under(highest.hear, work, index)
    taker = _Taker(highest.most)
    _under(taker.hear, work, index)
    if taker.snapshot is None:
        return ()
    ignored = (tracemalloc.Filter(False, tracemalloc.__file__), tracemalloc.Filter(False, "<frozen *>"))
    rows = taker.snapshot.filter_traces(ignored).statistics("lineno")
    return tuple(
        Allocation(
            place((row.traceback[0].filename, row.traceback[0].lineno, "")).removesuffix("()"), row.size, row.count
        )
        for row in rows
    )


def _under(hear: Any, work: Work, index: int) -> None:
    sys.setprofile(hear)
    try:
        work.job.generate(index)
    finally:
        sys.setprofile(None)


class _Highest:
    """The most that is held at any call or return."""

    def __init__(self) -> None:
        self.base = tracemalloc.get_traced_memory()[0]
        self.most = 0

    def hear(self, frame: FrameType, event: str, arg: Any) -> None:
        self.most = max(self.most, tracemalloc.get_traced_memory()[0] - self.base)


class _Taker:
    """Takes a snapshot at the first call or return at which nearly as much is held."""

    def __init__(self, most: int) -> None:
        self.snapshot: tracemalloc.Snapshot | None = None
        self._least = tracemalloc.get_traced_memory()[0] + _NEAR * most

    def hear(self, frame: FrameType, event: str, arg: Any) -> None:
        if self.snapshot is None and tracemalloc.get_traced_memory()[0] >= self._least:
            sys.setprofile(None)
            self.snapshot = tracemalloc.take_snapshot()


def memory_text(memory: Memory) -> str:
    """The memory of the images as text."""
    lines = [
        "Memory",
        "",
        f"  peak of one image         {memory.peak / _MIB:9.2f} MiB, of index {memory.heaviest}",
        f"  held after all images     {memory.kept / _MIB:9.2f} MiB more than before them",
    ]
    if memory.resident is not None:
        whole = f"{memory.resident / _MIB:9.2f} MiB, libraries, fonts and this profiler included"
        lines.append(f"  peak of the whole process {whole}")
    lines += ["", "  most that a stage takes, MiB"]
    lines += [f"    {stage:<8} {size / _MIB:9.2f}" for stage, size in memory.stages.items()]
    lines += ["", "  held near that peak", f"    {'MiB':>9} {'blocks':>7}  line"]
    lines += [f"    {one.size / _MIB:9.2f} {one.blocks:>7,}  {one.place}" for one in memory.top]
    return "\n".join(lines)
