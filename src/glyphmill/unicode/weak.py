"""Rules W1 to I2 of UAX #9 on one isolating run sequence. Classes are in the letters of ``bidi``."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import unicodedata2
from numpy.typing import NDArray

from glyphmill.unicode.lettering import parse_ranges
from glyphmill.unicode.tables import BRACKETS

_MAX_OPEN_BRACKETS = 63

_MARKS = re.compile("([^M])(M+)")
_AFTER_ARABIC = re.compile("A[^LR]*")
_BETWEEN_EUROPEAN = re.compile("(?<=E)[+,](?=E)")
_BETWEEN_ARABIC = re.compile("(?<=D),(?=D)")
_TERMINATORS = re.compile("%+")
_AFTER_LEFT = re.compile("L[^R]*")
_BETWEEN_LEFTS = re.compile("(?<=L)O+(?=L)")
_BETWEEN_RIGHTS = re.compile("(?<=[RED])O+(?=[RED])")
_LEFT = re.compile("L")
_RIGHT = re.compile("[RED]")  # rules N treat numbers as R

_NEUTRAL = str.maketrans("+%,", "OOO")
_ALL_NEUTRAL = str.maketrans("SP 6789", "OOOOOOO")
_ISOLATES = "6789"


def resolve(classes: str, chars: str, level: int, sos: str, eos: str) -> NDArray[np.uint8]:
    """Levels of the characters of an isolating run sequence.

    Args:
        classes: bidirectional classes, those that X9 removes taken out.
        chars: the characters themselves, for the brackets among them.
        level: embedding level of the sequence.
        sos: ``L`` or ``R``, what stands before the sequence.
        eos: ``L`` or ``R``, what stands after it.
    """
    side = "R" if level & 1 else "L"
    letters = _weak(sos + classes + eos)
    if "O" in letters and _brackets()[0].search(chars):
        letters = _bracketed(letters, chars, classes, side)
    letters = letters.translate(_ALL_NEUTRAL)
    if "O" in letters:
        letters = _BETWEEN_LEFTS.sub(lambda m: "L" * len(m[0]), letters)
        letters = _BETWEEN_RIGHTS.sub(lambda m: "R" * len(m[0]), letters).replace("O", side)
    # I1, I2: left-to-right at odd levels and right-to-left at even ones go up by one, numbers up to an even level
    raised = {"R": level, "L": level + 1} if level & 1 else {"L": level, "R": level + 1}
    raised |= dict.fromkeys("ED", level + 2 - level % 2)
    spelt = letters[1:-1].translate({ord(letter): chr(value) for letter, value in raised.items()})
    return np.frombuffer(spelt.encode("latin-1"), np.uint8).copy()


def _weak(letters: str) -> str:
    """Rules W1 to W7, on classes between sos and eos."""
    if "M" in letters:
        letters = _MARKS.sub(lambda m: m[1] + ("O" if m[1] in _ISOLATES else m[1]) * len(m[2]), letters)
    if "A" in letters:
        if "E" in letters:
            letters = _AFTER_ARABIC.sub(lambda m: m[0].replace("E", "D"), letters)
        letters = letters.replace("A", "R")
    if "+" in letters or "," in letters or "%" in letters:
        letters = _BETWEEN_ARABIC.sub("D", _BETWEEN_EUROPEAN.sub("E", letters))
        letters = _TERMINATORS.sub(_terminate, letters).translate(_NEUTRAL)
    if "E" in letters and "L" in letters:
        letters = _AFTER_LEFT.sub(lambda m: m[0].replace("E", "L"), letters)
    return letters


def _terminate(match: re.Match[str]) -> str:
    """W5: terminators beside a European number belong to it. sos and eos stand outside of every match."""
    letters = match.string
    beside = letters[match.start() - 1] == "E" or letters[match.end()] == "E"
    return ("E" if beside else "%") * len(match[0])


@lru_cache(maxsize=1)
def _brackets() -> tuple[re.Pattern[str], dict[str, str], dict[str, str]]:
    """A pattern of any bracket; opening bracket -> its closing one; closing bracket -> itself.

    Closing brackets are in canonical form, so that equivalent ones match (BD16).
    """
    pairs = [(chr(first), chr(int(value, 16))) for first, _, value in parse_ranges(BRACKETS)]
    opening = {a: unicodedata2.normalize("NFC", b) for a, b in pairs}
    closing = {b: unicodedata2.normalize("NFC", b) for _, b in pairs}
    return re.compile("[" + re.escape("".join([*opening, *closing])) + "]"), opening, closing


def _bracket_pairs(letters: str, chars: str) -> list[tuple[int, int]]:
    """Indices into ``chars`` of paired brackets, by their opening one (BD16); ``letters`` begins one earlier."""
    pattern, opening, closing = _brackets()
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for match in pattern.finditer(chars):
        place, char = match.start(), match[0]
        if letters[place + 1] != "O":
            continue  # overridden
        if char in opening:
            if len(waiting) == _MAX_OPEN_BRACKETS:
                break
            waiting.append((opening[char], place))
            continue
        for depth in range(len(waiting) - 1, -1, -1):
            if waiting[depth][0] == closing[char]:
                pairs.append((waiting[depth][1], place))
                del waiting[depth:]
                break
    return sorted(pairs)


def _bracketed(letters: str, chars: str, classes: str, side: str) -> str:
    """Rule N0: brackets take the direction of what they hold, if it is strong."""
    with_side, against = (_RIGHT, _LEFT) if side == "R" else (_LEFT, _RIGHT)
    other = "L" if side == "R" else "R"
    changed = list(letters)
    for first, last in _bracket_pairs(letters, chars):
        # Pairs are nested or apart, so nothing inside of this one has changed yet.
        if with_side.search(letters, first + 2, last + 1):
            direction = side
        elif against.search(letters, first + 2, last + 1):
            direction = other if _side_before(changed, first) == other else side
        else:
            continue
        for place in (first, last):
            changed[place + 1] = direction
            marks = place + 1
            while marks < len(classes) and classes[marks] == "M":
                changed[marks + 1] = direction
                marks += 1
    return "".join(changed)


def _side_before(letters: list[str], place: int) -> str:
    """Direction of the last strong letter before ``place``, which sos makes certain to exist."""
    while letters[place] not in "LRED":
        place -= 1
    return "L" if letters[place] == "L" else "R"
