"""One run from start to end: a job's samples, or a shard of them, into a folder or object storage."""

from __future__ import annotations

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from glyphmill.export import names
from glyphmill.export.durable import write_file
from glyphmill.export.layout import LAYOUTS, find_layout
from glyphmill.export.local import LocalStorage
from glyphmill.export.storage import Storage, open_storage
from glyphmill.run.backend import Backend, WorkerHealth
from glyphmill.run.interrupts import Interrupts
from glyphmill.run.job import Job
from glyphmill.run.lock import alone, locked
from glyphmill.run.make import RangeSummary, Target
from glyphmill.run.manifest import RunPlan, close_dataset, open_dataset
from glyphmill.run.outcome import RunError, RunInterrupted, RunStopped, cannot_write
from glyphmill.run.process import ProcessRun
from glyphmill.run.ranges import Shard, samples_of_range, split
from glyphmill.run.records import RecordError, recorded
from glyphmill.run.serial import SerialRun

BackendName = Literal["local", "ray"]

#: Outcomes before which a bad share does not stop a run, unless it is bad for the whole of it.
_SETTLED = 1000


@dataclass(frozen=True)
class RunStatus:
    """How far a run is.

    Attributes:
        total: indices of this run.
        written: of them, those with a sample.
        rejected: of them, those without.
        kept: of these two, those that an earlier run had made.
        workers: how its processes do.
    """

    total: int
    written: int
    rejected: int = 0
    kept: int = 0
    workers: WorkerHealth = field(default_factory=WorkerHealth)

    @property
    def done(self) -> int:
        return self.written + self.rejected


#: Called as each range is complete.
Progress = Callable[[RunStatus], None]


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    Attributes:
        where: the dataset's folder or address.
        requested: indices of this run; written + rejected.
        kept: of these, those that an earlier run had made.
        reasons: rejections of this run by ``unit: reason``, the most frequent first.
        bytes: of its images, labels and what is beside them.
        seconds: that it took.
        cpu: seconds of processor time that its samples took.
        workers: how its processes did.
        manifest: the dataset's manifest, which also counts other runs into the same place; None for a shard that is
            not the last one.
    """

    where: str
    requested: int
    written: int
    rejected: int
    kept: int
    reasons: dict[str, int]
    bytes: int
    seconds: float
    cpu: float
    workers: WorkerHealth
    manifest: dict[str, Any] | None


def generate(
    job: Job,
    out: str | Path,
    *,
    layout: str = "files",
    samples: int | None = None,
    shard: str | None = None,
    resume: bool = False,
    allow_changed: bool = False,
    max_rejected: float | None = None,
    keep_health: Path | None = None,
    workers: int = 0,
    backend: BackendName = "local",
    address: str | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Write the samples of a job, or a shard of them, into a folder or object storage.

    The files are the same for any number of workers, whether a job is made in one run, in shards, or after losses.
    With workers a script must call this under ``if __name__ == "__main__":``.

    Args:
        job: what to make.
        out: a new or empty folder or an address such as ``s3://bucket/folder``; or one with samples of this very job.
        layout: one of ``LAYOUTS``.
        samples: of one range, the unit of work; with a sharded layout also of one file. None chooses by the layout.
        shard: ``i/N``: part i of N, counted from 1; the parts may be made at the same time, by any machines that
            write to the same place.
        resume: keep what is there and as it was written, make the rest.
        allow_changed: also where the config, the fonts or the version are others; the manifest then says so.
        max_rejected: the share of rejected samples past which the run stops, in place of the config's.
        keep_health: file to write the health of fonts and backgrounds to once the run is over: what it began with, and
            what was observed. Not after a signal: to be resumed, a run needs the health that it began with.
        workers: processes; 0 works in this one, where nothing can end a sample that hangs. On Ray 0 is one for each CPU
            of the cluster.
        backend: where the workers are.
        address: of the Ray cluster; None starts one on this machine.
        progress: called as each range is complete.

    Raises: RunError if the place cannot be used or written; RunStopped if too many samples are rejected;
    RunInterrupted after SIGINT or SIGTERM. What is complete by then is kept and listed in the manifest.
    """
    storage = open_storage(out)
    part = None if shard is None else Shard.parse(shard)
    plan = _plan(job, layout, samples, part, resume=resume, allow_changed=allow_changed)
    target = Target(storage.location, layout, plan.samples, resume)
    runner = _backend(backend, job, target, workers, address)
    share = job.config.limits.max_rejected if max_rejected is None else max_rejected
    tally = _Tally(sum(map(len, plan.ranges)), share, runner.health, progress)
    started, interrupts = time.monotonic(), Interrupts()
    try:
        with _prepared(storage, part), interrupts:
            with _alone(storage):
                open_dataset(job, storage, plan)
            stopped = None
            try:
                runner.run(plan.ranges, tally.add, interrupts)
            except RunStopped as error:
                stopped = error
            whole = tally.done == tally.total
            manifest = _close(job, storage, plan, part, whole=whole)
            if manifest is not None and keep_health is not None and (whole or stopped is not None):
                write_file(keep_health, storage.read(names.HEALTH))
    except OSError as error:
        raise cannot_write(error, storage.location) from error
    except KeyboardInterrupt:
        # Asked for twice: not even the manifest is written now. Records tell what is complete.
        raise RunInterrupted(interrupts.signal or signal.SIGINT, tally.done, tally.total, storage.location) from None
    if stopped is not None:
        raise stopped
    if interrupts.signal is not None and not whole:
        raise RunInterrupted(interrupts.signal, tally.done, tally.total, storage.location)
    return tally.report(storage.location, time.monotonic() - started, manifest)


