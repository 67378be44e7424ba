"""Text into glyphs: what is shaped in one call, and the glyphs of all such pieces of a text in arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glyphmill.core.errors import Reject
from glyphmill.fontengine.base import FontInstance, ShapedGlyph
from glyphmill.stages.font.stack import FontStack

#: Scripts whose letters join or hang from a common line: space between letters would tear the word.
JOINING_SCRIPTS = frozenset(
    "Arab Syrc Nkoo Mong Mand Mani Phlp Rohg Sogd Adlm Deva Beng Guru Gujr Mtei Tirh Shrd Takr Dogr Gong Modi".split()
)


#: Scripts that vertical lines are native to: fonts have metrics and forms for them. Others are stacked by cluster.
VERTICAL_SCRIPTS = frozenset(["Hani", "Hira", "Kana", "Hang", "Bopo", "Yiii", "Zyyy"])

_BEYOND = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of text of one level, script, font and posture.

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

    @property
    def stacked(self) -> bool:
        """Whether its clusters stand one below the other, each set as in a horizontal line."""
        return self.upright and self.script not in VERTICAL_SCRIPTS


class Piece(NamedTuple):
    """What is shaped in one call: an item or, of one that is stacked, a cluster.

    Attributes:
        line: the number of its line.
        text: what the shaper sees of the text around it, from code point ``base`` on.
    """

    item: Item
    line: int
    text: str
    base: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """n glyphs of p pieces in visual order, px. They make g groups: HarfBuzz' clusters, or all of a stacked piece.

    Attributes:
        gid: int (n,).
        x, y: from the pen to the glyph, y up, float (n,).
        pen: how far the pen is from where it was at the group's first glyph, along the line, float (n,).
        piece, group: which of these each glyph belongs to, int (n,).
        group_piece: the piece of each group, int (g,).
        start, end: the text of each group, int (g,).
        advance: of each group along the line, float (g,).
    """

    pieces: Sequence[Piece]
    gid: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    pen: NDArray[np.float64]
    piece: NDArray[np.int64]
    group: NDArray[np.int64]
    group_piece: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    advance: NDArray[np.float64]


def shape(pieces: Sequence[Piece], fonts: FontStack, *, language: str, features: Mapping[str, int]) -> Shaped:
    """Shape the pieces of a text.

    Raises: Reject if a font has no glyph for a character.
    """
    rows: list[ShapedGlyph] = []
    sizes = []
    for piece in pieces:
        with fonts.blamed(piece.item.font):
            glyphs = _shape_one(piece, fonts.instances[piece.item.font], language, features)
        rows += glyphs
        sizes.append(len(glyphs))
    table = np.array(rows, np.int64).reshape(-1, 6)
    items = [piece.item for piece in pieces]
    which = np.repeat(np.arange(len(pieces)), sizes)
    start = table[:, 1] + np.array([piece.base for piece in pieces])[which]
    x, y, advance, down = table[:, 2:].T * np.array([fonts.instances[item.font].unit_px for item in items])[which]
    if any(item.upright for item in items):
        stacked = np.array([item.stacked for item in items])
        start = np.where(stacked[which], np.array([item.start for item in items])[which], start)
        stands = np.array([item.upright for item in items]) & ~stacked
        advance = np.where(stands[which], -down, advance)
    # pieces do not overlap, so that glyphs of two of them never have the same start
    new = np.ones(len(rows), bool)
    np.not_equal(start[1:], start[:-1], out=new[1:])
    first, group = new.nonzero()[0], new.cumsum() - 1
    starts, group_piece = start[first], which[first]
    reach = running(advance, sizes)
    pen = reach - advance
    at = pen[first]
    return Shaped(
        pieces=pieces,
        gid=table[:, 0],
        x=x,
        y=y,
        pen=pen - at[group],
        piece=which,
        group=group,
        group_piece=group_piece,
        start=starts,
        end=np.minimum(_next(starts), np.array([item.end for item in items])[group_piece]),
        advance=_ends(reach, at, first, group_piece) - at,
    )


def _next(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The least start that is greater than each; something beyond any text for the greatest."""
    order = starts.argsort(kind="stable")
    following = np.full(len(starts), _BEYOND)
    following[order[:-1]] = starts[order[1:]]
    return following


def _ends(
    reach: NDArray[np.float64], at: NDArray[np.float64], first: NDArray[np.int64], group_piece: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The pen after each group: where the next one begins, or where the last glyph of the piece ends."""
    ends = np.append(at[1:], reach[-1:])
    closing = (group_piece[1:] != group_piece[:-1]).nonzero()[0]
    ends[closing] = reach[first[closing + 1] - 1]
    return ends


def running(values: NDArray[np.float64], sizes: Sequence[int]) -> NDArray[np.float64]:
    """Running sums that begin anew for each of several parts of so many values."""
    sums = np.empty_like(values)
    start = 0
    for size in sizes:
        np.cumsum(values[start : start + size], out=sums[start : start + size])
        start += size
    return sums


def _shape_one(piece: Piece, font: FontInstance, language: str, features: Mapping[str, int]) -> list[ShapedGlyph]:
    item = piece.item
    stands = item.upright and not item.stacked
    glyphs = font.shape(
        piece.text,
        item.start - piece.base,
        item.end - piece.base,
        direction="ttb" if stands else "rtl" if item.level & 1 else "ltr",
        script=item.script,
        language=language,
        features=features,
    )
    for gid, cluster, *_ in glyphs:
        if not gid:
            raise Reject("font", "missing_glyph", f"U+{ord(piece.text[cluster]):04X}")
    return glyphs


def split_items(items: list[Item], start: int, end: int, level: int) -> list[Item]:
    """The parts of ``items`` that lie in [start, end), in visual order for that level."""
    inside = [
        Item(max(start, item.start), min(end, item.end), level, item.script, item.font, item.upright)
        for item in items
        if item.start < end and item.end > start
    ]
    return inside[::-1] if level & 1 else inside


def cut_pieces(items: Sequence[Item], line: int, text: str, base: int, clusters: NDArray[np.int64]) -> list[Piece]:
    """The pieces that the items of a line are shaped in.

    Args:
        line: its number.
        text: of the line, from code point ``base`` on.
        clusters: start of each grapheme cluster of the whole text, and its end.
    """
    pieces = []
    for item in items:
        if not item.stacked:
            pieces.append(Piece(item, line, text, base))
            continue
        low, high = np.searchsorted(clusters, [item.start, item.end])
        for start, end in pairwise(clusters[low : high + 1].tolist()):
            alone = Item(start, end, item.level, item.script, item.font, upright=True)
            pieces.append(Piece(alone, line, text[start - base : end - base], start))
    return pieces
