"""A run in this process: the same ranges in order, nothing to start, and nothing that could end a sample that hangs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from glyphmill.run.backend import Report, WorkerHealth
from glyphmill.run.interrupts import Interrupts
from glyphmill.run.make import Maker, Target, run_range
from glyphmill.run.memory import keep_freed_memory
from glyphmill.run.outcome import cannot_write
from glyphmill.run.ranges import IndexRange


class SerialRun:
    """Makes ranges in this process.

    Args:
        job: makes the samples.
        target: where they go.
    """

    def __init__(self, job: Maker, target: Target) -> None:
        self._job, self._target = job, target
        self.health = WorkerHealth(alive=1)

    def run(self, ranges: Sequence[IndexRange], report: Report, interrupts: Interrupts) -> None:
        # One thread, as workers have: OpenCV's own threads cost more than they give on images of this size.
        threads = cv2.getNumThreads()
        cv2.setNumThreads(1)
        keep_freed_memory()
        try:
            for work in ranges:
                if interrupts.signal is not None:
                    return
                try:
                    summary = run_range(self._job, self._target, work, begin=lambda index: interrupts.check())
                except OSError as error:
                    raise cannot_write(error, self._target.where) from error
                report(summary)
        finally:
            cv2.setNumThreads(threads)
