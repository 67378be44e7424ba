"""Which image files a folder holds now, and what the system says of each without opening it."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.images import SUFFIXES
from glyphmill.core.errors import CatalogueError

_WITHIN_INT64 = (1 << 63) - 1
UNKNOWN = (0, 0, 0)
"""The state of a file that the system tells nothing of, such as a link that leads nowhere."""

State = tuple[int, int, int]
"""Of a file: size in bytes, time of change in ns, inode. The same state means the same content, as ``make`` has it."""


class FolderFiles(NamedTuple):
    """The image files of one folder, not of those below it.

    Attributes:
        path: of the folder, absolute.
        names: sorted.
        states: of each name, int64 (n, 3); see ``State``.
    """

    path: str
    names: Sequence[str]
    states: NDArray[np.int64]


def list_images(root: str) -> list[FolderFiles]:
    """The image files below a folder, by folder. Nothing is opened.

    Args:
        root: a folder, a file (whatever its suffix), or a glob of both.

    Raises: CatalogueError if there is nothing of that name.
    """
    tops = [root] if os.path.exists(root) else glob.glob(root, recursive=True)
    if not tops:
        raise CatalogueError(f"resources.backgrounds: there is no folder {root}")
    places = [os.path.abspath(top) for top in tops]
    found = {files.path: files for place in places if os.path.isdir(place) for files in _scan(place)}
    for place in places:
        if not os.path.isdir(place):
            folder, name = os.path.split(place)
            files = found.get(folder)
            named = {} if files is None else dict(zip(files.names, files.states.tolist(), strict=True))
            found[folder] = _packed(folder, {**named, name: _state(Path(place))})
    return [found[folder] for folder in sorted(found)]


def _scan(top: str) -> Iterator[FolderFiles]:
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        states: dict[str, State] = {}
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if _is_folder(entry):
                        # Links to folders are not followed: they may lead round in a circle.
                        if not entry.is_symlink():
                            waiting.append(entry.path)
                    elif _named_as_image(entry.name):
                        states[entry.name] = _state(entry)
        except OSError:
            continue  # a folder that may not be read holds nothing for us
        if states:
            yield _packed(folder, states)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere, or to itself
        return False


def _named_as_image(name: str) -> bool:
    dot = name.rfind(".")
    return dot > 0 and name[dot:].lower() in SUFFIXES


def _state(entry: os.DirEntry[str] | Path) -> State:
    try:
        status = entry.stat()
    except OSError:
        return UNKNOWN
    return status.st_size, status.st_mtime_ns, status.st_ino & _WITHIN_INT64


def _packed(folder: str, states: dict[str, State]) -> FolderFiles:
    names = sorted(states)
    return FolderFiles(folder, names, np.array([states[name] for name in names], np.int64).reshape(-1, 3))
