"""The Unicode Bidirectional Algorithm: embedding levels for shaping and labels, and the visual order of a line.

Source: UAX #9, Unicode 8 to 18 (its rules have not changed in between); classes and brackets of Unicode 18.

Classes are spelt as one letter each, so that a rule is one substitution on a string, at C speed and in linear time:
``L`` L, ``R`` R, ``A`` AL, ``E`` EN, ``D`` AN, ``+`` ES, ``%`` ET, ``,`` CS, ``M`` NSM, ``B`` BN, ``P`` B, ``S`` S,
space WS, ``O`` ON; ``1`` LRE, ``2`` RLE, ``3`` LRO, ``4`` RLO, ``5`` PDF, ``6`` LRI, ``7`` RLI, ``8`` FSI, ``9`` PDI.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import unicodedata2
from numpy.typing import NDArray

from glyphmill.unicode.explicit import isolating_sequences
from glyphmill.unicode.lettering import Lettering, range_finder
from glyphmill.unicode.normalize import is_ignorable
from glyphmill.unicode.tables import BIDI_UNASSIGNED
from glyphmill.unicode.weak import resolve

LETTERS = {
    "L": "L",
    "R": "R",
    "AL": "A",
    "EN": "E",
    "AN": "D",
    "ES": "+",
    "ET": "%",
    "CS": ",",
    "NSM": "M",
    "BN": "B",
    "B": "P",
    "S": "S",
    "WS": " ",
    "ON": "O",
    "LRE": "1",
    "RLE": "2",
    "LRO": "3",
    "RLO": "4",
    "PDF": "5",
    "LRI": "6",
    "RLI": "7",
    "FSI": "8",
    "PDI": "9",
}

_RIGHTWARD = re.compile("[RAD1-8]")  # without any of these, a paragraph of level 0 is of level 0 throughout
_FIRST_STRONG = re.compile("[LRA6-9]")
_EXPLICIT = re.compile("[1-8]")
_SPACE_LIKE = " B123456789"  # what L1 treats as trailing white space, with the characters that X9 removes
_SPACES = re.compile("[ B1-9SP]+")


class Run(NamedTuple):
    """Characters ``start <= i < end``, neighbours in the text, of one embedding level; odd levels run right to left."""

    start: int
    end: int
    level: int


_unassigned = range_finder(BIDI_UNASSIGNED, "L")


def _letter(code_point: int) -> str:
    name = unicodedata2.bidirectional(chr(code_point))
    if not name:
        is_noncharacter = code_point & 0xFFFE == 0xFFFE or 0xFDD0 <= code_point <= 0xFDEF
        name = "BN" if is_noncharacter or is_ignorable(code_point) else _unassigned(code_point)
    return LETTERS[name]


_CLASSES = Lettering(_letter)


def base_level(text: str, default: int = 0) -> int:
    """Paragraph level by the first strong character outside of isolates (P2, P3): 0, or 1 for right to left."""
    return _base_level(text.translate(_CLASSES), default)


def _base_level(classes: str, default: int) -> int:
    depth = 0
    for match in _FIRST_STRONG.finditer(classes):
        letter = match[0]
        if letter in "678":
            depth += 1
        elif letter == "9":
            depth = max(0, depth - 1)
        elif depth == 0:
            return int(letter != "L")
    return default


def levels(text: str, base: int | None = None) -> NDArray[np.uint8]:
    """Embedding level of each character of a text set on one line, rules P1 to L1.

    Args:
        text: any text; paragraph separators end paragraphs within it.
        base: paragraph level, 0 or 1; None finds that of each paragraph, 0 where nothing in it is strong.

    Returns: uint8 (len(text),). What X9 removes has the level of the character before it, so that runs stay whole.
    """
    if base != 1 and text.isascii():
        return np.zeros(len(text), np.uint8)
    return levels_of_classes(text.translate(_CLASSES), text, base)


def levels_of_classes(classes: str, text: str, base: int | None) -> NDArray[np.uint8]:
    """``levels`` of a text whose classes are known, in the letters of this module; the text serves the brackets."""
    if "P" in classes[:-1]:
        ends = [match.end() for match in re.finditer("P|$", classes)]
        parts = [(start, end) for start, end in pairwise([0, *ends]) if start < end]
        return np.concatenate([levels_of_classes(classes[s:e], text[s:e], base) for s, e in parts])
    level = _base_level(classes, 0) if base is None else base
    if level == 0 and not _RIGHTWARD.search(classes):
        return np.zeros(len(classes), np.uint8)
    if _EXPLICIT.search(classes):
        found = _resolve_explicit(classes, text, level)
    else:
        found = _resolve_plain(classes, text, level)
    return _reset_space(found, classes, level)


def _resolve_plain(classes: str, text: str, level: int) -> NDArray[np.uint8]:
    """A paragraph without embeddings and isolates: one sequence, out of which only BN has to be taken."""
    side = "R" if level else "L"
    if "B" not in classes:
        return resolve(classes, text, level, side, side)
    kept = np.flatnonzero(np.frombuffer(classes.encode(), np.uint8) != ord("B"))
    inked = "".join([char for char, letter in zip(text, classes, strict=True) if letter != "B"])
    return _fill(resolve(classes.replace("B", ""), inked, level, side, side), kept, len(classes), level)


def _resolve_explicit(classes: str, text: str, level: int) -> NDArray[np.uint8]:
    found = np.zeros(len(classes), np.uint8)
    kept: list[int] = []
    for sequence in isolating_sequences(classes, level):
        chars = "".join([text[i] for i in sequence.places])
        found[sequence.places] = resolve(sequence.classes, chars, sequence.level, sequence.sos, sequence.eos)
        kept += sequence.places
    kept.sort()
    return _fill(found[kept], np.array(kept, np.int64), len(classes), level)


def _fill(found: NDArray[np.uint8], kept: NDArray[np.int64], n: int, level: int) -> NDArray[np.uint8]:
    """Levels of n characters from those at the places ``kept``; the others take over from the left."""
    before = np.zeros(n, np.int64)
    before[kept] = 1
    return np.concatenate([np.array([level], np.uint8), found])[np.cumsum(before)]


def _reset_space(found: NDArray[np.uint8], classes: str, level: int) -> NDArray[np.uint8]:
    """Rule L1 for a text that is one line."""
    if "S" in classes or "P" in classes:
        for match in _SPACES.finditer(classes):
            last = max(match[0].rfind("S"), match[0].rfind("P"))
            found[match.start() : match.start() + last + 1] = level
    found[len(classes.rstrip(_SPACE_LIKE)) :] = level
    return found


def runs(found: Sequence[int] | NDArray[np.uint8], start: int = 0) -> list[Run]:
    """Runs of equal level in logical order; ``start`` is added to their indices."""
    array = np.asarray(found, np.uint8)
    if array.size == 0:
        return []
    cuts = [0, *(np.flatnonzero(array[1:] != array[:-1]) + 1).tolist(), array.size]
    return [Run(start + a, start + b, int(array[a])) for a, b in pairwise(cuts)]


def visual_runs(logical: Sequence[Run]) -> list[Run]:
    """Runs of one line from left to right (L2). Within a run of odd level, characters go from right to left."""
    order = list(logical)
    odd = [run.level for run in order if run.level & 1]
    if not odd:
        return order
    for level in range(max(run.level for run in order), min(odd) - 1, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and order[end].level >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end + 1
    return order


def line_runs(found: NDArray[np.uint8], text: str, start: int, end: int, base: int) -> list[Run]:
    """Runs of the line ``text[start:end]``, from left to right.

    Args:
        found: levels of the whole text, as ``levels`` gives them.
        text: the whole text.
        start: index of the line's first character.
        end: index after the line's last character.
        base: level of the paragraph, which white space at the end of the line takes (L1).
    """
    if not base and not found[start:end].any():
        return [Run(start, end, 0)] if start < end else []
    classes = text[start:end].translate(_CLASSES)
    line = found[start:end].copy()
    line[len(classes.rstrip(_SPACE_LIKE)) :] = base
    return visual_runs(runs(line, start))
