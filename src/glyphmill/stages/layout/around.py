"""Words and lines as shapes: which clusters they hold, and the polygons around them and the baselines on the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points
from glyphmill.stages.layout.page import Layout
from glyphmill.unicode import segment

#: Edges along each long side of a word's or a line's polygon where it may bend: this long, px, but no more than 2 ** 6.
_SIDE_STEP_PX = 4.0
_MOST_HALVINGS = 6

Boxes = NDArray[np.float64]
Whole = NDArray[np.int64]


def shapes_on_page(
    to_page: Callable[[Points, Whole], Points],
    word_em: Boxes,
    word_line: Whole,
    held_em: Boxes,
    line_em: Boxes,
    *,
    bends: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Polygons of the words (w, 2 s, 2) and lines (k, 2 t, 2), and baselines (k, t, 2).

    Args:
        to_page: from points in line space (n, 2) and the line of each (n,) to the page.
        word_em, word_line: box of each word in line space, (w, 4), and its line, (w,).
        held_em: box of each line, (k, 4).
        line_em: the same, but with the ends of its baseline, (k, 4).
        bends: sides may bend, and have points enough for it.
    """
    sides, every_line = _side_points(held_em, bends=bends), np.arange(len(line_em))
    shapes = [
        (_around(word_em, _side_points(word_em, bends=bends)), word_line),
        (_around(held_em, sides), every_line),
        (_axis(line_em, sides), every_line),
    ]
    # in one call: curves cost by the call as well as by the point
    line = np.concatenate([np.repeat(line, uv.shape[1]) for uv, line in shapes])
    moved = to_page(np.concatenate([uv.reshape(-1, 2) for uv, _ in shapes]), line)
    ends = accumulate((uv.size // 2 for uv, _ in shapes), initial=0)
    words, lines, baselines = (
        moved[a:b].reshape(uv.shape) for (a, b), (uv, _) in zip(pairwise(ends), shapes, strict=True)
    )
    return words, lines, baselines


def _side_points(em: NDArray[np.float64], *, bends: bool) -> int:
    """Points along each long side of the polygons of em-boxes (n, 4): as many as the longest one needs."""
    if not bends or len(em) == 0:
        return 2
    longest = float((em[:, 2] - em[:, 0]).max())
    halvings = np.ceil(np.log2(max(longest / _SIDE_STEP_PX, 2.0)))
    return int(2 ** min(halvings, _MOST_HALVINGS)) + 1


def _around(em: NDArray[np.float64], sides: int) -> NDArray[np.float64]:
    """Polygons around (u0, v0, u1, v1) boxes with ``sides`` points along top and bottom, (n, 2 sides, 2).

    The top runs from the start to the end of the box, the bottom back.
    """
    along = _along(em, sides)
    uv = np.empty((len(em), 2 * sides, 2))
    uv[:, :sides, 0], uv[:, sides:, 0] = along, along[:, ::-1]
    uv[:, :sides, 1], uv[:, sides:, 1] = em[:, 3:4], em[:, 1:2]
    return uv


def _axis(em: NDArray[np.float64], sides: int) -> NDArray[np.float64]:
    """Points along v = 0 from the start to the end of boxes, (n, sides, 2)."""
    uv = np.zeros((len(em), sides, 2))
    uv[:, :, 0] = _along(em, sides)
    return uv


def _along(em: NDArray[np.float64], sides: int) -> NDArray[np.float64]:
    """Places from u0 to u1 of boxes, (n, sides)."""
    return em[:, ::2] if sides == 2 else em[:, :1] + (em[:, 2:3] - em[:, :1]) * _shares(sides)


@lru_cache(maxsize=_MOST_HALVINGS + 1)
def _shares(sides: int) -> NDArray[np.float64]:
    shares = np.linspace(0.0, 1.0, sides)
    shares.flags.writeable = False
    return shares


def words(layout: Layout) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Spans and lines of the words, and the word of each cluster (-1 for white space). A line's end ends a word."""
    spans, lines = [], []
    for number, (start, end) in enumerate(layout.line_spans.tolist()):
        for word_start, word_end in segment.words(layout.text[start:end]):
            spans.append((start + word_start, start + word_end))
            lines.append(number)
    word_spans = np.array(spans, np.int64).reshape(-1, 2)
    starts = layout.spans[:, 0]
    word = np.searchsorted(word_spans[:, 0], starts, side="right") - 1
    inside = word >= 0
    inside[inside] = starts[inside] < word_spans[word[inside], 1]
    return word_spans, np.array(lines, np.int64), np.where(inside, word, -1)


def joined_em(em: NDArray[np.float64], cluster_word: NDArray[np.int64], words: int) -> NDArray[np.float64]:
    """Bounds of the boxes (m, 4) of each word's clusters, (w, 4)."""
    # clusters are in logical order, and so are the words that they make up
    members = cluster_word >= 0
    begins = np.searchsorted(cluster_word[members], np.arange(words))
    boxes = em[members]
    low, high = np.minimum.reduceat(boxes[:, :2], begins), np.maximum.reduceat(boxes[:, 2:], begins)
    return np.concatenate([low, high], axis=1)


def grown(layout: Layout, em: NDArray[np.float64], inked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The boxes of the lines, (k, 4), grown to hold the boxes (m, 4) of clusters with ink."""
    line_em = layout.line_em.copy()
    np.minimum.at(line_em[:, :2], layout.line[inked], em[inked, :2])
    np.maximum.at(line_em[:, 2:], layout.line[inked], em[inked, 2:])
    return line_em
