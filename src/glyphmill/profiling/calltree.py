"""Whole stacks: every function under the ones that called it, which cProfile does not keep. What flame graphs show."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from types import FrameType
from typing import Any

from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.functions import Key
from glyphmill.profiling.machine import other_profiler
from glyphmill.profiling.work import Work, workplace


@dataclass(slots=True)
class Node:
    """A function in one place of the tree.

    Attributes:
        key: file, line and name.
        own_s: seconds in it at this place, without what it calls.
        calls: how often it was called from here.
        children: what it calls.
    """

    key: Key
    own_s: float = 0.0
    calls: int = 0
    children: dict[Key, Node] = field(default_factory=dict)

    @property
    def total_s(self) -> float:
        """Seconds with what it calls."""
        return self.own_s + sum(child.total_s for child in self.children.values())


def call_tree(work: Work, clock: Callable[[], float] = perf_counter) -> Node:
    """The calls of all images, by their stacks.

    The clock stands still while a call is noted, so that of the tracer's own time only its being called is counted.

    Raises: ProfileError if another profiler is at work.
    """
    if (watching := other_profiler()) is not None:
        raise ProfileError(f"{watching} watches this process; call stacks cannot be traced at the same time")
    tracer = _Tracer(clock)
    with workplace() as root:
        sys.setprofile(tracer.hear)
        try:
            work.images(root)
        finally:
            sys.setprofile(None)
    # all but the pass itself is what starts and ends it
    passes = [node for key, node in tracer.root.children.items() if key[2] == "images"]
    return passes[0] if passes else tracer.root


class _Tracer:
    def __init__(self, clock: Callable[[], float]) -> None:
        self.root = Node(("", 0, "all"))
        self._stack = [self.root]
        self._clock = clock
        self._last = clock()

    def hear(self, frame: FrameType, event: str, arg: Any) -> None:
        now = self._clock()
        stack = self._stack
        node = stack[-1]
        node.own_s += now - self._last
        if event == "call" or event == "c_call":
            if event == "call":
                code = frame.f_code
                key: Key = (code.co_filename, code.co_firstlineno, code.co_name)
            else:
                key = ("~", 0, _builtin(arg))
            child = node.children.get(key)
            if child is None:
                child = node.children[key] = Node(key)
            child.calls += 1
            stack.append(child)
        elif len(stack) > 1:
            stack.pop()
        self._last = self._clock()


def _builtin(function: Any) -> str:
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", "builtin")
    return f"{module}.{name}" if module and module != "builtins" else str(name)
