"""Changes to a tree of plain values: one taken out, another put in its place, a key misspelt, an entry repeated."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from typing import Any, Literal

from hypothesis import strategies as st

TreeEdits = list[tuple[int, Literal["put", "drop", "rename", "repeat"], Any]]

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
#: (which place, of so many shares of all; what is done there; what is put there)
TREE_EDITS: st.SearchStrategy[TreeEdits] = st.lists(
    st.tuples(
        st.sampled_from(range(_SHARES)), st.sampled_from(("put", "put", "put", "drop", "rename", "repeat")), VALUES
    ),
    min_size=1,
    max_size=3,
)


def grown(tree: Any, changes: TreeEdits) -> Any:
    """The tree with these changes made in it, one after another; it is not itself kept."""
    root = [tree]
    for share, way, value in changes:
        places = list(_places(root))
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
