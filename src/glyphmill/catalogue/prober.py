"""Have font files probed by child processes, each file with a deadline.

A child that dies or does not answer in time takes nothing with it: that file is at fault, the rest go on in a new
child.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import glyphmill

PROBE_COMMAND = (sys.executable, "-m", "glyphmill.catalogue.probe")
_MANY = 8
"""From this many files on a second child is worth its start."""
_START_S = 120.0
"""A child that has not started by then never will, however slow the disk."""
_CRASHES = frozenset(
    getattr(signal, name, None) for name in ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGALRM")
)
"""What only the font can have brought about, and will again; other ends (the system's, the user's) are not kept."""


class ProbeJob(NamedTuple):
    """A file to probe; ``unpacked`` is where to put its SFNT form if it is a WOFF or WOFF2 file."""

    path: str
    unpacked: str


def probe_files(
    jobs: Sequence[ProbeJob], *, deadline_s: float, workers: int = 2, command: Sequence[str] = PROBE_COMMAND
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (index of the job, answer) as the answers come.

    An answer is what ``probe.probe_file`` returns; or ``{"fault": reason, "deadline_s": s}`` for a file that took
    longer than that. A child that cannot even start is the fault of every file.
    """
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, dict[str, Any]]] = queue.SimpleQueue()
    for index in range(len(jobs)):
        todo.put(index)
    children = [_Child(command, deadline_s) for _ in range(1 if len(jobs) < _MANY else workers)]
    threads = [threading.Thread(target=_work, args=(child, jobs, todo, done), daemon=True) for child in children]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            yield done.get()
    finally:
        for child in children:
            child.close()


def _work(
    child: _Child,
    jobs: Sequence[ProbeJob],
    todo: queue.SimpleQueue[int],
    done: queue.SimpleQueue[tuple[int, dict[str, Any]]],
) -> None:
    with contextlib.suppress(queue.Empty):
        while not child.closed:
            index = todo.get_nowait()
            done.put((index, child.ask(jobs[index])))


class _Child:
    """One probe process at a time, started when first asked and again after each death."""

    def __init__(self, command: Sequence[str], deadline_s: float) -> None:
        self._command, self._deadline_s = list(command), deadline_s
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.closed = False

    def ask(self, job: ProbeJob) -> dict[str, Any]:
        """The answer for one file, whatever becomes of the process."""
        try:
            self._send({**job._asdict(), "deadline_s": self._deadline_s})
        except OSError as error:
            self._stop()
            return {"fault": f"the probe cannot be run: {error}", "passing": True}
        try:
            line = self._lines.get(timeout=self._deadline_s)
        except queue.Empty:
            self._stop()
            return {"fault": f"not read within {self._deadline_s:g} s", "deadline_s": self._deadline_s}
        if not line.endswith("\n"):  # nothing, or what it was writing when it died
            return self._death(self._stop())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _death(self, code: int) -> dict[str, Any]:
        fault = f"ends the process that opens it ({_ending(code)})"
        return {"fault": fault} if -code in _CRASHES else {"fault": fault, "passing": True}

    def close(self) -> None:
        """End the process and take no more files."""
        self.closed = True
        self._stop()

    def _send(self, job: dict[str, Any]) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._stop()  # it died idle: no file's fault
        if self._process is None:
            self._start()
        process = self._process
        if process is None or process.stdin is None:
            raise OSError("no pipe to it")
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()

    def _start(self) -> None:
        if self.closed:
            raise OSError("closed")
        package = str(Path(glyphmill.__file__).parent.parent)
        paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        self._lines = queue.SimpleQueue()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        )
        threading.Thread(target=_forward, args=(self._process, self._lines), daemon=True).start()
        try:
            ready = self._lines.get(timeout=_START_S)
        except queue.Empty:
            ready = ""
        if not ready:
            raise OSError(f"{' '.join(self._command)} does not start ({_ending(self._stop())})")

    def _stop(self) -> int:
        """End the process; its exit code, negative for a signal."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2 if process.poll() is None and not self.closed else 0)
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code


def _forward(process: subprocess.Popen[str], lines: queue.SimpleQueue[str]) -> None:
    """Pass the lines of a process on, then "" when it is gone: a pipe cannot be read with a time limit everywhere."""
    if process.stdout is not None:
        with contextlib.suppress(ValueError):  # closed under our hands
            for line in process.stdout:
                lines.put(line)
    lines.put("")


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
