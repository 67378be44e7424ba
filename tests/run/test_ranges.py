"""Ranges are made whole, recorded last, and never depend on how a run was cut."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import makers
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glyphmill.export import names
from glyphmill.run.outcome import Rejected, produce
from glyphmill.run.ranges import (
    RANGE_SAMPLES,
    IndexRange,
    forget,
    merged,
    read_record,
    read_records,
    recorded,
    run_range,
    split,
)


@given(start=st.integers(0, 2000), length=st.integers(0, 700))
def test_split_covers_every_index_once_at_fixed_edges(start: int, length: int) -> None:
    """Ranges join without gaps, are short, and end at multiples of their size wherever the run begins."""
    works = split(start, start + length)
    assert [i for work in works for i in range(work.start, work.stop)] == list(range(start, start + length))
    assert all(0 < len(work) <= RANGE_SAMPLES for work in works)
    assert all(work.stop % RANGE_SAMPLES == 0 for work in works[:-1])


def test_a_range_writes_its_samples_and_then_its_record(tmp_path: Path) -> None:
    """Each line of the record gives the hashes of the two files that it names."""
    summary = run_range(makers.PlainJob(), tmp_path, IndexRange(9_998, 10_002))
    assert (summary.written, summary.rejected) == (4, 0)
    lines = read_record(tmp_path, IndexRange(9_998, 10_002))
    assert [line["index"] for line in lines] == [9_998, 9_999, 10_000, 10_001]
    for line in lines:
        image = (tmp_path / line["image"]).read_bytes()
        label = (tmp_path / names.label_path(line["index"])).read_bytes()
        assert hashlib.sha256(image).hexdigest() == line["image_sha256"]
        assert hashlib.sha256(label).hexdigest() == line["label_sha256"]
        assert json.loads(label)["image"] == line["image"]
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == ["000000", "000001"]


def test_the_record_is_absent_where_the_range_is_not_complete(tmp_path: Path) -> None:
    """A write that fails leaves no record and no file under a temporary name."""
    work = IndexRange(0, 3)
    blocked = tmp_path / names.image_path(2, "png")
    blocked.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        run_range(makers.PlainJob(), tmp_path, work)
    assert recorded(tmp_path) == []
    assert not list(tmp_path.rglob("*.tmp"))


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
    work = IndexRange(0, 3)
    run_range(makers.PlainJob(), tmp_path, work)
    image = tmp_path / names.image_path(1, "png")
    image.with_name(f".{image.name}.tmp").write_bytes(b"half")
    summary = run_range(makers.FailingJob(always=frozenset({1})), tmp_path, work)
    assert summary.reasons == {"glyphs: missing_glyph": 1}
    assert sorted(p.name for p in image.parent.iterdir()) == [
        "000000000.json",
        "000000000.png",
        "000000002.json",
        "000000002.png",
    ]


@given(
    have=st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True).map(sorted),
    drop=st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted),
)
def test_forgetting_keeps_exactly_the_other_indices(
    tmp_path_factory: pytest.TempPathFactory, have: list[int], drop: list[int]
) -> None:
    """Ranges that reach out of what is forgotten keep the rest of their lines, and nothing overlaps."""
    root = tmp_path_factory.mktemp("ranges")
    works = [IndexRange(a, b) for a, b in pairwise(have)]
    for work in works:
        run_range(makers.PlainJob(), root, work)
    before = {line["index"]: line for line in read_records(root)}
    forget(root, *drop)
    after = [line["index"] for line in read_records(root)]
    assert after == [index for index in sorted(before) if not drop[0] <= index < drop[1]]
    assert all(before[line["index"]] == line for line in read_records(root))


def test_merged_joins_ranges_that_touch() -> None:
    """0-50 and 50-60 are one; 70-80 is another."""
    works = [IndexRange(0, 50), IndexRange(50, 60), IndexRange(70, 80)]
    assert merged(works) == [IndexRange(0, 60), IndexRange(70, 80)]


def test_an_image_without_pixels_is_rejected(tmp_path: Path) -> None:
    """Zero width or height never reaches a file."""

    class EmptyJob(makers.PlainJob):
        def sample(self, index: int, attempt: int) -> makers.PlainSample:
            return makers.PlainSample(np.zeros((0, 3, 3), np.uint8), makers.PlainPlan(index))

    assert run_range(EmptyJob(), tmp_path, IndexRange(0, 1)).reasons == {"run: empty_image": 1}
