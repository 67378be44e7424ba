"""Along the lines: where the pen is at each group of glyphs, and where that puts the glyphs.

Line space is two axes in pixels: u along the line in the direction of the pen, v across it, towards the top of the
letters. A frame (origin, U, V) later says where u and v point on the page; a curve will bend them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glyphmill.fontengine.base import FontInstance
from glyphmill.stages.layout.run import JOINING_SCRIPTS, Item, Piece, Shaped, running

#: A glyph's own axes in line space: x and y (up) of the font as rows of (u, v).
ALIGNED = np.array([[1.0, 0.0], [0.0, 1.0]])
UPRIGHT_DOWN = np.array([[0.0, 1.0], [-1.0, 0.0]])  # u points down the page, v to the right
UPRIGHT_UP = np.array([[0.0, -1.0], [1.0, 0.0]])  # u points up the page, v to the left

Values = NDArray[np.float64]

_LOW_SCRIPTS = frozenset(["Latn", "Grek", "Cyrl", "Hebr", "Armn", "Geor"])
_STACKED_EM = 1.1  # height of a cell in a stack of letters that carry few marks
_TALLEST_EM = 1.5  # and the most of any: some fonts reserve two em for marks that hardly ever meet


@dataclass(frozen=True, slots=True)
class Spacing:
    """What is added to or taken from advances: px per cluster, px per white space, and a share of each advance."""

    letter_px: float = 0.0
    word_px: float = 0.0
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Inline:
    """Shaped text in line space, px: n glyphs in g groups.

    Attributes:
        uv: place of each glyph's origin, float (n, 2).
        axes: each glyph's own axes in line space, float (n, 2, 2).
        u: pen before each group, float (g,).
        width: of each group, its own advance only, float (g,).
        v0, v1: bottom and top of the em-boxes, float (g,).
    """

    uv: NDArray[np.float64]
    axes: NDArray[np.float64]
    u: NDArray[np.float64]
    width: NDArray[np.float64]
    v0: NDArray[np.float64]
    v1: NDArray[np.float64]


def advances(shaped: Shaped, fonts: Sequence[FontInstance]) -> Values:
    """How far each group moves the pen before any spacing, px, (g,)."""
    if not any(piece.item.stacked for piece in shaped.pieces):
        return shaped.advance
    cell = np.array([_cell(piece.item, fonts[piece.item.font]) for piece in shaped.pieces])[shaped.group_piece]
    return np.where(cell > 0, cell, shaped.advance)


def _cell(item: Item, font: FontInstance) -> float:
    """Height of each cell of a stack, px; 0 if the item is not stacked."""
    if not item.stacked:
        return 0.0
    ascent, descent, _ = font.metrics
    tall = 1.0 if item.script in _LOW_SCRIPTS else min((ascent + descent) / font.size_px, _TALLEST_EM)
    return max(_STACKED_EM, tall) * font.size_px


class _Cross(NamedTuple):
    """How a piece lies across its line, px.

    Attributes:
        v0, v1: bottom and top of the em-boxes.
        lift: of its glyphs off their own baseline; of a stacked piece, of its baseline below the top of its cell.
        cell: height of that cell; 0 if the piece is not stacked.
    """

    v0: float
    v1: float
    lift: float
    cell: float


def _cross(item: Item, font: FontInstance, *, centered: bool) -> _Cross:
    size, (ascent, descent, _) = font.size_px, font.metrics
    if item.upright:
        cell = _cell(item, font)
        return _Cross(-size / 2, size / 2, (cell + ascent - descent) / 2 if cell else 0.0, cell)
    lift = (descent - ascent) / 2 if centered else 0.0
    return _Cross(lift - descent, lift + ascent, lift, 0.0)


def set_inline(
    shaped: Shaped, fonts: Sequence[FontInstance], text: str, spacing: Spacing, *, upwards: bool, centered: bool
) -> Inline:
    """Set shaped text along its lines, each of which begins at u = 0.

    Args:
        text: all of it.
        upwards: u points up the page (only matters to what stands upright).
        centered: lines have a central axis at v = 0 instead of a baseline.
    """
    items = [piece.item for piece in shaped.pieces]
    across = np.array([_cross(item, fonts[item.font], centered=centered) for item in items])
    v0, v1, _, cell = across[shaped.group_piece].T
    natural = advances(shaped, fonts)
    moved = _spaced(natural, shaped, text, spacing)
    sizes = np.bincount(shaped.group_piece, minlength=len(items)).tolist()
    begin = running(moved, sizes) - moved
    pen = _pens(moved, sizes, shaped.pieces)
    start = begin[shaped.group]
    u, v = start + shaped.pen + shaped.x, shaped.y + across[shaped.piece, 2]
    axes = np.broadcast_to(ALIGNED, (len(u), 2, 2))
    if any(item.upright for item in items):
        stands = np.array([item.upright for item in items])[shaped.piece]
        half = np.where(cell > 0, shaped.advance / 2, 0.0)
        lift = across[shaped.piece, 2]
        down, right = _standing(
            shaped, start, natural[shaped.group], cell[shaped.group], lift, half[shaped.group], upwards=upwards
        )
        u, v = np.where(stands, down, u), np.where(stands, right, v)
        axes = np.where(stands[:, None, None], UPRIGHT_UP if upwards else UPRIGHT_DOWN, ALIGNED)
        v0, v1 = np.minimum(v0, -half), np.maximum(v1, half)
    return Inline(
        uv=np.stack([u + pen[shaped.piece], v], axis=1),
        axes=axes,
        u=begin + pen[shaped.group_piece],
        width=begin + natural - begin,
        v0=v0,
        v1=v1,
    )


def _standing(
    shaped: Shaped, start: Values, natural: Values, cell: Values, lift: Values, half: Values, *, upwards: bool
) -> tuple[Values, Values]:
    """Where along and across its line each glyph is if it stands upright, px, (n,), (n,).

    The glyphs of a stacked piece stand side by side in the middle of the line, those of another follow each other.

    Args:
        start: pen at the group of each glyph, from its piece on, (n,).
        natural, cell: advance of that group, and height of its cell, (n,).
        lift: baseline of a stacked piece below the top of its cell, (n,).
        half: half the width of a stacked piece, (n,).
    """
    down, along = lift - shaped.y, start + shaped.pen - shaped.y
    if upwards:
        down, along = cell - down, start + natural - shaped.pen + shaped.y
    right = np.where(cell > 0, shaped.pen + shaped.x - half, shaped.x)
    return np.where(cell > 0, down, along), -right if upwards else right


def _pens(moved: Values, sizes: Sequence[int], pieces: Sequence[Piece]) -> Values:
    """The pen at the start of each piece, from the start of its line on, (p,)."""
    pens, reach, line, first = [], 0.0, -1, 0
    for piece, size in zip(pieces, sizes, strict=True):
        if piece.line != line:
            reach, line = 0.0, piece.line
        pens.append(reach)
        reach += float(moved[first : first + size].sum())
        first += size
    return np.array(pens)


def _spaced(natural: Values, shaped: Shaped, text: str, spacing: Spacing) -> Values:
    """Advances of the groups with overlap and spacing applied, (g,)."""
    moved = natural * (1.0 - spacing.overlap)
    if spacing.letter_px:
        parts = [piece.item.upright or piece.item.script not in JOINING_SCRIPTS for piece in shaped.pieces]
        moved = moved + np.where(np.array(parts)[shaped.group_piece] & (natural > 0), spacing.letter_px, 0.0)
    if spacing.word_px:
        blank = np.array([text[start].isspace() for start in shaped.start.tolist()], bool)
        moved = moved + np.where(blank, spacing.word_px, 0.0)
    return np.maximum(moved, 0.0)
