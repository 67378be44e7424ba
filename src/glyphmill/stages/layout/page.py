"""The layout as arrays: every glyph and every cluster of a sample, in line space, and the frames of its lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.layout.frame import Frame
from glyphmill.stages.layout.paragraph import Paragraph
from glyphmill.stages.layout.pen import Inline
from glyphmill.stages.layout.run import JOINING_SCRIPTS, Shaped

_ALONG = {"left": 0.0, "start": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "end": 1.0, "bottom": 1.0}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is, in line space, px. n glyphs in visual order, m grapheme clusters in logical order, k lines.

    Attributes:
        gid: glyph ids, int (n,).
        font: which instance of the stack, int (n,).
        glyph_line: line of each glyph, int (n,).
        uv: origin of each glyph, float (n, 2).
        glyph_axes: axes of each glyph in line space, float (n, 2, 2).
        cluster: first grapheme cluster that each glyph draws, int (n,).
        parts: how many clusters it draws, int (n,): more than 1 for a ligature.
        joined: whether it is of a script whose letters join, bool (n,).
        spans: [start, end) of each cluster in the text, int (m, 2).
        line: line of each cluster, int (m,).
        em: u0, v0, u1, v1 of each cluster's em-box, float (m, 4).
        shared: whether a cluster is part of a ligature, bool (m,).
        line_spans: int (k, 2).
        line_em: u0, v0, u1, v1 of each line without trailing space, float (k, 4).
        origins: page place of each line's (0, 0), float (k, 2).
        axes: page direction of u and v, rows, float (2, 2).
    """

    text: str
    direction: str
    fonts: FontStack
    gid: NDArray[np.int64]
    font: NDArray[np.int64]
    glyph_line: NDArray[np.int64]
    uv: NDArray[np.float64]
    glyph_axes: NDArray[np.float64]
    cluster: NDArray[np.int64]
    parts: NDArray[np.int64]
    joined: NDArray[np.bool_]
    spans: NDArray[np.int64]
    line: NDArray[np.int64]
    em: NDArray[np.float64]
    shared: NDArray[np.bool_]
    line_spans: NDArray[np.int64]
    line_em: NDArray[np.float64]
    origins: NDArray[np.float64]
    axes: NDArray[np.float64]


def assemble(
    shaped: Shaped,
    inline: Inline,
    lines: list[tuple[int, int]],
    paragraph: Paragraph,
    fonts: FontStack,
    frame: Frame,
    *,
    direction: str,
    align: str,
    line_spacing: float,
) -> Layout:
    """Find the clusters that glyphs belong to, align the lines (their spans in the text) and stack them."""
    bounds = paragraph.clusters
    starts = bounds[:-1]
    line_spans = np.array(lines, np.int64)
    line = line_spans[:, 1].searchsorted(starts, side="right")
    first = starts.searchsorted(shaped.start, side="right") - 1
    parts = np.maximum(starts.searchsorted(shaped.end) - first, 1)
    em, shared = _em_boxes(shaped, inline, first, parts, len(starts))
    _fill_missing(em, line)
    blank = np.array([paragraph.text[start].isspace() for start in starts.tolist()], bool)
    line_em = _line_extents(em, line, blank, len(lines))
    shift = _alignment(line_em, align, frame, paragraph.base)
    em[:, ::2] += shift[line][:, None]
    line_em[:, ::2] += shift[:, None]

    items = [piece.item for piece in shaped.pieces]
    glyph_line = np.array([piece.line for piece in shaped.pieces])[shaped.piece]
    uv = inline.uv.copy()
    uv[:, 0] += shift[glyph_line]
    height = max((line_em[:, 3] - line_em[:, 1]).max(), 0.0) + max(font.metrics.line_gap for font in fonts.instances)
    return Layout(
        text=paragraph.text,
        direction=direction,
        fonts=fonts,
        gid=shaped.gid,
        font=np.array([item.font for item in items])[shaped.piece],
        glyph_line=glyph_line,
        uv=uv,
        glyph_axes=inline.axes,
        cluster=first[shaped.group],
        parts=parts[shaped.group],
        joined=np.array([item.script in JOINING_SCRIPTS and not item.upright for item in items])[shaped.piece],
        spans=np.stack([starts, bounds[1:]], axis=1),
        line=line,
        em=em,
        shared=shared,
        line_spans=line_spans,
        line_em=line_em,
        origins=np.arange(len(lines))[:, None] * (-frame.axes[1] * height * line_spacing),
        axes=frame.axes,
    )


