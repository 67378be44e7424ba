"""Datasets in a folder of this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO

from glyphmill.export import durable
from glyphmill.export.storage import checked


class LocalStorage:
    """A folder, which is made when something is first written to it.

    Attributes:
        root: the folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def location(self) -> str:
        return str(self.root)

    def path(self, path: str) -> Path:
        """Where a file lies, or would lie."""
        return self.root / checked(path)

    def write(self, path: str, data: bytes) -> None:
        durable.write_file(self.path(path), data)

    def create(self, path: str) -> AbstractContextManager[BinaryIO]:
        return durable.open_file(self.path(path))

    @contextlib.contextmanager
    def batch(self) -> Iterator[_LocalBatch]:
        batch = _LocalBatch(self)
        try:
            yield batch
            durable.name(batch.paths)
        except BaseException:
            for path in batch.paths:
                durable.discard(path)
            raise

    def open(self, path: str) -> BufferedIOBase:
        return self.path(path).open("rb")

    def read(self, path: str) -> bytes:
        return self.path(path).read_bytes()

    def size(self, path: str) -> int | None:
        try:
            return self.path(path).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(path.name for path in (self.path(folder) if folder else self.root).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def remove(self, path: str) -> None:
        durable.remove_file(self.path(path))


class _LocalBatch:
    """Keeps the paths, never the contents."""

    def __init__(self, storage: LocalStorage) -> None:
        self._storage = storage
        self.paths: list[Path] = []

    def write(self, path: str, data: bytes) -> None:
        target = self._storage.path(path)
        self.paths.append(target)
        durable.write_temporary(target, data)
