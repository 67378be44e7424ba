"""Rules X1 to X10 of UAX #9: embeddings, overrides and isolates, and the sequences that they cut a paragraph into.

Classes are in the letters of ``bidi``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

_MAX_DEPTH = 125
_REMOVED = "12345B"
_OVERRIDES = {"3": "L", "4": "R"}


class IsolatingSequence(NamedTuple):
    """Characters that the rules W, N and I see as one piece (BD13), without those that X9 removes.

    Attributes:
        places: indices into the paragraph, rising.
        classes: their classes after overrides.
        level: embedding level of all of them.
        sos: ``L`` or ``R``, what stands before the sequence.
        eos: ``L`` or ``R``, what stands after it.
    """

    places: list[int]
    classes: str
    level: int
    sos: str
    eos: str


class _Status(NamedTuple):
    """An entry of the directional status stack."""

    level: int
    override: str
    isolate: bool


class _Stack:
    """The directional status stack, with what has overflowed it (X1)."""

    def __init__(self, base: int) -> None:
        self._entries = [_Status(base, "", isolate=False)]
        self._lost_isolates = self._lost_embeddings = self._open_isolates = 0

    @property
    def top(self) -> _Status:
        return self._entries[-1]

    def _push(self, *, rightward: bool, override: str, isolate: bool) -> bool:
        """Go to the least deeper level that is odd for right to left, even for left to right, if there is one."""
        level = self.top.level
        deeper = (level + 1) | 1 if rightward else (level + 2) & ~1
        fits = deeper <= _MAX_DEPTH and not self._lost_isolates and not self._lost_embeddings
        if fits:
            self._entries.append(_Status(deeper, override, isolate))
        return fits

    def embed(self, *, rightward: bool, override: str) -> None:
        """X2 to X5."""
        if not self._push(rightward=rightward, override=override, isolate=False) and not self._lost_isolates:
            self._lost_embeddings += 1

    def isolate(self, *, rightward: bool) -> None:
        """X5a, X5b."""
        if self._push(rightward=rightward, override="", isolate=True):
            self._open_isolates += 1
        else:
            self._lost_isolates += 1

    def end_isolate(self) -> None:
        """X6a."""
        if self._lost_isolates:
            self._lost_isolates -= 1
        elif self._open_isolates:
            self._lost_embeddings = 0
            while not self._entries.pop().isolate:
                pass
            self._open_isolates -= 1

    def end_embedding(self) -> None:
        """X7."""
        if self._lost_isolates:
            return
        if self._lost_embeddings:
            self._lost_embeddings -= 1
        elif not self.top.isolate and len(self._entries) > 1:
            self._entries.pop()


def matching_isolates(classes: str) -> dict[int, int]:
    """Index of the PDI of every isolate initiator that has one (BD9)."""
    matches: dict[int, int] = {}
    open_: list[int] = []
    for i, letter in enumerate(classes):
        if letter in "678":
            open_.append(i)
        elif letter == "9" and open_:
            matches[open_.pop()] = i
    return matches


def isolating_sequences(classes: str, base: int) -> Iterator[IsolatingSequence]:
    """The isolating run sequences of a paragraph, each once."""
    matches = matching_isolates(classes)
    levels, overridden = _embed(classes, base, matches)
    kept = [i for i, letter in enumerate(overridden) if letter]
    runs = [list(group) for _, group in groupby(kept, key=levels.__getitem__)]
    run_at = {run[0]: k for k, run in enumerate(runs)}
    matched = set(matches.values())
    for k, run in enumerate(runs):
        if run[0] in matched:
            continue  # goes on an earlier run
        places, last = list(run), k
        while (pdi := matches.get(places[-1])) is not None:
            last = run_at[pdi]
            places += runs[last]
        level = levels[run[0]]
        before = levels[runs[k - 1][-1]] if k else base
        is_open = classes[places[-1]] in "678"
        after = base if is_open or last + 1 == len(runs) else levels[runs[last + 1][0]]
        letters = "".join([overridden[i] for i in places])
        yield IsolatingSequence(places, letters, level, _side(max(level, before)), _side(max(level, after)))


def _side(level: int) -> str:
    return "R" if level & 1 else "L"


def _embed(classes: str, base: int, matches: dict[int, int]) -> tuple[list[int], list[str]]:
    """Rules X1 to X9: level and class of each character; class "" for what X9 removes."""
    levels = [base] * len(classes)
    overridden = list(classes)
    stack = _Stack(base)
    for i, letter in enumerate(classes):
        if letter in _REMOVED:
            overridden[i] = ""
            if letter in "1234":
                stack.embed(rightward=letter in "24", override=_OVERRIDES.get(letter, ""))
            elif letter == "5":
                stack.end_embedding()
        elif letter != "P":  # a paragraph separator stays at the base level (X8)
            if letter == "9":
                stack.end_isolate()
            levels[i], overridden[i] = stack.top.level, stack.top.override or letter
            if letter in "678":
                stack.isolate(rightward=letter == "7" or (letter == "8" and _opens_rightward(classes, i, matches)))
    return levels, overridden


def _opens_rightward(classes: str, start: int, matches: dict[int, int]) -> bool:
    """Whether the text within the isolate at ``start`` begins right to left (X5c)."""
    end = matches.get(start, len(classes))
    i = start + 1
    while i < end:
        letter = classes[i]
        if letter in "LRA":
            return letter != "L"
        i = matches.get(i, end) if letter in "678" else i + 1
    return False
