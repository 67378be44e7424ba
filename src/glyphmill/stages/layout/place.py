"""From line space to the page: places of glyphs, straight or along a curve, and the labels that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.geometry import Points, group_bounds
from glyphmill.core.labels import Labels
from glyphmill.fontengine.outline import Outline
from glyphmill.stages.curve.lines import Block, CurvedLines
from glyphmill.stages.layout.around import grown, joined_em, shapes_on_page, words
from glyphmill.stages.layout.blank import check_drawn
from glyphmill.stages.layout.densify import densify
from glyphmill.stages.layout.page import Layout
from glyphmill.stages.layout.wholes import extents, wholes

#: Edges of outlines that bend are at most this long, px.
EDGE_PX = 3.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Glyphs on the page, px, y down.

    Attributes:
        origin: of each glyph, (n, 2).
        matrix: page vectors of one em along the font's x and its y (up), rows, float (n, 2, 2); None where outlines
            are bent, so that no matrix tells where they are.
        outline: corners of all outlines, in the order of the clusters, (p, 2).
        contours: where each contour begins in ``outline``, (c,).
        contour_glyph: which glyph each contour belongs to, (c,).
    """

    origin: Points
    matrix: NDArray[np.float64] | None
    outline: Points
    contours: NDArray[np.int64]
    contour_glyph: NDArray[np.int64]

    def boxes(self) -> NDArray[np.float64]:
        """Bounds of each outline, float (n, 4); NaN for a glyph without ink."""
        boxes = np.full((len(self.origin), 4), np.nan)
        # contours of one glyph follow each other
        first = np.flatnonzero(np.diff(self.contour_glyph, prepend=-1))
        counts = np.diff(np.append(self.contours[first], len(self.outline)))
        boxes[self.contour_glyph[first]] = group_bounds(self.outline, counts)
        return boxes


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

    The outline of the labels is that of the glyphs, the same array, unless ligatures are split.

    Raises: Reject if a font draws nothing for a letter.
    """
    lines = _Straight(layout) if curve is None else _Curved(layout, curve, bend)
    # the middle of a long edge, too, may come to lie on the border of a box
    em, owner, contours = _em_outlines(layout, EDGE_PX if pliable or lines.matrix is None else 0.0)
    outline = lines.outline(em, owner)
    placed = Placed(lines.origin, lines.matrix, outline, contours, owner[contours])
    check_drawn(layout, owner)
    cluster = layout.cluster[owner]
    if layout.parts.max(initial=1) > 1:
        outline, cluster, contours = _split_ligatures(layout, lines, outline, em, owner, contours)
    found = np.bincount(cluster, minlength=len(layout.spans)).astype(np.int64)
    bends = pliable or curve is not None
    word_spans, word_line, cluster_word = words(layout)
    held = lines.held(outline, found)
    word_em = joined_em(held, cluster_word, len(word_spans))
    line_em = layout.line_em if held is layout.em else grown(layout, held, found > 0)
    word_polygons, line_polygons, baselines = shapes_on_page(
        lines.to_page, word_em, word_line, line_em, layout.line_em, bends=bends
    )
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
        word_polygons=word_polygons,
        line_spans=layout.line_spans,
        line_polygons=line_polygons,
        baselines=baselines,
    )


def place_unlabelled(layout: Layout) -> Placed:
    """Put a layout on the page along straight lines, as ``place`` does, where nothing is said of it."""
    lines = _Straight(layout)
    em, owner, contours = _em_outlines(layout, 0.0)
    check_drawn(layout, owner)
    return Placed(lines.origin, lines.matrix, lines.outline(em, owner), contours, owner[contours])


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
    order = np.argsort(layout.cluster, kind="stable")
    gids, instances = layout.gid[order], layout.fonts.instances
    ordered = instances[0].outlines(gids.tolist()) if len(instances) == 1 else _of_fonts(layout, order, gids)
    counts = np.array([outline.points.shape[1] for outline in ordered], np.int64)
    owner = np.repeat(order, counts)
    em = np.concatenate([outline.points for outline in ordered], axis=1, dtype=np.float64)
    contours = np.concatenate([outline.starts for outline in ordered])
    contours += np.repeat(counts.cumsum() - counts, [len(outline.starts) for outline in ordered])
    if edge_px:
        largest = max(font.size_px for font in layout.fonts.instances)
        points, contours, source = densify(em.T, contours, edge_px / largest)
        return points.T, owner[source], contours
    return em, owner, contours


def _of_fonts(layout: Layout, order: NDArray[np.int64], gids: NDArray[np.int64]) -> list[Outline]:
    """Outlines of glyphs in the given order, each from its own font."""
    found: dict[int, Outline] = {}
    fonts = layout.font[order]
    for number, font in enumerate(layout.fonts.instances):
        members = np.flatnonzero(fonts == number)
        found.update(zip(members.tolist(), font.outlines(gids[members].tolist()), strict=True))
    return [found[index] for index in range(len(order))]


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
