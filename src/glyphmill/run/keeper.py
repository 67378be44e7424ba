"""What runs on the nodes of a cluster: keepers, each of which looks after one worker process as a local run does."""

from __future__ import annotations

import pickle
import platform
import sys
from dataclasses import dataclass
from typing import Any, Literal, cast

from glyphmill.core.errors import GlyphmillError
from glyphmill.run.backend import WorkerHealth
from glyphmill.run.make import Maker, RangeSummary, Target
from glyphmill.run.manifest import versions
from glyphmill.run.process import ProcessRun
from glyphmill.run.ranges import IndexRange


@dataclass(frozen=True)
class Order:
    """What all keepers of a run are told.

    Attributes:
        recipe: the pickled job.
        target: where samples go; the path of a folder is absolute.
        sample_seconds: the most that one sample may take.
        versions: of what samples are made with.
    """

    recipe: bytes
    target: Target
    sample_seconds: float
    versions: dict[str, str]


#: From a keeper: it is ready, it has done a range and how its worker has done so far, or the run cannot go on.
Answer = (
    tuple[Literal["ready"], None]
    | tuple[Literal["done"], tuple[RangeSummary, WorkerHealth]]
    | tuple[Literal["failed"], str]
)


class Keeper:
    """One worker process of a node, and the care for it."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._worker = _Worker(cast(Maker, _Recipe(order.recipe)), order.target, 1, order.sample_seconds)
        # Workers import what their parent has as its main module; here it is Ray's, and they have no use for Ray.
        sys.modules["__main__"].__file__ = None

    def check(self) -> Answer:
        """Whether this node makes the same bytes as the others."""
        here = versions()
        for name, version in self._order.versions.items():
            if name != "python" and here.get(name) != version:
                return "failed", (
                    f"node {platform.node()} has {name} {here.get(name)}, and the run began with {version}. Install "
                    f"the same versions on all nodes."
                )
        return "ready", None

    def make(self, work: IndexRange) -> Answer:
        """Make a range."""
        try:
            return "done", (self._worker.make(work), self._worker.health)
        except GlyphmillError as error:
            return "failed", f"node {platform.node()}: {error}"


class _Worker(ProcessRun):
    """A worker process that stays, for one range after the other."""

    def make(self, work: IndexRange) -> RangeSummary:
        """Make a range with as many processes, one after the other, as that takes. Raises: RunError."""
        self._queue.append(work)
        if self._workers:
            self._give(self._workers[0])
        else:
            self._start()
        while not (done := self._hear()):
            self._end_hung()
        return done[0]


@dataclass(frozen=True)
class _Recipe:
    """A pickled job, which nobody opens before the worker does."""

    pickled: bytes

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self.pickled,)
