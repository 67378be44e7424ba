"""Row 56: whatever of a cluster run is killed, nothing is lost, doubled or changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from glyphmill import Job
from glyphmill.export.local import LocalStorage
from glyphmill.run.generate import generate
from glyphmill.run.interrupts import Interrupts
from glyphmill.run.make import RangeSummary, Target
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import split
from glyphmill.run.ray import RayRun
from glyphmill.run.records import read_records
from glyphmill.run.serial import SerialRun
from tests.ray_cluster import RAY_AGENTS, keepers, marked, wait_until_gone
from tests.run import makers

# one cluster for all of them: each process of a parallel run would start its own
pytestmark = pytest.mark.xdist_group("ray")

TOTAL = 230
CONFIG = """
total_images: 300
specifications:
  - name: plain
    proportion: 1.0
    text: {direction: left_to_right, language: en, length: [3, 8]}
    font: {size: [16, 20]}
    background: {solid: {}}
"""


@dataclass(frozen=True)
class OrphanedJob(makers.PlainJob):
    """The keeper of the process that makes sample 60 is killed."""

    def sample(self, index: int, attempt: int) -> makers.PlainSample:
        if index == 60:
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(30)
        return super().sample(index, attempt)


@dataclass(frozen=True)
class HungJob(makers.PlainJob):
    """Sample 60 takes for ever."""

    def sample(self, index: int, attempt: int) -> makers.PlainSample:
        if index == 60:
            time.sleep(600)
        return super().sample(index, attempt)


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def expected(root: Path) -> dict[str, bytes]:
    SerialRun(makers.PlainJob(), Target(str(root))).run(split(TOTAL, 50), lambda summary: None, Interrupts())
    return contents(root)


def run_cluster(
    job: makers.PlainJob, root: Path, *, report: Any = lambda summary: None, seconds: float = 60.0
) -> RayRun:
    run, done = RayRun(job, Target(str(root)), 2, seconds, None), list[RangeSummary]()

    def hear(summary: RangeSummary) -> None:
        done.append(summary)
        report(summary)

    run.run(split(TOTAL, 50), hear, Interrupts())
    assert sorted(summary.range for summary in done) == split(TOTAL, 50), "a range is lost or doubled"
    return run


def rejected(root: Path) -> dict[int, str]:
    lines = [line for record in read_records(LocalStorage(root)) for line in record.lines]
    return {line["index"]: line["rejected"]["reason"] for line in lines if "rejected" in line}


@pytest.mark.usefixtures("ray_cluster")
def test_f56_a_worker_process_is_killed(tmp_path: Path) -> None:
    """Its keeper starts another, and the bytes are the same."""
    deadly = makers.DeadlyJob(indices=frozenset({60}), tally=str(tmp_path / "tally"))
    run = run_cluster(deadly, tmp_path / "many")
    assert contents(tmp_path / "many") == expected(tmp_path / "one")
    assert run.health.died == 1


@pytest.mark.usefixtures("ray_cluster")
def test_f56_a_sample_kills_every_worker_process(tmp_path: Path) -> None:
    """It is given up, alone."""
    run_cluster(makers.DeadlyJob(indices=frozenset({60})), tmp_path)
    assert rejected(tmp_path) == {60: "worker_died"}


@pytest.mark.usefixtures("ray_cluster")
def test_f56_a_sample_hangs(tmp_path: Path) -> None:
    """It is given up at its deadline, alone."""
    run = run_cluster(HungJob(), tmp_path, seconds=2.0)
    assert rejected(tmp_path) == {60: "deadline"}
    assert run.health.hung == 1


@pytest.mark.usefixtures("ray_cluster")
def test_f56_an_actor_is_killed(tmp_path: Path) -> None:
    """Another takes its place and its range, and the bytes are the same."""
    killed = []

    def kill_one(summary: RangeSummary) -> None:
        if not killed:
            killed.append(keepers()[0])
            os.kill(killed[0], signal.SIGKILL)

    run = run_cluster(makers.PlainJob(), tmp_path / "many", report=kill_one)
    assert contents(tmp_path / "many") == expected(tmp_path / "one")
    assert run.health.died == 1


@pytest.mark.usefixtures("ray_cluster")
def test_f56_a_range_kills_every_actor(tmp_path: Path) -> None:
    """The run ends with its samples named; it does not go on for ever, and other ranges are complete or absent."""
    with pytest.raises(RunError, match="lost 5 workers with samples 50 to 99"):
        run_cluster(OrphanedJob(), tmp_path / "many")
    whole = expected(tmp_path / "one")
    for record in read_records(LocalStorage(tmp_path / "many")):
        for path in (path for line in record.lines for path in line["files"]):
            assert (tmp_path / "many" / path).read_bytes() == whole[path]


@pytest.mark.usefixtures("ray_cluster")
def test_f56_a_job_that_does_not_open_on_the_nodes(tmp_path: Path) -> None:
    """Because their fonts are others: the message names the node and what to do."""
    with pytest.raises(RunError, match=r"node .*: the fonts have changed"):
        run_cluster(makers.UnopenableJob(), tmp_path)


@pytest.mark.usefixtures("ray_cluster")
def test_f56_the_run_is_stopped(tmp_path: Path) -> None:
    """What the driver raises ends all keepers and their workers."""

    def stop(summary: RangeSummary) -> None:
        raise RunError("enough")

    with pytest.raises(RunError, match="enough"):
        run_cluster(makers.PlainJob(), tmp_path, report=stop)
    wait_for_no_keepers()


def wait_for_no_keepers() -> None:
    end = time.monotonic() + 30
    while keepers() and time.monotonic() < end:
        time.sleep(0.1)
    assert not keepers()


@contextmanager
def driver(config: Path, out: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`glyphmill generate` on a cluster of its own, and the mark that all its processes carry."""
    mark, folder = uuid.uuid4().hex, tempfile.mkdtemp(prefix="ray-", dir="/tmp")
    command = [sys.executable, "-m", "glyphmill", "generate", str(config), "--out", str(out), "--range", "25"]
    process = subprocess.Popen(
        [*command, "--backend", "ray", "--workers", "2", *options],
        env={**os.environ, "GLYPHMILL_TEST_MARK": mark, "TMPDIR": folder},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=config.parent,
    )
    try:
        yield process, mark
    finally:
        process.kill()
        process.communicate()
        for number in marked(mark):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def made_by_one(config: Path) -> dict[str, bytes]:
    """The files that the same command makes in one process."""
    out = config.parent / "one"
    generate(Job.from_yaml(config), out, samples=25)
    return contents(out)


