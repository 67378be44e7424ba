"""Runs of one line: text of one level, script, font and posture, shaped into line space.

Line space is two axes in pixels: u along the line in the direction of the pen, v across it, towards the top of the
letters. A frame (origin, U, V) later says where u and v point on the page; a curve will bend them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.fontengine.base import FontInstance

#: A glyph's own axes in line space: x and y (up) of the font as rows of (u, v).
ALIGNED = np.array([[1.0, 0.0], [0.0, 1.0]])
UPRIGHT_DOWN = np.array([[0.0, 1.0], [-1.0, 0.0]])  # u points down the page, v to the right
UPRIGHT_UP = np.array([[0.0, -1.0], [1.0, 0.0]])  # u points up the page, v to the left

#: Scripts whose letters join or hang from a common line: space between letters would tear the word.
JOINING_SCRIPTS = frozenset(
    "Arab Syrc Nkoo Mong Mand Mani Phlp Rohg Sogd Adlm Deva Beng Guru Gujr Mtei Tirh Shrd Takr Dogr Gong Modi".split()
)


#: Scripts that vertical lines are native to: fonts have metrics and forms for them. Others are stacked by cluster.
VERTICAL_SCRIPTS = frozenset(["Hani", "Hira", "Kana", "Hang", "Bopo", "Yiii", "Zyyy"])
_LOW_SCRIPTS = frozenset(["Latn", "Grek", "Cyrl", "Hebr", "Armn", "Geor"])
_STACKED_EM = 1.1  # height of a cell in a stack of letters that carry few marks
_TALLEST_EM = 1.5  # and the most of any: some fonts reserve two em for marks that hardly ever meet


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of text to shape in one call.

    Attributes:
        start, end: code points of the text.
        level: bidi embedding level; odd reads right to left.
        script: ISO 15924.
        font: which instance of the stack.
        upright: set upright in a vertical line.
    """

    start: int
    end: int
    level: int
    script: str
    font: int
    upright: bool


@dataclass(frozen=True, slots=True)
class Spacing:
    """What is added to or taken from advances: px per cluster, px per white space, and a share of each advance."""

    letter_px: float = 0.0
    word_px: float = 0.0
    overlap: float = 0.0


@dataclass(slots=True)
class Run:
    """A shaped item at its place in the line: n glyphs in g HarfBuzz clusters, visual order.

    Attributes:
        gid: int (n,).
        group: which cluster each glyph belongs to, int (n,).
        uv: place of each glyph's origin, float (n, 2).
        axes: the glyphs' own axes in line space, float (2, 2).
        start, end: the text of each cluster, int (g,).
        u0, u1: pen before and after each cluster, its own advance only, float (g,).
        v0, v1: bottom and top of the em-boxes.
        width: how far the run moves the pen.
    """

    item: Item
    gid: NDArray[np.int32]
    group: NDArray[np.int64]
    uv: NDArray[np.float64]
    axes: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    u0: NDArray[np.float64]
    u1: NDArray[np.float64]
    v0: float
    v1: float
    width: float


def shape_run(
    item: Item,
    text: str,
    base: int,
    font: FontInstance,
    *,
    language: str,
    features: dict[str, int],
    spacing: Spacing,
    upwards: bool,
    centered: bool,
) -> Run:
    """Shape one item, its line being ``text`` and starting at offset ``base`` of the whole text.

    Args:
        upwards: u points up the page (only matters to upright items).
        centered: the line has a central axis at v = 0 instead of a baseline.

    Raises: Reject if the font has no glyph for a character.
    """
    direction = "ttb" if item.upright else "rtl" if item.level & 1 else "ltr"
    glyphs = font.shape(
        text,
        item.start - base,
        item.end - base,
        direction=direction,
        script=item.script,
        language=language,
        features=features,
    )
    if not glyphs.gid.all():
        at = int(glyphs.cluster[int(np.flatnonzero(glyphs.gid == 0)[0])])
        raise Reject("font", "missing_glyph", f"U+{ord(text[at]):04X}")
    first, group = _groups(glyphs.cluster)
    starts = glyphs.cluster[first].astype(np.int64) + base
    ordered = np.sort(starts)
    ends = np.append(ordered[1:], item.end)[np.searchsorted(ordered, starts)]

    # pen, advance and offset along the line; for upright glyphs the page's y runs along it
    along = 1 if item.upright else 0
    pen_end = np.cumsum(glyphs.advance[:, along])
    pen = pen_end - glyphs.advance[:, along]
    group_pen = pen[first]
    natural = np.append(group_pen[1:], pen_end[-1] if len(pen_end) else 0.0) - group_pen
    moved = _spaced(natural, starts, text, base, item, spacing)
    u0 = np.cumsum(moved) - moved
    relative = pen - group_pen[group]
    if not item.upright:
        u = u0[group] + relative + glyphs.offset[:, 0]
        v = -glyphs.offset[:, 1]
    elif upwards:
        u = u0[group] + natural[group] - relative - glyphs.offset[:, 1]
        v = -glyphs.offset[:, 0]
    else:
        u = u0[group] + relative + glyphs.offset[:, 1]
        v = glyphs.offset[:, 0].copy()
    v0, v1, lift = _cross_extent(font, upright=item.upright, centered=centered)
    return Run(
        item=item,
        gid=glyphs.gid,
        group=group,
        uv=np.stack([u, v + lift], axis=1),
        axes=_axes(upright=item.upright, upwards=upwards),
        start=starts,
        end=ends,
        u0=u0,
        u1=u0 + natural,
        v0=v0,
        v1=v1,
        width=float(moved.sum()),
    )


