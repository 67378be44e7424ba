"""Background images of weighted folders: known by their content, drawn by weight, never decoded here."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.random import Generator

from glyphmill.catalogue.background_files import build_index
from glyphmill.catalogue.background_index import BackgroundIndex, BackgroundRecord, BadBackground
from glyphmill.catalogue.fontcache import cache_folder, write_atomic
from glyphmill.catalogue.image_folders import FolderFiles, list_images
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError

_VERSION = 1
"""Of the index and of the rules that files are judged by; those of another version are not looked at."""

_SETS_KEPT = 8
_FEW = 10_000


class _Source(NamedTuple):
    """Where an index lies, or would if it could be written, and what to make it from again."""

    path: Path = Path()
    folders: tuple[WeightedFolder, ...] = ()
    max_pixels: int = 0


_NOWHERE = _Source()


class BackgroundSet:
    """All background images of a job, by (file, digest), never by path: a moved folder gives the same draws.

    A set travels between processes as the name of its index, which the other process maps: nothing is read again.

    Args:
        index: the images; None if there are none.
        source: what it was opened from.
    """

    def __init__(self, index: BackgroundIndex | None = None, source: _Source = _NOWHERE) -> None:
        self._index, self._source = index, source
        self.images: Sequence[BackgroundRecord] = () if index is None else _Images(index)
        self.paths: Mapping[str, str] = {} if index is None else _Paths(index)

    def __reduce__(self) -> tuple[Any, ...]:
        return (BackgroundSet, ()) if self._index is None else (_again, (self._index.checksum, self._source))

    @property
    def bad(self) -> tuple[BadBackground, ...]:
        """The image files that were found and cannot serve."""
        return () if self._index is None else self._index.bad

    @property
    def digest(self) -> str:
        """Identity of everything that draws depend on: names, contents and weights; blake2b-128, hex."""
        return hashlib.blake2b(digest_size=16).hexdigest() if self._index is None else self._index.digest

    def draw(self, rng: Generator) -> BackgroundRecord:
        """An image: a folder by its weight, then one of its files, each as likely. O(log n).

        Raises: CatalogueError if there is none.
        """
        if self._index is None:
            raise CatalogueError(
                "there are no background images to draw from. Set resources.backgrounds to a folder of images, "
                "or choose a background that is made, such as paper."
            )
        steps = self._index.steps
        at = int(np.searchsorted(steps, rng.random() * steps[-1], side="right"))
        return self._index[min(at, len(steps) - 1)]

    def by_digest(self, digest: str) -> BackgroundRecord | None:
        """The image of that content, the first of several; or None. O(log n)."""
        row = None if self._index is None else self._index.find(digest)
        return None if row is None or self._index is None else self._index[row]

    def listed(self, used: Iterable[str]) -> dict[str, str]:
        """Paths by digest to be written down with a dataset: of all images while they are few, else of the used ones.

        Args:
            used: digests; what is not of this set is left out.
        """
        if len(self.images) <= _FEW:
            return dict(self.paths)
        return {digest: self.paths[digest] for digest in sorted(set(used)) if digest in self.paths}


def open_backgrounds(
    folders: Sequence[WeightedFolder], max_pixels: int, *, cache_dir: Path | None = None
) -> BackgroundSet:
    """The images of the folders, recursively, each known by its content.

    Files are read once for their digest and their header, and again when size, time of change or inode differ; none
    is decoded, none stays open. What was found lies in the cache folder, which other processes and later runs share.

    Args:
        folders: where to look; a path may also be a single file, or a glob of files and folders.
        max_pixels: images with more are bad.
        cache_dir: where findings are kept; None for ``GLYPHMILL_CACHE`` or the user's cache folder.

    Raises: CatalogueError if a folder is missing or holds no image that can serve, or all weights are zero.
    """
    if not folders:
        return BackgroundSet()
    cache = (cache_dir or cache_folder()) / f"backgrounds-{_VERSION}"
    listings = [list_images(folder.path) for folder in folders]
    path = cache / f"{_fingerprint(folders, listings, max_pixels)}.index"
    index = _kept(path) or _stored(path, build_index(folders, listings, max_pixels, cache))
    return BackgroundSet(index, _Source(path, tuple(folders), max_pixels))


def _fingerprint(folders: Sequence[WeightedFolder], listings: Sequence[Sequence[FolderFiles]], max_pixels: int) -> str:
    """Of all that an index is made from, short of opening the files."""
    state = hashlib.blake2b(f"{max_pixels}".encode(), digest_size=16)
    for folder, listing in zip(folders, listings, strict=True):
        state.update(f"\0{folder.weight!r}\0{len(listing)}".encode())
        for files in listing:
            state.update(os.fsencode("\0".join(("", files.path, *files.names))))
            state.update(files.states.tobytes())
    return state.hexdigest()


def _kept(path: Path) -> BackgroundIndex | None:
    """The index of that name if it is there, whole, and would be made again."""
    try:
        index = BackgroundIndex.open(path)
        # Marks it as used lately. Where that is not allowed, it is not cleared away either.
        with contextlib.suppress(PermissionError):
            os.utime(path)
    except (OSError, ValueError):
        return None
    return index if not index.passing and index.whole() else None


def _stored(path: Path, content: bytes) -> BackgroundIndex:
    """The index from its file, or from memory where none can be written."""
    try:
        write_atomic(path, content)
        index = BackgroundIndex.open(path)
    except OSError:
        return BackgroundIndex(content)
    with contextlib.suppress(OSError):  # another process clears as well
        by_age = sorted(path.parent.glob("*.index"), key=lambda one: one.stat().st_mtime)
        for old in by_age[:-_SETS_KEPT]:  # those that were used last stay; a process that has mapped one keeps it
            old.unlink()
    return index


def _again(checksum: str, source: _Source) -> BackgroundSet:
    """The same set in another process; from the folders if its index is gone, has changed or lies elsewhere."""
    with contextlib.suppress(OSError, ValueError):
        index = BackgroundIndex.open(source.path)
        if index.checksum == checksum:
            return BackgroundSet(index, source)
    return open_backgrounds(source.folders, source.max_pixels)


class _Images(Sequence[BackgroundRecord]):
    """Records made when they are asked for."""

    def __init__(self, index: BackgroundIndex) -> None:
        self._index = index

    @overload
    def __getitem__(self, at: int) -> BackgroundRecord: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[BackgroundRecord]: ...
    def __getitem__(self, at: int | slice) -> BackgroundRecord | Sequence[BackgroundRecord]:
        rows = range(len(self._index))[at]
        return self._index[rows] if isinstance(rows, int) else tuple(self._index[row] for row in rows)

    def __len__(self) -> int:
        return len(self._index)


class _Paths(Mapping[str, str]):
    """Paths by digest, looked up when they are asked for."""

    def __init__(self, index: BackgroundIndex) -> None:
        self._index = index

    def __getitem__(self, digest: str) -> str:
        row = self._index.find(digest)
        if row is None:
            raise KeyError(digest)
        return self._index[row].path

    def __iter__(self) -> Iterator[str]:
        return (self._index[row].digest for row in self._index.by_content())

    def __len__(self) -> int:
        return self._index.contents
