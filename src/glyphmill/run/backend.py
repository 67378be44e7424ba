"""What makes the ranges of a run: this process, others on this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from glyphmill.run.interrupts import Interrupts
from glyphmill.run.make import RangeSummary
from glyphmill.run.ranges import IndexRange

#: Hears of each range once it is complete; may raise to end the run.
Report = Callable[[RangeSummary], None]


@dataclass
class WorkerHealth:
    """How the workers of a run do.

    Attributes:
        alive: workers at this moment.
        died: workers that ended without being told to.
        hung: workers that were ended because a sample took too long.
    """

    alive: int = 0
    died: int = 0
    hung: int = 0


class Backend(Protocol):
    """Makes ranges.

    Attributes:
        health: of its workers.
    """

    health: WorkerHealth

    def run(self, ranges: Sequence[IndexRange], report: Report, interrupts: Interrupts) -> None:
        """Make all ranges, or after a signal those that are begun; leaves nothing running, however it ends.

        Raises: RunError if it cannot go on; KeyboardInterrupt if it is to end at once; whatever `report` raises.
        """
        ...
