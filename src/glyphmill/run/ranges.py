"""Index ranges, the unit of work of a run: always the same ones for a job, whoever makes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glyphmill.export.names import FOLDER_SAMPLES
from glyphmill.run.outcome import RunError

#: A job is cut into at most about this many ranges, so that a hundred million samples make no million records.
_MANY = 20_000
#: Samples of a range where each is a file: small enough to redo, large enough that its record costs nothing.
_SIZES = (50, 100, 200, 500, 1000)


@dataclass(frozen=True, order=True)
class IndexRange:
    """The indices [start, stop)."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of` parts of a job, counted from 1, as ``2/3`` is."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard that `text` names.

        Raises: RunError.
        """
        number, slash, of = text.partition("/")
        if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            raise RunError(f"got the shard {text!r}; expected i/N with i from 1 to N, such as 2/3")
        return cls(int(number), int(of))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def part(self, ranges: Sequence[IndexRange]) -> Sequence[IndexRange]:
        """Its part of all ranges: neighbours, as many as in the other shards, give or take one."""
        start, stop = (len(ranges) * edge // self.of for edge in (self.number - 1, self.number))
        return ranges[start:stop]


def samples_of_range(total: int) -> int:
    """How many samples a range of a job has where nobody says otherwise; a divisor of what a folder holds."""
    fitting = (size for size in _SIZES if total <= size * _MANY and FOLDER_SAMPLES % size == 0)
    return next(fitting, _SIZES[-1])


def split(total: int, samples: int) -> list[IndexRange]:
    """All ranges of a job, in order."""
    return [IndexRange(start, min(start + samples, total)) for start in range(0, total, samples)]


def merged(works: Iterable[IndexRange]) -> list[IndexRange]:
    """Sorted ranges with neighbours that touch joined."""
    joined: list[IndexRange] = []
    for work in works:
        if joined and joined[-1].stop == work.start:
            joined[-1] = IndexRange(joined[-1].start, work.stop)
        else:
            joined.append(work)
    return joined