def _plan(
    job: Job, layout: str, samples: int | None, part: Shard | None, *, resume: bool, allow_changed: bool
) -> RunPlan:
    if layout not in LAYOUTS:
        raise RunError(f"got the layout {layout!r}; expected one of {', '.join(LAYOUTS)}")
    if samples is not None and samples < 1:
        raise RunError(f"got {samples} samples a range; expected at least 1")
    usual = find_layout(layout).samples or samples_of_range(len(job))
    size = usual if samples is None else samples
    ranges = split(len(job), size)
    return RunPlan(layout, size, ranges if part is None else part.part(ranges), resume, allow_changed)


def _backend(name: BackendName, job: Job, target: Target, workers: int, address: str | None) -> Backend:
    if workers < 0:
        raise RunError(f"got {workers} workers; expected at least 0")
    seconds = job.config.limits.sample_seconds
    if name == "ray":
        from glyphmill.run.ray import RayRun

        return RayRun(job, target, workers, seconds, address)
    return ProcessRun(job, target, workers, seconds) if workers else SerialRun(job, target)


@contextlib.contextmanager
def _prepared(storage: Storage, part: Shard | None) -> Iterator[None]:
    """The folder made, and locked; object storage knows neither folders nor locks."""
    if not isinstance(storage, LocalStorage):
        yield
        return
    try:
        storage.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"cannot make the folder {storage.root}: {error.strerror}") from error
    with locked(storage.root, part):
        yield


def _alone(storage: Storage) -> contextlib.AbstractContextManager[None]:
    return alone(storage.root) if isinstance(storage, LocalStorage) else contextlib.nullcontext()


def _close(job: Job, storage: Storage, plan: RunPlan, part: Shard | None, *, whole: bool) -> dict[str, Any] | None:
    """Sum up what is there. Of several shards only the one that completes the job does that, for it reads all records.

    Raises: OSError; RecordError.
    """
    with _alone(storage):
        if part is not None and sum(map(len, recorded(storage))) < len(job):
            return None
        try:
            return close_dataset(job, storage, plan)
        except RecordError:
            if whole:
                raise
            return None  # the run ended before it came to make that range anew


class _Tally:
    """Adds up ranges, tells the progress, and stops the run past the share of rejects that is allowed."""

    def __init__(self, total: int, max_rejected: float, workers: WorkerHealth, progress: Progress | None) -> None:
        self.total = total
        self._written = self._rejected = self._kept = self._bytes = 0
        self._cpu = 0.0
        self._max_rejected, self._workers, self._progress = max_rejected, workers, progress
        self._reasons: Counter[str] = Counter()

    @property
    def done(self) -> int:
        """Indices with an outcome."""
        return self._written + self._rejected

    def add(self, summary: RangeSummary) -> None:
        """Count a complete range.

        Raises: RunStopped.
        """
        self._written += summary.written
        self._rejected += summary.rejected
        self._kept += len(summary.range) if summary.kept else 0
        self._bytes += summary.bytes
        self._cpu += summary.cpu
        self._reasons.update(summary.reasons)
        if self._progress is not None:
            self._progress(RunStatus(self.total, self._written, self._rejected, self._kept, self._workers))
        if self._rejected > self._max_rejected * max(self.done, min(_SETTLED, self.total)):
            raise RunStopped(self.done, self._rejected, self._max_rejected, self._ranked())

    def report(self, where: str, seconds: float, manifest: dict[str, Any] | None) -> RunReport:
        """What the run did."""
        return RunReport(
            where=where,
            requested=self.total,
            written=self._written,
            rejected=self._rejected,
            kept=self._kept,
            reasons=self._ranked(),
            bytes=self._bytes,
            seconds=seconds,
            cpu=self._cpu,
            workers=self._workers,
            manifest=manifest,
        )

    def _ranked(self) -> dict[str, int]:
        """Rejections by reason, the most frequent first."""
        return dict(self._reasons.most_common())