def shape_stacked(
    item: Item,
    text: str,
    font: FontInstance,
    *,
    language: str,
    features: dict[str, int],
    spacing: Spacing,
    upwards: bool,
) -> Run:
    """Shape one grapheme cluster as it stands in a horizontal line and centre it in a cell of a stack.

    Raises: Reject if the font has no glyph for a character.
    """
    cluster = text[item.start : item.end]
    lying = Item(0, len(cluster), item.level, item.script, item.font, upright=False)
    run = shape_run(
        lying,
        cluster,
        0,
        font,
        language=language,
        features=features,
        spacing=Spacing(),
        upwards=False,
        centered=False,
    )
    ascent, descent, _ = font.metrics
    tall = 1.0 if item.script in _LOW_SCRIPTS else min((ascent + descent) / font.size_px, _TALLEST_EM)
    cell = max(_STACKED_EM, tall) * font.size_px
    down = (cell + ascent - descent) / 2 - run.uv[:, 1]
    right = run.uv[:, 0] - run.width / 2
    start = np.array([item.start], np.int64)
    moved = float(_spaced(np.array([cell]), start, text, 0, item, spacing)[0])
    return Run(
        item=item,
        gid=run.gid,
        group=np.zeros(len(run.gid), np.int64),
        uv=np.stack([cell - down, -right] if upwards else [down, right], axis=1),
        axes=_axes(upright=True, upwards=upwards),
        start=start,
        end=np.array([item.end], np.int64),
        u0=np.zeros(1),
        u1=np.array([cell]),
        v0=-max(font.size_px, run.width) / 2,
        v1=max(font.size_px, run.width) / 2,
        width=moved,
    )


def _axes(*, upright: bool, upwards: bool) -> NDArray[np.float64]:
    """A glyph's own axes in line space."""
    return ALIGNED if not upright else UPRIGHT_UP if upwards else UPRIGHT_DOWN


def _groups(cluster: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index of the first glyph of each run of equal cluster values, and each glyph's run."""
    new = np.ones(len(cluster), bool)
    new[1:] = cluster[1:] != cluster[:-1]
    return np.flatnonzero(new), np.cumsum(new) - 1


def _spaced(
    natural: NDArray[np.float64], starts: NDArray[np.int64], text: str, base: int, item: Item, spacing: Spacing
) -> NDArray[np.float64]:
    """Advances of the clusters with overlap and spacing applied."""
    moved = natural * (1.0 - spacing.overlap)
    if spacing.letter_px and (item.upright or item.script not in JOINING_SCRIPTS):
        moved = moved + np.where(natural > 0, spacing.letter_px, 0.0)
    if spacing.word_px:
        blank = np.fromiter((text[start - base].isspace() for start in starts.tolist()), bool, len(starts))
        moved = moved + np.where(blank, spacing.word_px, 0.0)
    return np.maximum(moved, 0.0)


def _cross_extent(font: FontInstance, *, upright: bool, centered: bool) -> tuple[float, float, float]:
    """Bottom and top of the em-boxes, and how far the glyphs are lifted off their own baseline."""
    if upright:
        return -font.size_px / 2, font.size_px / 2, 0.0
    ascent, descent, _ = font.metrics
    lift = (descent - ascent) / 2 if centered else 0.0
    return lift - descent, lift + ascent, lift


def split_items(items: list[Item], start: int, end: int, level: int) -> Iterator[Item]:
    """The parts of ``items`` that lie in [start, end), in visual order for that level."""
    inside = [
        Item(max(start, item.start), min(end, item.end), level, item.script, item.font, item.upright)
        for item in items
        if item.start < end and item.end > start
    ]
    return iter(inside[::-1] if level & 1 else inside)
