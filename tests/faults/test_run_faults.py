"""Faults that a run has to survive; the numbers are those of docs' table of faults."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import glyphmill
from glyphmill import Job
from glyphmill.core.errors import Reject
from glyphmill.generator import Sample
from glyphmill.run.generate import RunStatus, generate
from glyphmill.run.make import Target, run_range
from glyphmill.run.outcome import Rejected
from glyphmill.run.ranges import IndexRange

CONFIG = """
total_images: 150
specifications:
  - name: plain
    proportion: 1.0
    text: {direction: left_to_right, language: en, length: [3, 8]}
    font: {size: [16, 20]}
    background: {solid: {}}
"""

SCRIPT = """
import sys
from glyphmill import Job
from glyphmill.run.generate import RunStatus, generate
if __name__ == "__main__":
    generate(Job.from_yaml(sys.argv[1], count=60), sys.argv[2], workers=2)
"""


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    path = tmp_path / "job.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_f10_locale_without_unicode(config_path: Path, tmp_path: Path) -> None:
    """With LC_ALL=C and without UTF-8 mode, in a folder with letters outside of ASCII, the bytes are the same."""
    config = tmp_path / "größe 尺.yaml"
    config.write_text(CONFIG.replace("language: en", "language: el"), encoding="utf-8")
    generate(Job.from_yaml(config, count=60), tmp_path / "here")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    source = str(Path(glyphmill.__file__).parents[1])
    env = {
        **os.environ,
        "PYTHONPATH": source,
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    out = tmp_path / "dört 尺"
    done = subprocess.run([sys.executable, script, config, out], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert contents(out) == contents(tmp_path / "here")


def test_f19_names_come_from_numbers(tmp_path: Path) -> None:
    """Whatever the text and the fonts are called, files are named by index alone."""
    corpora, fonts = tmp_path / "corpora", tmp_path / "fonts"
    corpora.mkdir()
    fonts.mkdir()
    (corpora / "odd.txt").write_text('../../up\nCON\nNUL.png\n/abs\nwith "quotes"\n' + "long" * 80 + "\n")
    usable = Job.default(count=1).catalogue.fonts.usable
    latin = next(font for font in usable if "Latn" in font.scripts and font.path.endswith(".ttf"))
    shutil.copy(latin.path, fonts / f'CON "{"n" * 200}" ; $(x).ttf')
    config = tmp_path / "job.yaml"
    config.write_text(CONFIG.replace("language: en, length: [3, 8]", "corpus: odd.txt, take: line, length: [1, 400]"))
    report = generate(Job.from_yaml(config, count=12, fonts=[fonts], corpora=corpora), tmp_path / "out")
    assert report.written + report.rejected == 12
    assert report.written > 0
    assert all(path.stem.isdigit() for path in (tmp_path / "out" / "images").rglob("*"))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda sample: replace(sample, image=np.zeros((0, 9, 3), np.uint8)), "empty_image"),
        (lambda sample: replace(sample, image=np.zeros((9, 0, 3), np.uint8)), "empty_image"),
        (lambda sample: replace(sample, contrast=float("nan")), "not_finite"),
    ],
    ids=["no height", "no width", "nan"],
)
def test_f38_nothing_to_see_or_not_a_number(config_path: Path, tmp_path: Path, spoil: object, reason: str) -> None:
    """A sample without pixels, or with a coordinate that is no number, is counted and never written."""

    class SpoilingJob(Job):
        def sample(self, index: int, attempt: int) -> Sample:
            sample = super().sample(index, attempt)
            return spoil(sample) if index == 1 else sample  # type: ignore[operator]

    job = Job.from_yaml(config_path)
    summary = run_range(
        SpoilingJob(job.config, job.catalogue, job.registry), Target(str(tmp_path / "out")), IndexRange(0, 3)
    )
    assert summary.reasons == {f"run: {reason}": 1}
    assert {path.stem for path in (tmp_path / "out/images").rglob("*.*")} == {"000000000", "000000002"}


def test_f39_worker_killed(config_path: Path, tmp_path: Path) -> None:
    """Workers killed from outside in the middle of a run: the same bytes, no stall, no process left."""
    job = Job.from_yaml(config_path)
    generate(job, tmp_path / "calm")
    killed: list[int] = []

    def kill_one(status: RunStatus) -> None:
        worker = multiprocessing.active_children()[0]
        os.kill(worker.pid or 0, signal.SIGKILL)
        killed.append(status.done)

    report = generate(job, tmp_path / "killed", workers=2, progress=kill_one)
    assert killed == [50, 100, 150]
    assert report.rejected == 0
    assert contents(tmp_path / "killed") == contents(tmp_path / "calm")
    assert not multiprocessing.active_children()


def test_f41_sample_that_always_fails(config_path: Path) -> None:
    """It is tried as often as is set, and then counted."""

    class FailingJob(Job):
        tried = 0

        def sample(self, index: int, attempt: int) -> Sample:
            self.tried += 1
            raise Reject("text", "no_text", "nothing left")

    job = Job.from_yaml(config_path)
    failing = FailingJob(job.config, job.catalogue, job.registry)
    assert failing.generate(0) == Rejected(0, "text", "no_text", "nothing left", attempts=3)
    assert failing.tried == 3


def test_f43_never_fork(config_path: Path, tmp_path: Path) -> None:
    """Workers are spawned, so threads and OpenCV at work in the parent do them no harm."""
    stop = threading.Event()

    def keep_busy() -> None:
        while not stop.is_set():
            cv2.GaussianBlur(np.zeros((99, 99)), (9, 9), 2)

    busy = threading.Thread(target=keep_busy)
    busy.start()
    seen: set[str] = set()
    try:
        job = Job.from_yaml(config_path)
        report = generate(
            job,
            tmp_path / "out",
            workers=2,
            progress=lambda *_: seen.update(type(child).__name__ for child in multiprocessing.active_children()),
        )
    finally:
        stop.set()
        busy.join()
    assert report.written == 150
    assert seen == {"SpawnProcess"}


def test_f43_serial_runs_leave_opencv_as_it_was(config_path: Path, tmp_path: Path) -> None:
    """A run in this process uses one OpenCV thread, as workers do, and then gives the others back."""
    before, during = cv2.getNumThreads(), set[int]()
    generate(Job.from_yaml(config_path, count=2), tmp_path / "out", progress=lambda *_: during.add(cv2.getNumThreads()))
    assert during == {1}
    assert cv2.getNumThreads() == before
