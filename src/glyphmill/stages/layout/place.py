"""From line space to the page: places of glyphs and the labels that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, group_bounds
from glyphmill.core.labels import Labels
from glyphmill.stages.layout.page import Layout
from glyphmill.unicode import segment


@dataclass(frozen=True, slots=True)
class Placed:
    """Glyphs on the page, px, y down.

    Attributes:
        origin: (n, 2).
        matrix: page vectors of one em along the font's x and its y (up), rows, float (n, 2, 2).
        boxes: bounds of each outline, float (n, 4); NaN for a glyph without ink.
    """

    origin: NDArray[np.float64]
    matrix: NDArray[np.float64]
    boxes: NDArray[np.float64]

    def shifted(self, dx: float, dy: float) -> Placed:
        """The same glyphs elsewhere."""
        return Placed(self.origin + np.array([dx, dy]), self.matrix, self.boxes + np.array([dx, dy, dx, dy]))


def place(layout: Layout) -> tuple[Placed, Labels]:
    """Put straight lines on the page, with the first line's (0, 0) at the page's."""
    sizes = np.array([font.size_px for font in layout.fonts.instances])[layout.font]
    origin = layout.origins[layout.glyph_line] + layout.uv @ layout.axes
    matrix = (layout.glyph_axes @ layout.axes) * sizes[:, None, None]
    outline, counts, boxes = _outlines(layout, origin, matrix)
    return Placed(origin, matrix, boxes), _labels(layout, outline, counts)


def _labels(layout: Layout, outline: Points, counts: NDArray[np.int64]) -> Labels:
    word_spans, word_line, cluster_word = _words(layout)
    line_quads = _quads(layout.line_em, np.arange(len(layout.line_em)), layout)
    return Labels(
        text=layout.text,
        direction=layout.direction,
        spans=layout.spans,
        line=layout.line,
        word=cluster_word,
        ink=counts > 0,
        shared=layout.shared,
        outline=outline,
        outline_counts=counts,
        quads=_quads(layout.em, layout.line, layout),
        word_spans=word_spans,
        word_line=word_line,
        word_quads=_quads(_joined_em(layout, cluster_word, len(word_spans)), word_line, layout),
        line_spans=layout.line_spans,
        line_quads=line_quads,
        baselines=_baselines(layout),
    )


_CORNERS = [0, 3, 2, 3, 2, 1, 0, 1]  # of u0, v0, u1, v1: top left, top right, bottom right, bottom left


def _quads(em: NDArray[np.float64], line: NDArray[np.int64], layout: Layout) -> NDArray[np.float64]:
    """Corners of (u0, v0, u1, v1) boxes on the page, (n, 4, 2): top left first, as the letters stand in their line."""
    corners = em[:, _CORNERS].reshape(-1, 2)
    return np.asarray((corners @ layout.axes).reshape(-1, 4, 2) + layout.origins[line][:, None, :])


def _baselines(layout: Layout) -> NDArray[np.float64]:
    u = layout.line_em[:, [0, 2]]
    ends = np.stack([u, np.zeros_like(u)], axis=-1)
    return np.asarray(ends @ layout.axes + layout.origins[:, None, :])


def _words(layout: Layout) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
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


def _joined_em(layout: Layout, cluster_word: NDArray[np.int64], words: int) -> NDArray[np.float64]:
    """Bounds of the em-boxes of each word's clusters, (w, 4)."""
    joined = np.tile([np.inf, np.inf, -np.inf, -np.inf], (words, 1))
    members = cluster_word >= 0
    np.minimum.at(joined[:, :2], cluster_word[members], layout.em[members, :2])
    np.maximum.at(joined[:, 2:], cluster_word[members], layout.em[members, 2:])
    return joined


def _outlines(
    layout: Layout, origin: NDArray[np.float64], matrix: NDArray[np.float64]
) -> tuple[Points, NDArray[np.int64], NDArray[np.float64]]:
    """Outline points on the page in cluster order (p, 2), how many each cluster has (m,), bounds of glyphs (n, 4)."""
    shapes: list[NDArray[np.float32]] = [_NO_INK] * len(layout.gid)
    for number, font in enumerate(layout.fonts.instances):
        members = np.flatnonzero(layout.font == number).tolist()
        for index, shape in zip(members, font.outlines(layout.gid[members].tolist()), strict=True):
            shapes[index] = shape
    order = np.argsort(layout.cluster, kind="stable")
    counts = np.array([shape.shape[1] for shape in shapes], np.int64)
    owner = np.repeat(order, counts[order])
    em_x, em_y = np.concatenate([shapes[index] for index in order.tolist()], axis=1)
    maps = np.concatenate([matrix.reshape(-1, 4), origin], axis=1).T[:, owner]
    # columns one after the other in memory: bounds and maps run along them
    points: Points = np.empty((2, len(owner))).T
    points[:, 0] = em_x * maps[0] + em_y * maps[2] + maps[4]
    points[:, 1] = em_x * maps[1] + em_y * maps[3] + maps[5]
    boxes = np.empty((len(order), 4))
    boxes[order] = group_bounds(points, counts[order])
    cluster = layout.cluster[owner]
    if layout.parts.max(initial=1) > 1:
        points, cluster = _split_ligatures(layout, points, cluster, layout.parts[owner], layout.glyph_line[owner])
    return points, np.bincount(cluster, minlength=len(layout.spans)).astype(np.int64), boxes


_NO_INK = np.zeros((2, 0), np.float32)


def _split_ligatures(
    layout: Layout,
    points: Points,
    cluster: NDArray[np.int64],
    parts: NDArray[np.int64],
    line: NDArray[np.int64],
) -> tuple[Points, NDArray[np.int64]]:
    """Give each part of a ligature the ligature's outline, held to the part's slice of the advance along the line."""
    copies = np.repeat(np.arange(len(points)), parts)
    part = np.arange(len(copies)) - np.repeat(np.cumsum(parts) - parts, parts)
    owner = cluster[copies] + part
    # the axes are orthonormal, so their transpose leads back to line space
    base = layout.origins[line[copies]]
    uv = (points[copies] - base) @ layout.axes.T
    low, high = layout.em[owner, 0], layout.em[owner, 2]
    first, last = part == 0, part == parts[copies] - 1
    begins = layout.em[cluster[copies], 0] <= layout.em[cluster[copies] + parts[copies] - 1, 0]
    # what overhangs the advance belongs to the part at that end
    low = np.where(np.where(begins, first, last), -np.inf, low)
    high = np.where(np.where(begins, last, first), np.inf, high)
    uv[:, 0] = np.clip(uv[:, 0], low, high)
    order = np.argsort(owner, kind="stable")
    return (uv @ layout.axes + base)[order], owner[order]
