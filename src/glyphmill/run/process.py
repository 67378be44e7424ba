"""A run in several processes. Each writes its own samples; what crosses the pipes is ranges and counts."""

from __future__ import annotations

import ctypes
import multiprocessing
import pickle
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from glyphmill.run.backend import Report, WorkerHealth
from glyphmill.run.interrupts import SIGNALS, Interrupts
from glyphmill.run.make import Maker, RangeSummary, Target
from glyphmill.run.outcome import Rejected, RunError
from glyphmill.run.ranges import IndexRange
from glyphmill.run.worker import work

#: Deaths at one index after which it is given up: one may be somebody else's doing.
_DEATHS_OF_INDEX = 3
#: Deaths outside of any sample, of one range or in a row while starting, after which the run ends.
_DEATHS_ELSEWHERE = 5
#: How often to look at what workers are at, seconds; a deadline is kept to within two of these.
_TICK = 0.25
_FAREWELL_SECONDS = 5.0


@dataclass
class _Worker:
    """A process and what it is at.

    Attributes:
        task: its range; None while it has none.
        index: the index at which it was when last looked at, -1 for none.
        since: when it was first seen there, on the clock of the watch.
    """

    process: BaseProcess
    connection: Connection
    current: ctypes.c_longlong
    task: IndexRange | None = None
    index: int = -1
    since: float = 0.0


