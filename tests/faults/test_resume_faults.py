"""Rows 46, 47, 49 and 55 of what has to be survived: runs that are divided, cut short, or damaged afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from glyphmill import Job
from glyphmill.export.local import LocalStorage
from glyphmill.run.generate import generate
from glyphmill.run.manifest import read_manifest
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import IndexRange
from glyphmill.run.records import recorded
from glyphmill.run.verify import verify
from tests.faults.conftest import Clean
from tests.faults.runs import (
    COUNT,
    RANGE,
    PickyJob,
    command,
    contents,
    environment,
    finish,
    of_kind,
    python,
)

FILES = {"files": "images/000000/{:09d}.json", "webdataset": "shard-{:06d}.tar", "parquet": "data/train-{:06d}.parquet"}
#: What the last step of a run writes.
LISTS = {"manifest.json", "rejects.jsonl", "health.json", "checksums/000000.sha256"}
#: Something that happens to a file.
Damage = Callable[[bytes], bytes | None]


def flipped(data: bytes) -> bytes:
    """One bit in the middle."""
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


DAMAGES: dict[str, Damage] = {
    "truncated": lambda data: data[:-7],
    "bit flipped": flipped,
    "zero-filled": lambda data: bytes(len(data)),
    "empty": lambda data: b"",
    "deleted": lambda data: None,
}


def do_damage(path: Path, damage: Damage) -> None:
    left = damage(path.read_bytes())
    if left is None:
        path.unlink()
    else:
        path.write_bytes(left)


def written_at(root: Path) -> dict[str, int]:
    """When each file came to be."""
    return {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def sound(root: Path) -> bool:
    return verify(root, checks=("counts", "hashes")).ok


def end_before_the_manifest(config: Path, out: Path, layout: str) -> None:
    """Make all ranges, and have the process end where it would begin with the lists and the manifest."""
    script = f"""
