"""Labels as arrays: every point that says where text is, moved together and written out once, at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, clip_boxes, group_bounds

SCHEMA = "glyphmill.label/1"


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
        quads: em-boxes (advance x ascent..descent) of the clusters, float (m, 4, 2).
        word_spans: [start, end) of each word, int (w, 2).
        word_line: line of each word, int (w,).
        word_quads: float (w, 4, 2).
        line_spans: [start, end) of each line, int (k, 2).
        line_quads: float (k, 4, 2).
        baselines: first and last point of each baseline, float (k, 2, 2).
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
    quads: NDArray[np.float64]
    word_spans: NDArray[np.int64]
    word_line: NDArray[np.int64]
    word_quads: NDArray[np.float64]
    line_spans: NDArray[np.int64]
    line_quads: NDArray[np.float64]
    baselines: NDArray[np.float64]

    def moved(self, forward: Callable[[Points], Points]) -> Labels:
        """These labels after a map of the plane; ``forward`` takes and gives points (n, 2)."""

        def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return forward(points.reshape(-1, 2)).reshape(points.shape)

        return replace(
            self,
            outline=move(self.outline),
            quads=move(self.quads),
            word_quads=move(self.word_quads),
            line_quads=move(self.line_quads),
            baselines=move(self.baselines),
        )

    def boxes(self) -> NDArray[np.float64]:
        """Tight boxes of the clusters, float (m, 4): of the outline, or of the em-box where there is no ink."""
        tight = group_bounds(self.outline, self.outline_counts)
        em = np.concatenate([self.quads.min(axis=1), self.quads.max(axis=1)], axis=1)
        return np.where(np.isnan(tight), em, tight)

    def to_dict(self, width: int, height: int) -> dict[str, Any]:
        """The geometric part of a label as plain JSON values, px with two decimals, clipped to the image."""
        text = self.text
        boxes = np.round(clip_boxes(self.boxes(), width, height), 2).tolist()
        quads = np.round(self.quads, 2).tolist()
        rows = zip(
            self.spans.tolist(),
            boxes,
            quads,
            self.line.tolist(),
            self.word.tolist(),
            self.ink.tolist(),
            self.shared.tolist(),
            strict=True,
        )
        clusters = []
        for (start, end), (x0, y0, x1, y1), quad, line, word, ink, shared in rows:
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
            clusters.append(entry)
        word_line = self.word_line.tolist()
        words_of: list[list[int]] = [[] for _ in range(len(self.line_spans))]
        for index, line in enumerate(word_line):
            words_of[line].append(index)
        word_quads = np.round(self.word_quads, 2).tolist()
        words = [
            {"text": text[start:end], "quad": quad, "polygon": quad, "line_index": line}
            for (start, end), quad, line in zip(self.word_spans.tolist(), word_quads, word_line, strict=True)
        ]
        line_quads = np.round(self.line_quads, 2).tolist()
        lines = [
            {"text": text[start:end], "quad": quad, "polygon": quad, "baseline": baseline, "words": members}
            for (start, end), quad, baseline, members in zip(
                self.line_spans.tolist(), line_quads, np.round(self.baselines, 2).tolist(), words_of, strict=True
            )
        ]
        return {"text": text, "direction": self.direction, "lines": lines, "words": words, "bboxes": clusters}
