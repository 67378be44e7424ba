"""Layouts of a dataset: how the samples of one range become files."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from glyphmill.config.extras import EXTRAS
from glyphmill.export import names
from glyphmill.export.files import SampleFiles
from glyphmill.export.storage import Batch, Storage

#: Of each file by its path: SHA-256, hex, and bytes.
FileFacts = Mapping[str, tuple[str, int]]


class RangeWriter(Protocol):
    """Takes the samples of one range in index order; what it took is durable once its block ends."""

    def add(self, sample: SampleFiles) -> FileFacts:
        """Take a sample. Returns: the files that are its own. Raises: OSError."""
        ...

    def drop(self, index: int) -> None:
        """There is no sample of this index: take away what an earlier run may have left. Raises: OSError."""
        ...

    def finish(self) -> FileFacts:
        """No more samples come. Returns: the files that the samples share. Raises: OSError."""
        ...


class Layout(Protocol):
    """How samples become files.

    Attributes:
        name: as users write it.
        samples: of one range, unless they say otherwise; None where that depends on the size of the job.
    """

    @property
    def name(self) -> str: ...

    @property
    def samples(self) -> int | None: ...

    def stem(self, index: int) -> str:
        """Path of a sample's files without their extensions; what the label calls its image begins with it."""
        ...

    def writing(
        self, storage: Storage, number: int, extension: str, extras: Sequence[str]
    ) -> AbstractContextManager[RangeWriter]:
        """Write the range of that number; its images have this extension, and these extras beside them."""
        ...


class FilesLayout:
    """Each image with its label beside it, in folders of at most 10,000 samples."""

    name: str = "files"
    samples: int | None = None

    def stem(self, index: int) -> str:
        return names.stem_path(index)

    @contextlib.contextmanager
    def writing(
        self, storage: Storage, number: int, extension: str, extras: Sequence[str] = ()
    ) -> Iterator[RangeWriter]:
        with storage.batch() as batch:
            yield FilesWriter(storage, batch, extension)


class FilesWriter:
    """Writes the files of each sample under temporary names; its batch names them together."""

    def __init__(self, storage: Storage, batch: Batch, extension: str) -> None:
        self._storage, self._batch, self._extension = storage, batch, extension

    def add(self, sample: SampleFiles) -> FileFacts:
        files = sample.files()
        for path, data in files.items():
            self._batch.write(path, data)
        return {path: (hashlib.sha256(data).hexdigest(), len(data)) for path, data in files.items()}

    def drop(self, index: int) -> None:
        for suffix in (self._extension, *(f"{extra}.png" for extra in EXTRAS), "json"):
            self._storage.remove(f"{names.stem_path(index)}.{suffix}")

    def finish(self) -> FileFacts:
        return {}


class Shard(Protocol):
    """A file that holds many samples, written from start to end."""

    def add(self, sample: SampleFiles) -> None:
        """Append a sample."""
        ...

    def close(self) -> None:
        """Write what stands at the end; the file itself stays open."""
        ...


@dataclass(frozen=True)
class ShardLayout:
    """One file for each range.

    Attributes:
        path: of the file of a range, by its number.
        shard: writes the samples into it, with these extras.
    """

    name: str
    samples: int
    path: Callable[[int], str]
    shard: Callable[[BinaryIO, Sequence[str]], Shard]

    def stem(self, index: int) -> str:
        return f"{index:09d}"

    @contextlib.contextmanager
    def writing(
        self, storage: Storage, number: int, extension: str, extras: Sequence[str] = ()
    ) -> Iterator[RangeWriter]:
        path = self.path(number)
        with storage.create(path) as file:
            hashed = _Hashed(file)
            yield _ShardWriter(path, hashed, self.shard(hashed, extras))  # type: ignore[arg-type]  # it is written to, no more


class _ShardWriter:
    def __init__(self, path: str, file: _Hashed, shard: Shard) -> None:
        self._path, self._file, self._shard = path, file, shard

    def add(self, sample: SampleFiles) -> FileFacts:
        self._shard.add(sample)
        return {}

    def drop(self, index: int) -> None:
        """A sample that is not added is not there."""

    def finish(self) -> FileFacts:
        self._shard.close()
        return {self._path: (self._file.digest.hexdigest(), self._file.tell())}


class _Hashed(io.RawIOBase):
    """A file that is written from start to end, with the digest of what went into it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self._size = file, 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self._file.write(view)
        self.digest.update(view)
        self._size += len(view)
        return len(view)

    def tell(self) -> int:
        return self._size


def find_layout(name: str) -> Layout:
    """The layout of that name, one of ``LAYOUTS``."""
    return LAYOUTS[name]()


def _webdataset() -> Layout:
    from glyphmill.export.webdataset import TarShard

    return ShardLayout("webdataset", 1000, names.tar_path, lambda file, extras: TarShard(file))


def _parquet() -> Layout:
    from glyphmill.export.parquet import ParquetShard, load_pyarrow

    load_pyarrow()
    return ShardLayout("parquet", 1000, names.parquet_path, ParquetShard)


#: Every layout; those that need more than is always there are imported when they are used.
LAYOUTS: Mapping[str, Callable[[], Layout]] = {"files": FilesLayout, "webdataset": _webdataset, "parquet": _parquet}
