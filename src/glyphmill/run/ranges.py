"""Index ranges, the unit of work of a run, and their records: a range is complete or absent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from glyphmill.export import durable, names
from glyphmill.export.files import SampleFiles, discard, encode_sample
from glyphmill.generator import Sample
from glyphmill.run.outcome import Rejected, produce

#: Samples of one range. The same for every number of workers, so that records do not depend on it.
RANGE_SAMPLES = 50


class Maker(Protocol):
    """What a range needs of a job."""

    @property
    def attempts(self) -> int:
        """Plans that are tried for one index."""
        ...

    @property
    def extension(self) -> str:
        """Of the image files, without a dot."""
        ...

    def sample(self, index: int, attempt: int) -> Sample:
        """One attempt at a sample; raises Reject if it fails."""
        ...


@dataclass(frozen=True, order=True)
class IndexRange:
    """The indices [start, stop)."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def record_path(self, root: Path) -> Path:
        """Where the record of this range lies in a dataset."""
        return root / names.RANGES / f"{self.start:09d}-{self.stop:09d}.jsonl"


@dataclass(frozen=True)
class RangeSummary:
    """What came of one range.

    Attributes:
        reasons: rejections by ``unit: reason``.
    """

    range: IndexRange
    written: int
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """How many indices of the range have no sample."""
        return sum(self.reasons.values())


def split(start: int, stop: int) -> list[IndexRange]:
    """[start, stop) in ranges that end at multiples of ``RANGE_SAMPLES``."""
    first = start - start % RANGE_SAMPLES
    edges = [start, *range(first + RANGE_SAMPLES, stop, RANGE_SAMPLES), stop]
    return [IndexRange(a, b) for a, b in pairwise(edges) if a < b]


def run_range(
    job: Maker,
    root: Path,
    work: IndexRange,
    *,
    deadly: Collection[int] = (),
    begin: Callable[[int], None] = lambda index: None,
) -> RangeSummary:
    """Make and write every sample of a range, then its record.

    Args:
        job: makes the samples.
        root: the dataset's folder.
        work: the indices to make.
        deadly: indices that ended earlier workers; they are rejected unseen.
        begin: told each index before it is tried, and -1 once all are done.

    Raises: OSError if something cannot be written.
    """

    def make(index: int, attempt: int) -> SampleFiles:
        return encode_sample(job.sample(index, attempt), job.extension)

    lines: list[dict[str, Any]] = []
    reasons: Counter[str] = Counter()
    for index in range(work.start, work.stop):
        if index in deadly:
            outcome: tuple[SampleFiles, int] | Rejected = Rejected(
                index, "run", "worker_died", "the process that made this sample ended without an error, twice", 1
            )
        else:
            begin(index)
            outcome = produce(make, index, job.attempts)
        if isinstance(outcome, Rejected):
            discard(root, index, job.extension)
            reasons[f"{outcome.unit}: {outcome.reason}"] += 1
            lines.append(_rejection(outcome))
        else:
            files, attempts = outcome
            files.write(root)
            lines.append({**files.facts, "attempts": attempts})
    begin(-1)
    _write_record(root, work, lines)
    return RangeSummary(work, len(lines) - reasons.total(), dict(reasons))


def _rejection(rejected: Rejected) -> dict[str, Any]:
    why = {"unit": rejected.unit, "reason": rejected.reason, "detail": rejected.detail}
    return {"index": rejected.index, "rejected": why, "attempts": rejected.attempts}


def _write_record(root: Path, work: IndexRange, lines: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    durable.write_file(work.record_path(root), text.encode())


def recorded(root: Path) -> list[IndexRange]:
    """The complete ranges of a dataset, in order; they never overlap."""
    found = []
    for path in (root / names.RANGES).glob("*.jsonl"):
        start, _, stop = path.stem.partition("-")
        if start.isdigit() and stop.isdigit():
            found.append(IndexRange(int(start), int(stop)))
    return sorted(found)


def read_record(root: Path, work: IndexRange) -> list[dict[str, Any]]:
    """The lines of one range's record, one for each index in order."""
    return [json.loads(line) for line in work.record_path(root).read_text(encoding="utf-8").splitlines()]


def read_records(root: Path) -> Iterator[dict[str, Any]]:
    """The lines of all records of a dataset in index order; memory holds one range at a time."""
    for work in recorded(root):
        yield from read_record(root, work)


def forget(root: Path, start: int, stop: int) -> None:
    """Drop what is recorded of [start, stop), which is about to be made; ranges that reach out of it keep the rest."""
    for work in recorded(root):
        if work.stop <= start or work.start >= stop:
            continue
        rest = [IndexRange(work.start, min(work.stop, start)), IndexRange(max(work.start, stop), work.stop)]
        lines = {line["index"]: line for line in read_record(root, work)} if any(map(_holds, rest)) else {}
        for part in filter(_holds, rest):
            _write_record(root, part, [lines[index] for index in range(part.start, part.stop)])
        work.record_path(root).unlink()


def _holds(work: IndexRange) -> bool:
    return work.start < work.stop


def merged(works: list[IndexRange]) -> list[IndexRange]:
    """Sorted ranges with neighbours that touch joined."""
    joined: list[IndexRange] = []
    for work in works:
        if joined and joined[-1].stop == work.start:
            joined[-1] = IndexRange(joined[-1].start, work.stop)
        else:
            joined.append(work)
    return joined
