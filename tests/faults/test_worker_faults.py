"""Rows 39 to 42 of what has to be survived: worker processes that die, hang, or get no memory."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path

from glyphmill import Job
from glyphmill.run.generate import RunStatus, generate
from tests.faults.conftest import Clean
from tests.faults.runs import (
    ALSO,
    COUNT,
    FAULTY,
    RANGE,
    HangingJob,
    HungryJob,
    SlowDiskJob,
    WaitingJob,
    contents,
    of_kind,
)


def rejects(root: Path) -> dict[int, dict[str, str]]:
    rows = [json.loads(line) for line in (root / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    return {row["index"]: row for row in rows}


def without(files: dict[str, bytes], *indices: int) -> dict[str, bytes]:
    """Samples only, without some of them."""
    gone = tuple(f"images/000000/{index:09d}." for index in indices)
    return {path: data for path, data in files.items() if path.startswith("images/") and not path.startswith(gone)}


def test_f39_all_workers_killed_one_of_them_idle(small: Job, clean: Clean, tmp_path: Path) -> None:
    """SIGKILL to both workers when one has nothing left to do: the range of the other is made again."""

    def kill_all(status: RunStatus) -> None:
        if status.done < COUNT:
            for worker in multiprocessing.active_children():
                os.kill(worker.pid or 0, signal.SIGKILL)

    samples = COUNT // 2
    generate(small, tmp_path / "calm", samples=samples)
    report = generate(of_kind(WaitingJob, small), tmp_path / "out", samples=samples, workers=2, progress=kill_all)
    assert report.workers.died >= 1
    assert contents(tmp_path / "out") == contents(tmp_path / "calm")
    assert not multiprocessing.active_children()


def test_f40_hung_workers(small: Job, clean: Clean, tmp_path: Path) -> None:
    """A sample that sleeps, and one that is lost in C code: ended at the deadline and named; all others are written."""
    report = generate(of_kind(HangingJob, small), tmp_path, samples=RANGE, workers=2)
    assert report.reasons == {"run: deadline": 2}
    assert report.workers.hung == 2
    assert {row["detail"] for row in rejects(tmp_path).values()} == {
        "took longer than the 2 s that limits.sample_seconds allows"
    }
    assert without(contents(tmp_path)) == without(clean("files"), FAULTY, ALSO)
    assert not multiprocessing.active_children()


def test_f40_a_slow_disk_is_no_hung_worker(small: Job, clean: Clean, tmp_path: Path) -> None:
    """Files that take longer to get to the disk than a sample may take: nothing is rejected for that."""
    report = generate(of_kind(SlowDiskJob, small), tmp_path, samples=RANGE, workers=1)
    assert (report.rejected, report.workers.hung) == (0, 0)
    assert contents(tmp_path) == clean("files")


def test_f42_killed_for_memory(small: Job, clean: Clean, tmp_path: Path) -> None:
    """SIGKILL each time one sample is made, and an address space too small for another: both are counted and named."""
    report = generate(of_kind(HungryJob, small), tmp_path, samples=RANGE, workers=2)
    assert report.reasons == {"run: worker_died": 1, "run: out_of_memory": 1}
    named = rejects(tmp_path)
    assert named.keys() == {FAULTY, ALSO}
    assert "ended 3 times: SIGKILL, as the system does when memory runs out" in named[FAULTY]["detail"]
    assert "more memory than there is" in named[ALSO]["detail"]
    assert without(contents(tmp_path)) == without(clean("files"), FAULTY, ALSO)
