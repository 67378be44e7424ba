"""How many lines of a function run at each call: what tells a loop over pixels from work on whole arrays."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from glyphmill.profiling.functions import Key
from glyphmill.profiling.work import Work, workplace

#: Calls of each function that are counted, and lines after which a call is left alone: enough is known by then.
_CALLS, _LINES = 5, 200_000


@dataclass
class Lines:
    """Calls that were counted, and lines that ran in them."""

    calls: int = 0
    lines: int = 0

    @property
    def each(self) -> float:
        """Lines a call."""
        return self.lines / max(self.calls, 1)


def count_lines(work: Work, keys: Collection[Key]) -> dict[Key, Lines]:
    """The lines of each of these functions over its first calls; empty if a debugger or another tracer is at work.

    This makes the images once more, at the speed of a trace.
    """
    if sys.gettrace() is not None or not keys:
        return {}
    counter = _Counter(keys)
    with workplace() as root:
        sys.settrace(counter.enter)
        try:
            work.images(root)
        finally:
            sys.settrace(None)
    return counter.found


class _Counter:
    def __init__(self, keys: Collection[Key]) -> None:
        self.found = {key: Lines() for key in keys}
        self._known: dict[CodeType, Lines | None] = {}

    def enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code not in self._known:
            self._known[code] = self.found.get((code.co_filename, code.co_firstlineno, code.co_name))
        lines = self._known[code]
        if lines is None or lines.calls >= _CALLS:
            return None
        lines.calls += 1
        most = lines.lines + _LINES

        def line(frame: FrameType, event: str, arg: Any) -> Any:
            if event == "line":
                lines.lines += 1
                if lines.lines >= most:
                    frame.f_trace_lines = False
            return line

        return line
