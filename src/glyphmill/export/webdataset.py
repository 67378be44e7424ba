"""The `webdataset` layout: tar files in which the parts of a sample share the name before the first dot.

Source: https://github.com/webdataset/webdataset; POSIX.1-1988 (ustar) for the tar file.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Container, Iterator
from io import BufferedIOBase
from itertools import groupby
from typing import BinaryIO

from glyphmill.export.files import SampleFiles
from glyphmill.export.stored import IMAGE_KINDS, StoredError, StoredSample, fields_of

_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)
_NAME = re.compile(r"([0-9]{9}|[1-9][0-9]{9,})\.([^/]+)")

#: Name and content of one file of a tar.
_Member = tuple[str, bytes]


class TarShard:
    """Writes samples into a tar as they come, and holds none of them.

    The members of sample 7 are ``000000007.png`` (or ``.jpg``, ``.webp``), its extras by name, ``000000007.json``
    and ``000000007.txt``, in this order. The same samples give the same bytes: no member has a time or an owner.

    Args:
        file: a new file, open for writing; it is left open.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, sample: SampleFiles) -> None:
        """Write a sample; samples come in the order of their indices. Raises: OSError."""
        self._write(sample.image_path, sample.image)
        for path, data in sorted(sample.extras.items()):
            self._write(path, data)
        self._write(sample.label_path, sample.label)
        self._write(f"{sample.stem}.txt", sample.fields["text"].encode())

    def close(self) -> None:
        """Write the end of the tar. Raises: OSError."""
        self._file.write(_END)

    def _write(self, name: str, data: bytes) -> None:
        header = tarfile.TarInfo(name)
        header.size, header.mode = len(data), 0o444
        self._file.write(header.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict"))
        self._file.write(data)
        self._file.write(bytes(-len(data) % _BLOCK))


def read_indices(file: BufferedIOBase) -> list[int]:
    """The indices of the samples of a shard, in order. Raises: as ``read_shard``."""
    return [index for index, _ in groupby(_members(file), lambda member: _index(member[0]))]


def read_shard(file: BufferedIOBase, wanted: Container[int] | None = None) -> Iterator[StoredSample]:
    """The samples of a shard in order, all or those with these indices; memory holds one at a time.

    Raises: StoredError if it is not, to its last byte, what ``TarShard`` writes; OSError.
    """
    last = -1
    for index, members in groupby(_members(file), lambda member: _index(member[0])):
        if index <= last:
            raise StoredError(f"sample {index} comes after sample {last}")
        last = index
        if wanted is None or index in wanted:
            yield _sample(index, list(members))


def _members(file: BufferedIOBase) -> Iterator[_Member]:
    # Not by `tarfile`: it takes a damaged header for the end of the file, and says nothing.
    at = 0
    while (block := file.read(_BLOCK)) != _END[:_BLOCK]:
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise StoredError(f"there is no sound header at byte {at}: {error}") from error
        if header.type != tarfile.REGTYPE or header.size < 0:
            raise StoredError(f"{header.name!r} at byte {at} is no plain file")
        padding = -header.size % _BLOCK
        data = file.read(header.size)
        if len(data) < header.size or file.read(padding) != bytes(padding):
            raise StoredError(f"{header.name!r} at byte {at} is cut short or damaged")
        yield header.name, data
        at += _BLOCK + header.size + padding
    if file.read(_BLOCK + 1) != _END[_BLOCK:]:
        raise StoredError(f"the end at byte {at} is cut short, or something follows it")


def _index(name: str) -> int:
    match = _NAME.fullmatch(name)
    if match is None:
        raise StoredError(f"the name {name!r} is not that of a part of a sample, such as '000000007.png'")
    return int(match[1])


def _sample(index: int, members: list[_Member]) -> StoredSample:
    kinds = [name.partition(".")[2] for name, _ in members]
    extras = sorted({kind for kind in kinds if kind.endswith(".png")})
    if kinds[0] not in IMAGE_KINDS or kinds[1:] != [*extras, "json", "txt"]:
        raise StoredError(f"sample {index} has the parts {', '.join(kinds)}; expected an image, extras, json, txt")
    (image_path, image), *beside, (_, label), (_, text) = members
    expected = fields_of(label, index).get("text")
    if not isinstance(expected, str) or text != expected.encode():
        raise StoredError(f"the text of sample {index} is not that of its label")
    return StoredSample(index, image_path, image, label, dict(beside))
