"""Font families, and which of them cover a text: found for all fonts at once, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.fonts import FontRecord

Family = tuple[FontRecord, ...]

_MOST_POINTS = 4096


class Families(Sequence[Family]):
    """Families of fonts, none of them empty.

    Args:
        families: each a tuple of faces.
    """

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = tuple(families)
        self._having: dict[int, NDArray[np.uint8]] = {}

    @overload
    def __getitem__(self, at: int) -> Family: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Family]: ...
    def __getitem__(self, at: int | slice) -> Family | Sequence[Family]:
        return self._families[at]

    def __len__(self) -> int:
        return len(self._families)

    def covering(self, points: frozenset[int]) -> Sequence[Family]:
        """The families with a face that has all of some code points, of each those faces; in the same order."""
        if not points or not self._families:
            return self._families
        having = [self._faces_with(point) for point in sorted(points)]
        able = np.unpackbits(np.bitwise_and.reduce(having), count=len(self._faces)).view(bool)
        return _Able(self._families, self._starts, able)

    def _faces_with(self, point: int) -> NDArray[np.uint8]:
        """A bit for each face."""
        bits = self._having.get(point)
        if bits is None:
            first, end, face = self._ranges
            having = np.zeros(len(self._faces), bool)
            having[face[(first <= point) & (point < end)]] = True
            if len(self._having) >= _MOST_POINTS:
                self._having.clear()
            bits = self._having[point] = np.packbits(having)
        return bits

    @cached_property
    def _faces(self) -> Family:
        return tuple(face for family in self._families for face in family)

    @cached_property
    def _starts(self) -> NDArray[np.intp]:
        """Where the faces of each family begin among all."""
        return np.cumsum([0, *map(len, self._families[:-1])])

    @cached_property
    def _ranges(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.intp]]:
        """Of all ranges of all faces: the first code point, the one after the last, and whose it is."""
        edges = [np.frombuffer(face.coverage.edges, np.uint32) for face in self._faces]
        joined = np.concatenate(edges).reshape(-1, 2)
        owners = np.repeat(np.arange(len(edges)), [len(one) // 2 for one in edges])
        return joined[:, 0].copy(), joined[:, 1].copy(), owners


class _Able(Sequence[Family]):
    """Some faces of families, made into families as they are asked for."""

    def __init__(self, families: Sequence[Family], starts: NDArray[np.intp], able: NDArray[np.bool_]) -> None:
        self._families, self._starts, self._able = families, starts, able
        self._rows = np.flatnonzero(np.logical_or.reduceat(able, starts))

    @overload
    def __getitem__(self, at: int) -> Family: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Family]: ...
    def __getitem__(self, at: int | slice) -> Family | Sequence[Family]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(len(self))[at])
        row = int(self._rows[at])
        family, start = self._families[row], int(self._starts[row])
        return tuple(face for number, face in enumerate(family) if self._able[start + number])

    def __len__(self) -> int:
        return len(self._rows)
