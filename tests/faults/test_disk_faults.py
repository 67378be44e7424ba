"""Rows 48 and 50 of what has to be survived: a disk that is full, and one that fails."""

from __future__ import annotations

import errno
import io
import os
import resource
import shutil
import subprocess
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from glyphmill import Job
from glyphmill.run.generate import generate
from glyphmill.run.outcome import RunError
from tests.faults.conftest import Clean
from tests.faults.runs import COUNT, RANGE, command, contents, environment, finish

#: A run on a disk of 1 MB of which most is taken, then the same after room was made; copies of what it leaves.
SCENARIO = """
set -eu
mount -t tmpfs -o size=1m,mode=777 none disk
head -c 1000000 /dev/zero > disk/ballast
code=0
"$@" 2> said || code=$?
echo $code > code
cp -r disk/out full
rm disk/ballast
"$@" --resume
cp -r disk/out done
"""


@cache
def own_mounts() -> list[str] | None:
    """The command under which this user may mount a file system that nobody else sees; None if there is none."""
    for kind in (["unshare", "-m"], ["unshare", "-rm"]):
        trial = [*kind, "sh", "-c", "mount -t tmpfs none /mnt"]
        if shutil.which("unshare") and subprocess.run(trial, capture_output=True, check=False).returncode == 0:
            return kind
    return None


def finished(files: dict[str, bytes], clean: dict[str, bytes]) -> bool:
    """Whether everything that has a final name is as in a run that nothing has disturbed; the manifest may wait."""
    named = {path: data for path, data in files.items() if not path.endswith(".tmp") and not path.startswith(".lock")}
    return all(clean[path] == data for path, data in named.items() if path != "manifest.json")


def temporary(files: dict[str, bytes]) -> list[str]:
    return [path for path in files if path.endswith(".tmp")]


def test_f48_a_full_disk(small_config: Path, clean: Clean, layout: str, tmp_path: Path) -> None:
    """A disk of 1 MB fills up: the run says so, and with more room `--resume` makes what is missing."""
    mounts = own_mounts()
    if mounts is None:
        warnings.warn("no disk of 1 MB can be mounted here; the limit of file sizes stands for it", stacklevel=1)
        return
    (tmp_path / "disk").mkdir()
    run = command(small_config, Path("disk/out"), "--range", RANGE, "--workers", 2, "--format", layout)
    scenario = [*mounts, "sh", "-c", SCENARIO, "sh", *run]
    done = subprocess.run(scenario, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "said").read_text()
    assert (tmp_path / "code").read_text() == "1\n", said
    assert "cannot write to disk/out" in said
    assert "No space left on device" in said
    assert finished(contents(tmp_path / "full"), clean(layout))
    assert contents(tmp_path / "done") == clean(layout)


@pytest.mark.parametrize("layout", ["webdataset", "parquet"])
def test_f48_files_may_not_grow(small_config: Path, clean: Clean, layout: str, tmp_path: Path) -> None:
    """RLIMIT_FSIZE below what a file of samples needs: the run says so, and without it `--resume` makes the rest."""
    out, limit = tmp_path / "out", 9000
    run = command(small_config, out, "--range", RANGE, "--workers", 0, "--format", layout)
    limited = subprocess.run(
        run,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert limited.returncode == 1, limited.stderr
    assert "cannot write to" in limited.stderr
    assert "File too large" in limited.stderr
    assert finished(contents(out), clean(layout))
    assert not temporary(contents(out))
    finish([*run, "--resume"])
    assert contents(out) == clean(layout)


class Disk:
    """Counts what is asked of the disk, and fails at one of these; or from there on.

    Args:
        bad: number of the operation that fails, from 0; None for a good disk.
        for_good: whether all that follow fail too.
        error: what the disk says.
    """

    def __init__(self, bad: int | None, *, for_good: bool = False, error: int = errno.EIO) -> None:
        self.asked, self._bad, self._for_good, self._error = 0, bad, for_good, error

    def ask(self) -> None:
        number, self.asked = self.asked, self.asked + 1
        if self._bad is not None and (number == self._bad or (self._for_good and number > self._bad)):
            raise OSError(self._error, os.strerror(self._error))

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Stand between the run and the disk."""
        for name in ("fsync", "replace", "rename", "mkdir", "unlink"):
            patch.setattr(os, name, self._asked_first(getattr(os, name)))
        real_open, disk = Path.open, self

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                disk.ask()
                return super().write(data)

        def opened(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if mode != "wb":
                return real_open(path, mode, *arguments, **options)
            disk.ask()
            return io.BufferedWriter(Raw(path, "w"))

        patch.setattr(Path, "open", opened)

    def _asked_first(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **options: Any) -> Any:
            self.ask()
            return function(*arguments, **options)

        return asked


@pytest.mark.parametrize(
    ("layout", "for_good"), [("files", False), ("files", True), ("webdataset", False), ("parquet", True)]
)
def test_f50_every_operation_fails(small_config: Path, layout: str, tmp_path: Path, *, for_good: bool) -> None:
    """The n-th opening, write, fsync, rename, mkdir or unlink fails, once or with all that follow, for every n: the
    cause is told, nothing is there in part, and `--resume` makes the rest.
    """
    job, good = Job.from_yaml(small_config, count=2), Disk(None)
    with pytest.MonkeyPatch.context() as patch:
        good.install(patch)
        generate(job, tmp_path / "good", layout=layout, samples=1)
    clean = contents(tmp_path / "good")
    assert good.asked > 40
    told: list[str] = []
    for number in range(good.asked):
        out, error = tmp_path / str(number), errno.ENOSPC if number % 2 else errno.EIO
        with pytest.MonkeyPatch.context() as patch:
            Disk(number, for_good=for_good, error=error).install(patch)
            try:
                generate(job, out, layout=layout, samples=1)
            except RunError as refusal:
                told.append(str(refusal).replace(os.strerror(error), "the cause"))
        files = contents(out) if out.exists() else {}
        assert finished(files, clean), number
        assert for_good or not temporary(files), number
        generate(job, out, layout=layout, samples=1, resume=True)
        assert contents(out) == clean, number
        shutil.rmtree(out)
    # What could not be taken away, nobody needed.
    assert len(told) > good.asked * 0.8
    assert all("the cause" in message for message in told)


def test_f50_a_disk_that_fails_while_workers_write(small: Job, tmp_path: Path) -> None:
    """A file stands where a folder has to be: workers tell the cause, the run ends, and `--resume` makes the rest."""
    (tmp_path / "out").mkdir()
    generate(small, tmp_path / "calm", samples=RANGE)
    generate(small, tmp_path / "out", samples=RANGE, shard="1/4", workers=0)
    shutil.move(tmp_path / "out/images", tmp_path / "images")
    (tmp_path / "out/images").write_bytes(b"")
    with pytest.raises(RunError, match=r"cannot write to .*images.*--resume"):
        generate(small, tmp_path / "out", samples=RANGE, workers=2, resume=True)
    (tmp_path / "out/images").unlink()
    shutil.move(tmp_path / "images", tmp_path / "out/images")
    report = generate(small, tmp_path / "out", samples=RANGE, resume=True)
    assert report.kept == COUNT // 4
    assert contents(tmp_path / "out") == contents(tmp_path / "calm")
