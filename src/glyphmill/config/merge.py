"""Laying one tree over another: mappings entry by entry, everything else replaced."""

from __future__ import annotations

from dataclasses import replace

from glyphmill.config.place import At, join
from glyphmill.config.source import Node

_RANGE = {"min", "max"}
_SHAPE = {"distribution", "alpha", "beta"}
_OTHER = {"value", "values", "weights"}


def merge(base: Node, over: Node) -> Node:
    """``over`` laid over ``base``.

    A number that names another distribution keeps no more than the bounds of ``base``.
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    kept = base.value
    if over.value and kept.keys() | over.value.keys() <= _RANGE | _SHAPE | _OTHER:
        if over.value.keys() & _OTHER or (kept.keys() & _OTHER and over.value.keys() & _RANGE):
            kept = {}
        elif "distribution" in over.value:
            kept = {name: node for name, node in kept.items() if name in _RANGE}
    merged = dict(kept)
    for name, node in over.value.items():
        merged[name] = merge(kept[name], node) if name in kept else node
    return replace(over, value=merged)


def stamp(at: At) -> Node:
    """The tree with each entry knowing its key, so that it is named as it is written wherever it is laid."""
    node = at.node
    if isinstance(node.value, dict):
        entries = {name: stamp(At(child, child.origin or join(at.key, name))) for name, child in node.value.items()}
        return replace(node, value=entries, origin=at.key)
    return replace(node, origin=at.key)