def wait_for_records(out: Path, count: int) -> None:
    end = time.monotonic() + 120
    while len(list((out / ".ranges").glob("*.jsonl"))) < count:
        assert time.monotonic() < end, "the run does not get anywhere"
        time.sleep(0.02)


def test_f56_the_driver_is_killed(tmp_path: Path) -> None:
    """Nothing goes on making samples; --resume makes what is missing, to the bytes of a run without losses."""
    config = tmp_path / "job.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    with driver(config, tmp_path / "out") as (process, mark):
        wait_for_records(tmp_path / "out", 2)
        assert any("ray::Keeper" in command for command in marked(mark).values()), "the mark does not reach the cluster"
        process.kill()
        process.wait()
        assert not wait_until_gone(mark, besides=RAY_AGENTS)
        with driver(config, tmp_path / "out", "--resume") as (second, second_mark):
            said, complaints = second.communicate(timeout=120)
            assert second.returncode == 0, complaints
            assert "were there already" in said
            assert not wait_until_gone(second_mark)
        assert contents(tmp_path / "out") == made_by_one(config)
        assert not wait_until_gone(mark, seconds=120.0)


@pytest.mark.usefixtures("ray_cluster")
def test_f56_the_driver_is_killed_and_the_cluster_stays(tmp_path: Path) -> None:
    """The cluster ends what worked for it, and serves the command that goes on."""
    import ray

    config, address = tmp_path / "job.yaml", ray.get_runtime_context().gcs_address
    config.write_text(CONFIG, encoding="utf-8")
    with driver(config, tmp_path / "out", "--address", address) as (process, _):
        wait_for_records(tmp_path / "out", 2)
        assert keepers()
        process.kill()
        process.wait()
        wait_for_no_keepers()
    with driver(config, tmp_path / "out", "--address", address, "--resume") as (process, _):
        said, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints
        assert "were there already" in said
    wait_for_no_keepers()
    assert contents(tmp_path / "out") == made_by_one(config)


def test_f56_a_keeper_of_a_command_is_killed(tmp_path: Path) -> None:
    """The command goes on, its output is as ever, and the bytes are the same."""
    config = tmp_path / "job.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    with driver(config, tmp_path / "out", "--json") as (process, mark):
        wait_for_records(tmp_path / "out", 1)
        os.kill(next(number for number, command in marked(mark).items() if "ray::Keeper" in command), signal.SIGKILL)
        said, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints
        events = [json.loads(line) for line in said.splitlines()]
        assert events[-1]["written"] == 300
        assert events[-1]["workers_died"] == 1
        assert not wait_until_gone(mark)
    assert contents(tmp_path / "out") == made_by_one(config)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_f56_the_driver_is_asked_to_end(tmp_path: Path, number: signal.Signals) -> None:
    """It ends as a local run does: what is begun is finished, exit code 130 or 143, no process is left."""
    config = tmp_path / "job.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    with driver(config, tmp_path / "out") as (process, mark):
        wait_for_records(tmp_path / "out", 1)
        process.send_signal(number)
        _, complaints = process.communicate(timeout=60)
        assert process.returncode == 128 + number, complaints
        assert "--resume" in complaints
        assert not wait_until_gone(mark)
    assert not list((tmp_path / "out").rglob(".*.tmp"))
