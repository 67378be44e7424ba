"""From line space to the page: places of glyphs, straight or along a curve, and the labels that follow from them.

A little longer than other modules: glyphs and labels are placed by the same maps, and parting them would part these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, group_bounds
from glyphmill.core.labels import Labels
from glyphmill.core.page import Page
from glyphmill.core.warpmap import Homography
from glyphmill.fontengine.outline import Outline
from glyphmill.stages.curve.lines import Block, CurvedLines
from glyphmill.stages.layout.densify import densify
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.wholes import extents, wholes
from glyphmill.unicode import segment

#: Edges of outlines that bend are at most this long, px.
_EDGE_PX = 3.0
#: Edges along each long side of a word's or a line's polygon where it may bend: this long, px, but no more than 2 ** 6.
_SIDE_STEP_PX = 4.0
_MOST_HALVINGS = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """Glyphs on the page, px, y down.

    Attributes:
        origin: of each glyph, (n, 2).
        matrix: page vectors of one em along the font's x and its y (up), rows, float (n, 2, 2); None where outlines
            are bent, so that no matrix tells where they are.
        boxes: bounds of each outline, float (n, 4); NaN for a glyph without ink.
        outline: corners of all outlines, in the order of the clusters, (p, 2).
        contours: where each contour begins in ``outline``, (c,).
        contour_glyph: which glyph each contour belongs to, (c,).
    """

    origin: Points
    matrix: NDArray[np.float64] | None
    boxes: NDArray[np.float64]
    outline: Points
    contours: NDArray[np.int64]
    contour_glyph: NDArray[np.int64]

    def shifted(self, dx: float, dy: float) -> Placed:
        """The same glyphs elsewhere."""
        shift = np.array([dx, dy])
        return replace(
            self,
            origin=self.origin + shift,
            boxes=self.boxes + np.array([dx, dy, dx, dy]),
            outline=self.outline + shift,
        )


def block_of(layout: Layout) -> Block:
    """What a curve must know of a paragraph."""
    pitch = float(np.hypot(*(layout.origins[1] - layout.origins[0]))) if len(layout.origins) > 1 else 0.0
    return Block(
        extents=layout.line_em[:, [0, 2]],
        ascent=float(layout.line_em[:, 3].max()),
        descent=float(-layout.line_em[:, 1].min()),
        pitch=pitch,
    )


def place(
    layout: Layout, curve: CurvedLines | None = None, *, bend: str = "auto", pliable: bool = False
) -> tuple[Placed, Labels]:
    """Put a layout on the page, with the first line's (0, 0) at the page's.

    Args:
        curve: what the lines run along; straight if not given.
        bend: which glyphs bend along it: ``auto`` (of scripts that join), ``bend`` (all) or ``rigid`` (none).
        pliable: outlines, and polygons of words and lines, get points enough for what will warp them.
    """
    lines = _Straight(layout) if curve is None else _Curved(layout, curve, bend)
    # the middle of a long edge, too, may come to lie on the border of a box
    em, owner, contours = _em_outlines(layout, _EDGE_PX if pliable or lines.matrix is None else 0.0)
    outline = lines.outline(em, owner)
    boxes = _glyph_boxes(layout, outline, owner)
    placed = Placed(lines.origin, lines.matrix, boxes, outline, contours, owner[contours])
    cluster = layout.cluster[owner]
    if layout.parts.max(initial=1) > 1:
        outline, cluster, contours = _split_ligatures(layout, lines, outline, em, owner, contours)
    found = np.bincount(cluster, minlength=len(layout.spans)).astype(np.int64)
    bends = pliable or curve is not None
    word_spans, word_line, cluster_word = _words(layout)
    held = lines.held(outline, found)
    word_em = _joined_em(held, cluster_word, len(word_spans))
    every_line = np.arange(len(layout.line_em))
    line_em = layout.line_em if held is layout.em else _grown(layout, held, found > 0)
    return placed, Labels(
        text=layout.text,
        direction=layout.direction,
        spans=layout.spans,
        line=layout.line,
        word=cluster_word,
        ink=found > 0,
        shared=layout.shared,
        outline=outline,
        outline_counts=found,
        contours=contours,
        quads=lines.quads(),
        word_spans=word_spans,
        word_line=word_line,
        word_polygons=_polygons(word_em, word_line, lines, _side_points(word_em, bends=bends)),
        line_spans=layout.line_spans,
        line_polygons=_polygons(line_em, every_line, lines, _side_points(line_em, bends=bends)),
        baselines=_baselines(layout, lines, _side_points(line_em, bends=bends)),
    )


def warp(placed: Placed, page: Page) -> Placed:
    """Glyphs under the warps of a page. Affine warps keep them rigid; others bend them."""
    found = page.map
    if found is None:
        return placed
    points, contours, matrix = placed.outline, placed.contours, placed.matrix
    if isinstance(found, Homography) and found.is_affine and matrix is not None:
        matrix = matrix @ found.matrix[:2, :2].T
    else:
        points, contours, _ = densify(points, contours, _EDGE_PX)
        matrix = None
    outline = found.forward(points)
    glyphs = len(placed.origin)
    counts = np.diff(np.append(contours, len(points)))
    edges = group_bounds(outline, counts)
    boxes = np.tile([np.inf, np.inf, -np.inf, -np.inf], (glyphs, 1))
    np.minimum.at(boxes[:, :2], placed.contour_glyph, edges[:, :2])
    np.maximum.at(boxes[:, 2:], placed.contour_glyph, edges[:, 2:])
    boxes[np.isinf(boxes[:, 0])] = np.nan
    return Placed(found.forward(placed.origin), matrix, boxes, outline, contours, placed.contour_glyph)


class _Straight:
    """Lines as the layout stacks them."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        sizes = np.array([font.size_px for font in layout.fonts.instances])[layout.font]
        self.origin: Points = layout.origins[layout.glyph_line] + layout.uv @ layout.axes
        self.matrix = (layout.glyph_axes @ layout.axes) * sizes[:, None, None]

    def to_page(self, uv: Points, line: NDArray[np.int64]) -> Points:
        """The page place of points in line space."""
        return np.asarray(uv @ self._layout.axes + self._layout.origins[line])

    def quads(self) -> NDArray[np.float64]:
        """Em-boxes of the clusters, (m, 4, 2)."""
        corners = self._layout.em[:, _CORNERS].reshape(-1, 2)
        return self.to_page(corners, np.repeat(self._layout.line, 4)).reshape(-1, 4, 2)

    def outline(self, em: NDArray[np.float64], owner: NDArray[np.int64]) -> Points:
        """Page places of outline points in em units (2, p), each of the glyph ``owner``."""
        return _mapped(em, self.matrix, self.origin, owner)

    def inside(self, uv: Points, owner: NDArray[np.int64]) -> Points:
        """Page places of points in line space, each of the glyph ``owner``."""
        return self.to_page(uv, self._layout.glyph_line[owner])

    def held(self, outline: Points, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the polygons of words and lines enclose of each cluster, in line space, (m, 4)."""
        return self._layout.em


class _Curved:
    """Lines along a curve: clusters stay rigid and are turned, or their outlines bend."""

    def __init__(self, layout: Layout, curve: CurvedLines, bend: str) -> None:
        self._layout, self._curve = layout, curve
        shares = curve.jitter(len(layout.spans))
        self._jittered = shares is not None
        if bend == "auto":
            # what is off its place as a whole does not bend
            self._bent: NDArray[np.bool_] = layout.joined if shares is None else np.zeros(len(layout.joined), bool)
        else:
            self._bent = np.full(len(layout.joined), bend == "bend")
        self._cluster_bent = np.zeros(len(layout.spans), bool)
        self._cluster_bent[layout.cluster[self._bent]] = True
        whole = wholes(layout, words=shares is not None and bend == "auto")
        extent = extents(layout.em, whole)
        self._middle = (extent[:, 0] + extent[:, 2]) / 2
        self._base, tangent = curve.frames(self._middle, layout.line)
        normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
        self._turn = np.stack([tangent, normal], axis=1)  # rows: where u and v of a cluster point
        if shares is not None:
            offset, angle, scale = (share[whole] for share in shares)
            # the ends of a long whole move as far as those of a letter do
            wide, high = extent[:, 2] - extent[:, 0], extent[:, 3] - extent[:, 1]
            short = np.divide(high, wide, out=np.ones_like(wide), where=wide > high)
            angle, scale = angle * short, 1.0 + (scale - 1.0) * short
            cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
            self._turn = np.stack([np.stack([cos, sin], 1), np.stack([-sin, cos], 1)], 1) @ self._turn
            self._base = self._base + offset
        sizes = np.array([font.size_px for font in layout.fonts.instances])[layout.font]
        cluster = layout.cluster
        self.origin: Points = self._rigid(layout.uv, cluster)
        axes = layout.glyph_axes @ self._turn[cluster] @ layout.axes
        self.matrix: NDArray[np.float64] | None = None if self._bent.any() else axes * sizes[:, None, None]
        self._rigid_matrix = axes * sizes[:, None, None]

    def _rigid(self, uv: Points, cluster: NDArray[np.int64]) -> Points:
        """The page place of points that turn with a cluster."""
        relative = uv - np.stack([self._middle[cluster], np.zeros(len(cluster))], axis=1)
        placed = np.einsum("ni,nij->nj", relative, self._turn[cluster]) + self._base[cluster]
        return np.asarray(placed @ self._layout.axes)

    def to_page(self, uv: Points, line: NDArray[np.int64]) -> Points:
        """The page place of points in line space that bend with the line."""
        return np.asarray(self._curve.bend(uv, line) @ self._layout.axes)

    def quads(self) -> NDArray[np.float64]:
        """Em-boxes of the clusters, turned or bent with them, (m, 4, 2)."""
        layout = self._layout
        corners = layout.em[:, _CORNERS].reshape(-1, 2)
        cluster = np.repeat(np.arange(len(layout.em)), 4)
        rigid = self._rigid(corners, cluster)
        bent = self._cluster_bent[cluster]
        if bent.any():
            rigid[bent] = self.to_page(corners[bent], layout.line[cluster[bent]])
        return rigid.reshape(-1, 4, 2)

    def outline(self, em: NDArray[np.float64], owner: NDArray[np.int64]) -> Points:
        """Page places of outline points in em units (2, p), each of the glyph ``owner``."""
        moved = _mapped(em, self._rigid_matrix, self.origin, owner)
        bent = self._bent[owner]
        if bent.any():
            glyph = owner[bent]
            moved[bent] = self.to_page(_in_line(self._layout, em[:, bent], glyph), self._layout.glyph_line[glyph])
        return moved

    def inside(self, uv: Points, owner: NDArray[np.int64]) -> Points:
        """Page places of points in line space, each of the glyph ``owner``."""
        moved = self._rigid(uv, self._layout.cluster[owner])
        bent = self._bent[owner]
        if bent.any():
            moved[bent] = self.to_page(uv[bent], self._layout.glyph_line[owner[bent]])
        return moved

    def held(self, outline: Points, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the polygons of words and lines enclose of each cluster, in line space, (m, 4)."""
        layout = self._layout
        if not self._jittered:
            return layout.em
        # lines are straight then, and letters off their places stay within their words
        line = np.repeat(layout.line, counts)
        ink = group_bounds((outline - layout.origins[line]) @ layout.axes.T, counts)
        low, high = np.fmin(layout.em[:, :2], ink[:, :2]), np.fmax(layout.em[:, 2:], ink[:, 2:])
        return np.concatenate([low, high], axis=1)


_CORNERS = [0, 3, 2, 3, 2, 1, 0, 1]  # of u0, v0, u1, v1: top left, top right, bottom right, bottom left


def _em_outlines(layout: Layout, edge_px: float) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Outlines of all glyphs in cluster order: points in em units (2, p), the glyph of each, contour starts (c,).

    Args:
        edge_px: no edge is longer, unless it is 0.
    """
    found: list[Outline] = [_BLANK] * len(layout.gid)
    for number, font in enumerate(layout.fonts.instances):
        members = np.flatnonzero(layout.font == number).tolist()
        for index, outline in zip(members, font.outlines(layout.gid[members].tolist()), strict=True):
            found[index] = outline
    order = np.argsort(layout.cluster, kind="stable")
    ordered = [found[index] for index in order.tolist()]
    counts = np.array([outline.points.shape[1] for outline in ordered], np.int64)
    owner = np.repeat(order, counts)
    em = np.concatenate([outline.points for outline in ordered], axis=1).astype(np.float64)
    contours = np.concatenate([outline.starts for outline in ordered])
    contours += np.repeat(np.cumsum(counts) - counts, [len(outline.starts) for outline in ordered])
    if edge_px:
        largest = max(font.size_px for font in layout.fonts.instances)
        points, contours, source = densify(em.T, contours, edge_px / largest)
        return points.T, owner[source], contours
    return em, owner, contours


_BLANK = Outline(np.zeros((2, 0), np.float32), np.zeros(0, np.int64))


def _mapped(em: NDArray[np.float64], matrix: NDArray[np.float64], origin: Points, owner: NDArray[np.int64]) -> Points:
    """Points (2, p) in em units by the matrix and origin of the glyph that owns each: (p, 2)."""
    maps = np.concatenate([matrix.reshape(-1, 4), origin], axis=1).T[:, owner]
    # columns one after the other in memory: bounds and maps run along them
    points: Points = np.empty((2, len(owner))).T
    points[:, 0] = em[0] * maps[0] + em[1] * maps[2] + maps[4]
    points[:, 1] = em[0] * maps[1] + em[1] * maps[3] + maps[5]
    return points


def _in_line(layout: Layout, em: NDArray[np.float64], owner: NDArray[np.int64]) -> Points:
    """Points (2, p) in em units of glyphs, in line space: (p, 2)."""
    sizes = np.array([font.size_px for font in layout.fonts.instances])[layout.font]
    return _mapped(em, layout.glyph_axes * sizes[:, None, None], layout.uv, owner)


def _glyph_boxes(layout: Layout, outline: Points, owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Bounds of each glyph, (n, 4); NaN for one without ink."""
    order = np.argsort(layout.cluster, kind="stable")
    boxes = np.empty((len(order), 4))
    boxes[order] = group_bounds(outline, np.bincount(owner, minlength=len(order))[order])
    return boxes


def _split_ligatures(
    layout: Layout,
    lines: _Straight | _Curved,
    outline: Points,
    em: NDArray[np.float64],
    owner: NDArray[np.int64],
    contours: NDArray[np.int64],
) -> tuple[Points, NDArray[np.int64], NDArray[np.int64]]:
    """Give each part of a ligature the ligature's outline, held to the part's slice of the advance along the line.

    Returns: points (k, 2) in cluster order, the cluster of each, and where contours begin (c,).
    """
    ligature = layout.parts[owner] > 1
    glyph = owner[ligature]
    parts = layout.parts[glyph]
    copy = np.repeat(np.arange(len(glyph)), parts)
    part = np.arange(len(copy)) - np.repeat(np.cumsum(parts) - parts, parts)
    head = layout.cluster[glyph[copy]]
    cluster, tail = head + part, head + parts[copy] - 1
    uv = _in_line(layout, em[:, ligature], glyph)[copy]
    # what overhangs the advance belongs to the part at that end
    forwards = layout.em[head, 0] <= layout.em[tail, 0]
    low = np.where(cluster == np.where(forwards, head, tail), -np.inf, layout.em[cluster, 0])
    high = np.where(cluster == np.where(forwards, tail, head), np.inf, layout.em[cluster, 2])
    uv[:, 0] = np.clip(uv[:, 0], low, high)
    points = np.concatenate([outline[~ligature], lines.inside(uv, glyph[copy])])
    belongs = np.concatenate([layout.cluster[owner[~ligature]], cluster])
    first = np.zeros(len(owner), bool)
    first[contours] = True
    begins = np.concatenate([first[~ligature], first[ligature][copy]])
    order = np.argsort(belongs, kind="stable")
    return points[order], belongs[order], np.flatnonzero(begins[order])


def _side_points(em: NDArray[np.float64], *, bends: bool) -> int:
    """Points along each long side of the polygons of em-boxes (n, 4): as many as the longest one needs."""
    if not bends or len(em) == 0:
        return 2
    longest = float((em[:, 2] - em[:, 0]).max())
    halvings = np.ceil(np.log2(max(longest / _SIDE_STEP_PX, 2.0)))
    return int(2 ** min(halvings, _MOST_HALVINGS)) + 1


def _polygons(
    em: NDArray[np.float64], line: NDArray[np.int64], lines: _Straight | _Curved, sides: int
) -> NDArray[np.float64]:
    """(u0, v0, u1, v1) boxes on the page with ``sides`` points along top and bottom, (n, 2 sides, 2).

    The top runs from the start to the end of the box, the bottom back.
    """
    if sides == 2:
        return lines.to_page(em[:, _CORNERS].reshape(-1, 2), np.repeat(line, 4)).reshape(-1, 4, 2)
    share = np.linspace(0.0, 1.0, sides)
    along = em[:, :1] + (em[:, 2:3] - em[:, :1]) * share
    top = np.stack([along, np.broadcast_to(em[:, 3:4], along.shape)], axis=-1)
    bottom = np.stack([along[:, ::-1], np.broadcast_to(em[:, 1:2], along.shape)], axis=-1)
    uv = np.concatenate([top, bottom], axis=1)
    return lines.to_page(uv.reshape(-1, 2), np.repeat(line, 2 * sides)).reshape(len(em), 2 * sides, 2)


def _baselines(layout: Layout, lines: _Straight | _Curved, sides: int) -> NDArray[np.float64]:
    ends = layout.line_em[:, [0, 2]]
    u = ends if sides == 2 else ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * np.linspace(0.0, 1.0, sides)
    uv = np.stack([u, np.zeros_like(u)], axis=-1)
    return lines.to_page(uv.reshape(-1, 2), np.repeat(np.arange(len(u)), sides)).reshape(len(u), sides, 2)


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


def _joined_em(em: NDArray[np.float64], cluster_word: NDArray[np.int64], words: int) -> NDArray[np.float64]:
    """Bounds of the boxes (m, 4) of each word's clusters, (w, 4)."""
    joined = np.tile([np.inf, np.inf, -np.inf, -np.inf], (words, 1))
    members = cluster_word >= 0
    np.minimum.at(joined[:, :2], cluster_word[members], em[members, :2])
    np.maximum.at(joined[:, 2:], cluster_word[members], em[members, 2:])
    return joined


def _grown(layout: Layout, em: NDArray[np.float64], inked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The boxes of the lines, (k, 4), grown to hold the boxes (m, 4) of clusters with ink."""
    line_em = layout.line_em.copy()
    np.minimum.at(line_em[:, :2], layout.line[inked], em[inked, :2])
    np.maximum.at(line_em[:, 2:], layout.line[inked], em[inked, 2:])
    return line_em
