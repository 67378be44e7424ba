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
        checked: how many files (samples, for ``images`` and ``boxes``) each check that was made has looked at.
        faults: what they found, in the order of the files.
    """

    checked: dict[str, int]
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def rows(self) -> list[tuple[str, str, int, int]]:
        """A row for each check that was made: its name, what it means, how many it looked at, faults."""
        found = Counter(fault.check for fault in self.faults)
        return [(name, CHECKS[name], count, found[name]) for name, count in self.checked.items()]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "ok": self.ok,
            "checks": {name: {"checked": count, "faults": faults} for name, _, count, faults in self.rows()},
            "faults": [{"check": f.check, "file": f.file, "message": f.message} for f in self.faults],
        }


def verify(
    root: str | Path,
    *,
    checks: Collection[str] = tuple(CHECKS),
    sample: int | None = None,
    fonts: Iterable[PathName] = (),
    backgrounds: Iterable[PathName] = (),
    progress: Callable[[int, int], None] | None = None,
) -> VerifyReport:
    """Check a dataset in the `files` layout.

    Args:
        root: its folder.
        checks: names from ``CHECKS``.
        sample: how many samples the checks ``images`` and ``boxes`` look at, spread evenly; None for all.
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
    report = VerifyReport({name: 0 for name in CHECKS if name in checks})
    visit = _Visit(root, report, Renderer(fonts, backgrounds, manifest))
    listed = dict(visit.listed(manifest))
    labels = [path for path in listed if path.endswith(".json")]
    if "counts" in report.checked:
        visit.counts(manifest, listed, len(labels))
    replayed = _spread(len(labels), sample)
    for number, path in enumerate(labels):
        visit.sample(path, listed, replay=number in replayed)
        if progress is not None:
            progress(number + 1, len(labels))
    return report


class _Visit:
    """One pass over a dataset: looks at each sample once and notes what is wrong with it."""

    def __init__(self, root: Path, report: VerifyReport, renderer: Renderer) -> None:
        self._root, self._report, self._renderer = root, report, renderer

    def listed(self, manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Path and SHA-256 of every file in the checksum lists."""
        for path, digest in manifest["checksums"].items():
            try:
                data = (self._root / path).read_bytes()
            except OSError as error:
                self._note("hashes", path, f"cannot be read: {error.strerror}")
                continue
            self._hash(path, data, digest)
            for line in data.decode("utf-8", "replace").splitlines():
                expected, _, name = line.partition("  ")
                if self._is_inside(name):
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
        if labels != written or len(listed) != 2 * written:
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
            self._replay(path, label, image, sound=not problems)

    def _replay(self, path: str, label: dict[str, Any], image: bytes, *, sound: bool) -> None:
        try:
            if "images" in self._report.checked:
                self._count("images")
                self._compare(label["image"] if sound else path, image, self._renderer.image(label))
            if sound and "boxes" in self._report.checked:
                self._count("boxes")
                for problem in ink_problems(label, self._renderer.ink(label)):
                    self._note("boxes", path, problem)
        except RenderError as error:
            self._note("images" if "images" in self._report.checked else "boxes", path, str(error))

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

    def _is_inside(self, name: str) -> bool:
        return name.startswith(f"{names.IMAGES}/") and ".." not in name.split("/")

    def _count(self, check: str) -> None:
        if check in self._report.checked:
            self._report.checked[check] += 1

    def _note(self, check: str, file: str, message: str) -> None:
        if check in self._report.checked:
            self._report.faults.append(Fault(check, file, message))


def _images_beside(label_path: str) -> Iterator[str]:
    return (label_path.removesuffix(".json") + suffix for suffix in (".png", ".jpg", ".webp"))


def _spread(total: int, wanted: int | None) -> Collection[int]:
    """Which of `total` samples to take, evenly spread."""
    if wanted is None or wanted >= total:
        return range(total)
    return {number * total // wanted for number in range(wanted)}


def _pixels(data: bytes) -> NDArray[Any] | None:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
