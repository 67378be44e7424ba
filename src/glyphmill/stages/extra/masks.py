"""Masks of instances: which cluster, word or line the ink of each pixel is of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.stages.extra.cover import Refine, largest
from glyphmill.stages.extra.text import SeenText
from glyphmill.stages.extra.windows import Indices

_MOST = np.iinfo(np.uint16).max


def cluster_mask(text: SeenText) -> NDArray[np.uint16]:
    """1 + the cluster whose ink covers at least half of each pixel, and most of it; 0 for none: uint16 (H, W).

    A ligature is divided where the boxes of its parts meet. Raises: Reject if 16 bits do not hold all clusters.
    """
    parts = np.ones(len(text.labels.spans), np.int64)
    np.maximum.at(parts, text.layout.cluster, text.layout.parts)
    borders = _Borders(text.labels.quads, parts)
    return _mask(text, np.arange(len(parts)), borders.refine if parts.max(initial=1) > 1 else None)


def word_mask(text: SeenText) -> NDArray[np.uint16]:
    """The same for words. Raises: Reject."""
    return _mask(text, text.labels.word)


def line_mask(text: SeenText) -> NDArray[np.uint16]:
    """The same for lines. Raises: Reject."""
    return _mask(text, text.labels.line)


def _mask(text: SeenText, of_cluster: Indices, refine: Refine | None = None) -> NDArray[np.uint16]:
    if of_cluster.max(initial=0) >= _MOST:
        raise Reject("extra", "too_many", f"{of_cluster.max() + 1} in one image; a mask holds {_MOST}")
    placed = text.placed
    group = of_cluster[text.head()]
    return largest(placed.outline, placed.contours, group, text.width, text.height, refine)


class _Borders:
    """The lines at which ligatures are divided: where the em-boxes of their parts meet."""

    def __init__(self, quads: NDArray[np.float64], parts: Indices) -> None:
        self._parts = parts
        left, right = quads[:, [0, 3]], quads[:, [1, 2]]
        center = quads.mean(axis=1)
        # a part follows the one before it on the side where their boxes touch
        ahead = np.abs(right[:-1] - left[1:]).sum(axis=(1, 2)) <= np.abs(left[:-1] - right[1:]).sum(axis=(1, 2))
        self._from, to = np.moveaxis(np.where(ahead[:, None, None], right[:-1], left[:-1]), 1, 0)
        self._along = to - self._from
        self._sense = _cross(self._along, center[1:] - self._from)

    def refine(self, cluster: Indices, x: Indices, y: Indices) -> Indices:
        """The part that each pixel is of, for pixels of first parts."""
        part = cluster.copy()
        inside = np.flatnonzero(self._parts[cluster] > 1)
        point = np.stack([x, y], axis=1)[inside] + 0.5
        head = cluster[inside]
        for border in range(int(self._parts.max()) - 1):
            at = np.minimum(head + border, len(self._sense) - 1)
            beyond = _cross(self._along[at], point - self._from[at]) * self._sense[at] > 0
            part[inside] += beyond & (border + 1 < self._parts[head])
        return part


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
