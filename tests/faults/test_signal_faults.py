"""Rows 44 and 45 of what has to be survived: a run that is asked to end, or killed, at any moment."""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.run.generate import generate
from tests.faults.runs import MARKS, ROOT, command, contents, environment, finish, python, running, wait_until

COUNT = 300
INT, TERM = signal.SIGINT, signal.SIGTERM


@pytest.fixture(scope="module")
def calm(small_config: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, bytes]]:
    """What a run makes that nobody disturbs, by samples of a range."""
    made = {}
    for samples in (10, 100):
        root = tmp_path_factory.mktemp("calm") / "out"
        generate(Job.from_yaml(small_config, count=COUNT), root, samples=samples)
        made[samples] = contents(root)
    return made


def begun(config: Path, out: Path, samples: int, *options: str) -> subprocess.Popen[str]:
    """A run with two workers in a group of processes of its own, as a shell starts it."""
    run = command(config, out, "--count", COUNT, "--range", samples, "--workers", 2, *options)
    return subprocess.Popen(run, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True)


def is_worker(process: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def records(out: Path) -> int:
    return len(list(out.glob(".ranges/[0-9]*.jsonl")))


@pytest.mark.parametrize(
    ("signals", "samples", "code"),
    [((INT,), 10, 130), ((INT, INT), 100, 130), ((INT,) * 5, 100, 130), ((TERM,), 10, 143)],
    ids=["SIGINT", "SIGINT twice", "SIGINT five times", "SIGTERM"],
)
def test_f44_asked_to_end(
    small_config: Path,
    calm: dict[int, dict[str, bytes]],
    tmp_path: Path,
    signals: Sequence[int],
    samples: int,
    code: int,
) -> None:
    """SIGINT once, twice and more, and SIGTERM, to all processes of a run: its exit code tells, nothing is left."""
    out = tmp_path / "out"
    run = begun(small_config, out, samples)
    if samples == 10:
        wait_until(lambda: records(out) > 1, "ranges")
    else:
        wait_until(lambda: len(list(out.glob("images/*/.*.tmp"))) > 20, "samples of the first ranges")
    for number in signals:
        os.killpg(run.pid, number)
        time.sleep(0.05)  # signals that come before the first is heard are one
    _, said = run.communicate()
    # A signal that comes after all is said and done ends Python itself; shells show the same code for that.
    assert run.returncode == code or (len(signals) > 2 and run.returncode == 128 - code), said
    assert f"stopped by {signal.Signals(signals[0]).name}" in said
    assert "Traceback" not in said
    wait_until(lambda: not running(run.pid), "all processes of the run to end")
    left = contents(out)
    assert not [path for path in left if ".lock" in path]
    listed = json.loads(left["manifest.json"])["requested"]
    if len(signals) == 1:
        assert listed == samples * records(out) < COUNT
        assert not [path for path in left if path.endswith(".tmp")]
    else:
        assert listed == 0
    finish(command(small_config, out, "--count", COUNT, "--range", samples, "--workers", 2, "--resume"))
    assert contents(out) == calm[samples]


def test_f44_asked_to_end_while_workers_start(small_config: Path, tmp_path: Path) -> None:
    """SIGINT to all processes as soon as there is a worker: the exit code and one sentence, no word from a worker."""
    run = begun(small_config, tmp_path / "out", 10)
    wait_until(lambda: any(map(is_worker, running(run.pid))), "a worker")
    os.killpg(run.pid, INT)
    _, said = run.communicate()
    assert run.returncode == 130, said
    assert [line[:29] for line in said.splitlines()] == ["glyphmill: stopped by SIGINT:"]
    wait_until(lambda: not running(run.pid), "all processes of the run to end")


def test_f45_killed_at_random_moments(small_config: Path, calm: dict[int, dict[str, bytes]], tmp_path: Path) -> None:
    """SIGKILL to the run, three times, each time resumed: its workers end too; the files are those of a calm run."""
    out, dice = tmp_path / "out", random.Random(45)
    for _ in range(3):
        # Either early, or somewhere in what is left.
        goal, moment = records(out) + dice.randint(0, 8), dice.uniform(0, 0.05)
        run = begun(small_config, out, 10, "--resume")
        wait_until(lambda goal=goal: (out / "manifest.json").exists() and records(out) >= goal, "ranges")  # type: ignore[misc]
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(moment)
        run.kill()
        run.communicate()
        wait_until(lambda group=run.pid: not running(group), "the workers to end")  # type: ignore[misc]
    finish(command(small_config, out, "--count", COUNT, "--range", 10, "--workers", 2, "--resume"))
    assert contents(out) == calm[10]


def test_f45_workers_do_not_outlive_the_run(small_config: Path, tmp_path: Path) -> None:
    """SIGKILL to the run while its workers are lost in C code: they end, and write nothing once the lock is free."""
    out, marks = tmp_path / "out", tmp_path / "marks"
    marks.mkdir()
    lost = python("-m", "tests.faults.runs", "LosingJob", small_config, out, 2, "files")
    run = subprocess.Popen(lost, env=environment(**{MARKS: str(marks)}), cwd=ROOT, start_new_session=True)
    wait_until(lambda: len(list(marks.iterdir())) == 2, "both workers to be lost")
    run.kill()
    run.wait()
    with (out / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        there = contents(out)
        try:
            wait_until(lambda: not running(run.pid), "the workers to end", seconds=10)
        finally:
            for left in running(run.pid):
                os.kill(left, signal.SIGKILL)
        assert contents(out) == there