def _em_boxes(
    shaped: Shaped, inline: Inline, first: NDArray[np.int64], parts: NDArray[np.int64], m: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Em-boxes of m clusters, (m, 4), and which are parts of a ligature, (m,): its advance is split evenly over them.

    Args:
        first, parts: the first cluster of each group and how many it draws, (g,).
    """
    em = np.full((m, 4), np.inf)
    em[:, 2:] = -np.inf
    shared = np.zeros(m, bool)
    u0, width, v0, v1 = inline.u, inline.width, inline.v0, inline.v1
    u1 = u0 + width
    if parts.max(initial=1) > 1:
        group = np.repeat(np.arange(len(parts)), parts)
        part = np.arange(len(group)) - np.repeat(np.cumsum(parts) - parts, parts)
        first = first[group] + part
        shared[first[parts[group] > 1]] = True
        leftwards = np.array([piece.item.level & 1 for piece in shaped.pieces], bool)[shaped.group_piece][group]
        part = np.where(leftwards, parts[group] - 1 - part, part)
        step, u0, v0, v1 = (width / parts)[group], u0[group], v0[group], v1[group]
        u0, u1 = u0 + step * part, u0 + step * (part + 1)
    for column, values in enumerate((u0, v0)):
        np.minimum.at(em[:, column], first, values)
    for column, values in enumerate((u1, v1)):
        np.maximum.at(em[:, column + 2], first, values)
    return em, shared


def _fill_missing(em: NDArray[np.float64], line: NDArray[np.int64]) -> None:
    """Give clusters that no glyph stands for an empty box where the cluster before them ends."""
    for index in np.flatnonzero(np.isinf(em[:, 0])).tolist():
        previous = em[index - 1] if index and line[index - 1] == line[index] else None
        em[index] = (0, 0, 0, 0) if previous is None else (previous[2], previous[1], previous[2], previous[3])


def _line_extents(
    em: NDArray[np.float64], line: NDArray[np.int64], blank: NDArray[np.bool_], lines: int
) -> NDArray[np.float64]:
    """u0, v0, u1, v1 of each line, (lines, 4); white space counts only where there is nothing else."""
    counted = ~blank
    if blank.any():
        counted |= (np.bincount(line[counted], minlength=lines) == 0)[line]
    extents = np.zeros((lines, 4))
    sizes = np.bincount(line[counted], minlength=lines)
    filled, boxes = sizes.nonzero()[0], em[counted]
    begins = (sizes.cumsum() - sizes)[filled]
    extents[filled, :2] = np.minimum.reduceat(boxes[:, :2], begins)
    extents[filled, 2:] = np.maximum.reduceat(boxes[:, 2:], begins)
    return extents


def _alignment(extents: NDArray[np.float64], align: str, frame: Frame, base: int) -> NDArray[np.float64]:
    """How far each line moves along u so that the lines share the edge asked for."""
    share = _ALONG[align]
    from_the_right = align in ("start", "end") or (frame.vertical and align in ("left", "right"))
    if (base == 1 and from_the_right) or (frame.upwards and align in ("top", "bottom")):
        share = 1.0 - share
    widths = extents[:, 2] - extents[:, 0]
    return (widths.max() - widths) * share - extents[:, 0]
