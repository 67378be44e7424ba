"""A run in this process: the same ranges in order, nothing to start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2

from glyphmill.run.memory import keep_freed_memory
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import IndexRange, Maker, RangeSummary, run_range


def run_serial(job: Maker, root: Path, ranges: Sequence[IndexRange], report: Callable[[RangeSummary], None]) -> None:
    """Do all ranges; `report` hears of each once it is complete and may raise to end the run.

    Raises: RunError if something cannot be written.
    """
    # One thread, as workers have: OpenCV's own threads cost more than they give on images of this size.
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    keep_freed_memory()
    try:
        for work in ranges:
            report(run_range(job, root, work))
    except OSError as error:
        raise RunError(f"cannot write to {error.filename or root}: {error.strerror}") from error
    finally:
        cv2.setNumThreads(threads)
