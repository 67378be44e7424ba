"""Ctrl-C and its like: the first lets what is begun be finished, the second ends at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

#: What asks a run to end.
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While its block lasts, SIGINT and SIGTERM ask the run to end; the second of them raises KeyboardInterrupt, once.

    Those that follow do nothing: what ends the run is under way, and must not be torn up.

    Outside of the main thread Python hears no signals, and nothing is changed.

    Attributes:
        signal: number of the first signal that came; None while none has.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self._twice = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._hear) for number in SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raises: KeyboardInterrupt after the second signal, once more: code in C may have lost the first of them."""
        if self._twice:
            raise KeyboardInterrupt

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.signal is None:
            self.signal = number
        elif not self._twice:
            self._twice = True
            raise KeyboardInterrupt
