"""The layout as arrays: every glyph and every cluster of a sample, in line space, and the frames of its lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.layout.frame import Frame
from glyphmill.stages.layout.paragraph import Paragraph
from glyphmill.stages.layout.run import JOINING_SCRIPTS, Run

_ALONG = {"left": 0.0, "start": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "end": 1.0, "bottom": 1.0}


@dataclass(frozen=True, slots=True)
class Line:
    """The runs of one line in visual order, over [start, end) of the text."""

    start: int
    end: int
    runs: list[Run]


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
    gid: NDArray[np.int32]
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
    lines: list[Line],
    paragraph: Paragraph,
    fonts: FontStack,
    frame: Frame,
    *,
    direction: str,
    align: str,
    line_spacing: float,
) -> Layout:
    """Join the runs of all lines, align the lines and stack them."""
    runs = [(number, run, start) for number, line in enumerate(lines) for run, start in _pen(line)]
    bounds = paragraph.clusters
    starts = bounds[:-1]
    m = len(starts)
    em = np.tile([np.inf, np.inf, -np.inf, -np.inf], (m, 1))
    shared = np.zeros(m, bool)
    cluster_line = np.searchsorted([line.end for line in lines], starts, side="right")
    glyph_cluster, glyph_parts = [], []
    for _, run, pen in runs:
        first = np.searchsorted(starts, run.start, side="right") - 1
        parts = np.maximum(np.searchsorted(starts, run.end) - first, 1)
        _grow_em(em, run, pen, first, parts)
        if parts.max(initial=1) > 1:
            member = np.repeat(first, parts) + _within(parts)
            shared[member] |= np.repeat(parts > 1, parts)
        glyph_cluster.append(first[run.group])
        glyph_parts.append(parts[run.group])
    _fill_missing(em, cluster_line)

    blank = np.fromiter((paragraph.text[start].isspace() for start in starts.tolist()), bool, m)
    line_em = _line_extents(em, cluster_line, blank, len(lines))
    shift = _alignment(line_em, align, frame, paragraph.base)
    em[:, [0, 2]] += shift[cluster_line][:, None]
    line_em[:, [0, 2]] += shift[:, None]

    sizes = [len(run.gid) for _, run, _ in runs]
    glyph_line = np.repeat([number for number, _, _ in runs], sizes)
    uv = np.concatenate([run.uv + np.array([pen, 0.0]) for _, run, pen in runs])
    uv[:, 0] += shift[glyph_line]
    height = max((line_em[:, 3] - line_em[:, 1]).max(), 0.0) + max(font.metrics.line_gap for font in fonts.instances)
    origins = np.arange(len(lines))[:, None] * (-frame.axes[1] * height * line_spacing)
    return Layout(
        text=paragraph.text,
        direction=direction,
        fonts=fonts,
        gid=np.concatenate([run.gid for _, run, _ in runs]),
        font=np.repeat([run.item.font for _, run, _ in runs], sizes),
        glyph_line=glyph_line,
        uv=uv,
        glyph_axes=np.repeat(np.stack([run.axes for _, run, _ in runs]), sizes, axis=0),
        cluster=np.concatenate(glyph_cluster),
        parts=np.concatenate(glyph_parts),
        joined=np.repeat([run.item.script in JOINING_SCRIPTS and not run.item.upright for _, run, _ in runs], sizes),
        spans=np.stack([starts, bounds[1:]], axis=1),
        line=cluster_line,
        em=em,
        shared=shared,
        line_spans=np.array([(line.start, line.end) for line in lines], np.int64),
        line_em=line_em,
        origins=origins,
        axes=frame.axes,
    )


def _pen(line: Line) -> list[tuple[Run, float]]:
    """Each run of a line with the pen at its start."""
    placed, pen = [], 0.0
    for run in line.runs:
        placed.append((run, pen))
        pen += run.width
    return placed


def _within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, .. for each of several groups, one after another."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def _grow_em(em: NDArray[np.float64], run: Run, pen: float, first: NDArray[np.int64], parts: NDArray[np.int64]) -> None:
    """Widen the em-boxes of a run's clusters; a ligature's advance is split evenly over its parts."""
    member = np.repeat(first, parts) + _within(parts)
    if len(member) == 0:
        return
    part, count = _within(parts), np.repeat(parts, parts)
    if run.item.level & 1:
        part = count - 1 - part
    u0, step = np.repeat(run.u0 + pen, parts), np.repeat((run.u1 - run.u0) / parts, parts)
    np.minimum.at(em[:, 0], member, u0 + step * part)
    np.maximum.at(em[:, 2], member, u0 + step * (part + 1))
    em[member, 1] = np.minimum(em[member, 1], run.v0)
    em[member, 3] = np.maximum(em[member, 3], run.v1)


def _fill_missing(em: NDArray[np.float64], line: NDArray[np.int64]) -> None:
    """Give clusters that no glyph stands for an empty box where the cluster before them ends."""
    for index in np.flatnonzero(np.isinf(em[:, 0])).tolist():
        previous = em[index - 1] if index and line[index - 1] == line[index] else None
        em[index] = (0, 0, 0, 0) if previous is None else (previous[2], previous[1], previous[2], previous[3])


def _line_extents(
    em: NDArray[np.float64], line: NDArray[np.int64], blank: NDArray[np.bool_], lines: int
) -> NDArray[np.float64]:
    """u0, v0, u1, v1 of each line; white space counts only where there is nothing else."""
    extents = np.zeros((lines, 4))
    for number in range(lines):
        members = line == number
        solid = em[members & ~blank]
        boxes = solid if len(solid) else em[members]
        if len(boxes):
            extents[number, :2] = boxes[:, :2].min(axis=0)
            extents[number, 2:] = boxes[:, 2:].max(axis=0)
    return extents


def _alignment(extents: NDArray[np.float64], align: str, frame: Frame, base: int) -> NDArray[np.float64]:
    """How far each line moves along u so that the lines share the edge asked for."""
    share = _ALONG[align]
    from_the_right = align in ("start", "end") or (frame.vertical and align in ("left", "right"))
    if (base == 1 and from_the_right) or (frame.upwards and align in ("top", "bottom")):
        share = 1.0 - share
    widths = extents[:, 2] - extents[:, 0]
    return (widths.max() - widths) * share - extents[:, 0]
