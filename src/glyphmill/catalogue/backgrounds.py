"""Background images of weighted folders: found, measured by their headers and named by their content; never decoded."""

from __future__ import annotations

import glob
import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from numpy.random import Generator

from glyphmill.catalogue.image_header import read_header
from glyphmill.catalogue.images import SUFFIXES, ImageError, check_size
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError

_CHUNK = 1 << 20
_READERS = 8  # files open at a time; hashing lets go of the interpreter, and slow disks answer in parallel


@dataclass(frozen=True)
class BackgroundRecord:
    """One usable background image.

    Attributes:
        file: name of the file without its folders.
        path: where it is.
        digest: blake2b-128 of its bytes, hex.
        width: of the upright image, px.
        height: of the upright image, px.
        weight: its share of the draws, relative to the other records of the set.
    """

    file: str
    path: str
    digest: str
    width: int
    height: int
    weight: float


@dataclass(frozen=True)
class BadBackground:
    """An image file that cannot serve, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class BackgroundSet:
    """All background images of a job.

    Attributes:
        images: by (file, digest), never by path, so that a moved folder gives the same draws.
        bad: the image files that were found and cannot serve.
    """

    images: tuple[BackgroundRecord, ...] = ()
    bad: tuple[BadBackground, ...] = ()

    def draw(self, rng: Generator) -> BackgroundRecord:
        """An image: a folder by its weight, then one of its files, each as likely. O(log n).

        Raises: CatalogueError if there is none.
        """
        if not self.images:
            raise CatalogueError(
                "there are no background images to draw from. Set resources.backgrounds to a folder of images, "
                "or choose a background that is made, such as paper."
            )
        at = bisect_right(self._steps, rng.random() * self._steps[-1])
        return self.images[min(at, len(self.images) - 1)]

    @cached_property
    def _steps(self) -> list[float]:
        return list(accumulate(record.weight for record in self.images))

    @cached_property
    def _by_digest(self) -> dict[str, BackgroundRecord]:
        return {record.digest: record for record in reversed(self.images)}

    def by_digest(self, digest: str) -> BackgroundRecord | None:
        """The image of that content, or None."""
        return self._by_digest.get(digest)

    @cached_property
    def digest(self) -> str:
        """Identity of everything that draws depend on: names, contents and weights; blake2b-128, hex."""
        rows = "\n".join(f"{r.file}\0{r.digest}\0{r.weight!r}" for r in self.images)
        return hashlib.blake2b(rows.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def open_backgrounds(folders: Sequence[WeightedFolder], max_pixels: int) -> BackgroundSet:
    """The images of the folders, recursively, each known by its content.

    Every file is read once for its digest and its header; none is decoded, none stays open.

    Args:
        folders: where to look; a path may also be a single file, or a glob of files and folders.
        max_pixels: images with more are bad.

    Raises: CatalogueError if a folder is missing or holds no image that can serve, or all weights are zero.
    """
    images: list[BackgroundRecord] = []
    bad: list[BadBackground] = []
    with ThreadPoolExecutor(_READERS) as readers:
        for folder in folders:
            paths = sorted(set(_find(folder.path)))
            found = list(readers.map(_examine, paths, [max_pixels] * len(paths)))
            usable = [record for record in found if isinstance(record, _Measured)]
            broken = [record for record in found if isinstance(record, BadBackground)]
            if not usable:
                raise CatalogueError(_nothing(folder.path, broken))
            share = folder.weight / len(usable)
            images += (BackgroundRecord(Path(m.path).name, m.path, m.digest, m.width, m.height, share) for m in usable)
            bad += broken
    if images and not sum(record.weight for record in images) > 0:
        raise CatalogueError("the weights of resources.backgrounds are all zero. Give one folder a weight above 0.")
    images.sort(key=lambda record: (record.file, record.digest, record.weight))
    return BackgroundSet(tuple(images), tuple(bad))


@dataclass(frozen=True)
class _Measured:
    path: str
    digest: str
    width: int
    height: int


def _find(root: str) -> Iterator[str]:
    tops = [root] if Path(root).exists() else glob.glob(root, recursive=True)
    if not tops:
        raise CatalogueError(f"resources.backgrounds: there is no folder {root}")
    for top in tops:
        if Path(top).is_file():
            yield top
        # Links to folders are not followed: they may lead round in a circle.
        for folder, _, names in os.walk(top):
            yield from (str(Path(folder, name)) for name in names if Path(name).suffix.lower() in SUFFIXES)


def _examine(path: str, max_pixels: int) -> _Measured | BadBackground:
    try:
        with Path(path).open("rb") as stream:
            header = read_header(stream)
            check_size(header, os.fstat(stream.fileno()).st_size, max_pixels)
            stream.seek(0)
            digest = hashlib.blake2b(digest_size=16)
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return BadBackground(path, error.strerror or str(error))
    except (ValueError, ImageError) as error:
        return BadBackground(path, str(error))
    return _Measured(path, digest.hexdigest(), header.width, header.height)


def _nothing(folder: str, bad: Iterable[BadBackground]) -> str:
    rows = [f"\n  {one.path}: {one.reason}" for one in bad]
    if not rows:
        return f"resources.backgrounds: {folder} holds no image ({', '.join(sorted(s[1:] for s in SUFFIXES))})"
    more = f"\n  and {len(rows) - 5} more" if len(rows) > 5 else ""
    return f"resources.backgrounds: no image in {folder} can be used:{''.join(rows[:5])}{more}"
