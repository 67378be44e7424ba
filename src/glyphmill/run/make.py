"""Making one range: every sample of it into files, then its record."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from glyphmill.export.files import SampleFiles, encode_sample
from glyphmill.export.layout import find_layout
from glyphmill.export.storage import Storage, open_storage
from glyphmill.generator import Sample
from glyphmill.run.outcome import Rejected, produce
from glyphmill.run.ranges import IndexRange
from glyphmill.run.records import Record, intact, write_record


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

    @property
    def extras(self) -> Sequence[str]:
        """Names of what is written beside each image."""
        ...

    def sample(self, index: int, attempt: int) -> Sample:
        """One attempt at a sample; raises Reject if it fails."""
        ...


@dataclass(frozen=True)
class Target:
    """Where the ranges of a run go, and in which form; travels to other processes.

    Attributes:
        where: the dataset's folder or address.
        layout: name of the layout.
        samples: of one range.
        keep: ranges that are recorded, and whose files are as recorded, are kept as they are.
    """

    where: str
    layout: str = "files"
    samples: int = 50
    keep: bool = False

    def storage(self) -> Storage:
        """Its storage, opened."""
        return open_storage(self.where)


@dataclass(frozen=True)
class RangeSummary:
    """What came of one range.

    Attributes:
        reasons: rejections by ``unit: reason``.
        bytes: of the samples.
        cpu: seconds of processor time that it took.
        kept: whether it was there already.
    """

    range: IndexRange
    written: int
    reasons: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    cpu: float = 0.0
    kept: bool = False

    @property
    def rejected(self) -> int:
        """How many indices of the range have no sample."""
        return sum(self.reasons.values())


def run_range(
    job: Maker,
    target: Target,
    work: IndexRange,
    *,
    poison: Mapping[int, Rejected] | None = None,
    begin: Callable[[int], None] = lambda index: None,
) -> RangeSummary:
    """Make and write every sample of a range, then its record; or find that this has been done.

    Args:
        job: makes the samples.
        target: where they go.
        work: the indices to make.
        poison: indices that ended or held up earlier workers; they are rejected unseen.
        begin: told each index before it is tried, and -1 afterwards: a slow disk is no fault of a sample. What it
            raises ends the range, of which then nothing is recorded.

    Raises: OSError if something cannot be written or read.
    """
    started, storage = time.process_time(), target.storage()
    record = intact(storage, work) if target.keep else None
    kept = record is not None
    if record is None:
        record = _make(job, target, storage, work, poison or {}, begin)
        write_record(storage, record)
    reasons = Counter(reason_of(line) for line in record.lines if "rejected" in line)
    size = sum(line.get("bytes", 0) for line in record.lines)
    cpu = time.process_time() - started
    return RangeSummary(work, len(record.lines) - reasons.total(), dict(reasons), size, cpu, kept)


def reason_of(line: Mapping[str, Any]) -> str:
    """What the rejection of a record's line is counted under."""
    return f"{line['rejected']['unit']}: {line['rejected']['reason']}"


def _make(
    job: Maker,
    target: Target,
    storage: Storage,
    work: IndexRange,
    poison: Mapping[int, Rejected],
    begin: Callable[[int], None],
) -> Record:
    layout, extension, lines = find_layout(target.layout), job.extension, list[dict[str, Any]]()

    def make(index: int, attempt: int) -> SampleFiles:
        return encode_sample(job.sample(index, attempt), layout.stem(index), extension)

    with ExitStack() as block:
        writer = block.enter_context(layout.writing(storage, work.start // target.samples, extension, job.extras))
        for index in range(work.start, work.stop):
            begin(index)
            outcome = poison[index] if index in poison else produce(make, index, job.attempts)
            begin(-1)
            if isinstance(outcome, Rejected):
                writer.drop(index)
                lines.append(outcome.line())
            else:
                sample, attempts, failed = outcome
                own = writer.add(sample)
                facts = {**sample.facts, "attempts": attempts, **({"failed": failed} if failed else {})}
                lines.append({**facts, **({"files": own} if own else {})})
        files = writer.finish()
    return Record(work, lines, files)
