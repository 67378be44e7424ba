"""A text made ready for layout: its grapheme clusters, bidi levels and items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glyphmill.stages.font.stack import FontStack
from glyphmill.stages.layout.run import Item
from glyphmill.unicode import bidi, itemize, orientation, segment


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text and what Unicode says of it.

    Attributes:
        clusters: start of each extended grapheme cluster and the end of the text, int (m + 1,).
        levels: bidi embedding level of each code point, uint8 (n,).
        base: paragraph embedding level, 0 or 1.
        items: stretches of one script, font and posture, in logical order (their level is set line by line).
        upright: whether any of it stands upright in a vertical line.
    """

    text: str
    clusters: NDArray[np.int64]
    levels: NDArray[np.uint8]
    base: int
    items: list[Item]
    upright: bool


def analyse(text: str, direction: str, posture: str, fonts: FontStack) -> Paragraph:
    """Split a text for layout.

    Args:
        direction: ``right_to_left`` and ``left_to_right`` set the paragraph level; the vertical directions take it
            from the first strong character.
        posture: ``horizontal``, ``sideways``, ``upright`` or ``mixed``.
    """
    base = {"left_to_right": 0, "right_to_left": 1}.get(direction)
    if base is None:
        base = bidi.base_level(text)
    clusters = np.asarray(segment.graphemes(text), np.int64)
    stands = _posture_runs(text, posture, fonts)
    items = _cut(itemize.shaping_runs(text), fonts.runs(len(text)), stands)
    upright = any(stand for _, _, stand in stands)
    return Paragraph(text, clusters, bidi.levels(text, base), base, items, upright)


def _posture_runs(text: str, posture: str, fonts: FontStack) -> list[tuple[int, int, bool]]:
    if posture != "mixed":
        return [(0, len(text), posture == "upright")]
    if not fonts.vertical:
        return orientation.vertical_runs(text)
    # a font with vertical forms sets brackets and dashes upright, in those forms
    return _merged([(start, end, value != "R") for start, end, value in orientation.orientations(text)])


def _merged(runs: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    joined: list[tuple[int, int, bool]] = []
    for start, end, stands in runs:
        if joined and joined[-1][2] == stands:
            joined[-1] = (joined[-1][0], end, stands)
        else:
            joined.append((start, end, stands))
    return joined


def _cut(
    scripts: list[tuple[int, int, str]], fonts: list[tuple[int, int, int]], stands: list[tuple[int, int, bool]]
) -> list[Item]:
    """The common refinement of three partitions of one text."""
    if len(scripts) == len(fonts) == len(stands) == 1:
        return [Item(0, scripts[0][1], 0, scripts[0][2], fonts[0][2], stands[0][2])]
    items = []
    s = f = o = start = 0
    while s < len(scripts) and f < len(fonts) and o < len(stands):
        end = min(scripts[s][1], fonts[f][1], stands[o][1])
        if end > start:
            items.append(Item(start, end, 0, scripts[s][2], fonts[f][2], stands[o][2]))
        s += scripts[s][1] == end
        f += fonts[f][1] == end
        o += stands[o][1] == end
        start = end
    return items
