"""The one way in which files of a dataset come into being: whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, data: bytes) -> None:
    """Write `data` under a temporary name beside `path`, then give it its name; missing folders are made.

    A reader sees the old file or the whole new one. On an error nothing is left behind.

    Raises: OSError of the write or of the rename.
    """
    with open_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file to write piece by piece, which gets the name `path` when the block ends without an error."""
    # A fixed name, not one by process: what a killed worker leaves is overwritten when its range is redone.
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        try:
            file = temporary.open("wb")
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = temporary.open("wb")
        with file:
            yield file
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def remove_file(path: Path) -> None:
    """Remove `path` and what an interrupted write of it may have left; neither has to be there."""
    path.with_name(f".{path.name}.tmp").unlink(missing_ok=True)
    path.unlink(missing_ok=True)
