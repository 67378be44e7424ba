"""Datasets in object storage: S3 and what speaks its protocol (`s3://`), Google Cloud Storage (`gs://`).

An object is there whole or not at all by the storage's own rules, and stays once the upload is confirmed. Credentials
are found as the providers' own tools find them: in the environment, in their files, from the machine's role.
"""

from __future__ import annotations

import io
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, BinaryIO

from glyphmill.export.connection import Connection, connect, errors_about
from glyphmill.export.storage import checked

#: What is read or sent at a time: S3 stores an object in such parts, of which it allows 10,000.
_PIECE = 16 * 1024 * 1024
#: Uploads of a batch that memory holds.
_WAITING = 8


class RemoteStorage:
    """A bucket, or a folder of one.

    Args:
        url: such as ``s3://bucket/folder`` or ``gs://bucket/folder``. Options may follow, as in
            ``s3://bucket/folder?region=eu-west-1``: for S3 ``region``, ``scheme`` (``http`` or ``https``) and
            ``endpoint_override`` (host and port of another provider); for Google ``project_id`` and those two.

    Raises: RemoteError if the address cannot be understood or reached, or the extra `storage` is not installed.
    """

    def __init__(self, url: str) -> None:
        self._url, self._connection = url, connect(url)

    @property
    def location(self) -> str:
        return self._url

    def write(self, path: str, data: bytes) -> None:
        self._start(path, io.BytesIO(data)).result()

    @contextmanager
    def create(self, path: str) -> Iterator[BinaryIO]:
        checked(path)
        with _spooled() as file:
            yield file
            file.seek(0)
            self._start(path, file).result()

    @contextmanager
    def batch(self) -> Iterator[_RemoteBatch]:
        with _spooled() as file:
            batch = _RemoteBatch(file)
            yield batch
            uploads: deque[Future[None]] = deque()
            for path, data in batch.contents():
                if len(uploads) == _WAITING:
                    uploads.popleft().result()
                uploads.append(self._start(path, io.BytesIO(data)))
            while uploads:
                uploads.popleft().result()

    def open(self, path: str) -> io.BufferedReader:
        key, address = self._named(path)
        with errors_about(address):
            return io.BufferedReader(_Reader(self._files.open_input_file(key), address), _PIECE)

    def read(self, path: str) -> bytes:
        with self.open(path) as file:
            return file.read()

    def size(self, path: str) -> int | None:
        key, address = self._named(path)
        with errors_about(address):
            info = self._files.get_file_info(key)
        return int(info.size) if info.is_file else None

    def names(self, folder: str) -> list[str]:
        from pyarrow.fs import FileSelector

        key, address = self._named(folder) if folder else (self._connection.base, self._connection.address)
        with errors_about(address):
            found = self._files.get_file_info(FileSelector(key, allow_not_found=True))
        return sorted(info.base_name for info in found)

    def remove(self, path: str) -> None:
        key, address = self._named(path)
        try:
            with errors_about(address):
                self._files.delete_file(key)
        except FileNotFoundError:
            return

    @property
    def _files(self) -> Any:
        return self._connection.files

    def _named(self, path: str) -> tuple[str, str]:
        """What the client calls a file, and its address for messages."""
        return f"{self._connection.base}/{checked(path)}", f"{self._connection.address}/{path}"

    def _start(self, path: str, source: BinaryIO) -> Future[None]:
        # In a thread, where Ctrl-C does not strike: an upload that it cuts off would count as complete.
        return self._connection.threads.submit(_upload, self._connection, *self._named(path), source)


class _RemoteBatch:
    """Files that wait in a temporary file, one behind the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sizes = file, list[tuple[str, int]]()

    def write(self, path: str, data: bytes) -> None:
        self._sizes.append((checked(path), len(data)))
        self._file.write(data)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Each path with its bytes."""
        self._file.seek(0)
        for path, size in self._sizes:
            yield path, self._file.read(size)


class _Reader(io.RawIOBase):
    """A pyarrow file as Python knows files, with errors that say which one it is."""

    def __init__(self, file: Any, address: str) -> None:
        super().__init__()
        self._file, self._address = file, address

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readall(self) -> bytes:
        with errors_about(self._address):
            return bytes(self._file.read())

    def readinto(self, buffer: Any) -> int:
        with errors_about(self._address):
            return int(self._file.readinto(buffer))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with errors_about(self._address):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


def _upload(connection: Connection, key: str, address: str, source: BinaryIO) -> None:
    with errors_about(address):
        stream = connection.files.open_output_stream(key)
        while True:
            try:
                piece = source.read(_PIECE)
            except BaseException:
                # A stream cannot be given up: it is completed with what it has, at the latest when it is freed.
                stream.close()
                connection.files.delete_file(key)
                raise
            if not piece:
                break
            stream.write(piece)
        stream.close()


@contextmanager
def _spooled() -> Iterator[BinaryIO]:
    """A temporary file. That its disk is full is said of the folder of such files, for it has no name itself."""
    try:
        with tempfile.TemporaryFile() as file:
            yield file
    except OSError as error:
        if error.filename is None:
            error.filename = tempfile.gettempdir()
        raise
