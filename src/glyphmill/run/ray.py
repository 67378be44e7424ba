"""A run on a Ray cluster: the same ranges, made by keepers on its nodes. Through Ray go ranges and counts only.

A keeper that is lost, alone or with its node, is replaced, and its range is made again: a range is complete or absent.
"""

from __future__ import annotations

import pickle
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from glyphmill.run.backend import Report, WorkerHealth
from glyphmill.run.cluster import cluster
from glyphmill.run.interrupts import Interrupts
from glyphmill.run.keeper import Keeper, Order
from glyphmill.run.make import Maker, RangeSummary, Target
from glyphmill.run.manifest import versions
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import IndexRange

#: Keepers lost with one range, or in a row before one was ready, after which the run ends.
_LOSSES = 5
#: How long a run waits while no keeper is ready: a cluster that grows when it is asked to takes minutes.
_PATIENCE_SECONDS = 600.0
#: How often to look whether the run is to end, seconds.
_TICK = 0.25


@dataclass
class _Hired:
    """A keeper: an actor of Ray.

    Attributes:
        task: its range; None while it has none.
        ready: whether it has passed its check.
        health: how its worker has done.
    """

    actor: Any
    task: IndexRange | None = None
    ready: bool = False
    health: WorkerHealth = field(default_factory=WorkerHealth)


class RayRun:
    """Makes ranges on a Ray cluster.

    Every node needs the same versions, the same fonts, backgrounds and texts at the same paths, and a way to the
    output: a folder that all share, or object storage.

    Args:
        job: makes the samples.
        target: where they go.
        workers: keepers at a time, of one CPU each; 0 for as many as the cluster has CPUs.
        sample_seconds: the most that one index may take, all of its attempts together.
        address: of the cluster; None for that of the variable RAY_ADDRESS, else for one on this machine alone, which
            ends with the run.
    """

    def __init__(self, job: Maker, target: Target, workers: int, sample_seconds: float, address: str | None) -> None:
        where = target.where if "://" in target.where else str(Path(target.where).absolute())
        self._order = Order(pickle.dumps(job), replace(target, where=where), sample_seconds, versions())
        self._count, self._address = workers, address
        self._queue: deque[IndexRange] = deque()
        self._hired: list[_Hired] = []
        self._calls: dict[Any, _Hired] = {}
        self._losses: Counter[IndexRange | None] = Counter()
        self._past = WorkerHealth()
        self.health = WorkerHealth()

    def run(self, ranges: Sequence[IndexRange], report: Report, interrupts: Interrupts) -> None:
        self._queue.extend(ranges)
        with cluster(self._address, self._count) as ray:
            count = min(self._count or int(ray.cluster_resources().get("CPU", 1)), len(ranges))
            order, watched = ray.put(self._order), time.monotonic()
            try:
                while self._queue or self._at_work():
                    if interrupts.signal is not None:
                        self._queue.clear()
                    self._give(ray, order, count)
                    for summary in self._hear(ray):
                        report(summary)
                    if any(keeper.ready for keeper in self._hired):
                        watched = time.monotonic()
                    elif time.monotonic() - watched > _PATIENCE_SECONDS:
                        raise RunError(self._nobody(ray))
            finally:
                self._stop(ray)

    def _at_work(self) -> bool:
        return any(keeper.task is not None for keeper in self._hired)

    def _give(self, ray: Any, order: Any, count: int) -> None:
        """Give ranges to the keepers that have none, and hire more where there are too few."""
        for keeper in self._hired:
            if self._queue and keeper.ready and keeper.task is None:
                keeper.task = self._queue.popleft()
                self._calls[keeper.actor.make.remote(keeper.task)] = keeper
        wanted = min(count - len(self._hired), len(self._queue))
        for _ in range(wanted):
            # Lost keepers are replaced here, where their ranges are known, and not by Ray.
            actor = ray.remote(num_cpus=1, max_restarts=0)(Keeper).remote(order)
            self._hired.append(_Hired(actor))
            self._calls[actor.check.remote()] = self._hired[-1]

    def _hear(self, ray: Any) -> list[RangeSummary]:
        """Wait a moment for keepers to answer or to be lost; gives the ranges that are done."""
        if not self._calls:
            return []
        answered, _ = ray.wait(list(self._calls), num_returns=1, timeout=_TICK)
        done = []
        for call in answered:
            keeper = self._calls.pop(call)
            try:
                kind, content = ray.get(call)
            except ray.exceptions.RayError as error:
                self._lose(ray, keeper, error)
                continue
            if kind == "failed":
                raise RunError(content)
            if kind == "done":
                summary, keeper.health = content
                done.append(summary)
            keeper.ready, keeper.task = True, None
            self._losses[None] = 0
        self._count_health()
        return done

    def _lose(self, ray: Any, keeper: _Hired, error: Exception) -> None:
        """Put the range of a keeper that is gone back."""
        ray.kill(keeper.actor)  # it may only be out of reach
        self._hired.remove(keeper)
        self._past.died += keeper.health.died + 1
        self._past.hung += keeper.health.hung
        self._losses[keeper.task] += 1
        if self._losses[keeper.task] >= _LOSSES:
            at = f"with samples {keeper.task.start} to {keeper.task.stop - 1}" if keeper.task else "before it was ready"
            raise RunError(f"the cluster lost {_LOSSES} workers {at}, the last one so: {error}")
        if keeper.task is not None:
            self._queue.appendleft(keeper.task)

    def _count_health(self) -> None:
        self.health.alive = sum(keeper.ready for keeper in self._hired)
        self.health.died = self._past.died + sum(keeper.health.died for keeper in self._hired)
        self.health.hung = self._past.hung + sum(keeper.health.hung for keeper in self._hired)

    def _nobody(self, ray: Any) -> str:
        free, there = (source().get("CPU", 0) for source in (ray.available_resources, ray.cluster_resources))
        return (
            f"no worker could start within {_PATIENCE_SECONDS:g} s: each needs a CPU of the cluster, which has "
            f"{there:g}, {free:g} of them free"
        )

    def _stop(self, ray: Any) -> None:
        """End all keepers; their workers end with them."""
        for keeper in self._hired:
            ray.kill(keeper.actor)
        self._hired.clear()
        self._calls.clear()
        self.health.alive = 0
