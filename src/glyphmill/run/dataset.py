"""A dataset to be read: its manifest and its samples, whatever their layout and wherever it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from os import PathLike, fspath
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from glyphmill.export import names
from glyphmill.export.reading import Group, Reader, open_reader
from glyphmill.export.storage import Storage, open_storage
from glyphmill.export.stored import StoredError, StoredSample, fields_of
from glyphmill.run.label_check import sample_problems
from glyphmill.run.manifest import read_manifest
from glyphmill.run.outcome import RunError


@dataclass(frozen=True)
class Entry:
    """A sample of a dataset, and where it is.

    Attributes:
        place: what the paths of its parts are to be put behind, for messages.
        sample: what is stored.
    """

    place: str
    sample: StoredSample

    @property
    def index(self) -> int:
        """The sample index."""
        return self.sample.index

    def label(self) -> dict[str, Any]:
        """Its label, which is in the label format. Raises: StoredError."""
        try:
            label = fields_of(self.sample.label, self.index)
        except StoredError as error:
            raise self.fault(str(error)) from error
        for problem in sample_problems(label, self.sample.image_path):
            raise self.fault(problem)
        return label

    def image(self) -> NDArray[np.uint8]:
        """Its pixels, RGB (H, W, 3). Raises: StoredError."""
        pixels = decoded(self.sample.image)
        if pixels is None:
            raise _fault(f"{self.place}{self.sample.image_path}", "not an image that can be read")
        return pixels

    def fault(self, reason: str) -> StoredError:
        """What is to be raised if something is wrong with it."""
        return _fault(f"{self.place}{self.sample.label_path}", reason)


class Dataset:
    """A dataset, finished or not; its samples are read when they are asked for.

    Attributes:
        storage: where it lies.
        manifest: what it says of itself.
    """

    def __init__(self, storage: Storage, manifest: dict[str, Any]) -> None:
        self.storage, self.manifest = storage, manifest

    @cached_property
    def reader(self) -> Reader:
        """Reads its files.

        Raises: RunError if this version does not know the layout, or an extra that it needs is not installed.
        """
        # The first datasets had only one layout, and did not tell.
        layout = self.manifest.get("layout", {"name": "files"})
        try:
            return open_reader(str(layout.get("name") if isinstance(layout, dict) else layout))
        except StoredError as error:
            raise RunError(f"cannot read the dataset in {self.storage.location}: {error}") from error

    def samples(self) -> Iterator[Entry]:
        """Every sample with a label, in the order of indices. Raises: StoredError."""
        for group in self._groups():
            if self.reader.labelled(group):
                yield from self._read(group)

    def spread(self, count: int) -> Iterator[Entry]:
        """`count` samples with labels, spread evenly; all if there are fewer.

        Of more files than that, each of which holds many samples, it is the first one in some of them, for the others
        would have to be read to be counted.

        Raises: StoredError.
        """
        groups = [group for group in self._groups() if self.reader.labelled(group)]
        if len(groups) >= count:
            for place in sorted(evenly(len(groups), count)):
                yield from islice(self._read(groups[place]), 1)
            return
        there = []
        for group in groups:
            with self._errors_of(group):
                there += [(group, index) for index in self.reader.indices(self.storage, group)]
        chosen = [there[place] for place in sorted(evenly(len(there), count))]
        for group, members in groupby(chosen, key=lambda found: found[0]):
            yield from self._read(group, {index for _, index in members})

    def unlabelled(self) -> int:
        """How many samples have files but no label, as after a run that was killed."""
        return sum(not self.reader.labelled(group) for group in self._groups())

    def label(self, path: str) -> bytes:
        """The label with this path, which may lead into a file that holds many.

        Raises: StoredError; OSError.
        """
        shard, _, name = path.rpartition("/")
        try:
            return self.storage.read(path)
        except (FileNotFoundError, NotADirectoryError):
            if not self.reader.holds(shard):
                raise
        digits = name.partition(".")[0]
        wanted = {int(digits)} if digits.isdecimal() else set()
        found = (entry.sample for entry in self._read([shard], wanted) if entry.sample.label_path == name)
        sample = next(found, None)
        if sample is None:
            raise StoredError(
                f"{self.storage.location}/{shard} holds no label {name!r}; they are named like 000000012.json"
            )
        return sample.label

    def _groups(self) -> Iterator[Group]:
        for folder in self.reader.folders(self.storage):
            paths = [f"{folder}/{name}" if folder else name for name in self.storage.names(folder)]
            # Numbers beyond the usual digits come last.
            paths.sort(key=lambda path: (len(path.partition(".")[0]), path))
            yield from self.reader.groups(path for path in paths if self.reader.holds(path))

    def _read(self, group: Group, wanted: Collection[int] | None = None) -> Iterator[Entry]:
        place = f"{self.storage.location}/{self.reader.place(group)}"
        with self._errors_of(group):
            for sample in self.reader.samples(self.storage, group, wanted):
                yield Entry(place, sample)

    @contextmanager
    def _errors_of(self, group: Group) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            name = error.filename or f"{self.storage.location}/{group[0]}"
            raise _fault(str(name), error.strerror or str(error)) from error
        except StoredError as error:
            raise _fault(f"{self.storage.location}/{group[0]}", str(error)) from error


def find_dataset(where: str | Path) -> Dataset:
    """The dataset in a folder, or at an address.

    Raises: RunError if there is no manifest, or none that this version reads; RemoteError.
    """
    storage = open_storage(where)
    manifest = read_manifest(storage)
    if manifest is None:
        raise RunError(f"{storage.location} holds no {names.MANIFEST}; is it the folder of a dataset?")
    return Dataset(storage, manifest)


def dataset_above(where: str | PathLike[str]) -> tuple[Dataset, str] | None:
    """The dataset in the nearest folder above a file that has a manifest, and the file's path in it.

    Raises: RunError if this version does not read the manifest; RemoteError.
    """
    for folder, path in _folders_above(fspath(where)):
        if open_storage(folder).size(names.MANIFEST) is not None:
            return find_dataset(folder), path
    return None


def _folders_above(where: str) -> Iterator[tuple[str, str]]:
    """Each folder that a file lies in, from the nearest on, and the file's path in it."""
    if "://" not in where:
        path = Path(where).absolute()
        yield from ((str(folder), path.relative_to(folder).as_posix()) for folder in path.parents)
        return
    address = urlsplit(where)
    parts = address.path.strip("/").split("/")
    for depth in reversed(range(len(parts))):
        folder = "/".join(["", *parts[:depth]])
        yield urlunsplit(address._replace(path=folder)), "/".join(parts[depth:])


def decoded(data: bytes) -> NDArray[np.uint8] | None:
    """The pixels of an image file, RGB (H, W, 3); None if it is none."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) if data else None
    return None if pixels is None else np.asarray(pixels, np.uint8)


def evenly(total: int, wanted: int | None) -> Collection[int]:
    """Which of `total` things to take, evenly spread; all of them for None."""
    if wanted is None or wanted >= total:
        return range(total)
    return {number * total // wanted for number in range(wanted)}


def _fault(name: str, reason: str) -> StoredError:
    return StoredError(f"{name}: {reason}. `glyphmill verify` lists every bad file.")
