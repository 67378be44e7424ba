"""Addressed randomness: every unit of every sample has a stream of its own.

A stream is found from (run seed, index, attempt, unit id) alone. Nothing is shared, so nothing that is added,
removed or reordered elsewhere can shift it, and sample 1,000,000 needs none of those before it.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.random import Generator, Philox

_WORD = (1 << 64) - 1
_FROM_THE_START = np.zeros(4, np.uint64)


@lru_cache(maxsize=4096)
def _unit_key(unit: str) -> int:
    """The 64-bit lane of a unit id, the same in every process and on every machine."""
    return int.from_bytes(hashlib.blake2b(unit.encode(), digest_size=8).digest(), "little")


def stream(run_seed: int, index: int, attempt: int, unit: str) -> Generator:
    """The random stream of one unit of one sample.

    Args:
        run_seed: any integer; reduced to 64 bits.
        index: sample index, 0 or more.
        attempt: 0 for the first plan of this index, 1 for the first re-plan, and so on.
        unit: id of the unit that draws.

    Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox 4x64-10). The key is
    (run seed, unit lane); the upper counter words hold attempt and index, so streams of one key never overlap.
    """
    key = np.array([run_seed & _WORD, _unit_key(unit)], dtype=np.uint64)
    counter = np.array([0, 0, attempt & _WORD, index & _WORD], dtype=np.uint64)
    return Generator(Philox(counter=counter, key=key))


class Streams:
    """The streams of one run, each made by setting one generator to its address: ten times faster than a new one.

    A stream that was handed out ends where the next one is asked for. For one thread.
    """

    def __init__(self, run_seed: int) -> None:
        self._bits = Philox(counter=0, key=0)
        self._generator = Generator(self._bits)
        self._state = self._bits.state
        self._state["state"]["key"][0] = run_seed & _WORD

    def at(self, index: int, attempt: int, unit: str) -> Generator:
        """As ``stream(run_seed, index, attempt, unit)``, valid until the next call."""
        state = self._state
        state["state"]["key"][1] = _unit_key(unit)
        state["state"]["counter"][:] = (0, 0, attempt & _WORD, index & _WORD)
        self._bits.state = state
        return self._generator


def field_seed(rng: Generator) -> int:
    """A seed for a random field, drawn at planning time and kept in the plan: 0 <= seed < 2**53, exact in JSON."""
    return int(rng.integers(0, 1 << 53))


def field_stream(seed: int) -> Generator:
    """The stream that a plan's field seed stands for; used where a random field is made from a plan."""
    # counter and key as words: NumPy takes twice as long over plain numbers
    return Generator(Philox(counter=_FROM_THE_START, key=np.array([seed, 0], np.uint64)))