class ProcessRun:
    """Makes ranges in worker processes, replacing those that die or hang.

    Workers are spawned, never forked: forking a process with threads or with OpenCV loaded can deadlock. A script
    that starts a run must therefore do so under ``if __name__ == "__main__":``.

    Args:
        job: makes the samples.
        target: where they go.
        workers: processes at a time.
        sample_seconds: the most that one index may take, all of its attempts together.
    """

    def __init__(self, job: Maker, target: Target, workers: int, sample_seconds: float) -> None:
        self._recipe, self._target, self._count, self._seconds = pickle.dumps(job), target, workers, sample_seconds
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._queue: deque[IndexRange] = deque()
        self._deaths: Counter[int | IndexRange | None] = Counter()
        self._poison: dict[int, Rejected] = {}
        self._watch = Watch(time.monotonic)
        self.health = WorkerHealth()

    def run(self, ranges: Sequence[IndexRange], report: Report, interrupts: Interrupts) -> None:
        self._queue.extend(ranges)
        try:
            for _ in range(min(self._count, len(ranges))):
                self._start()
            while self._queue or any(worker.task is not None for worker in self._workers):
                interrupts.check()
                if interrupts.signal is not None:
                    self._queue.clear()
                    if not any(worker.task is not None for worker in self._workers):
                        return
                for summary in self._hear():
                    report(summary)
                self._end_hung()
        finally:
            try:
                self._stop()
            except KeyboardInterrupt:
                # It comes once at most, and no worker may outlive the lock of the folder.
                self._stop()
                raise

    def _start(self) -> None:
        here, there = self._context.Pipe()
        current = self._context.RawValue(ctypes.c_longlong, -1)
        arguments = (there, current, self._recipe, self._target)
        process = self._context.Process(target=work, args=arguments, daemon=True, name="glyphmill-worker")
        worker = _Worker(process, here, current)
        self._workers.append(worker)  # first of all: whatever comes, `_stop` finds it
        try:
            # A worker inherits the mask, and so hears nothing of Ctrl-C before it has said that it will not.
            # multiprocessing's own helper lifts the mask as it starts, so it starts first.
            resource_tracker.ensure_running()
            before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
            try:
                process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except OSError as error:
            self._workers.remove(worker)
            raise RunError(
                f"cannot start a worker process: {error.strerror or error}. Try fewer than {self._count} workers."
            ) from error
        there.close()  # so that the pipe ends when the worker does
        self.health.alive = len(self._workers)

    def _hear(self) -> list[RangeSummary]:
        """Wait a moment for workers to speak or die, and deal with those that do; gives the ranges that are done."""
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            handles[worker.connection] = handles[worker.process.sentinel] = worker
        ready = wait(list(handles), _TICK)
        done = []
        for worker in {id(handles[handle]): handles[handle] for handle in ready}.values():
            summary = self._attend(worker)
            if summary is not None:
                done.append(summary)
        return done

    def _attend(self, worker: _Worker) -> RangeSummary | None:
        try:
            # What a worker said before it died still counts.
            message = worker.connection.recv() if worker.connection.poll() else None
        except (EOFError, OSError):
            message = None
        if message is None:
            self.health.died += 1
            self._bury(worker)
            return None
        kind, content = message
        if kind == "failed":
            raise RunError(content)
        if kind == "open":
            self._deaths[None] = 0
        worker.task = None
        self._give(worker)
        return content if kind == "done" else None

    def _give(self, worker: _Worker) -> None:
        if not self._queue:
            return
        worker.task = self._queue.popleft()
        poison = {index: why for index, why in self._poison.items() if worker.task.start <= index < worker.task.stop}
        try:
            worker.connection.send((worker.task, poison))
        except OSError:
            # It died while idle; its sentinel says so next, and its task goes back then.
            return

    def _end_hung(self) -> None:
        """End the workers whose sample is past the deadline; that index is given up."""
        now = self._watch.now()
        for worker in list(self._workers):
            index = worker.current.value
            if worker.task is None or index < 0 or index != worker.index:
                worker.index, worker.since = index if worker.task is not None else -1, now
            elif now - worker.since > self._seconds:
                detail = f"took longer than the {self._seconds:g} s that limits.sample_seconds allows"
                self._poison[index] = Rejected(index, "run", "deadline", detail, 1)
                self.health.hung += 1
                worker.process.kill()
                self._bury(worker)

    def _bury(self, worker: _Worker) -> None:
        """Put a dead worker's range back and start another worker in its place."""
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        self.health.alive = len(self._workers)
        if worker.task is None and not self._queue:
            return  # it had nothing left to do
        index = worker.current.value
        if index not in self._poison:
            self._blame(worker, index if index >= 0 else worker.task)
        if worker.task is not None:
            self._queue.appendleft(worker.task)
        self._start()

    def _blame(self, worker: _Worker, culprit: int | IndexRange | None) -> None:
        self._deaths[culprit] += 1
        if isinstance(culprit, int):
            if self._deaths[culprit] >= _DEATHS_OF_INDEX:
                detail = f"the process that made this sample ended {_DEATHS_OF_INDEX} times: {_cause(worker.process)}"
                self._poison[culprit] = Rejected(culprit, "run", "worker_died", detail, 1)
        elif self._deaths[culprit] >= _DEATHS_ELSEWHERE:
            raise RunError(self._obituary(worker))

    def _obituary(self, worker: _Worker) -> str:
        ended = f"{_DEATHS_ELSEWHERE} worker processes ended ({_cause(worker.process)})"
        if worker.task is not None:
            return f"{ended} while writing samples {worker.task.start} to {worker.task.stop - 1}"
        return (
            f"{ended} before they were ready. A script that starts a run needs "
            f'`if __name__ == "__main__":` around it; otherwise run with --workers 0 to see the error.'
        )

    def _stop(self) -> None:
        """Tell idle workers to end, end busy ones, and leave no process behind."""
        self._workers = [worker for worker in self._workers if worker.process.pid is not None]
        for worker in self._workers:
            if worker.task is not None:
                worker.process.kill()
                continue
            try:
                worker.connection.send(None)
            except OSError:
                continue
        for worker in self._workers:
            worker.process.join(_FAREWELL_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.connection.close()
        self._workers.clear()
        self.health.alive = 0


class Watch:
    """Time that passes while somebody looks: a run that was halted as a whole has used up nobody's deadline.

    Args:
        clock: seconds, from any origin.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._last, self._time = clock, clock(), 0.0

    def now(self) -> float:
        """Seconds so far; asked for at every tick."""
        now = self._clock()
        self._time += min(now - self._last, 4 * _TICK)
        self._last = now
        return self._time


def _cause(process: BaseProcess) -> str:
    code = process.exitcode
    if code is None or code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    hint = ", as the system does when memory runs out" if name == "SIGKILL" else ""
    return f"{name}{hint}"
