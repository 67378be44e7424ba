"""Is a dataset what it says it is? Counts, hashes, label format, images against their plans, boxes against the ink."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from glyphmill.export import names
from glyphmill.export.reading import Group, Reader
from glyphmill.export.storage import Storage
from glyphmill.export.stored import StoredError
from glyphmill.run.dataset import evenly, find_dataset
from glyphmill.run.file_check import HashedStorage, Strays, read_list
from glyphmill.run.label_errors import ErrorTable
from glyphmill.run.outcome import RunError
from glyphmill.run.record_check import check_records
from glyphmill.run.render import PathName, Renderer
from glyphmill.run.sample_check import SampleCheck
from glyphmill.run.verify_report import CHECKS, LABELS, VerifyReport

#: What the 99th percentile of the differences between boxes and ink may be, px.
LABELS_LIMIT_PX = 1.0


def verify(
    where: str | Path,
    *,
    checks: Collection[str] = tuple(CHECKS),
    labels: bool = False,
    sample: int | None = None,
    fonts: Iterable[PathName] = (),
    backgrounds: Iterable[PathName] = (),
    progress: Callable[[int, int], None] | None = None,
) -> VerifyReport:
    """Check a dataset, whatever its layout.

    What is wrong with files, lists, records and counts is put right by a run with ``resume``, which makes the ranges
    of such files anew; only a file too many stays.

    Args:
        where: its folder or address.
        checks: names from ``CHECKS``.
        labels: also draw each cluster alone and measure how far its box is from its ink; it is a fault if the 99th
            percentile passes ``LABELS_LIMIT_PX``.
        sample: how many samples ``images``, ``boxes`` and ``labels`` look at, spread evenly; None for all.
        fonts: where fonts may be, if not where the manifest has them.
        backgrounds: where backgrounds may be, likewise.
        progress: ``progress(done, total)`` in samples.

    Raises: RunError if there is no manifest, or a check is not known, or the layout is not, or an extra that it needs
    is not installed.
    """
    unknown = sorted(set(checks) - set(CHECKS))
    if unknown:
        raise RunError(f"there is no check {unknown[0]!r}; there are {', '.join(CHECKS)}")
    dataset = find_dataset(where)
    storage, manifest = dataset.storage, dataset.manifest
    wanted = [*(name for name in CHECKS if name in checks), *(LABELS if labels else ())]
    report = VerifyReport(dict.fromkeys(wanted, 0), errors=ErrorTable() if labels else None)
    visit = _Visit(storage, dataset.reader, report, SampleCheck(report, Renderer(fonts, backgrounds, manifest)))
    visit.all(manifest, evenly(manifest["written"], sample), progress or (lambda done, total: None))
    if {"counts", "hashes"} & report.checked.keys():
        check_records(storage, manifest, report)
    if report.errors is not None and (worst := report.errors.whole).p99 > LABELS_LIMIT_PX:
        message = f"the 99th percentile is {worst.p99:.2f} px; at most {LABELS_LIMIT_PX:g} px are sound"
        report.note("labels", names.MANIFEST, message)
    return report


class _Visit:
    """One pass over the files of a dataset, list by list."""

    def __init__(self, storage: Storage, reader: Reader, report: VerifyReport, samples: SampleCheck) -> None:
        self._storage, self._reader, self._report, self._samples = storage, reader, report, samples
        self._seen, self._broken = 0, False

    def all(self, manifest: Mapping[str, Any], replayed: Collection[int], progress: Callable[[int, int], None]) -> None:
        """Look at every file, at each sample in them once, and at what they add up to."""
        self._sums(manifest)
        strays = Strays(self._storage, self._reader, self._report)
        for path, digest in manifest["checksums"].items():
            listed = read_list(self._storage, path, digest, self._reader, self._report)
            strays.listed(listed)
            hashed = HashedStorage(self._storage, listed, self._report)
            for group in self._reader.groups(listed):
                self._group(hashed, group, replayed)
                progress(self._seen, manifest["written"])
        strays.listed(())
        if self._seen != manifest["written"] and not self._broken:
            message = f"{manifest['written']} written; {self._seen} samples are there"
            self._report.note("counts", names.MANIFEST, message)

    def _group(self, hashed: HashedStorage, group: Group, replayed: Collection[int]) -> None:
        place = self._reader.place(group)
        try:
            for sample in self._reader.samples(hashed, group):
                self._samples.look(sample, place, replay=self._seen in replayed)
                self._seen += 1
        except OSError as error:
            self._broken = True
            hashed.lost(error)
        except StoredError as error:
            self._broken = True
            self._report.note("schema", group[0], str(error))
        hashed.rest(group)

    def _sums(self, manifest: Mapping[str, Any]) -> None:
        """What the manifest adds up to, and the list of what was rejected."""
        requested, written, rejected = (manifest[key] for key in ("requested", "written", "rejected"))
        self._report.count("counts")
        if requested != written + rejected:
            message = f"{requested} requested, {written} written, {rejected} rejected"
            self._report.note("counts", names.MANIFEST, message)
        if sum(stop - start for start, stop in manifest["ranges"]) != requested:
            message = f"the ranges {manifest['ranges']} are not of {requested} samples"
            self._report.note("counts", names.MANIFEST, message)
        try:
            with self._storage.open(names.REJECTS) as file:
                lines = sum(1 for _ in file)
        except OSError:
            lines = 0
        if lines != rejected:
            self._report.note("counts", names.REJECTS, f"{lines} lines for {rejected} rejected samples")
