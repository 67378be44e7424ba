"""Clusters that move together where letters are off their places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glyphmill.stages.layout.page import Layout


def wholes(layout: Layout, *, words: bool) -> NDArray[np.int64]:
    """The first of the clusters that each cluster stays together with, as do the parts of a ligature, (m,).

    Args:
        words: clusters of scripts that join stay together from one white space to the next, on each line.
    """
    m = len(layout.spans)
    follows = np.zeros(m + 1, bool)  # the cluster before it
    ligature = layout.parts > 1
    head, parts = layout.cluster[ligature], layout.parts[ligature]
    rest = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    member = np.repeat(head, parts) + rest
    follows[member[rest > 0]] = True
    if words:
        joined = np.zeros(m, bool)
        joined[layout.cluster[layout.joined]] = True
        joined[member[np.repeat(layout.joined[ligature], parts)]] = True
        joined &= np.array([not layout.text[start].isspace() for start in layout.spans[:, 0].tolist()], bool)
        follows[1:m] |= joined[1:] & joined[:-1] & (layout.line[1:] == layout.line[:-1])
    return np.maximum.accumulate(np.where(follows[:m], 0, np.arange(m)))


def extents(em: NDArray[np.float64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Bounds of the em-boxes (m, 4) of all clusters that each stays together with, (m, 4)."""
    heads = np.flatnonzero(whole == np.arange(len(whole)))
    low, high = np.minimum.reduceat(em[:, :2], heads), np.maximum.reduceat(em[:, 2:], heads)
    return np.concatenate([low, high], axis=1)[np.searchsorted(heads, whole)]
