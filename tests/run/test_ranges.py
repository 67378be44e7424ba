"""Ranges are made whole, recorded last, and never depend on how a run was cut."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import makers
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.export import names
from glyphmill.export.local import LocalStorage
from glyphmill.run.make import Target, run_range
from glyphmill.run.outcome import Rejected, RunError, produce
from glyphmill.run.ranges import IndexRange, Shard, merged, samples_of_range, split
from glyphmill.run.records import read_record, recorded


@given(total=st.integers(0, 3000), samples=st.integers(1, 700), of=st.integers(1, 9))
def test_ranges_and_their_shards_cover_every_index_once(total: int, samples: int, of: int) -> None:
    """Ranges join without gaps at multiples of their size; shards take neighbours, as many each as can be."""
    works = split(total, samples)
    assert [i for work in works for i in range(work.start, work.stop)] == list(range(total))
    assert all(work.start % samples == 0 and 0 < len(work) <= samples for work in works)
    parts = [Shard(number, of).part(works) for number in range(1, of + 1)]
    assert [work for part in parts for work in part] == works
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(("total", "samples"), [(1, 50), (10**6, 50), (3 * 10**6, 200), (10**8, 1000)])
def test_larger_jobs_have_larger_ranges(total: int, samples: int) -> None:
    """So that their records stay some ten thousands; a folder of samples holds whole ranges."""
    assert samples_of_range(total) == samples
    assert names.FOLDER_SAMPLES % samples == 0


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "-1/3", "a/b", "1/0", "1/3/5", "1.5/3"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    """With what was given and what is expected."""
    with pytest.raises(RunError, match="expected i/N"):
        Shard.parse(text)
    assert str(Shard.parse("2/3")) == "2/3"


def test_a_range_writes_its_samples_and_then_its_record(tmp_path: Path) -> None:
    """Each line of the record gives the hashes and sizes of the two files that it names."""
    work = IndexRange(9_998, 10_002)
    summary = run_range(makers.PlainJob(), Target(str(tmp_path)), work)
    assert (summary.written, summary.rejected) == (4, 0)
    lines = read_record(LocalStorage(tmp_path), work).lines
    assert [line["index"] for line in lines] == [9_998, 9_999, 10_000, 10_001]
    for line in lines:
        (image, _), (label, _) = line["files"].items()
        for path, (digest, size) in line["files"].items():
            data = (tmp_path / path).read_bytes()
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (digest, size)
        assert json.loads((tmp_path / label).read_bytes())["image"] == image
    assert summary.bytes == sum(path.stat().st_size for path in tmp_path.rglob("images/**/*.*"))
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == ["000000", "000001"]


def test_the_record_is_absent_where_the_range_is_not_complete(tmp_path: Path) -> None:
    """A write that fails leaves no record, and no file under a temporary name."""
    (tmp_path / names.stem_path(2)).with_suffix(".png").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        run_range(makers.PlainJob(), Target(str(tmp_path)), IndexRange(0, 3))
    assert recorded(LocalStorage(tmp_path)) == []
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("damage", ["cut", "flip", "zero", "gone", "record cut", "record flip", "record gone"])
def test_what_is_kept_is_what_was_written(tmp_path: Path, damage: str) -> None:
    """A range whose files and record are as they were is kept; any other is made again, to the same bytes."""
    work, target = IndexRange(0, 4), Target(str(tmp_path), keep=True)
    first = run_range(makers.PlainJob(), target, work)
    before = contents(tmp_path)
    again = run_range(makers.PlainJob(), target, work)
    assert (first.kept, again.kept) == (False, True)
    assert (again.written, again.reasons, again.bytes) == (first.written, first.reasons, first.bytes)
    what = ".ranges/*.jsonl" if damage.startswith("record") else "images/*/000000002.png"
    path = next(tmp_path.glob(what))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = {"cut": data[: len(data) // 2], "flip": data, "zero": bytes(len(data))}.get(damage.split()[-1])
    path.unlink() if damaged is None else path.write_bytes(damaged)
    assert not run_range(makers.PlainJob(), target, work).kept
    assert contents(tmp_path) == before


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("reject", ("glyphs", "missing_glyph")),
        ("render", ("run", "resource_missing")),
        ("memory", ("run", "out_of_memory")),
        ("bug", ("run", "unexpected_error")),
    ],
)
def test_every_kind_of_failure_is_counted(error: str, expected: tuple[str, str]) -> None:
    """After the last attempt the index is rejected with a unit and a reason; a foreseen error or not."""
    job = makers.FailingJob(always=frozenset({5}), error=error)
    outcome = produce(job.sample, 5, job.attempts)
    assert isinstance(outcome, Rejected)
    assert (outcome.unit, outcome.reason) == expected
    assert outcome.attempts == job.attempts


def test_an_unforeseen_error_is_named_with_its_place() -> None:
    """The detail tells what happened and where, and no folder of this machine."""
    outcome = produce(makers.FailingJob(always=frozenset({5}), error="bug").sample, 5, 1)
    assert isinstance(outcome, Rejected)
    assert outcome.detail.startswith("ZeroDivisionError: division by zero (makers.py:")
    assert "/" not in outcome.detail


def test_the_second_attempt_may_succeed() -> None:
    """One failure costs one attempt, not the index."""
    job = makers.FailingJob(first=frozenset({3}))
    assert produce(job.sample, 3, 2)[1] == 2
    assert produce(job.sample, 4, 2)[1] == 1


def test_a_rejected_index_leaves_no_files(tmp_path: Path) -> None:
    """Also where an earlier run wrote some, or died while writing them."""
    work, target = IndexRange(0, 3), Target(str(tmp_path))
    run_range(makers.PlainJob(), target, work)
    image = tmp_path / f"{names.stem_path(1)}.png"
    image.with_name(f".{image.name}.tmp").write_bytes(b"half")
    summary = run_range(makers.FailingJob(always=frozenset({1})), target, work)
    assert summary.reasons == {"glyphs: missing_glyph": 1}
    assert sorted(p.name for p in image.parent.iterdir()) == [
        "000000000.json",
        "000000000.png",
        "000000002.json",
        "000000002.png",
    ]


def test_merged_joins_ranges_that_touch() -> None:
    """0-50 and 50-60 are one; 70-80 is another."""
    works = [IndexRange(0, 50), IndexRange(50, 60), IndexRange(70, 80)]
    assert merged(works) == [IndexRange(0, 60), IndexRange(70, 80)]


def test_an_image_without_pixels_is_rejected(tmp_path: Path) -> None:
    """Zero width or height never reaches a file."""

    class EmptyJob(makers.PlainJob):
        def sample(self, index: int, attempt: int) -> makers.PlainSample:
            return makers.PlainSample(np.zeros((0, 3, 3), np.uint8), makers.PlainPlan(index))

    assert run_range(EmptyJob(), Target(str(tmp_path)), IndexRange(0, 1)).reasons == {"run: empty_image": 1}