import os, sys
from glyphmill import Job
from glyphmill.run import generate
generate.close_dataset = lambda *_: os._exit(9)
generate.generate(Job.from_yaml(sys.argv[1]), sys.argv[2], layout={layout!r}, samples={RANGE})
"""
    finish(python("-c", script, config, out), code=9)


@pytest.mark.parametrize(
    ("layout", "workers"),
    [("files", 1), ("files", 2), ("files", 4), ("webdataset", 2), ("webdataset", 4), ("parquet", 2)],
)
def test_f46_any_number_of_workers(small: Job, clean: Clean, layout: str, workers: int, tmp_path: Path) -> None:
    """1, 2 and 4 worker processes: every file is the same, the manifest and the records among them."""
    generate(small, tmp_path, layout=layout, samples=RANGE, workers=workers)
    assert contents(tmp_path) == clean(layout)


def test_f46_resumed_in_the_middle_of_a_range(
    small_config: Path, small: Job, clean: Clean, layout: str, tmp_path: Path
) -> None:
    """SIGKILL inside of the second file of samples: it is not there in part, and the resumed run makes it."""
    out = tmp_path / "out"
    finish(python("-m", "tests.faults.runs", "MortalJob", small_config, out, 0, layout), code=-signal.SIGKILL)
    assert recorded(LocalStorage(out)) == [IndexRange(0, RANGE)]
    left = contents(out)
    assert any(path.endswith(".tmp") for path in left)
    named = {path: data for path, data in left.items() if path in clean(layout) and path not in LISTS}
    assert named.items() <= clean(layout).items()
    report = generate(small, out, layout=layout, samples=RANGE, resume=True)
    assert report.kept == RANGE
    assert contents(out) == clean(layout)


def test_f46_shards_made_at_the_same_time(small_config: Path, clean: Clean, tmp_path: Path) -> None:
    """Three processes, each with a third of the ranges, into one folder: the whole."""
    out = tmp_path / "out"
    options = ("--range", RANGE, "--workers", 0, "--format", "webdataset")
    runs = [
        subprocess.Popen(
            command(small_config, out, *options, "--shard", f"{number}/3"),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in (1, 2, 3)
    ]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], said
    assert contents(out) == clean("webdataset")


def test_f47_death_before_the_manifest(
    small_config: Path, small: Job, clean: Clean, layout: str, tmp_path: Path
) -> None:
    """The process ends after the last range and before the final index: labels are with their images already."""
    out = tmp_path / "out"
    end_before_the_manifest(small_config, out, layout)
    samples = {path: data for path, data in clean(layout).items() if path not in LISTS}
    assert samples.items() <= contents(out).items()
    before = written_at(out)
    report = generate(small, out, layout=layout, samples=RANGE, resume=True)
    assert report.kept == COUNT
    assert contents(out) == clean(layout)
    assert {path: when for path, when in written_at(out).items() if path in samples} == {
        path: when for path, when in before.items() if path in samples
    }


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_f49_a_finished_file_is_damaged(small: Job, clean: Clean, layout: str, tmp_path: Path, damage: Damage) -> None:
    """A file of the second range, or its record: `verify` finds it, `--resume` makes that range alone anew."""
    generate(small, tmp_path, layout=layout, samples=RANGE)
    record = f".ranges/{RANGE:09d}-{2 * RANGE:09d}.jsonl"
    first = RANGE if layout == "files" else 1
    victims = [FILES[layout].format(first), record]
    if layout == "files":
        victims.append(victims[0].replace(".json", ".png"))
    for victim in victims:
        do_damage(tmp_path / victim, damage)
        assert not sound(tmp_path), victim
        before = written_at(tmp_path)
        report = generate(small, tmp_path, layout=layout, samples=RANGE, resume=True)
        assert report.kept == COUNT - RANGE
        assert contents(tmp_path) == clean(layout)
        assert sound(tmp_path)
        after = written_at(tmp_path)
        redone = {path for path in after if after[path] != before.get(path)}
        shared = {FILES[layout].format(number) for number in range(first, first + (RANGE if layout == "files" else 1))}
        shared |= {path.replace(".json", ".png") for path in shared}
        assert redone <= LISTS | shared | {record}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("victim", ["checksums/000000.sha256", "rejects.jsonl"])
def test_f49_a_list_is_damaged(small: Job, tmp_path: Path, victim: str, damage: Damage) -> None:
    """The list of checksums or of rejects: found by `verify`, written again by `--resume`, which keeps all samples."""
    job = of_kind(PickyJob, small)
    generate(job, tmp_path, samples=RANGE)
    there = contents(tmp_path)
    do_damage(tmp_path / victim, damage)
    assert not sound(tmp_path)
    assert generate(job, tmp_path, samples=RANGE, resume=True).kept == COUNT
    assert contents(tmp_path) == there


@pytest.mark.parametrize(
    "damage",
    [
        *(DAMAGES[name] for name in ("truncated", "zero-filled", "empty", "deleted")),
        lambda data: flipped(data[:30]) + data[30:],
    ],
)
def test_f49_the_manifest_is_damaged(small: Job, clean: Clean, tmp_path: Path, damage: Damage) -> None:
    """Truncated, zero-filled or gone: refused by name; taken away, `--resume --allow-changed` makes it as it was."""
    generate(small, tmp_path, samples=RANGE)
    do_damage(tmp_path / "manifest.json", damage)
    for look in (partial(verify, tmp_path), partial(generate, small, tmp_path, samples=RANGE, resume=True)):
        with pytest.raises(RunError, match=r"manifest\.json"):
            look()
    (tmp_path / "manifest.json").unlink(missing_ok=True)
    report = generate(small, tmp_path, samples=RANGE, resume=True, allow_changed=True)
    assert report.kept == COUNT
    assert contents(tmp_path) == clean("files")


def test_f49_a_count_of_the_manifest_is_wrong(small: Job, clean: Clean, tmp_path: Path) -> None:
    """Another number, a range less, no checksum: found by `verify` and put right by `--resume`."""
    generate(small, tmp_path, samples=RANGE)
    path = tmp_path / "manifest.json"
    counts = {"written": COUNT - 1, "rejected": 1, "bytes": 7, "specifications": {"latin": 18, "hebrev": 6}}
    for key, value in {**counts, "ranges": [[0, RANGE]], "checksums": {}}.items():
        path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
        assert not sound(tmp_path), key
        generate(small, tmp_path, samples=RANGE, resume=True)
        assert contents(tmp_path) == clean("files")


def test_f55_all_samples_of_a_range_rejected(small: Job, layout: str, tmp_path: Path) -> None:
    """The file of such a range is there, is a sound one, and holds nothing; `verify` finds no fault."""
    report = generate(of_kind(PickyJob, small), tmp_path, layout=layout, samples=RANGE)
    assert (report.written, report.rejected) == (COUNT - RANGE, RANGE)
    assert sound(tmp_path)
    assert (tmp_path / FILES[layout].format(1)).exists()
    manifest = read_manifest(LocalStorage(tmp_path))
    assert manifest is not None
    assert manifest["ranges"] == [[0, COUNT]]


def test_f55_a_writer_that_is_not_closed(small: Job, clean: Clean, layout: str, tmp_path: Path) -> None:
    """A run that is ended in the middle of a range: nothing of it has a final name, nothing else is left."""

    class BreakingJob(Job):
        def sample(self, index: int, attempt: int) -> object:  # type: ignore[override]
            if index == RANGE + 2:
                raise KeyboardInterrupt
            return super().sample(index, attempt)

    with pytest.raises(RunError, match="stopped by SIGINT"):
        generate(of_kind(BreakingJob, small), tmp_path, layout=layout, samples=RANGE)
    left = contents(tmp_path)
    assert {path for path in left if path.endswith(".tmp")} == set()
    assert len([path for path in left if path.startswith(".ranges/")]) == 1
    assert not (tmp_path / FILES[layout].format(RANGE if layout == "files" else 1)).exists()
    generate(small, tmp_path, layout=layout, samples=RANGE, resume=True)
    assert contents(tmp_path) == clean(layout)
