"""The one way in which files come into being: whole or not at all, and there to stay.

A file is written under a temporary name, flushed to the disk, given its name, and the folder that
now lists it is flushed. Whoever looks sees the old file or the whole new one, also after a loss of power: fsync(2),
rename(2).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, data: bytes) -> None:
    """Make or replace one file; missing folders are made.

    Raises: OSError of the write, the flush or the rename; nothing is left behind then.
    """
    with open_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file to write piece by piece, which gets the name `path` when the block ends without an error."""
    try:
        with _open_temporary(path) as file:
            yield file
        name([path])
    except BaseException:
        discard(path)
        raise


def write_temporary(path: Path, data: bytes) -> None:
    """The first step of making a file: its contents under its temporary name, not flushed yet."""
    with _open_temporary(path) as file:
        file.write(data)


def name(paths: Collection[Path]) -> None:
    """The other steps, for files that wait under their temporary names.

    Many files at once cost less than one after the other: the disk has begun with the last when the first is asked for.
    """
    for path in paths:
        _flush(_temporary(path))
    for path in paths:
        _temporary(path).replace(path)
    for folder in dict.fromkeys(path.parent for path in paths):
        _flush(folder)


def discard(path: Path) -> None:
    """Remove what an unfinished write of `path` has left, if anything."""
    with contextlib.suppress(OSError):
        _temporary(path).unlink()


def remove_file(path: Path) -> None:
    """Remove `path` and what an interrupted write of it may have left; neither has to be there."""
    discard(path)
    path.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    # A fixed name, not one by process: what a killed process leaves is overwritten when its work is done again.
    return path.with_name(f".{path.name}.tmp")


def _open_temporary(path: Path) -> BinaryIO:
    temporary = _temporary(path)
    try:
        return temporary.open("wb")
    except FileNotFoundError:
        _make_folder(path.parent)
        return temporary.open("wb")


def _make_folder(folder: Path) -> None:
    """The folder and those above it that are missing, each flushed into the one that lists it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush(folder.parent)


def _flush(path: Path) -> None:
    """Have the disk hold a file's contents, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
