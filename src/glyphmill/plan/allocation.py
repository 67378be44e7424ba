"""Which specification makes image i: exact counts, spread evenly over the run, in constant time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

#: Longer runs repeat a pattern of at most this many images; what does not fit into repeats is laid out at the end.
_PERIOD = 100_000


def exact_counts(proportions: Sequence[float], total: int) -> list[int]:
    """Whole counts that sum to ``total``, by largest remainder; ties go to the earlier one.

    Source: Hamilton's method of apportionment.
    """
    shares = [Fraction(proportion) for proportion in proportions]
    whole = sum(shares)
    exact = [share * total / whole for share in shares]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda k: (counts[k] - exact[k], k))
    for k in by_remainder[: total - sum(counts)]:
        counts[k] += 1
    return counts


class Allocation:
    """Specification numbers for the indices 0 .. total - 1."""

    def __init__(self, proportions: Sequence[float], total: int) -> None:
        self.counts = exact_counts(proportions, total)
        self.total = total
        repeats = -(-total // _PERIOD) if total else 1
        # each repeat holds its even share of every specification; the last one holds what remains
        base = [count // repeats for count in self.counts]
        self._pattern = _spread(base)
        self._tail = _spread([count - part * (repeats - 1) for count, part in zip(self.counts, base, strict=True)])
        self._tail_start = len(self._pattern) * (repeats - 1)

    def __getitem__(self, index: int) -> int:
        """The specification of an index. Raises: IndexError outside of the run."""
        if not 0 <= index < self.total:
            raise IndexError(f"index {index} is outside of the run's 0 to {self.total - 1}")
        if index >= self._tail_start:
            return int(self._tail[index - self._tail_start])
        return int(self._pattern[index % len(self._pattern)])


def _spread(counts: Sequence[int]) -> NDArray[np.int32]:
    """Numbers 0 .. k - 1, each as often as its count, every one at an even pace."""
    # the j-th of n lies at (j + 1/2) / n of the way; equal places go to the rarer one first
    places = np.concatenate([(np.arange(count) + 0.5) / max(count, 1) for count in counts] or [np.zeros(0)])
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return owner[np.lexsort((owner, np.repeat(counts, counts), places))]
