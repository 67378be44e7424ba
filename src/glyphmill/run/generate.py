"""One run from start to end: a job's samples, or an index range of them, into a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glyphmill.run.job import Job
from glyphmill.run.manifest import close_dataset, open_dataset
from glyphmill.run.outcome import RunError, RunStopped
from glyphmill.run.process import ProcessRun
from glyphmill.run.ranges import RangeSummary, forget, split
from glyphmill.run.serial import run_serial

#: ``progress(done, written, rejected, total)``, called as each range is complete.
Progress = Callable[[int, int, int, int], None]

#: Outcomes before which a bad share does not stop a run, unless it is bad for the whole of it.
_SETTLED = 1000


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    Attributes:
        root: the dataset's folder.
        requested: indices of this run; written + rejected.
        reasons: rejections of this run by ``unit: reason``, the most frequent first.
        manifest: the dataset's manifest, which also counts earlier runs into the same folder.
    """

    root: Path
    requested: int
    written: int
    rejected: int
    reasons: dict[str, int]
    manifest: dict[str, Any]


def generate(
    job: Job,
    out: str | Path,
    *,
    start: int = 0,
    stop: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> RunReport:
    """Write samples [start, stop) of a job into the folder `out`.

    The files are the same for any number of workers, and whether a job is made in one run or range by range.
    With more than one worker a script must call this under ``if __name__ == "__main__":``.

    Args:
        job: what to make.
        out: a new or empty folder, or one with a dataset of this very job.
        start: first index.
        stop: one past the last index; None means the end of the job.
        workers: processes; 1 works in this one.
        progress: called as each range is complete.

    Raises: RunError if the folder cannot be used or written; RunStopped if too many samples are rejected. What was
    complete by then is kept and listed in the manifest.
    """
    stop = len(job) if stop is None else stop
    if not 0 <= start <= stop <= len(job):
        raise RunError(f"got the samples {start} to {stop}; expected a range within 0 to {len(job)}")
    if workers < 1:
        raise RunError(f"got {workers} workers; expected at least 1")
    root = Path(out)
    open_dataset(job, root)
    forget(root, start, stop)
    tally = _Tally(stop - start, job.config.limits.max_rejected, progress)
    ranges = split(start, stop)
    try:
        if workers == 1 or len(ranges) < 2:
            run_serial(job, root, ranges, tally.add)
        else:
            ProcessRun(job, root, workers).run(ranges, tally.add)
    except RunStopped:
        close_dataset(job, root)
        raise
    manifest = close_dataset(job, root)
    return RunReport(root, tally.total, tally.written, tally.rejected, tally.reasons(), manifest)


class _Tally:
    """Adds up ranges, tells the progress, and stops the run past the share of rejects that is allowed."""

    def __init__(self, total: int, max_rejected: float, progress: Progress | None) -> None:
        self.total, self.written, self.rejected = total, 0, 0
        self._max_rejected, self._progress = max_rejected, progress
        self._reasons: Counter[str] = Counter()

    def add(self, summary: RangeSummary) -> None:
        """Count a complete range.

        Raises: RunStopped.
        """
        self.written += summary.written
        self.rejected += summary.rejected
        self._reasons.update(summary.reasons)
        done = self.written + self.rejected
        if self._progress is not None:
            self._progress(done, self.written, self.rejected, self.total)
        if self.rejected > self._max_rejected * max(done, min(_SETTLED, self.total)):
            raise RunStopped(done, self.rejected, self._max_rejected, self.reasons())

    def reasons(self) -> dict[str, int]:
        """Rejections by reason, the most frequent first."""
        return dict(self._reasons.most_common())
