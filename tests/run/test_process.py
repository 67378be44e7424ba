"""Several processes make what one makes, whatever becomes of them."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import makers
import pytest

from glyphmill.export.local import LocalStorage
from glyphmill.run.interrupts import Interrupts
from glyphmill.run.make import RangeSummary, Target
from glyphmill.run.outcome import RunError
from glyphmill.run.process import ProcessRun, Watch
from glyphmill.run.ranges import split
from glyphmill.run.records import read_records
from glyphmill.run.serial import SerialRun

TOTAL = 230
SECONDS = 60.0


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def run_processes(job: makers.PlainJob, root: Path, workers: int = 2) -> list[RangeSummary]:
    heard: list[RangeSummary] = []
    ProcessRun(job, Target(str(root)), workers, SECONDS).run(split(TOTAL, 50), heard.append, Interrupts())
    assert not multiprocessing.active_children()
    return heard


def run_one(root: Path, job: makers.PlainJob | None = None) -> dict[str, bytes]:
    SerialRun(job or makers.PlainJob(), Target(str(root))).run(split(TOTAL, 50), lambda summary: None, Interrupts())
    return contents(root)


def test_processes_write_the_same_files_as_one(tmp_path: Path) -> None:
    """Every byte of every file and of every record, rejects among them."""
    job = makers.FailingJob(always=frozenset({7, 120}), first=frozenset({9}))
    heard = run_processes(job, tmp_path / "many")
    assert contents(tmp_path / "many") == run_one(tmp_path / "one", job)
    assert sorted(summary.range for summary in heard) == split(TOTAL, 50)
    assert sum(summary.written for summary in heard) == TOTAL - 2


def test_workers_use_one_opencv_thread_each(tmp_path: Path) -> None:
    """More would only get into each other's way."""
    run_processes(makers.PlainJob(), tmp_path)
    threads = {json.loads(path.read_text())["threads"] for path in tmp_path.rglob("images/**/*.json")}
    assert threads == {1}


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    """Its range is made again by another, to the same bytes."""
    deadly = makers.DeadlyJob(indices=frozenset({60}), tally=str(tmp_path / "tally"))
    heard = run_processes(deadly, tmp_path / "many")
    assert sum(summary.written for summary in heard) == TOTAL
    assert contents(tmp_path / "many") == run_one(tmp_path / "one")


def test_an_index_that_kills_its_worker_again_and_again_is_rejected(tmp_path: Path) -> None:
    """The rest of the range is written; the run does not hang and does not try for ever."""
    heard = run_processes(makers.DeadlyJob(indices=frozenset({60, 61, 199})), tmp_path)
    rejected = [line for record in read_records(LocalStorage(tmp_path)) for line in record.lines if "rejected" in line]
    assert [line["index"] for line in rejected] == [60, 61, 199]
    assert {line["rejected"]["reason"] for line in rejected} == {"worker_died"}
    assert sum(summary.written for summary in heard) == TOTAL - 3


def test_a_worker_that_cannot_open_the_job_ends_the_run(tmp_path: Path) -> None:
    """With the reason, and without starting others for ever."""
    with pytest.raises(RunError, match="the fonts have changed"):
        run_processes(makers.UnopenableJob(), tmp_path)
    assert not multiprocessing.active_children()


def test_workers_that_die_while_starting_end_the_run(tmp_path: Path) -> None:
    """The message says what is usually missing: the guard around the main module."""
    with pytest.raises(RunError, match=r"exit code 7.*__main__"):
        run_processes(makers.UnopenableJob(dies=True), tmp_path)
    assert not multiprocessing.active_children()


def test_a_worker_that_cannot_write_ends_the_run(tmp_path: Path) -> None:
    """The cause is told, and the file concerned."""
    (tmp_path / "images").write_bytes(b"in the way")
    with pytest.raises(RunError, match=r"cannot write to .*images"):
        run_processes(makers.PlainJob(), tmp_path)
    assert not multiprocessing.active_children()


def test_a_report_that_raises_ends_all_workers(tmp_path: Path) -> None:
    """As Ctrl-C does: no process is left behind, and no range half recorded."""

    def stop(summary: RangeSummary) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ProcessRun(makers.PlainJob(), Target(str(tmp_path)), 2, SECONDS).run(split(TOTAL, 50), stop, Interrupts())
    assert not multiprocessing.active_children()
    assert all("files" in line for record in read_records(LocalStorage(tmp_path)) for line in record.lines)


def test_a_signal_lets_what_is_begun_be_finished(tmp_path: Path) -> None:
    """No range is begun any more; those that were are complete."""
    interrupts, heard = Interrupts(), list[RangeSummary]()

    def hear(summary: RangeSummary) -> None:
        heard.append(summary)
        interrupts.signal = 2

    ProcessRun(makers.PlainJob(), Target(str(tmp_path)), 1, SECONDS).run(split(TOTAL, 50), hear, interrupts)
    assert 1 <= len(heard) < len(split(TOTAL, 50))
    assert sum(len(record.lines) for record in read_records(LocalStorage(tmp_path))) == 50 * len(heard)


def test_a_run_that_was_halted_has_used_up_no_deadline() -> None:
    """While nobody looks, as in a process group that was stopped from its terminal, next to no time passes."""
    now = [100.0]
    watch = Watch(lambda: now[0])
    for step in (0.25, 0.25, 3600.0, 0.25):
        now[0] += step
        passed = watch.now()
    assert passed < 2.0
