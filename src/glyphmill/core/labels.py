"""Labels as arrays: every point that says where text is, moved together and written out once, at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import (
    Points,
    bounds,
    bounds_inside,
    clip_boxes,
    group_bounds,
    visible_share,
)
from glyphmill.core.shapes import described

SCHEMA = "glyphmill.label/1"

#: What moves of ``Labels``.
_MOVING = ("outline", "quads", "word_polygons", "line_polygons", "baselines")


@dataclass(frozen=True, slots=True)
class Labels:
    """Where the text of an image is, in pixels.

    m grapheme clusters in logical order, w words, k lines.

    Attributes:
        text: the whole text in logical order.
        direction: ``left_to_right``, ``right_to_left``, ``top_to_bottom`` or ``bottom_to_top``.
        spans: [start, end) of each cluster in the text, int (m, 2).
        line: line of each cluster, int (m,).
        word: word of each cluster, -1 for white space, int (m,).
        ink: whether each cluster draws anything, bool (m,).
        shared: whether a cluster is an even part of a ligature or conjunct, bool (m,).
        outline: points on the outlines of all clusters, in cluster order, float (n, 2).
        outline_counts: points of each cluster, int (m,).
        contours: where each closed contour begins in ``outline``; none is of two clusters, int (c,).
        quads: em-boxes (advance x ascent..descent) of the clusters, float (m, 4, 2).
        word_spans: [start, end) of each word, int (w, 2).
        word_line: line of each word, int (w,).
        word_polygons: along the top of each word and back along its bottom, float (w, 2 s, 2).
        line_spans: [start, end) of each line, int (k, 2).
        line_polygons: float (k, 2 s, 2).
        baselines: points of each baseline from its start to its end, float (k, s, 2).
        covered: share of the box of each cluster that something hides, (m,); None if nothing does.
    """

    text: str
    direction: str
    spans: NDArray[np.int64]
    line: NDArray[np.int64]
    word: NDArray[np.int64]
    ink: NDArray[np.bool_]
    shared: NDArray[np.bool_]
    outline: Points
    outline_counts: NDArray[np.int64]
    contours: NDArray[np.int64]
    quads: NDArray[np.float64]
    word_spans: NDArray[np.int64]
    word_line: NDArray[np.int64]
    word_polygons: NDArray[np.float64]
    line_spans: NDArray[np.int64]
    line_polygons: NDArray[np.float64]
    baselines: NDArray[np.float64]
    covered: NDArray[np.float64] | None = None

    @property
    def size(self) -> int:
        """How many ``points`` there are."""
        return sum(int(getattr(self, name).size) for name in _MOVING) // 2

    def points(self) -> Points:
        """All that moves, (n, 2)."""
        # one array: maps that are found step by step cost by the call as well as by the point
        return np.concatenate([getattr(self, name).reshape(-1, 2).T for name in _MOVING], axis=1).T

    def at(self, points: Points) -> Labels:
        """These labels where their ``points`` have been moved to."""
        arrays = [getattr(self, name) for name in _MOVING]
        rows = np.cumsum([0, *(array.size // 2 for array in arrays)]).tolist()
        parts = (points[start:end] for start, end in pairwise(rows))
        made: dict[str, Any] = {
            name: part.reshape(array.shape) for name, array, part in zip(_MOVING, arrays, parts, strict=True)
        }
        return replace(self, **made)

    def finite(self) -> bool:
        """Whether every coordinate is a finite number."""
        return all(np.isfinite(getattr(self, name)).all() for name in _MOVING)

    def shifted(self, dx: float, dy: float) -> Labels:
        """These labels elsewhere."""
        shift = np.array([dx, dy])
        made: dict[str, Any] = {name: getattr(self, name) + shift for name in _MOVING}
        return replace(self, **made)

    def hidden_by(self, cover: NDArray[np.uint8]) -> Labels:
        """These labels where something hides parts of the image, uint8 (h, w)."""
        height, width = cover.shape
        boxes = clip_boxes(self.boxes(), width, height)
        low, high = np.floor(boxes[:, :2]).astype(np.int64), np.ceil(boxes[:, 2:]).astype(np.int64)
        hidden = np.zeros(len(boxes))
        rows, columns = np.flatnonzero(cover.any(axis=1)), np.flatnonzero(cover.any(axis=0))
        if len(rows):
            # most of an image is not hidden: only what lies within the bounds of what is gets summed up
            y, x = rows[0], columns[0]
            part = cover[y : rows[-1] + 1, x : columns[-1] + 1]
            sums = np.zeros((part.shape[0] + 1, part.shape[1] + 1))
            np.cumsum(np.cumsum(part, axis=0, dtype=np.float64), axis=1, out=sums[1:, 1:])
            (x0, y0), (x1, y1) = (np.clip(at - (x, y), 0, part.shape[::-1]).T for at in (low, high))
            hidden = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]
        area = np.maximum((high - low).prod(axis=1), 1)
        return replace(self, covered=np.clip(hidden / 255 / area, 0.0, 1.0))

    def bounds(self) -> tuple[float, float, float, float]:
        """The box around all ink and all lines."""
        one, other = bounds(self.outline), bounds(self.line_polygons.reshape(-1, 2))
        return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))

    def boxes(self) -> NDArray[np.float64]:
        """Tight boxes of the clusters, float (m, 4): of the outline, or of the em-box where there is no ink."""
        tight = group_bounds(self.outline, self.outline_counts)
        if not self.ink.all():
            em = self.quads[~self.ink]
            tight[~self.ink] = np.concatenate([em.min(axis=1), em.max(axis=1)], axis=1)
        return tight

    def seen(self, width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Boxes (m, 4) of what an image shows of each cluster, and the share (m,) of its tight box in the image.

        Of a cluster that the border cuts, the box is that of the rest of its ink, which may be smaller than its box as
        cut by the border. A cluster without ink in the image has no area, and the share is 0.
        """
        tight = self.boxes()
        boxes = clip_boxes(tight, width, height)
        reaches_out = (boxes != tight).any(axis=1)
        share = visible_share(tight, width, height) if reaches_out.any() else np.ones(len(tight))
        cut = self.ink & reaches_out
        if cut.any():
            first = np.zeros(len(self.outline), bool)
            first[self.contours] = True
            members = np.repeat(cut, self.outline_counts)
            contours = np.flatnonzero(first[members])
            rest = bounds_inside(self.outline[members], contours, self.outline_counts[cut], width, height)
            unseen = np.isnan(rest[:, 0])
            middle = (tight[cut, :2] + tight[cut, 2:]) / 2
            rest[unseen] = clip_boxes(np.tile(middle[unseen], 2), width, height)
            boxes[cut] = rest
            share[np.flatnonzero(cut)[unseen]] = 0.0
        if self.covered is not None:
            share = share * (1 - self.covered)
        return boxes, share

    def to_dict(self, width: int, height: int) -> dict[str, Any]:
        """The geometric part of a label as plain JSON values, px with two decimals, clipped to the image."""
        text = self.text
        tight, share = self.seen(width, height)
        boxes, visible = tight.round(2).tolist(), share.round(3).tolist()
        quads = self.quads.round(2).tolist()
        rows = zip(
            self.spans.tolist(),
            boxes,
            quads,
            self.line.tolist(),
            self.word.tolist(),
            self.ink.tolist(),
            self.shared.tolist(),
            visible,
            strict=True,
        )
        clusters = []
        for (start, end), (x0, y0, x1, y1), quad, line, word, ink, shared, seen in rows:
            entry = {
                "char": text[start:end],
                "x0": x0,
                "y0": y0,
                "x1": x1,
                "y1": y1,
                "quad": quad,
                "line_index": line,
                "word_index": word if word >= 0 else None,
                "span": [start, end],
                "ink": ink,
            }
            if shared:
                entry["shared"] = True
            if seen < 1:
                entry["visible"] = seen
            clusters.append(entry)
        word_line = self.word_line.tolist()
        words_of: list[list[int]] = [[] for _ in range(len(self.line_spans))]
        for index, line in enumerate(word_line):
            words_of[line].append(index)
        word_shapes, line_shapes, baselines = described(self.word_polygons, self.line_polygons, self.baselines)
        words = [
            {"text": text[start:end], **shape, "line_index": line}
            for (start, end), shape, line in zip(self.word_spans.tolist(), word_shapes, word_line, strict=True)
        ]
        lines = [
            {"text": text[start:end], **shape, "baseline": baseline, "words": members}
            for (start, end), shape, baseline, members in zip(
                self.line_spans.tolist(), line_shapes, baselines, words_of, strict=True
            )
        ]
        return {"text": text, "direction": self.direction, "lines": lines, "words": words, "bboxes": clusters}
