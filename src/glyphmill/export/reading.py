"""Finished datasets read back, in any layout: which files belong together, and the samples in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Protocol

from glyphmill.export import names
from glyphmill.export.storage import Storage
from glyphmill.export.stored import IMAGE_KINDS, StoredError, StoredSample

#: Paths of files that are read together.
Group = Sequence[str]


class Source(Protocol):
    """Where files are read from: a Storage, or what stands for one."""

    def read(self, path: str) -> bytes:
        """A whole file. Raises: OSError."""
        ...

    def open(self, path: str) -> BufferedIOBase:
        """A file to read piece by piece. Raises: OSError."""
        ...


class Reader(Protocol):
    """Reads the files of one layout."""

    def holds(self, path: str) -> bool:
        """Whether a file with samples can have this path; lists may name others, which are not to be opened."""
        ...

    def folders(self, storage: Storage) -> Iterable[str]:
        """The folders that files with samples lie in, in the order of their indices. Raises: OSError."""
        ...

    def groups(self, paths: Iterable[str]) -> Iterable[Group]:
        """The files of each sample, or each shard."""
        ...

    def labelled(self, group: Group) -> bool:
        """Whether there are labels among the files of a group."""
        ...

    def place(self, group: Group) -> str:
        """What the paths of a sample's parts are to be put behind to name them in the whole dataset."""
        ...

    def indices(self, source: Source, group: Group) -> list[int]:
        """The indices of the samples in a group, in order. Raises: StoredError; OSError."""
        ...

    def samples(self, source: Source, group: Group, wanted: Container[int] | None = None) -> Iterator[StoredSample]:
        """The samples in a group, in order; only those with these indices, if any are given.

        Raises: StoredError; OSError.
        """
        ...


class FilesReader:
    """Each sample has files of its own."""

    def holds(self, path: str) -> bool:
        match = re.fullmatch(r".*/([0-9]{9,})\.[a-z_.]+", path)
        return match is not None and path.startswith(f"{names.stem_path(int(match[1]))}.")

    def folders(self, storage: Storage) -> Iterable[str]:
        numbers = sorted((name for name in storage.names(names.IMAGES) if name.isdecimal()), key=int)
        return (f"{names.IMAGES}/{number}" for number in numbers)

    def groups(self, paths: Iterable[str]) -> Iterable[Group]:
        found: dict[str, list[str]] = {}
        for path in paths:
            found.setdefault(path.partition(".")[0], []).append(path)
        return found.values()

    def labelled(self, group: Group) -> bool:
        return any(path.endswith(".json") for path in group)

    def place(self, group: Group) -> str:
        return ""

    def indices(self, source: Source, group: Group) -> list[int]:
        return [_index(group[0])]

    def samples(self, source: Source, group: Group, wanted: Container[int] | None = None) -> Iterator[StoredSample]:
        index = _index(group[0])
        if wanted is not None and index not in wanted:
            return
        beside = {path.partition(".")[2]: path for path in group}
        label = beside.pop("json", None)
        image = next((beside.pop(kind) for kind in IMAGE_KINDS if kind in beside), None)
        if label is None or image is None:
            raise StoredError(f"no {'image' if label else 'label'} belongs to it")
        extras = {path: source.read(path) for path in beside.values()}
        yield StoredSample(index, image, source.read(image), source.read(label), extras)


def _index(path: str) -> int:
    return int(path.partition(".")[0].rpartition("/")[2])


@dataclass(frozen=True)
class ShardReader:
    """Each file has the samples of a range.

    Attributes:
        path: of a shard, by its number.
        read: the samples of a shard; only those with these indices, if any are given.
        read_indices: the indices of all of them.
    """

    path: Callable[[int], str]
    read: Callable[[BufferedIOBase, Container[int] | None], Iterator[StoredSample]]
    read_indices: Callable[[BufferedIOBase], list[int]]

    def holds(self, path: str) -> bool:
        match = re.search(r"[0-9]{6,}", path)
        return match is not None and path == self.path(int(match[0]))

    def folders(self, storage: Storage) -> Iterable[str]:
        return [self.path(0).rpartition("/")[0]]

    def groups(self, paths: Iterable[str]) -> Iterable[Group]:
        return ([path] for path in paths)

    def labelled(self, group: Group) -> bool:
        return True

    def place(self, group: Group) -> str:
        return f"{group[0]}/"

    def indices(self, source: Source, group: Group) -> list[int]:
        with source.open(group[0]) as file:
            return self.read_indices(file)

    def samples(self, source: Source, group: Group, wanted: Container[int] | None = None) -> Iterator[StoredSample]:
        with source.open(group[0]) as file:
            yield from self.read(file, wanted)


def _webdataset() -> Reader:
    from glyphmill.export.webdataset import read_indices, read_shard

    return ShardReader(names.tar_path, read_shard, read_indices)


def _parquet() -> Reader:
    from glyphmill.export.parquet import load_pyarrow, read_indices, read_shard

    load_pyarrow()  # or every shard would be found to be faulty
    return ShardReader(names.parquet_path, read_shard, read_indices)


_READERS: Mapping[str, Callable[[], Reader]] = {"files": FilesReader, "webdataset": _webdataset, "parquet": _parquet}


def open_reader(layout: str) -> Reader:
    """The reader of a layout.

    Raises: StoredError if this version knows no such layout, or an extra that it needs is not installed.
    """
    if layout not in _READERS:
        raise StoredError(f"the layout is {layout!r}; this version reads {', '.join(_READERS)}")
    return _READERS[layout]()
