"""Is a dataset what it says it is? Counts, hashes, label format, images against their plans, boxes against the ink."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import RenderError
from glyphmill.export import names
from glyphmill.run.ink_check import ink_problems
from glyphmill.run.label_check import label_problems
from glyphmill.run.label_errors import ErrorTable, boxes_of
from glyphmill.run.manifest import read_manifest
from glyphmill.run.outcome import RunError
from glyphmill.run.render import PathName, Renderer, read_label

#: What can be checked, in the order of the report.
CHECKS = {
    "counts": "requested = written + rejected, and no file too many or too few",
    "hashes": "every file as the checksum lists have it",
    "schema": "every label in the label format",
    "images": "every image the one that its label makes",
    "boxes": "every box where the ink is",
}
#: What is only measured when it is asked for: it draws each cluster alone.
LABELS = {"labels": "every cluster's box around the ink of that cluster"}
#: What the 99th percentile of the differences between boxes and ink may be, px.
LABELS_LIMIT_PX = 1.0


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        check: which check found it.
        file: path of the file concerned, relative to the dataset.
        message: what is wrong.
    """

    check: str
    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


@dataclass
class VerifyReport:
    """What was checked and what is wrong.

    Attributes:
        checked: how many files (samples, for ``images``, ``boxes`` and ``labels``) each check that was made has
            looked at.
        faults: what they found, in the order of the files.
        errors: how far the boxes of clusters are from their ink; None if that was not asked for.
    """

    checked: dict[str, int]
    faults: list[Fault] = field(default_factory=list)
    errors: ErrorTable | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def rows(self) -> list[tuple[str, str, int, int]]:
        """A row for each check that was made: its name, what it means, how many it looked at, faults."""
        found = Counter(fault.check for fault in self.faults)
        return [(name, (CHECKS | LABELS)[name], count, found[name]) for name, count in self.checked.items()]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        found: dict[str, Any] = {
            "ok": self.ok,
            "checks": {name: {"checked": count, "faults": faults} for name, _, count, faults in self.rows()},
            "faults": [{"check": f.check, "file": f.file, "message": f.message} for f in self.faults],
        }
        return found if self.errors is None else {**found, "labels": self.errors.to_dict()}


def verify(
    root: str | Path,
    *,
    checks: Collection[str] = tuple(CHECKS),
    labels: bool = False,
    sample: int | None = None,
    fonts: Iterable[PathName] = (),
    backgrounds: Iterable[PathName] = (),
    progress: Callable[[int, int], None] | None = None,
) -> VerifyReport:
    """Check a dataset in the `files` layout.

    Args:
        root: its folder.
        checks: names from ``CHECKS``.
        labels: also draw each cluster alone and measure how far its box is from its ink; it is a fault if the 99th
            percentile passes ``LABELS_LIMIT_PX``.
        sample: how many samples ``images``, ``boxes`` and ``labels`` look at, spread evenly; None for all.
        fonts: where fonts may be, if not where the manifest has them.
        backgrounds: where backgrounds may be, likewise.
        progress: ``progress(done, total)`` in samples.

    Raises: RunError if there is no manifest, or a check is not known.
    """
    unknown = sorted(set(checks) - set(CHECKS))
    if unknown:
        raise RunError(f"there is no check {unknown[0]!r}; there are {', '.join(CHECKS)}")
    root = Path(root)
    manifest = read_manifest(root)
    if manifest is None:
        raise RunError(f"{root} holds no {names.MANIFEST}; is it the folder of a dataset?")
    wanted = [*(name for name in CHECKS if name in checks), *(LABELS if labels else ())]
    report = VerifyReport(dict.fromkeys(wanted, 0), errors=ErrorTable() if labels else None)
    visit = _Visit(root, report, Renderer(fonts, backgrounds, manifest))
    listed = dict(visit.listed(manifest))
    paths = [path for path in listed if path.endswith(".json")]
    if "counts" in report.checked:
        visit.counts(manifest, listed, len(paths))
    replayed = _spread(len(paths), sample)
    for number, path in enumerate(paths):
        visit.sample(path, listed, replay=number in replayed)
        if progress is not None:
            progress(number + 1, len(paths))
    if report.errors is not None and (worst := report.errors.whole).p99 > LABELS_LIMIT_PX:
        message = f"the 99th percentile is {worst.p99:.2f} px; at most {LABELS_LIMIT_PX:g} px are sound"
        report.faults.append(Fault("labels", names.IMAGES, message))
    return report


