"""A call tree in the file format of speedscope, https://github.com/jlfwong/speedscope: open it at speedscope.app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glyphmill import __version__
from glyphmill.profiling.calltree import Node
from glyphmill.profiling.functions import Key

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def speedscope(tree: Node, *, name: str) -> dict[str, Any]:
    """One profile of type ``sampled``: each stack once, weighted by the seconds that were spent at its top.

    Args:
        tree: the calls.
        name: what the viewer calls the profile.
    """
    frames: dict[Key, int] = {}
    samples, weights = [], []
    for stack, own in _stacks(tree, ()):
        samples.append([frames.setdefault(key, len(frames)) for key in stack])
        weights.append(own)
    return {
        "$schema": SCHEMA,
        "exporter": f"glyphmill {__version__}",
        "name": name,
        "activeProfileIndex": 0,
        "shared": {"frames": [_frame(key) for key in frames]},
        "profiles": [
            {
                "type": "sampled",
                "name": name,
                "unit": "seconds",
                "startValue": 0,
                "endValue": sum(weights),
                "samples": samples,
                "weights": weights,
            }
        ],
    }


def _stacks(node: Node, above: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], float]]:
    stack = (*above, node.key)
    if node.own_s > 0:
        yield stack, node.own_s
    for child in node.children.values():
        yield from _stacks(child, stack)


def _frame(key: Key) -> dict[str, Any]:
    file, line, name = key
    return {"name": name} if file in ("", "~") else {"name": name, "file": file, "line": line}
