"""Do the records of a dataset's ranges agree with its manifest? What they tell is what `--resume` goes by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from glyphmill.export import names
from glyphmill.export.layout import FileFacts
from glyphmill.export.storage import Storage
from glyphmill.run.manifest import Totals, reject_row
from glyphmill.run.ranges import IndexRange, merged
from glyphmill.run.records import RecordError, read_record, record_path, recorded
from glyphmill.run.verify_report import VerifyReport

_REMEDY = "run again with --resume"


def check_records(storage: Storage, manifest: Mapping[str, Any], report: VerifyReport) -> None:
    """Note every record that is damaged, and where manifest and lists are not what the records add up to.

    A dataset without any record has been copied without its hidden files: that is no fault.
    """
    works, lists, damaged = recorded(storage), _Lists(), False
    if not works:
        return
    totals, rejects = Totals(), hashlib.sha256()
    for work in works:
        try:
            record = read_record(storage, work)
        except (RecordError, OSError) as error:
            damaged = True
            report.note("hashes", record_path(work), _reason(error, work))
            continue
        for line in record.lines:
            totals.add(line)
            rejects.update(reject_row(line))
            lists.add(line["index"], line.get("files", {}))
        lists.add(work.start, record.files)
    there = [[work.start, work.stop] for work in merged(works)]
    if there != manifest["ranges"]:
        message = f"there are records of {_spans(there)}, and {names.MANIFEST} is of {_spans(manifest['ranges'])}"
        report.note("counts", names.RANGES, f"{message}; {_REMEDY}")
    elif not damaged:
        for key, count in totals.counts().items():
            if manifest.get(key) != count:
                message = f"{key} is {manifest.get(key)}; the records have {count}; {_REMEDY}"
                report.note("counts", names.MANIFEST, message)
        if rejects.digest() != _digest_of(storage, names.REJECTS):
            report.note("hashes", names.REJECTS, f"is not what the records have rejected; {_REMEDY}")
        for path, digest in lists.digests().items():
            if digest != manifest["checksums"].get(path):
                report.note("hashes", path, f"is not the list of what the records name; {_REMEDY}")


def _digest_of(storage: Storage, path: str) -> bytes | None:
    try:
        with storage.open(path) as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return None


def _reason(error: Exception, work: IndexRange) -> str:
    what = "cannot be read" if isinstance(error, OSError) else "is damaged"
    return f"{what}; samples {work.start} to {work.stop - 1} are made anew if you {_REMEDY}"


def _spans(ranges: list[list[int]]) -> str:
    return ", ".join(f"samples {start} to {stop - 1}" for start, stop in ranges) or "no samples"


class _Lists:
    """Digests of the checksum lists that records make."""

    def __init__(self) -> None:
        self._sums: dict[str, Any] = {}

    def add(self, index: int, files: FileFacts) -> None:
        if files:
            total = self._sums.setdefault(names.checksums_path(names.folder_of(index)), hashlib.sha256())
            total.update("".join(f"{digest}  {name}\n" for name, (digest, _) in files.items()).encode())

    def digests(self) -> dict[str, str]:
        return {path: total.hexdigest() for path, total in self._sums.items()}
