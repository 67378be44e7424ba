"""Background images as a table on disk: opened by mapping it, so that a million of them cost a worker next to nothing.

The file holds arrays, each row an image, in the order that draws know them by; see ``_SECTIONS``. It is never changed
once it has its name.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"GlyphmillBackgrounds1\n\0\0"
_CHECKSUM = 16
_START = len(_MAGIC) + _CHECKSUM + 8  # then the head as JSON, its length before it
_ALIGNED = 64
_SECTIONS = {
    "digests": np.uint8,  # (n, 16)
    "by_digest": np.uint32,  # (n,) rows by digest
    "widths": np.uint32,
    "heights": np.uint32,
    "weights": np.float64,
    "steps": np.float64,  # (n,) cumulative weights
    "folders": np.uint32,  # (n,) which folder
    "name_ends": np.uint64,  # (n,) where each name ends among the names
    "names": np.uint8,
    "folder_ends": np.uint64,
    "folder_names": np.uint8,
    "bad": np.uint8,  # JSON
}


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


class Columns(NamedTuple):
    """The images of a set in any order, column by column.

    Attributes:
        names: of the files.
        folders: which of ``folder_names`` each lies in.
        folder_names: absolute.
        digests: uint8 (n, 16).
        sizes: width and height, uint32 (n, 2), px.
        weights: shares of the draws.
    """

    names: Sequence[str]
    folders: NDArray[np.uint32]
    folder_names: Sequence[str]
    digests: NDArray[np.uint8]
    sizes: NDArray[np.uint32]
    weights: NDArray[np.float64]


class BackgroundIndex:
    """The table, read from bytes or from a mapped file.

    Attributes:
        digest: identity of everything that draws depend on: names, contents and weights; blake2b-128, hex.
        checksum: of the table, paths and sizes included.
        passing: whether some file could not be read, which another try may change.

    Raises: ValueError if the bytes are not such a table.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not an index of backgrounds")
        self._data = data
        self.checksum = data[len(_MAGIC) : len(_MAGIC) + _CHECKSUM].hex()
        end = _START + int.from_bytes(data[_START - 8 : _START], "little")
        try:
            head = json.loads(data[_START:end])
            self.digest, self.passing = str(head["digest"]), bool(head["passing"])
            self._arrays = {name: self._array(name, end, *head["sections"][name]) for name in _SECTIONS}
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("an index of backgrounds with a damaged head") from error

    @classmethod
    def open(cls, path: Path) -> BackgroundIndex:
        """The table of a file, mapped; pages are read as they are needed.

        Raises: OSError; ValueError if it is no such table.
        """
        with path.open("rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def whole(self) -> bool:
        """Whether the bytes are those that were written. Reads all of them."""
        return _checksum(memoryview(self._data)[len(_MAGIC) + _CHECKSUM :]).hex() == self.checksum

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def steps(self) -> NDArray[np.float64]:
        """Cumulative weights, float64 (n,)."""
        return self._arrays["steps"]

    def __getitem__(self, row: int) -> BackgroundRecord:
        arrays = self._arrays
        file, folder = self._text("name", row), self._text("folder", int(arrays["folders"][row]))
        return BackgroundRecord(
            file=file,
            path=os.path.join(folder, file),
            digest=self._digest(row).hex(),
            width=int(arrays["widths"][row]),
            height=int(arrays["heights"][row]),
            weight=float(arrays["weights"][row]),
        )

    def find(self, digest: str) -> int | None:
        """The first row with that content. O(log n)."""
        try:
            wanted = bytes.fromhex(digest)
        except ValueError:
            return None
        order = self._arrays["by_digest"]
        at = bisect_left(range(len(order)), wanted, key=lambda at: self._digest(int(order[at])))
        return int(order[at]) if at < len(order) and self._digest(int(order[at])) == wanted else None

    def by_content(self) -> Iterator[int]:
        """One row for each content, by digest."""
        last = b""
        for row in self._arrays["by_digest"]:
            digest = self._digest(int(row))
            if digest != last:
                yield int(row)
            last = digest

    @cached_property
    def contents(self) -> int:
        """How many different contents there are."""
        ordered = self._arrays["digests"].reshape(-1, 16)[self._arrays["by_digest"]]
        return 1 + int((ordered[1:] != ordered[:-1]).any(axis=1).sum()) if len(ordered) else 0

    @cached_property
    def bad(self) -> tuple[BadBackground, ...]:
        """The image files that cannot serve."""
        return tuple(BadBackground(*row) for row in json.loads(self._arrays["bad"].tobytes()))

    def _digest(self, row: int) -> bytes:
        return self._arrays["digests"][16 * row : 16 * row + 16].tobytes()

    def _text(self, kind: str, row: int) -> str:
        ends = self._arrays[f"{kind}_ends"]
        texts = self._arrays["names" if kind == "name" else "folder_names"]
        return os.fsdecode(texts[int(ends[row - 1]) if row else 0 : int(ends[row])].tobytes())

    def _array(self, name: str, base: int, at: int, count: int) -> NDArray[Any]:
        return np.frombuffer(self._data, _SECTIONS[name], count, _aligned(base) + at)


def pack_index(columns: Columns, bad: Sequence[BadBackground], *, passing: bool) -> bytes:
    """The table of some images, sorted by (file, digest, weight), never by path: a moved folder gives the same draws.

    Args:
        passing: see ``BackgroundIndex``.
    """
    order = _order(columns)
    names = [columns.names[row] for row in order]
    digests, weights = columns.digests[order], columns.weights[order]
    high, low = digests.view(">u8").reshape(-1, 2).T
    name_blob, name_ends = _joined(names)
    folder_blob, folder_ends = _joined(columns.folder_names)
    arrays: dict[str, NDArray[Any]] = {
        "digests": digests.reshape(-1),
        "by_digest": np.lexsort((low, high)),
        "widths": columns.sizes[order, 0],
        "heights": columns.sizes[order, 1],
        "weights": weights,
        "steps": np.cumsum(weights),
        "folders": columns.folders[order],
        "name_ends": name_ends,
        "names": name_blob,
        "folder_ends": folder_ends,
        "folder_names": folder_blob,
        "bad": np.frombuffer(json.dumps([[one.path, one.reason] for one in bad]).encode(), np.uint8),
    }
    sections, pieces, at = {}, [], 0
    for name, kind in _SECTIONS.items():
        piece = np.ascontiguousarray(arrays[name], kind).tobytes()
        sections[name] = (at, len(arrays[name]))
        pieces += [piece, bytes(_aligned(len(piece)) - len(piece))]
        at += _aligned(len(piece))
    head = json.dumps({"digest": _set_digest(names, digests, weights), "passing": passing, "sections": sections})
    start = _START + len(head)
    body = b"".join([len(head).to_bytes(8, "little"), head.encode(), bytes(_aligned(start) - start), *pieces])
    return _MAGIC + _checksum(body) + body


def _order(columns: Columns) -> list[int]:
    # Two stable sorts: names as text, which NumPy cannot hold without padding each to the longest.
    high, low = columns.digests.view(">u8").reshape(-1, 2).T
    by_content = np.lexsort((columns.weights, low, high)).tolist()
    return sorted(by_content, key=columns.names.__getitem__)


def _set_digest(names: Sequence[str], digests: NDArray[np.uint8], weights: NDArray[np.float64]) -> str:
    state, text = hashlib.blake2b(digest_size=16), digests.tobytes().hex()
    for row, (name, weight) in enumerate(zip(names, weights.tolist(), strict=True)):
        line = f"{name}\0{text[32 * row : 32 * row + 32]}\0{weight!r}"
        state.update((f"\n{line}" if row else line).encode("utf-8", "surrogateescape"))
    return state.hexdigest()


def _joined(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Texts as one run of bytes, and where each of them ends."""
    encoded = [os.fsencode(text) for text in texts]
    return np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([len(text) for text in encoded], dtype=np.int64)


def _checksum(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=_CHECKSUM).digest()


def _aligned(at: int) -> int:
    return -(-at // _ALIGNED) * _ALIGNED
