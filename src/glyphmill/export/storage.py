"""Where datasets lie: a folder of this machine, or object storage, behind one set of operations."""

from __future__ import annotations

import errno
from contextlib import AbstractContextManager
from io import BufferedIOBase
from pathlib import Path, PureWindowsPath
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname


class Batch(Protocol):
    """Many files that become durable together."""

    def write(self, path: str, data: bytes) -> None:
        """Add a file. Raises: OSError."""
        ...


class Storage(Protocol):
    """Files by their path relative to a dataset's root: with `/`, without `..`, never absolute.

    A file is there whole or not at all, and once it is there it stays, even if the machine loses power.
    Every operation may raise OSError.
    """

    @property
    def location(self) -> str:
        """The folder or address, for messages and for `open_storage` in another process."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Make or replace one file."""
        ...

    def create(self, path: str) -> AbstractContextManager[BinaryIO]:
        """A file to write piece by piece. It is there once the block ends without an error; else nothing is left."""
        ...

    def batch(self) -> AbstractContextManager[Batch]:
        """Make or replace many files. All are there once the block ends without an error."""
        ...

    def open(self, path: str) -> BufferedIOBase:
        """A file to read piece by piece. Raises: FileNotFoundError."""
        ...

    def read(self, path: str) -> bytes:
        """A whole file. Raises: FileNotFoundError."""
        ...

    def size(self, path: str) -> int | None:
        """Bytes of a file; None where there is none."""
        ...

    def names(self, folder: str) -> list[str]:
        """Names of what lies directly in a folder, files and folders, sorted; `""` is the root itself."""
        ...

    def remove(self, path: str) -> None:
        """Take a file away; it does not have to be there."""
        ...


def open_storage(where: str | Path) -> Storage:
    """The storage at a folder, or at an address such as ``s3://bucket/folder`` or ``gs://bucket/folder``.

    Raises: RemoteError if the address cannot be understood or reached, or the extra that it needs is not installed.
    """
    if isinstance(where, str) and where.startswith("file://"):
        where = url2pathname(urlsplit(where).path)
    if isinstance(where, str) and "://" in where:
        from glyphmill.export.remote import RemoteStorage

        return RemoteStorage(where)
    from glyphmill.export.local import LocalStorage

    return LocalStorage(Path(where))


def checked(path: str) -> str:
    """The path itself, which does not lead out of the dataset.

    Raises: OSError if it might: what another's dataset says of itself is not to be trusted.
    """
    strange = any(part in {"", ".", ".."} for part in path.split("/")) or "\\" in path or "\0" in path
    if strange or PureWindowsPath(path).drive:
        raise OSError(errno.EINVAL, "not a path within a dataset, such as images/000000/000000000.png", path)
    return path
