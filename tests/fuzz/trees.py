"""Changes to a tree of plain values: one taken out, another put in its place, a key misspelt, an entry repeated."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from typing import Any, Literal

from hypothesis import strategies as st

TreeEdits = list[tuple[int, Literal["put", "number", "drop", "rename", "repeat"], Any]]

_NUMBERS = (0, 1, -1, 2, 0.5, 1e-9, 255, 256, 1000, 10**6, 2**31, 2**63, 10**30, 1e300, -1e300)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(_NUMBERS),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), sys.float_info.min]),
    st.integers(-5, 5),
    st.floats(-2, 2),
    st.text(max_size=4),
    st.sampled_from(
        ["auto", "uniform", "left", "value", "min", "p", "weight", "one_of", "#123456", "..", "/", "𝒳", "0x1"]
    ),
)
#: What may be put anywhere: plain values of every type, up to two levels of them.
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["min", "max", "values", "weights", "p", "x", "", "distribution"]), inner, max_size=3
        ),
    ),
    max_leaves=5,
)
_SHARES = 1009
_AT = st.sampled_from(range(_SHARES))
_AMOUNTS = st.one_of(st.sampled_from(_NUMBERS), st.floats(-3, 3), st.integers(-300, 3000))
_NUMBER = st.tuples(_AT, st.just("number"), _AMOUNTS)
#: The same, of numbers alone.
NUMBER_EDITS: st.SearchStrategy[TreeEdits] = st.lists(_NUMBER, min_size=1, max_size=2)
#: (which place, of so many shares of all; what is done there; what is put there)
TREE_EDITS: st.SearchStrategy[TreeEdits] = st.lists(
    st.one_of(
        _NUMBER,
        st.tuples(_AT, st.sampled_from(("put", "put", "drop", "rename", "repeat")), VALUES),
    ),
    min_size=1,
    max_size=3,
)


def grown(tree: Any, changes: TreeEdits) -> Any:
    """The tree with these changes made in it, one after another; it is not itself kept.

    A ``number`` takes the place of a number, if there is any.
    """
    root = [tree]
    for share, way, value in changes:
        places = list(_places(root))
        if way == "number":
            places = [(holder, key) for holder, key in places if type(holder[key]) in (int, float)] or places
        holder, key = places[share * len(places) // _SHARES]
        if way == "drop" and holder is not root:
            del holder[key]
        elif way == "repeat" and isinstance(holder, list) and holder is not root:
            holder.append(copy.deepcopy(holder[key]))
        elif way == "rename" and isinstance(holder, dict):
            holder[f"{key}{value}"[:40]] = holder.pop(key)
        else:
            holder[key] = copy.deepcopy(value)
    return root[0]


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (mapping, key) and (list, index) of a tree."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield tree, key
        yield from _places(value)
