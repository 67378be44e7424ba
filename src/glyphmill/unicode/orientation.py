"""Which clusters stand upright in vertical lines and which lie on their side.

Source: UAX #50, Vertical_Orientation of Unicode 15.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, cast

from glyphmill.unicode.lettering import Lettering, range_finder
from glyphmill.unicode.segment import graphemes
from glyphmill.unicode.tables import ORIENTATION

#: U upright, R on its side, Tu upright with a form of its own for vertical lines, Tr the same or else on its side.
Orientation = Literal["U", "R", "Tu", "Tr"]

_LETTERS = {"U": "U", "R": "R", "Tu": "T", "Tr": "t"}
_VALUES = {letter: cast(Orientation, value) for value, letter in _LETTERS.items()}
_SAME_WAY = re.compile("[UT]+|[Rt]+")
_find = range_finder(ORIENTATION, "R")
_ORIENTATIONS = Lettering(lambda code_point: _LETTERS[_find(code_point)])
_ENCLOSING = re.compile("[\u0488\u0489\u1abe\u20dd-\u20e0\u20e2-\u20e4\ua670-\ua672]")  # general category Me


def orientations(text: str) -> list[tuple[int, int, Orientation]]:
    """Start, end and Vertical_Orientation of each grapheme cluster: that of its first character, U if enclosed."""
    letters = text.translate(_ORIENTATIONS)
    return [(start, end, _VALUES[_of_cluster(text, letters, start, end)]) for start, end in pairwise(graphemes(text))]


def _of_cluster(text: str, letters: str, start: int, end: int) -> str:
    return "U" if end - start > 1 and _ENCLOSING.search(text, start, end) else letters[start]


def vertical_runs(text: str) -> list[tuple[int, int, bool]]:
    """Start, end and whether it stands upright (U, Tu) of each run of clusters set the same way.

    A cluster of Tr counts as lying; with a font that has its vertical form (feature ``vert``) it may be set upright
    instead: see ``orientations``.
    """
    letters = text.translate(_ORIENTATIONS)
    ends = graphemes(text)
    if len(ends) != len(text) + 1:
        letters = "".join([_of_cluster(text, letters, a, b) * (b - a) for a, b in pairwise(ends)])
    return [(m.start(), m.end(), m[0][0] in "UT") for m in _SAME_WAY.finditer(letters)]
