"""How many cases each fuzz test runs, how their inputs are damaged, and the time and memory that a case may take."""

from __future__ import annotations

import contextlib
import random
import signal
import struct
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

SECONDS = 60.0
"""Time for one case; the slowest honest ones take about a second."""

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
_WIDTHS = {"B": 1, "H": 2, "I": 4}

Edits = list[tuple[int, int, bytes]]


def cases(share: float, *, batch: int = 1) -> Callable[[Any], Any]:
    """Run a test on its share of the profile's cases, which are 200, or 10,000 with ``make fuzz``.

    Args:
        share: of the 200 or 10,000; the shares of all tests in this folder come to 1.4.
        batch: cases that one example of the test holds; such examples are not shrunk, since each starts a process.
    """
    examples = max(1, round(settings.default.max_examples * share / batch))
    phases = [Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if batch == 1 else [])]
    return settings(max_examples=examples, phases=phases, suppress_health_check=list(HealthCheck))


def edits(length: int, pieces: st.SearchStrategy[bytes] | None = None) -> st.SearchStrategy[Edits]:
    """Some places in data of that length: (where, how much is cut there, what is put there)."""
    put = st.one_of(st.binary(max_size=4), *([pieces] if pieces is not None else []))
    cut = st.one_of(st.integers(0, 12), st.just(length))
    return st.lists(st.tuples(st.integers(0, length), cut, put), min_size=1, max_size=6)


def edited(data: bytes, changes: Edits) -> bytes:
    """The data with these edits made, one after another."""
    for where, cut, piece in changes:
        data = data[:where] + piece + data[where + cut :]
    return data


def damaged(data: bytes, dice: random.Random, start: int = 0, end: int | None = None) -> bytes:
    """The data cut off, or with some bytes between two offsets overwritten, lost or repeated."""
    end = len(data) if end is None else end
    out = bytearray(data)
    way = dice.choice(("bytes", "number", "number", "many", "lose", "repeat", "swap", "cut off"))
    if end <= start:
        way = "cut off"
    if way == "cut off":
        return bytes(out[: dice.randrange(len(out) + 1)])
    for _ in range({"many": 64, "number": dice.choice((1, 3)), "bytes": dice.choice((1, 4))}.get(way, 1)):
        at = dice.randrange(start, end)
        if way == "number":
            kind = dice.choice("BHHI")
            at -= (at - start) % _WIDTHS[kind]
            value = dice.choice((*_NUMBERS, dice.getrandbits(32))) & ((1 << 8 * _WIDTHS[kind]) - 1)
            out[at : at + _WIDTHS[kind]] = struct.pack(dice.choice("<>") + kind, value)
        elif way in ("lose", "repeat"):
            stop = min(end, at + dice.choice((1, 2, 16, 200)))
            out[at:stop] = b"" if way == "lose" else out[at:stop] * 2
        elif way == "swap":
            other, size = dice.randrange(start, end), dice.choice((1, 2, 4, 12))
            out[at : at + size], out[other : other + size] = out[other : other + size], out[at : at + size]
        else:
            out[at] = dice.randrange(256)
    return bytes(out)


class _Hang(BaseException):
    """A case takes longer than it may. No ``Exception``, so that what catches all of those does not hide it."""


@contextlib.contextmanager
def bounded(seconds: float = SECONDS, memory: int = 4 << 30) -> Iterator[None]:
    """Hold a case to a time, and to so many more bytes of memory, where the system can do that.

    Raises: AssertionError after the time; what asks for more memory gets a MemoryError.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(ImportError, OSError, ValueError):
            import resource

            old = resource.getrlimit(resource.RLIMIT_AS)
            with open("/proc/self/statm", encoding="ascii") as file:
                used = int(file.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + memory, old[1]))
            stack.callback(resource.setrlimit, resource.RLIMIT_AS, old)
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            stack.callback(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, _stop))
            signal.setitimer(signal.ITIMER_REAL, seconds)
            stack.callback(signal.setitimer, signal.ITIMER_REAL, 0)
        try:
            yield
        except _Hang:
            raise AssertionError(f"still at it after {seconds:g} s") from None


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise _Hang
