"""Are the files of a dataset those that it lists? Their hashes, and which are missing or too many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from io import BufferedIOBase

from glyphmill.export import names
from glyphmill.export.reading import Reader
from glyphmill.export.storage import Storage
from glyphmill.run.verify_report import VerifyReport


class HashedStorage:
    """A storage to read from, of which every file is checked against its digest when it is asked for.

    Args:
        storage: where the files are.
        digests: what their SHA-256 must be, by path.
        report: takes what is wrong.
    """

    def __init__(self, storage: Storage, digests: Mapping[str, str], report: VerifyReport) -> None:
        self._storage, self._digests, self._report = storage, digests, report
        self._unread = dict.fromkeys(digests)
        self._last = ""

    def read(self, path: str) -> bytes:
        """A whole file. Raises: OSError."""
        self._begin(path)
        data = self._storage.read(path)
        self._compare(path, hashlib.sha256(data).hexdigest())
        return data

    def open(self, path: str) -> BufferedIOBase:
        """A file to read piece by piece. Raises: OSError."""
        self._begin(path)
        with self._storage.open(path) as file:
            self._compare(path, hashlib.file_digest(file, "sha256").hexdigest())
        return self._storage.open(path)

    def lost(self, error: OSError) -> None:
        """Note that the file that was asked for last cannot be read."""
        self._report.note("hashes", self._last, f"cannot be read: {error.strerror or error}")

    def rest(self, paths: Iterable[str]) -> None:
        """Check those of some files that nobody has asked for."""
        for path in paths:
            if path in self._unread:
                try:
                    self.open(path).close()
                except OSError as error:
                    self.lost(error)

    def _begin(self, path: str) -> None:
        self._last = path
        del self._unread[path]
        self._report.count("hashes")

    def _compare(self, path: str, now: str) -> None:
        if (then := self._digests[path]) != now:
            self._report.note("hashes", path, f"has changed: its SHA-256 was {then[:16]}... and is {now[:16]}...")


def read_list(storage: Storage, path: str, digest: str, reader: Reader, report: VerifyReport) -> dict[str, str]:
    """SHA-256 of each file in a checksum list, by path.

    Args:
        storage: of the dataset.
        path: of the list, as the manifest has it.
        digest: of the list, likewise.
        reader: knows what files of the layout are called.
        report: takes what is wrong.
    """
    if not (path.startswith(f"{names.CHECKSUMS}/") and ".." not in path.split("/") and path.isprintable()):
        report.note("hashes", names.MANIFEST, f"lists {path!r}, which is no checksum list")
        return {}
    hashed, found = HashedStorage(storage, {path: digest}, report), dict[str, str]()
    try:
        data = hashed.read(path)
    except OSError as error:
        hashed.lost(error)
        return {}
    for line in data.decode("utf-8", "replace").splitlines():
        expected, _, name = line.partition("  ")
        if reader.holds(name):
            found[name] = expected
        else:
            report.note("hashes", path, f"lists {name!r}, which is no file of a dataset")
    return found


class Strays:
    """Looks for files that no list names, in the folders of those that are named; keeps the names of one list.

    Args:
        storage: of the dataset.
        reader: knows what files of the layout are called.
        report: takes what is found.
    """

    def __init__(self, storage: Storage, reader: Reader, report: VerifyReport) -> None:
        self._storage, self._reader, self._report = storage, reader, report
        self._there: dict[str, set[str]] = {}

    def listed(self, paths: Iterable[str]) -> None:
        """Take the paths of the next list; the folders that it does not name any more are done with."""
        by_folder: dict[str, set[str]] = {}
        for path in paths:
            by_folder.setdefault(path.rpartition("/")[0], set()).add(path)
        for folder in sorted(self._there.keys() - by_folder.keys()):
            for path in sorted(self._there.pop(folder)):
                self._report.note("counts", path, "is in no checksum list")
        for folder, expected in by_folder.items():
            if folder not in self._there:
                self._there[folder] = set(self._files_in(folder))
            self._there[folder] -= expected

    def _files_in(self, folder: str) -> Iterable[str]:
        for name in self._storage.names(folder):
            path = f"{folder}/{name}" if folder else name
            # What else lies at the root is not for samples.
            if folder or self._reader.holds(path):
                self._report.count("counts")
                yield path
