"""What cProfile measured, as a graph of functions: who calls whom, how often and for how long."""

from __future__ import annotations

import sysconfig
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

#: File, line and name, as cProfile has them.
Key = tuple[str, int, str]
Amounts = defaultdict[Key, float]

_PACKAGE = "/glyphmill/"
_LIBRARIES = tuple(
    dict.fromkeys(
        PurePath(sysconfig.get_path(name)).as_posix() + "/" for name in ("stdlib", "platstdlib", "purelib", "platlib")
    )
)
#: Rounds in which time is handed up from callee to caller; far more than stacks are deep.
_ROUNDS = 200
#: What is not worth handing on: seconds, or a share.
_LEAST = 1e-9


@dataclass(frozen=True)
class Function:
    """One function of a profile.

    Attributes:
        key: file, line and name.
        calls: how often it was called.
        primitive: calls that are not recursive.
        own_s: seconds in it, without what it calls.
        total_s: seconds in it and in what it calls.
        callers: of each caller: calls, primitive calls, own and total seconds of this function on its behalf.
    """

    key: Key
    calls: int
    primitive: int
    own_s: float
    total_s: float
    callers: Mapping[Key, tuple[int, int, float, float]]

    @property
    def place(self) -> str:
        """``module.py:line(function)``, as pstats writes it."""
        return place(self.key)

    @property
    def ours(self) -> bool:
        """Whether it is the project's code or its user's, not that of Python or a library."""
        return ours(self.key)


def place(key: Key) -> str:
    """``module.py:line(function)``; a built-in function has its name alone."""
    file, line, name = key
    if file == "~":
        # as pstats has it: the repr of a built-in without its angle brackets
        return f"{{{name[1:-1]}}}" if name.startswith("<") and name.endswith(">") else name
    return f"{PurePath(file).name}:{line}({name})"


def ours(key: Key) -> bool:
    """Whether a function is neither Python's nor a library's; the profiler's own count as a library."""
    file = key[0].replace("\\", "/")
    if _PACKAGE in file:
        return not _profilers(key)
    return not file.startswith(("~", "<", *_LIBRARIES)) and "/site-packages/" not in file


def _profilers(key: Key) -> bool:
    return module_of(key).startswith("profiling/")


def module_of(key: Key) -> str:
    """The file below the package, such as ``stages/degrade/noise.py``; the bare name of any other file."""
    file = f"/{key[0]}".replace("\\", "/")
    if _PACKAGE in file:
        return file.rpartition(_PACKAGE)[2]
    return file.rpartition("/")[2]


def file_of(key: Key) -> str:
    """The file without the folders of this machine: ``glyphmill/effects.py``, or the bare name of any other."""
    module = module_of(key)
    return f"{_PACKAGE[1:]}{module}" if _PACKAGE in f"/{key[0]}".replace("\\", "/") else module


class Functions:
    """All functions of a profile.

    Args:
        stats: what pstats holds: key -> (primitive calls, calls, own s, total s, callers).
    """

    def __init__(self, stats: Mapping[Key, Any]) -> None:
        self.by_key: dict[Key, Function] = {
            key: Function(key, calls, primitive, own, total, callers)
            for key, (primitive, calls, own, total, callers) in stats.items()
        }

    @cached_property
    def callees(self) -> Mapping[Key, Mapping[Key, int]]:
        """How often each function called which, directly."""
        found: dict[Key, dict[Key, int]] = defaultdict(dict)
        for function in self.by_key.values():
            for caller, (calls, *_) in function.callers.items():
                found[caller][function.key] = calls
        return found

    @cached_property
    def work(self) -> Mapping[Key, float]:
        """Seconds of each of our functions, with those of the library functions that it calls.

        A library function that calls another hands its time on to its callers, in proportion to the time it spent for
        each: cProfile keeps callers, not stacks.
        """
        seconds: Amounts = defaultdict(float)
        pending: Amounts = defaultdict(float)
        for function in self.by_key.values():
            if function.ours:
                seconds[function.key] += function.own_s
                continue
            if _profilers(function.key):
                continue
            for caller, (_, _, own, _) in function.callers.items():
                (seconds if ours(caller) else pending)[caller] += own
        self._hand_up(pending, lambda key: ours(key), seconds)
        return seconds

    def reached_from(self, key: Key, wanted: Callable[[Key], bool]) -> Mapping[Key, float]:
        """The nearest functions above one for which `wanted` holds, with the share of its time on their behalf."""
        found: Amounts = defaultdict(float)
        if wanted(key):
            found[key] = 1.0
        else:
            self._hand_up({key: 1.0}, wanted, found)
        return found

    def main_caller(self, key: Key) -> Key | None:
        """The function on whose behalf one spends most of its time; None for the outermost."""
        callers = {caller: edge for caller, edge in self.by_key[key].callers.items() if caller != key}
        return max(callers, key=lambda caller: (callers[caller][3], callers[caller][0]), default=None)

    def _hand_up(self, amounts: Mapping[Key, float], wanted: Callable[[Key], bool], found: Amounts) -> None:
        for _ in range(_ROUNDS):
            above: Amounts = defaultdict(float)
            for key, amount in amounts.items():
                if _profilers(key):
                    continue  # what it does itself is no part of the work
                for caller, share in self._shares(key):
                    (found if wanted(caller) else above)[caller] += amount * share
            amounts = {key: amount for key, amount in above.items() if amount > _LEAST}
            if not amounts:
                return

    def _shares(self, key: Key) -> Iterable[tuple[Key, float]]:
        callers = [(caller, edge) for caller, edge in self.by_key[key].callers.items() if caller != key]
        total = sum(edge[3] for _, edge in callers)
        if total > 0:
            return [(caller, edge[3] / total) for caller, edge in callers]
        return [(caller, 1 / len(callers)) for caller, _ in callers]
