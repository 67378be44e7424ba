"""From folders to an index of backgrounds: what is known of their files is looked up, what is new is read."""

from __future__ import annotations

import hashlib
import os
import stat
from array import array
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from glyphmill.catalogue.background_index import BadBackground, Columns, pack_index
from glyphmill.catalogue.image_folders import UNKNOWN, FolderFiles, State
from glyphmill.catalogue.image_header import ImageHeader, read_header
from glyphmill.catalogue.images import SUFFIXES, ImageError, check_size
from glyphmill.catalogue.known_images import Finding, KnownImages
from glyphmill.config.model import WeightedFolder
from glyphmill.core.errors import CatalogueError

_CHUNK = 1 << 20
_READERS = 8  # files open at a time; hashing lets go of the interpreter, and slow disks answer in parallel
_TASK = 64  # files that a reader is handed at a time, at most
_BATCH = 4096  # files that are handed out before any is kept


def build_index(
    folders: Sequence[WeightedFolder], listings: Sequence[Sequence[FolderFiles]], max_pixels: int, cache: Path
) -> bytes:
    """The index of the listed files; see ``background_index``.

    Args:
        folders: with their weights.
        listings: what each of them holds.
        max_pixels: images with more are bad.
        cache: folder of what is known of files; it need not be writable.

    Raises: CatalogueError if a folder holds no image that can serve, or all weights are zero.
    """
    gathered = _Gathered()
    with KnownImages(cache) as known, ThreadPoolExecutor(_READERS) as readers:
        for folder, listing in zip(folders, listings, strict=True):
            gathered.begin()
            for files in listing:
                gathered.add(files, _findings(files, max_pixels, known, readers))
            gathered.finish(folder)
        known.trim(files.path for listing in listings for files in listing)
    if not any(gathered.weights):
        raise CatalogueError("the weights of resources.backgrounds are all zero. Give one folder a weight above 0.")
    return pack_index(gathered.columns(), gathered.bad, passing=gathered.passing)


class _Gathered:
    """Columns of an index, growing by a folder at a time."""

    def __init__(self) -> None:
        self.bad: list[BadBackground] = []
        self.passing = False
        self.weights: list[float] = []
        self._names: list[str] = []
        self._folders = array("I")
        self._folder_names: list[str] = []
        self._digests = bytearray()
        self._sizes = array("I")
        self._bad_before = 0

    def begin(self) -> None:
        """Before the files of a weighted folder."""
        self._bad_before = len(self.bad)

    def add(self, files: FolderFiles, findings: Sequence[Finding]) -> None:
        """The files of one folder below the weighted one."""
        self._folder_names.append(files.path)
        for name, finding in zip(files.names, findings, strict=True):
            if finding.reason:
                self.bad.append(BadBackground(os.path.join(files.path, name), finding.reason))
                self.passing = self.passing or finding.passing
                continue
            self._names.append(name)
            self._folders.append(len(self._folder_names) - 1)
            self._digests += finding.digest
            self._sizes.extend((finding.width, finding.height))

    def finish(self, folder: WeightedFolder) -> None:
        """Share the folder's weight among its files.

        Raises: CatalogueError if none can serve.
        """
        count = len(self._names) - len(self.weights)
        if not count:
            raise CatalogueError(_nothing(folder.path, self.bad[self._bad_before :]))
        self.weights += [folder.weight / count] * count

    def columns(self) -> Columns:
        """All of it."""
        return Columns(
            names=self._names,
            folders=np.array(self._folders, np.uint32),
            folder_names=self._folder_names,
            digests=np.frombuffer(self._digests, np.uint8).reshape(-1, 16),
            sizes=np.array(self._sizes, np.uint32).reshape(-1, 2),
            weights=np.array(self.weights, np.float64),
        )


def _findings(
    files: FolderFiles, max_pixels: int, known: KnownImages, readers: ThreadPoolExecutor
) -> Sequence[Finding]:
    """What is known of each file of a folder; those that are new or have changed are read."""
    before = known.of(files.path)
    states: list[State] = [(size, time, inode) for size, time, inode in files.states.tolist()]
    findings: dict[int, Finding] = {}
    for at, (name, state) in enumerate(zip(files.names, states, strict=True)):
        was, kept = before.pop(name, (UNKNOWN, Finding()))
        if was == state != UNKNOWN:
            judged = _judged(kept, state[0], max_pixels)
            if judged.digest or judged.reason:
                findings[at] = judged
    if before:
        known.forget(files.path, before)
    unread = [at for at in range(len(states)) if at not in findings]
    for start in range(0, len(unread), _BATCH):
        some = unread[start : start + _BATCH]
        paths = [os.path.join(files.path, files.names[at]) for at in some]
        for at, found in zip(some, _read_all(paths, max_pixels, readers), strict=True):
            if states[at] == UNKNOWN:
                found = found._replace(passing=False)  # once it can be read, its state is another
            elif not found.passing:
                known.keep(files.path, files.names[at], states[at], found)
            findings[at] = _judged(found, states[at][0], max_pixels)
    return [findings[at] for at in range(len(states))]


def _judged(finding: Finding, size: int, max_pixels: int) -> Finding:
    """A finding under the limits of now; ``size`` is that of the file, bytes."""
    if finding.reason or (finding.digest and finding.width * finding.height <= max_pixels):
        return finding
    try:
        check_size(ImageHeader("", finding.width, finding.height), size, max_pixels)
    except ImageError as error:
        return finding._replace(reason=str(error))
    return finding


def _read_all(paths: Sequence[str], max_pixels: int, readers: ThreadPoolExecutor) -> Iterator[Finding]:
    # Tasks of many files, for handing over one file costs more than reading it; but all readers get some.
    size = max(1, min(_TASK, len(paths) // _READERS))
    tasks = [paths[first : first + size] for first in range(0, len(paths), size)]
    for findings in readers.map(lambda task: [_examine(path, max_pixels) for path in task], tasks):
        yield from findings


def _examine(path: str, max_pixels: int) -> Finding:
    """What a file's header and bytes say; nothing is decoded."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return Finding(reason="it is not a regular file")
        with Path(path).open("rb") as stream:
            header = read_header(stream)
            size = os.fstat(stream.fileno()).st_size
            found = _judged(Finding(header.width, header.height), size, max_pixels)
            if found.reason:
                return found._replace(reason="")
            digest = hashlib.blake2b(digest_size=16)
            stream.seek(0)
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        return Finding(reason=error.strerror or str(error), passing=True)
    except ValueError as error:
        return Finding(reason=str(error))
    return found._replace(digest=digest.digest())


def _nothing(folder: str, bad: Sequence[BadBackground]) -> str:
    if not bad:
        return f"resources.backgrounds: {folder} holds no image ({', '.join(sorted(s[1:] for s in SUFFIXES))})"
    rows = "".join(f"\n  {one.path}: {one.reason}" for one in bad[:5])
    more = f"\n  and {len(bad) - 5} more" if len(bad) > 5 else ""
    return f"resources.backgrounds: no image in {folder} can be used:{rows}{more}"
