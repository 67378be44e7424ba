"""A run in several processes. Each writes its own samples; what crosses the pipes is ranges and counts."""

from __future__ import annotations

import ctypes
import multiprocessing
import pickle
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import IndexRange, Maker, RangeSummary
from glyphmill.run.worker import work

#: Deaths at one index after which it is given up.
_DEATHS_OF_INDEX = 2
#: Deaths outside of any sample, of one range or while starting, after which the run ends.
_DEATHS_ELSEWHERE = 3
_FAREWELL_SECONDS = 5.0


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    current: ctypes.c_longlong
    task: IndexRange | None = None


class ProcessRun:
    """Runs ranges in worker processes, replacing those that die.

    Workers are spawned, never forked: forking a process with threads or with OpenCV loaded can deadlock. A script
    that starts a run must therefore do so under ``if __name__ == "__main__":``.
    """

    def __init__(self, job: Maker, root: Path, workers: int) -> None:
        self._recipe, self._root, self._count = pickle.dumps(job), root, workers
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._queue: deque[IndexRange] = deque()
        self._deaths: Counter[int | IndexRange | None] = Counter()

    def run(self, ranges: Sequence[IndexRange], report: Callable[[RangeSummary], None]) -> None:
        """Do all ranges; `report` hears of each once it is complete and may raise to end the run.

        Raises: RunError if a worker cannot write, or if workers keep dying outside of any sample.
        """
        self._queue.extend(ranges)
        remaining = len(ranges)
        try:
            for _ in range(min(self._count, remaining)):
                self._start()
            while remaining:
                summary = self._next_message()
                if summary is not None:
                    remaining -= 1
                    report(summary)
        finally:
            self._stop()

    def _start(self) -> None:
        here, there = self._context.Pipe()
        current = self._context.RawValue(ctypes.c_longlong, -1)
        arguments = (there, current, self._recipe, str(self._root))
        process = self._context.Process(target=work, args=arguments, daemon=True, name="glyphmill-worker")
        process.start()
        there.close()  # so that the pipe ends when the worker does
        self._workers.append(_Worker(process, here, current))

    def _next_message(self) -> RangeSummary | None:
        """Wait until a worker speaks or dies, and deal with that one."""
        handles: dict[Any, _Worker] = {}
        for worker in self._workers:
            handles[worker.connection] = handles[worker.process.sentinel] = worker
        worker = handles[wait(list(handles))[0]]
        try:
            # What a worker said before it died still counts.
            message = worker.connection.recv() if worker.connection.poll() else None
        except (EOFError, OSError):
            message = None
        if message is None:
            self._bury(worker)
            return None
        kind, content = message
        if kind == "failed":
            raise RunError(content)
        worker.task = None
        self._give(worker)
        return content if kind == "done" else None

    def _give(self, worker: _Worker) -> None:
        if not self._queue:
            return
        worker.task = self._queue.popleft()
        deadly = frozenset(i for i in range(worker.task.start, worker.task.stop) if self._is_deadly(i))
        try:
            worker.connection.send((worker.task, deadly))
        except OSError:
            # It died while idle; its sentinel says so next, and its task goes back then.
            return

    def _is_deadly(self, index: int) -> bool:
        return self._deaths[index] >= _DEATHS_OF_INDEX

    def _bury(self, worker: _Worker) -> None:
        """Put a dead worker's range back and start another worker in its place."""
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        if worker.task is None and not self._queue:
            return  # it had nothing left to do
        index = worker.current.value
        culprit = index if index >= 0 else worker.task
        self._deaths[culprit] += 1
        if index < 0 and self._deaths[culprit] >= _DEATHS_ELSEWHERE:
            raise RunError(self._obituary(worker))
        if worker.task is not None:
            self._queue.appendleft(worker.task)
        self._start()

    def _obituary(self, worker: _Worker) -> str:
        ended = f"{_DEATHS_ELSEWHERE} worker processes ended (exit code {worker.process.exitcode})"
        if worker.task is not None:
            return f"{ended} while writing the record of samples {worker.task.start} to {worker.task.stop - 1}"
        return (
            f"{ended} before they were ready. A script that starts a run needs "
            f'`if __name__ == "__main__":` around it; otherwise run with one worker to see the error.'
        )

    def _stop(self) -> None:
        """Tell idle workers to end, end busy ones, and leave no process behind."""
        for worker in self._workers:
            if worker.task is not None:
                worker.process.terminate()
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
