"""Records of ranges: which are complete, and what is in them. Written last, so that what a record tells is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from glyphmill.export import names
from glyphmill.export.layout import FileFacts
from glyphmill.export.storage import Storage
from glyphmill.run.outcome import RunError
from glyphmill.run.ranges import IndexRange


class RecordError(RunError):
    """A record that does not hold what was written to it."""


@dataclass(frozen=True)
class Record:
    """What came of one range.

    Attributes:
        range: the indices.
        lines: one for each index, in order: facts of a sample, or why there is none.
        files: those that the samples of the range share.
    """

    range: IndexRange
    lines: Sequence[dict[str, Any]]
    files: FileFacts

    def written_files(self) -> Iterator[tuple[str, tuple[str, int]]]:
        """Path, SHA-256 and bytes of every file of the range."""
        for line in self.lines:
            yield from line.get("files", {}).items()
        yield from self.files.items()


def record_path(work: IndexRange) -> str:
    """Where the record of a range lies, relative to the dataset's root."""
    return f"{names.RANGES}/{work.start:09d}-{work.stop:09d}.jsonl"


def write_record(storage: Storage, record: Record) -> None:
    """Mark a range as complete: from now on its samples count.

    Raises: OSError.
    """
    body = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in record.lines)
    end = {"files": record.files, "sha256": _digest(body, record.files)}
    storage.write(record_path(record.range), body + orjson.dumps(end, option=orjson.OPT_APPEND_NEWLINE))


def read_record(storage: Storage, work: IndexRange) -> Record:
    """The record of a range.

    Raises: RecordError if it is damaged; OSError.
    """
    path = record_path(work)
    data = storage.read(path)
    body, end = _cut_last_line(data)
    try:
        lines, last = [orjson.loads(line) for line in body.splitlines()], orjson.loads(end)
        sound = len(lines) == len(work) and last["sha256"] == _digest(body, last["files"])
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound:
        raise RecordError(
            f"{storage.location}/{path} is damaged. Run again with --resume, which makes its samples anew."
        )
    return Record(work, lines, {name: (digest, size) for name, (digest, size) in last["files"].items()})


def recorded(storage: Storage) -> list[IndexRange]:
    """The complete ranges of a dataset, in order."""
    found = []
    for name in storage.names(names.RANGES):
        start, _, stop = name.removesuffix(".jsonl").partition("-")
        if name.endswith(".jsonl") and start.isdecimal() and stop.isdecimal():
            found.append(IndexRange(int(start), int(stop)))
    return sorted(found)


def read_records(storage: Storage) -> Iterator[Record]:
    """All records of a dataset in index order; memory holds one at a time.

    Raises: RecordError; OSError.
    """
    return (read_record(storage, work) for work in recorded(storage))


def intact(storage: Storage, work: IndexRange) -> Record | None:
    """The record of a range whose files are all there with the contents that it tells; None where that is not so.

    Raises: OSError if the storage cannot be read.
    """
    try:
        record = read_record(storage, work)
    except (RecordError, FileNotFoundError):
        return None
    for path, (digest, size) in record.written_files():
        if storage.size(path) != size or _digest_of(storage, path) != digest:
            return None
    return record


def _digest_of(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(body: bytes, files: Any) -> str:
    return hashlib.sha256(body + orjson.dumps(files)).hexdigest()


def _cut_last_line(data: bytes) -> tuple[bytes, bytes]:
    at = data.rstrip(b"\n").rfind(b"\n") + 1
    return data[:at], data[at:]
