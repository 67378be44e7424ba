"""Sets of code points as ranges: thousands of fonts can be kept and asked without expanding what each covers."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Set
from typing import Any


class CodePoints(Set[int]):
    """An immutable set of code points, compared with and taken from other sets like any set.

    Args:
        ranges: in hexadecimal, in order and apart: ``20-7e,a0``.

    Attributes:
        edges: the first of each range and what follows its last, in turn, 32 bits each.

    Raises: ValueError if that is not what the text is.
    """

    __slots__ = ("edges",)

    def __init__(self, ranges: str) -> None:
        self.edges = array("I")
        for piece in ranges.split(",") if ranges else ():
            first, _, last = piece.partition("-")
            self.edges.extend((int(first, 16), int(last or first, 16) + 1))

    def __contains__(self, point: object) -> bool:
        return isinstance(point, int) and bisect_right(self.edges, point) % 2 == 1

    def __ge__(self, other: Set[Any]) -> bool:
        edges = self.edges
        return all(bisect_right(edges, point) % 2 for point in other)

    def __iter__(self) -> Iterator[int]:
        for first, end in zip(self.edges[::2], self.edges[1::2], strict=True):
            yield from range(first, end)

    def __len__(self) -> int:
        return sum(self.edges[1::2]) - sum(self.edges[::2])

    @classmethod
    def _from_iterable(cls, points: Iterable[int]) -> frozenset[int]:  # type: ignore[override]
        return frozenset(points)


def join_ranges(points: Iterable[int]) -> str:
    """Code points, sorted and each once, as the text that ``CodePoints`` reads."""
    pieces: list[str] = []
    first = last = None
    for point in [*points, None]:
        if first is not None and last is not None and point != last + 1:
            pieces.append(f"{first:x}" if first == last else f"{first:x}-{last:x}")
            first = None
        if first is None:
            first = point
        last = point
    return ",".join(pieces)