class _Visit:
    """One pass over a dataset: looks at each sample once and notes what is wrong with it."""

    def __init__(self, root: Path, report: VerifyReport, renderer: Renderer) -> None:
        self._root, self._report, self._renderer = root, report, renderer

    def listed(self, manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Path and SHA-256 of every file in the checksum lists."""
        for path, digest in manifest["checksums"].items():
            if not _is_inside(path, names.CHECKSUMS):
                self._note("hashes", names.MANIFEST, f"lists {path!r}, which is no checksum list")
                continue
            try:
                data = (self._root / path).read_bytes()
            except OSError as error:
                self._note("hashes", path, f"cannot be read: {error.strerror}")
                continue
            self._hash(path, data, digest)
            for line in data.decode("utf-8", "replace").splitlines():
                expected, _, name = line.partition("  ")
                if _is_inside(name, names.IMAGES):
                    yield name, expected
                else:
                    self._note("hashes", path, f"lists {name!r}, which is no file of a dataset")

    def counts(self, manifest: dict[str, Any], listed: dict[str, str], labels: int) -> None:
        """The sums of the manifest, the lists, and the files that are there."""
        requested, written, rejected = (manifest[key] for key in ("requested", "written", "rejected"))
        self._count("counts")
        if requested != written + rejected:
            self._note("counts", names.MANIFEST, f"{requested} requested, {written} written, {rejected} rejected")
        if sum(stop - start for start, stop in manifest["ranges"]) != requested:
            self._note("counts", names.MANIFEST, f"the ranges {manifest['ranges']} are not of {requested} samples")
        if labels != written or len(listed) != (2 + len(self._renderer.extras)) * written:
            self._note("counts", names.CHECKSUMS, f"{len(listed)} files of {written} samples are listed")
        rejects = self._root / names.REJECTS
        lines = len(rejects.read_bytes().splitlines()) if rejects.is_file() else 0
        if lines != rejected:
            self._note("counts", names.REJECTS, f"{lines} lines for {rejected} rejected samples")
        for path in sorted((self._root / names.IMAGES).rglob("*")):
            if path.is_file():
                self._count("counts")
                name = path.relative_to(self._root).as_posix()
                if name not in listed:
                    self._note("counts", name, "is in no checksum list")

    def sample(self, path: str, listed: dict[str, str], *, replay: bool) -> None:
        """The label at `path`, and its image."""
        label_data = self._read(path, listed[path])
        image_path = next((name for name in _images_beside(path) if name in listed), None)
        if image_path is None:
            self._note("counts", path, "has no image beside it in the checksum list")
        image = None if image_path is None else self._read(image_path, listed[image_path])
        extras = self._extras_beside(path, listed)
        if label_data is None or image is None:
            return
        try:
            label = read_label(self._root / path)
        except RenderError as error:
            self._note("schema", path, str(error))
            return
        self._count("schema")
        problems = label_problems(label)
        if not problems and label["image"] != image_path:
            problems = [f"image is {label['image']!r}"]
        for problem in problems:
            self._note("schema", path, problem)
        if replay:
            self._replay(path, label, image, extras, sound=not problems)

    def _extras_beside(self, path: str, listed: dict[str, str]) -> dict[str, bytes]:
        """What the dataset has beside an image, by name."""
        found = {}
        for name in self._renderer.extras:
            extra_path = _extra_beside(path, name)
            if extra_path not in listed:
                self._note("counts", path, f"has no {name} beside it in the checksum list")
            elif (data := self._read(extra_path, listed[extra_path])) is not None:
                found[name] = data
        return found

    def _replay(self, path: str, label: dict[str, Any], image: bytes, extras: dict[str, bytes], *, sound: bool) -> None:
        try:
            if "images" in self._report.checked:
                self._count("images")
                made, made_extras = self._renderer.files(label)
                self._compare(label["image"] if sound else path, image, made)
                for name, data in extras.items():
                    self._compare(_extra_beside(path, name), data, made_extras[name])
            if sound and "boxes" in self._report.checked:
                self._count("boxes")
                for problem in ink_problems(label, self._renderer.ink(label)):
                    self._note("boxes", path, problem)
            if sound and self._report.errors is not None:
                self._count("labels")
                self._measure(path, label, self._report.errors)
        except RenderError as error:
            check = next((name for name in ("images", "boxes", "labels") if name in self._report.checked), "images")
            self._note(check, path, str(error))

    def _measure(self, path: str, label: dict[str, Any], errors: ErrorTable) -> None:
        """Each cluster's box in the label against the ink of that cluster alone."""
        plan, there = self._renderer.cluster_ink(label)
        inked = [box["ink"] for box in label["bboxes"]]
        if inked != there.labels.ink.tolist():
            self._note("labels", path, "its clusters with ink are not those that its plan makes")
            return
        for cluster in there.lost().tolist():
            self._note("labels", path, f"bboxes[{cluster}] holds no ink")
        errors.add(plan, there.labels, there.errors(boxes_of(label)))

    def _compare(self, path: str, there: bytes, made: bytes) -> None:
        if there == made:
            return
        # An encoder may give other bytes on another type of processor; the pixels have to be the same.
        old, new = _pixels(there), _pixels(made)
        if old is None or new is None:
            self._note("images", path, "cannot be decoded")
        elif old.shape != new.shape:
            self._note("images", path, f"has the shape {old.shape}; its label makes {new.shape}")
        elif not np.array_equal(old, new):
            self._note("images", path, f"differs from what its label makes in {np.count_nonzero(old != new)} values")

    def _read(self, path: str, digest: str) -> bytes | None:
        try:
            data = (self._root / path).read_bytes()
        except OSError as error:
            self._count("hashes")
            self._note("hashes", path, f"cannot be read: {error.strerror}")
            return None
        self._hash(path, data, digest)
        return data

    def _hash(self, path: str, data: bytes, digest: str) -> None:
        self._count("hashes")
        now = hashlib.sha256(data).hexdigest()
        if now != digest:
            self._note("hashes", path, f"has changed: its SHA-256 was {digest[:16]}... and is {now[:16]}...")

    def _count(self, check: str) -> None:
        if check in self._report.checked:
            self._report.checked[check] += 1

    def _note(self, check: str, file: str, message: str) -> None:
        if check in self._report.checked:
            self._report.faults.append(Fault(check, file, message))


def _is_inside(name: str, folder: str) -> bool:
    """Whether a path, relative to the dataset, leads into one of its folders, and is one that a file may have."""
    return name.startswith(f"{folder}/") and ".." not in name.split("/") and name.isprintable()


def _images_beside(label_path: str) -> Iterator[str]:
    return (label_path.removesuffix(".json") + suffix for suffix in (".png", ".jpg", ".webp"))


def _extra_beside(label_path: str, name: str) -> str:
    return f"{label_path.removesuffix('.json')}.{name}.png"


def _spread(total: int, wanted: int | None) -> Collection[int]:
    """Which of `total` samples to take, evenly spread."""
    if wanted is None or wanted >= total:
        return range(total)
    return {number * total // wanted for number in range(wanted)}


def _pixels(data: bytes) -> NDArray[Any] | None:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
