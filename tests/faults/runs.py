"""Runs to be disturbed: a small job, jobs that carry a fault, and the command of a run in another process.

`python -m tests.faults.runs KIND CONFIG OUT WORKERS LAYOUT` makes a job of one of these kinds.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from glyphmill import Job
from glyphmill.core.errors import Reject
from glyphmill.export import durable
from glyphmill.generator import Sample
from glyphmill.run.generate import generate

ROOT = Path(__file__).parents[2]
COUNT, RANGE = 24, 6
#: The index at which these jobs have their fault, and another.
FAULTY, ALSO = 7, 15
#: Where jobs leave a file as they come to their fault.
MARKS = "GLYPHMILL_TEST_MARKS"

CONFIG = f"""
total_images: {COUNT}
seed: 5
limits: {{sample_seconds: 2}}
specifications:
  - name: latin
    proportion: 0.75
    text: {{direction: left_to_right, language: en, length: [3, 8]}}
    font: {{size: [16, 20]}}
    background: {{solid: {{}}}}
  - name: hebrew
    proportion: 0.25
    text: {{direction: right_to_left, language: he, length: [3, 8]}}
    font: {{size: [16, 20]}}
    background: {{solid: {{}}}}
"""


class HangingJob(Job):
    """One sample sleeps, another is lost in C code that lets no other thread of its process run."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index == FAULTY:
            time.sleep(3600)
        if index == ALSO:
            _endless()
        return super().sample(index, attempt)


class LosingJob(Job):
    """Every worker is soon lost in C code."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index % RANGE == RANGE - 1:
            Path(os.environ[MARKS], str(os.getpid())).touch()
            _endless()
        return super().sample(index, attempt)


class HungryJob(Job):
    """One sample gets its process killed, as the system does when memory runs out; another gets no memory."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index == FAULTY:
            os.kill(os.getpid(), signal.SIGKILL)
        if index == ALSO:
            _ask_for_too_much()
        return super().sample(index, attempt)


class SlowDiskJob(Job):
    """The files of the range that begins with index 0 take longer to get to the disk than a sample may take."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index == 0:
            durable.name = _late(durable.name)
        return super().sample(index, attempt)


class WaitingJob(Job):
    """Its last sample takes a while."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index == COUNT - 1:
            time.sleep(1)
        return super().sample(index, attempt)


class MortalJob(Job):
    """The process that makes it is killed in the middle of the second range."""

    def sample(self, index: int, attempt: int) -> Sample:
        if index == RANGE + RANGE // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().sample(index, attempt)


class PickyJob(Job):
    """The whole second range is rejected."""

    def sample(self, index: int, attempt: int) -> Sample:
        if RANGE <= index < 2 * RANGE:
            raise Reject("picky", "second_range", f"index {index}")
        return super().sample(index, attempt)


def of_kind(kind: type[Job], job: Job) -> Job:
    """A job with a fault, which makes the samples of a job without."""
    return kind(job.config, job.catalogue, job.registry)


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a dataset, hidden ones too."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def command(config: Path, out: Path, *options: str | int) -> list[str]:
    """The command that makes a dataset."""
    return [sys.executable, "-m", "glyphmill", "generate", str(config), "--out", str(out), *map(str, options)]


def python(*arguments: str | Path | int) -> list[str]:
    """Python, as it runs these tests."""
    return [sys.executable, *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """That of another process, which finds the package and these tests."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))), **more}


def finish(arguments: list[str], code: int = 0, **more: str) -> str:
    """Run a command to its end, which is expected to have this exit code; gives what it said."""
    done = subprocess.run(arguments, env=environment(**more), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for what has to come, however slow the machine is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.005)


def running(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue  # it has ended since
        if int(its_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def _endless() -> None:
    re.match(r"(a+)+$", "a" * 99 + "b")


def _ask_for_too_much() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (64 << 20), before[1]))
    try:
        np.ones(1 << 28, np.uint8)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _late(name: Callable[..., None]) -> Callable[..., None]:
    def late(*arguments: object) -> None:
        time.sleep(3)
        durable.name = name
        name(*arguments)

    return late


if __name__ == "__main__":
    kind, config, out, workers, layout = sys.argv[1:]
    generate(globals()[kind].from_yaml(config), out, layout=layout, samples=RANGE, workers=int(workers))
