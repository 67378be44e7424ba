"""Labels as arrays: every point that says where text is, moved together and written out once, at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, bounds, clip_boxes, group_bounds, polygon_areas, visible_share

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
        word_polygons: along the top of each word and back along its bottom, float (w, 2 s, 2).
        line_spans: [start, end) of each line, int (k, 2).
        line_polygons: float (k, 2 s, 2).
        baselines: points of each baseline from its start to its end, float (k, s, 2).
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
    word_polygons: NDArray[np.float64]
    line_spans: NDArray[np.int64]
    line_polygons: NDArray[np.float64]
    baselines: NDArray[np.float64]

    def moved(self, forward: Callable[[Points], Points]) -> Labels:
        """These labels after a map of the plane; ``forward`` takes and gives points (n, 2)."""

        def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return forward(points.reshape(-1, 2)).reshape(points.shape)

        return replace(
            self,
            outline=move(self.outline),
            quads=move(self.quads),
            word_polygons=move(self.word_polygons),
            line_polygons=move(self.line_polygons),
            baselines=move(self.baselines),
        )

    def shifted(self, dx: float, dy: float) -> Labels:
        """These labels elsewhere."""
        return self.moved(lambda points: points + np.array([dx, dy]))

    def bounds(self) -> tuple[float, float, float, float]:
        """The box around all ink and all lines."""
        one, other = bounds(self.outline), bounds(self.line_polygons.reshape(-1, 2))
        return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))

    def boxes(self) -> NDArray[np.float64]:
        """Tight boxes of the clusters, float (m, 4): of the outline, or of the em-box where there is no ink."""
        tight = group_bounds(self.outline, self.outline_counts)
        em = np.concatenate([self.quads.min(axis=1), self.quads.max(axis=1)], axis=1)
        return np.where(np.isnan(tight), em, tight)

    def to_dict(self, width: int, height: int) -> dict[str, Any]:
        """The geometric part of a label as plain JSON values, px with two decimals, clipped to the image."""
        text = self.text
        tight = self.boxes()
        boxes = np.round(clip_boxes(tight, width, height), 2).tolist()
        visible = np.round(visible_share(tight, width, height), 3).tolist()
        quads = np.round(self.quads, 2).tolist()
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
        words = [
            {"text": text[start:end], **shape, "line_index": line}
            for (start, end), shape, line in zip(
                self.word_spans.tolist(), _shapes(self.word_polygons), word_line, strict=True
            )
        ]
        lines = [
            {"text": text[start:end], **shape, "baseline": baseline, "words": members}
            for (start, end), shape, baseline, members in zip(
                self.line_spans.tolist(), _shapes(self.line_polygons), _thinned(self.baselines), words_of, strict=True
            )
        ]
        return {"text": text, "direction": self.direction, "lines": lines, "words": words, "bboxes": clusters}


def _shapes(polygons: NDArray[np.float64]) -> Iterator[dict[str, Any]]:
    """``quad``, ``polygon`` and ``area`` of words or lines whose top and bottom are sampled alike, (n, 2 s, 2)."""
    sides = polygons.shape[1] // 2
    areas = np.round(polygon_areas(polygons), 1).tolist()
    if sides == 2:
        for quad, area in zip(np.round(polygons, 2).tolist(), areas, strict=True):
            yield {"quad": quad, "polygon": quad, "area": area}
        return
    for polygon, area in zip(polygons, areas, strict=True):
        around = np.concatenate([thin(polygon[:sides]), thin(polygon[sides:])])
        quad = around if len(around) == 4 else _box_along(polygon, polygon[sides - 1] - polygon[0])
        yield {"quad": _rounded(quad), "polygon": _rounded(around), "area": area}


def _thinned(lines: NDArray[np.float64]) -> list[list[list[float]]]:
    if lines.shape[1] == 2:
        plain: list[list[list[float]]] = np.round(lines, 2).tolist()
        return plain
    return [_rounded(thin(line)) for line in lines]


def thin(points: Points, tolerance_px: float = 0.2) -> Points:
    """An open polyline (n, 2) without the points that it can spare: none is further than the tolerance from it.

    Source: Ramer 1972; Douglas & Peucker 1973.
    """
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        chord = points[last] - points[first]
        inner = points[first + 1 : last] - points[first]
        length = float(np.hypot(*chord))
        if length > 0:
            along = np.clip(inner @ chord / length**2, 0.0, 1.0)
            inner = inner - along[:, None] * chord
        away = np.hypot(inner[:, 0], inner[:, 1])
        furthest = int(np.argmax(away))
        if away[furthest] > tolerance_px:
            split = first + 1 + furthest
            kept[split] = True
            waiting += [(first, split), (split, last)]
    return points[kept]


def _box_along(points: Points, direction: Points) -> Points:
    """The rectangle around points (n, 2) that lies along a direction, (4, 2): top left first as it is read."""
    length = float(np.hypot(*direction))
    x_axis = direction / length if length > 1e-9 else np.array([1.0, 0.0])
    y_axis = np.array([-x_axis[1], x_axis[0]])
    x, y = points @ x_axis, points @ y_axis
    corners = [(x.min(), y.min()), (x.max(), y.min()), (x.max(), y.max()), (x.min(), y.max())]
    return np.array([a * x_axis + b * y_axis for a, b in corners])


def _rounded(points: NDArray[np.float64]) -> list[list[float]]:
    rounded: list[list[float]] = np.round(points, 2).tolist()
    return rounded
